"""What commands say of something that cannot be: which word or variable it is, and what to write instead."""

import shutil
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callflow.cli import program
from callflow.cli.act import command as act
from callflow.cli.emulate import command as emulate
from callflow.store import open_store
from tests.cli.test_commands import ROOT, SECRET, callflow, environment, provider_settings
from tests.contracts.sample import a_call, save


@pytest.fixture
def ours(tmp_path: Path) -> dict[str, str]:
    """An environment whose configuration can be changed."""
    config = shutil.copytree(ROOT / "config", tmp_path / "config")
    ours = provider_settings(tmp_path, CALLFLOW_CONFIG=str(config), CALLFLOW_PUBLIC_URL="https://voice.example.com")
    open_store(ours["CALLFLOW_DATABASE_URL"], (SECRET,)).close()
    return ours


def types(ours: dict[str, str], *words: str) -> Result:
    return CliRunner().invoke(program, words, env=ours)


# -- variables


def test_every_variable_that_is_wrong_is_named_at_once(tmp_path: Path) -> None:
    wrong = {"CALLFLOW_THREADS": "many", "CALLFLOW_WORKER": "maybe", "TWILIO_AUTH_TOKEN": ""}
    done = callflow("serve", env=provider_settings(tmp_path, **wrong))
    assert done.returncode == 1
    assert [name for name in wrong if name not in done.stderr] == []


def test_a_wsgi_server_without_an_environment_says_what_is_missing_and_nothing_else() -> None:
    done = subprocess.run([sys.executable, "-m", "gunicorn", "-b", "127.0.0.1:0", "wsgi:app"], env=environment(),
                          cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)  # fmt: skip
    assert done.returncode == 3
    assert "CALLFLOW_SECRET_KEY is not set" in done.stderr
    assert "Traceback" not in done.stderr


# -- ports and numbers


@pytest.mark.parametrize("command", [("emulate",), ("demo", "--browser", "--no-open")])
def test_a_port_in_use_is_named(command: tuple[str, ...]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = callflow(*command, "--port", str(port))
    assert (done.returncode, done.stderr) == (
        1, f"Error: port {port} is in use: stop what listens there, or choose another with --port\n"
    )  # fmt: skip


def test_who_dials_a_number_that_is_not_there_reads_which_are() -> None:
    done = CliRunner().invoke(emulate, ["--port", "0", "--number", "+15550100100"], input="call +15550100199 +1555\n")
    assert "+1555 is not a number of this account, which has +15550100100" in done.output


# -- dates


@pytest.mark.parametrize(
    "words",
    [
        ("hold", "put", "123456", "--owner", "sam", "--reason", "x", "--review"),
        ("hold", "review", "123456", "--until"),
        ("restrictions", "renew", "1", "--review"),
        ("restrictions", "decide", "1", "--letter-sent"),
    ],
)
def test_a_date_says_how_it_is_written(ours: dict[str, str], words: tuple[str, ...]) -> None:
    done = types(ours, *words, "30.6.2027")
    assert (done.exit_code, "write it like 2027-06-30" in done.output) == (2, True), done.output
    assert f"{words[-1]} DATE" in types(ours, *words[:2], "--help").output


# -- people


def test_somebody_who_is_not_in_force_yet(ours: dict[str, str]) -> None:
    assert types(ours, "config", "activate", "directory").exit_code == 0
    people = Path(ours["CALLFLOW_CONFIG"]) / "people.yaml"
    text = people.read_text(encoding="utf-8")
    people.write_text(text.replace("agents:\n", 'agents:\n  omar: {name: Omar, phone: "+15550100177"}\n', 1), "utf-8")
    for words in (("invite", "omar"), ("pin", "omar"), ("omar",)):
        done = types(ours, "people", *words)
        assert done.exit_code == 1
        assert "omar is in people.yaml, but that is not in force yet: `callflow check`" in done.output
    assert "nobody has the id 'zoe'" in types(ours, "people", "invite", "zoe").output


@pytest.mark.parametrize("words", [("sign-out", "zoe"), ("sign-out", "zoe", "--forget"), ("sessions", "zoe"),
                                   ("accesses", "zoe")])  # fmt: skip
def test_nobody_has_nothing(ours: dict[str, str], words: tuple[str, ...]) -> None:
    done = types(ours, "people", *words)
    assert (done.exit_code, "nobody has the id 'zoe'" in done.output) == (1, True)


def test_somebody_without_sessions_is_no_mistake(ours: dict[str, str]) -> None:
    assert (types(ours, "people", "sign-out", "sam").output) == "0 sessions ended\n"


def test_nobody_acts_on_a_call(ours: dict[str, str]) -> None:
    with closing(open_store(ours["CALLFLOW_DATABASE_URL"], (SECRET,))) as store:
        save(store, a_call())
        known = store.calls(live=True)[0].reference
    done = CliRunner().invoke(act, [known, "listen", "--as", "zoe"], env=ours)
    assert (done.exit_code, "nobody has the id 'zoe'; " in done.output) == (1, True), done.output


# -- parts and codes


@pytest.mark.parametrize("part", ["environment", "configuration"])
def test_every_part_that_doctor_prints_can_be_asked_for(ours: dict[str, str], part: str) -> None:
    done = types(ours, "doctor", part)
    assert done.exit_code == 0, done.output
    assert {line.split()[1] for line in done.output.splitlines()[:-1] if " do: " not in line} == {f"{part}:"}


def test_a_part_that_is_none_is_told_with_all_that_are(ours: dict[str, str]) -> None:
    done = types(ours, "doctor", "numbres")
    assert (done.exit_code, "environment, configuration, database" in done.output) == (2, True)


@pytest.mark.parametrize(
    ("written", "meant"), [("cf20", "CF020"), ("CF-022", "CF022"), ("12", "CF012"), ("CF9999", "CF")]
)
def test_a_code_is_found_by_its_number(written: str, meant: str) -> None:
    for form in ((), ("--json",)):
        done = CliRunner().invoke(program, ["explain", written, *form])
        assert (done.exit_code, done.stdout, f"Did you mean {meant}" in done.stderr) == (1, "", True)


# -- scenarios


def test_faults_that_a_scenario_means_are_not_told(tmp_path: Path) -> None:
    done = callflow("simulate", "provider_refuses")
    assert (done.returncode, done.stderr) == (0, "")
    assert "HTTP 429" in callflow("simulate", "provider_refuses", "--transcript").stderr
    config = Path(shutil.copytree(ROOT / "config", tmp_path / "config"))
    scenario = config / "scenarios/provider_refuses.yaml"
    scenario.write_text(scenario.read_text("utf-8").replace("hold_declined", "hold_start"), "utf-8")
    failed = callflow("simulate", "provider_refuses", env=environment(CALLFLOW_CONFIG=str(config)))
    assert (failed.returncode, "HTTP 429" in failed.stderr) == (1, True), failed.stdout + failed.stderr
