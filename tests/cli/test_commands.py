"""The command line as ops meet it: real processes, exit codes, and what is printed where."""

import gc
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from callflow.emulator import Emulator, RealClock
from callflow.store import open_store

ROOT = Path(__file__).parents[2]
SECRET = "sixteen characters or more"
SID = "AC" + "0" * 32


def environment(**more: str) -> dict[str, str]:
    ours = {"CALLFLOW_CONFIG": str(ROOT / "config"), "CALLFLOW_AUDIO": str(ROOT / "audio"), **more}
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **ours}


def provider_settings(folder: Path, **more: str) -> dict[str, str]:
    ours = {
        "CALLFLOW_PUBLIC_URL": "http://127.0.0.1:8000", "CALLFLOW_SECRET_KEY": SECRET, "TWILIO_ACCOUNT_SID": SID,
        "TWILIO_AUTH_TOKEN": "token", "CALLFLOW_DATABASE_URL": f"sqlite:///{folder / 'calls.db'}",
        "CALLFLOW_CACHE": str(folder / "cache"),
    }  # fmt: skip
    return environment(**{**ours, **more})


def callflow(*arguments: str, env: dict[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    return python("-m", "callflow", *arguments, env=env)


def python(*arguments: str, env: dict[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, *arguments], env=env or environment(), cwd=ROOT, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=120, check=False)  # fmt: skip


def test_help_lists_every_command_without_importing_one() -> None:
    """So that it is there at once."""
    script = ("import sys; from callflow.cli import main; sys.argv = ['callflow', '--help']\n"
              "try: main()\nexcept SystemExit as end: code = end.code\n"
              "heavy = {'flask', 'twilio', 'psycopg', 'pydantic', 'requests', 'gunicorn'} & set(sys.modules)\n"
              "print(code, heavy or 'none')")  # fmt: skip
    done = python("-c", script)
    assert done.stdout.splitlines()[-1] == "0 none"
    for file in (ROOT / "callflow/cli").glob("[a-z]*.py"):
        if "@click.command(" not in file.read_text(encoding="utf-8"):
            continue
        name = file.stem.replace("_", "-")
        assert re.search(rf"^  {name} +\S", done.stdout, re.MULTILINE), f"{name} is not in the help"


@pytest.mark.parametrize("name", ["check", "demo", "emulate", "journal", "people", "provision", "serve", "work"])
def test_every_command_explains_itself(name: str) -> None:
    done = callflow(name, "--help")
    assert done.returncode == 0
    assert "Usage" in done.stdout


def test_a_slip_of_the_pen_is_told_in_words() -> None:
    done = callflow("chekc")
    assert done.returncode == 2
    assert "No such command 'chekc'. Did you mean check?" in done.stderr
    assert "Did you mean list?" in callflow("jobs", "lits").stderr
    assert "Traceback" not in done.stderr
    assert callflow("check", "--no-such-option").returncode == 2


# -- check


def test_check_finds_the_shipped_configuration_good() -> None:
    done = callflow("check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "good" in done.stdout


def test_check_names_the_place_of_every_problem_and_fails(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    file = tmp_path / "config" / "callflow.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("caller_id:", "caller_idd:"), encoding="utf-8")
    done = callflow("check", str(tmp_path / "config"))
    assert done.returncode == 1
    assert re.search(r"callflow\.yaml:\d+:\d+ CF\d+ ", done.stdout)
    assert "Traceback" not in done.stderr


def test_check_of_a_directory_that_is_not_there_fails(tmp_path: Path) -> None:
    done = callflow("check", str(tmp_path / "nothing"))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


# -- settings


@pytest.mark.parametrize("name", ["serve", "work", "provision"])
def test_missing_settings_are_told_all_at_once(name: str) -> None:
    done = callflow(name)
    assert done.returncode == 1
    for variable in ("CALLFLOW_PUBLIC_URL", "CALLFLOW_SECRET_KEY", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"):
        assert f"{variable} is not set" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_broken_configuration_is_told_before_a_server_starts(tmp_path: Path) -> None:
    done = callflow("serve", env=provider_settings(tmp_path, CALLFLOW_CONFIG=str(tmp_path)))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["demo --fast --config /nope", "diagram config --out /nope/x.svg",
                                     "simulate --junit /nope/x.xml -k agent_declines"])  # fmt: skip
def test_a_path_that_cannot_be_used_is_no_fault_of_ours(command: str) -> None:
    done = callflow(*command.split())
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "/nope" in done.stderr


def test_an_impossible_pace_is_told(tmp_path: Path) -> None:
    done = callflow("work", env=provider_settings(tmp_path, CALLFLOW_CALLS_PER_SECOND="fast"))
    assert done.returncode == 1
    assert "CALLFLOW_CALLS_PER_SECOND must be a number above 0" in done.stderr


# -- faults of ours


def run_main(body: str) -> "subprocess.CompletedProcess[str]":
    """The command line with a command of the test's."""
    script = f"""
import click, sys, types
from callflow import cli
@click.command("check")
def command():
    {body}
sys.modules["callflow.cli.check"] = types.SimpleNamespace(command=command)
sys.argv = ["callflow", "check"]
cli.main()
"""
    return python("-c", script)


def test_an_unexpected_error_exits_3_and_says_where_the_details_are() -> None:
    done = run_main("raise ZeroDivisionError('by us')")
    assert done.returncode == 3
    assert "Traceback" in done.stderr
    last = done.stderr.splitlines()[-1]
    assert last == "This is a bug (ZeroDivisionError); the details are above. Please report them."


def test_ctrl_c_exits_130() -> None:
    done = run_main("raise KeyboardInterrupt")
    assert (done.returncode, done.stdout, done.stderr.strip()) == (130, "", "stopped")


def test_a_database_that_cannot_be_opened_is_yours_to_mend(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    address = f"sqlite:///{tmp_path / 'file' / 'calls.db'}"
    done = callflow("journal", env=environment(CALLFLOW_DATABASE_URL=address))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


# -- the rest


def test_the_journal_of_a_database_without_calls(tmp_path: Path) -> None:
    ours = environment(CALLFLOW_DATABASE_URL=f"sqlite:///{tmp_path / 'calls.db'}", CALLFLOW_SECRET_KEY=SECRET)
    nothing = callflow("journal", env=ours)
    assert nothing.returncode == 1
    assert f"there is no database at {tmp_path}/calls.db: go to the directory where the server runs" in nothing.stderr
    assert not list(tmp_path.iterdir())
    open_store(ours["CALLFLOW_DATABASE_URL"], (SECRET,)).close()
    assert callflow("journal", env=ours).returncode == 0
    done = callflow("journal", "123456", env=ours)
    assert done.returncode == 1
    assert "callflow journal" in done.stderr


# A server that is killed leaves its connections to the local provider half open.
LEFT_OPEN = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")


@contextmanager
def local_provider() -> Iterator[Emulator]:
    emulator = Emulator(account_sid=SID, auth_token="token", clock=RealClock())
    try:
        yield emulator
    finally:
        emulator.close()
        gc.collect()  # here, where it is expected, and not in the middle of another test


@LEFT_OPEN
def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@LEFT_OPEN
@pytest.mark.parametrize(
    "command",
    [
        pytest.param("callflow serve --port {port}", id="serve"),
        pytest.param(
            "gunicorn --preload --threads 4 -b 127.0.0.1:{port} wsgi:app",
            id="gunicorn --preload",
            marks=[pytest.mark.long, pytest.mark.ci],
        ),
    ],
)
def test_a_server_answers_rings_out_and_stops_cleanly(tmp_path: Path, command: str) -> None:
    """Forked after its start or before: a caller comes in, and an agent's phone is rung by the threads behind it."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with local_provider() as emulator:
        emulator.add_number("+15550100100", voice_url=f"{base}/voice/inbound", status_callback=f"{base}/voice/status")
        ours = provider_settings(tmp_path, TWILIO_API_BASE_URL=f"http://127.0.0.1:{emulator.serve()}",
                                 CALLFLOW_PUBLIC_URL=base)  # fmt: skip
        log = (tmp_path / "log").open("wb")
        argv = [sys.executable, "-m", *command.format(port=port).split()]
        server = subprocess.Popen(argv, env=ours, cwd=ROOT, stdout=log, stderr=log)
        try:
            wait_for(lambda: can_connect(port), server)
            caller = emulator.phone("+15550100199")
            caller.call("+15550100100")
            wait_for(lambda: any("Press 1" in one.text_or_url for one in caller.heard), server)
            time.sleep(0.3)  # nobody presses within the same millisecond
            caller.press("1")
            wait_for(lambda: bool(emulator.phone("+15550100111").legs), server)
            caller.hang_up()
            server.send_signal(signal.SIGTERM)
            assert server.wait(20) == 0
        finally:
            server.kill()
            server.wait()
            log.close()
    text = (tmp_path / "log").read_text()
    assert "Traceback" not in text
    assert "5550100199" not in text


def test_a_port_that_is_taken_is_refused_in_words(tmp_path: Path) -> None:
    """A server may share its port with another one: it must not, or two would answer by turns."""
    with socket.create_server(("127.0.0.1", 0), reuse_port=True) as other:
        port = other.getsockname()[1]
        refused = callflow("serve", "--port", str(port), env=provider_settings(tmp_path))
    assert refused.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port}" in refused.stderr
    nowhere = callflow("serve", "--host", "nowhere.invalid", env=provider_settings(tmp_path))
    assert (nowhere.returncode, "cannot listen on nowhere.invalid:8000" in nowhere.stderr) == (1, True)
    assert callflow("serve", "--port", "70000", env=provider_settings(tmp_path)).returncode == 2


def can_connect(port: int) -> bool:
    with socket.socket() as found:
        return found.connect_ex(("127.0.0.1", port)) == 0


def wait_for(so: object, server: "subprocess.Popen[bytes]", seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not so():  # type: ignore[operator]
        assert server.poll() is None, "the server ended"
        assert time.monotonic() < until, "not in time"
        time.sleep(0.05)


def test_work_stops_with_ctrl_c(tmp_path: Path) -> None:
    worker = subprocess.Popen([sys.executable, "-m", "callflow", "work"], env=provider_settings(tmp_path), cwd=ROOT,
                              stdout=subprocess.PIPE, text=True)  # fmt: skip
    try:
        assert worker.stdout
        assert "working" in worker.stdout.readline()
        worker.send_signal(signal.SIGINT)
        assert worker.wait(20) == 0
    finally:
        worker.kill()
        worker.communicate()
