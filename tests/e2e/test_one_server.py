"""One SQLite file has one server, whose files nobody else may read, and beside which commands work."""

import json
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from callflow.store import open_store
from tests.contracts.sample import SECRETS
from tests.e2e.servers import COMMANDS, ROOT, Server, environment, free_port, listens, running, until

LONG = pytest.mark.long
ON_CI = (LONG, pytest.mark.ci)
ONE, OTHER = "serve", pytest.param("gunicorn", marks=ON_CI)
"""Of what is the same with both servers, one is tried quickly."""
PRELOADED = "gunicorn --preload -w 1 --threads 64 -b 127.0.0.1:{port} wsgi:app"


def started(command: str, folder: Path, **more: str) -> "subprocess.CompletedProcess[str]":
    port = free_port()
    argv = [sys.executable, "-m", *COMMANDS.get(command, command).format(port=port).split()]
    more = {"CALLFLOW_OPERATIONS": "off", **more}
    return subprocess.run(argv, env=environment(folder, port, **more), cwd=ROOT, capture_output=True, text=True,
                          timeout=60, check=False)  # fmt: skip


@pytest.mark.parametrize(
    "first", [ONE, OTHER, pytest.param("callflow work", marks=LONG), pytest.param(PRELOADED, marks=LONG)]
)
def test_a_second_server_on_one_file_is_refused_with_the_reason(tmp_path: Path, first: str) -> None:
    with running(first, tmp_path) if first != "callflow work" else worker(tmp_path) as server:
        for second in (*COMMANDS, "callflow work"):
            refused = started(second, tmp_path)
            assert refused.returncode != 0
            assert re.search(r"another server \(process \d+\) uses .*calls\.db", refused.stderr), refused.stderr
            assert "PostgreSQL" in refused.stderr
        assert server.process.poll() is None


def worker(folder: Path) -> "WithWorker":
    return WithWorker(folder)


class WithWorker:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> Server:
        self.process = subprocess.Popen([sys.executable, "-m", "callflow", "work"], cwd=ROOT, stdout=subprocess.PIPE,
                                        env=environment(self.folder, 1, CALLFLOW_OPERATIONS="off"))  # fmt: skip
        assert self.process.stdout
        assert b"working" in self.process.stdout.readline()
        return Server(self.process, 1, 1, self.folder)  # type: ignore[arg-type]

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=20)


@pytest.mark.parametrize("options", ["-w 2", pytest.param("-w 3 --preload", marks=LONG)])
def test_several_gunicorn_workers_on_one_file_are_refused_with_the_reason(tmp_path: Path, options: str) -> None:
    refused = started(f"gunicorn {options} --threads 4 -b 127.0.0.1:{{port}} wsgi:app", tmp_path)
    assert refused.returncode != 0
    assert "gunicorn -w 1" in refused.stderr


@pytest.mark.parametrize("command", [ONE, OTHER])
def test_a_server_takes_over_from_one_that_was_killed(tmp_path: Path, command: str) -> None:
    """Only the main process: its worker notices, and ends, while the new one waits for it."""
    with running(command, tmp_path) as first:
        until(lambda: is_alive(first), first)
        first.process.kill()
        first.process.wait()
        with running(command, tmp_path) as second:
            until(lambda: is_alive(second), second)


def is_alive(server: Server) -> bool:
    with suppress(OSError):
        return server.get("/healthz")[0] == 200
    return False


@pytest.mark.long
@pytest.mark.ci
def test_gunicorn_replaces_its_worker(tmp_path: Path) -> None:
    """HUP starts the new worker while the old one still has the file."""
    with running("gunicorn", tmp_path) as server:
        until(lambda: server.get("/healthz")[0] == 200, server)
        time.sleep(5.5)  # workers that start at once are refused; an older one is being replaced
        server.process.send_signal(signal.SIGHUP)
        until(lambda: server.log.read_text().count("Booting worker") == 2, server)
        until(lambda: "Worker exiting" in server.log.read_text(), server)
        until(lambda: server.get("/healthz")[0] == 200, server)
        assert "another server" not in server.log.read_text()


def test_commands_work_beside_a_server(tmp_path: Path) -> None:
    with running("serve", tmp_path) as server:
        assert server.post("/voice/inbound", f"{server.base}/voice/inbound")[0] == 200
        for command in ("callflow journal", "callflow config list", "callflow config activate {digest} --by ops"):
            digest = re.search(r"configuration (\w+)", server.log.read_text())
            assert digest
            done = started(command.replace("{digest}", digest[1]), tmp_path)
            assert (done.returncode, done.stderr) == (0, ""), command
        assert server.post("/voice/inbound", f"{server.base}/voice/inbound", CallSid="CA" + "2" * 32)[0] == 200


def test_what_a_server_keeps_is_for_its_own_user_only(tmp_path: Path) -> None:
    folder, cache = tmp_path / "var/data", tmp_path / "var/cache"
    database = {"CALLFLOW_DATABASE_URL": f"sqlite:///{folder / 'calls.db'}", "CALLFLOW_CACHE": str(cache)}
    with running("serve", tmp_path, **database) as server:
        server.post("/voice/inbound", f"{server.base}/voice/inbound")
        server.get("/readyz")
        found = {path: path.stat().st_mode & 0o777 for path in (tmp_path / "var").rglob("*")}
    assert {path.name for path in found} >= {"calls.db", "calls.db-wal", "calls.db-shm", "calls.db-lock",
                                             "calls.db-server", "configuration.kept"}  # fmt: skip
    assert {oct(mode) for path, mode in found.items() if path.is_file()} == {"0o600"}
    assert {oct(mode) for path, mode in found.items() if path.is_dir()} == {"0o700"}
    assert (tmp_path / "var").stat().st_mode & 0o777 == 0o700


def test_strangers_lose_the_rights_that_an_earlier_version_gave_them(tmp_path: Path) -> None:
    database = tmp_path / "calls.db"
    open_store(f"sqlite:///{database}", SECRETS).close()
    for mode, left in ((0o644, 0o640), (0o660, 0o660), (0o600, 0o600)):
        database.chmod(mode)
        started("callflow journal", tmp_path)
        assert database.stat().st_mode & 0o777 == left


PROXIED = [
    "X-Forwarded-For: 192.0.2.1\r\n", "Forwarded: for=127.0.0.1\r\n", "Via: 1.1 proxy\r\n",
    "X-Real-IP: 127.0.0.1\r\n", "X-Forwarded-For: 1\r\nAuthorization: Bearer no\r\n",
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_operational_pages_are_not_public(tmp_path: Path, command: str) -> None:
    with running(command, tmp_path, CALLFLOW_OPERATIONS_TOKEN="a token of ops") as server:
        for page, word, otherwise in (("/metrics", b"callflow_", 403), ("/readyz", b"faults", 503)):
            status, body = server.get(page)
            assert word in body
            assert server.get(page, server.operations)[0] == status
            assert word in server.get(page, more=f"{PROXIED[0]}Authorization: Bearer a token of ops\r\n")[1]
            for proxied in PROXIED:
                status, body = server.get(page, more=proxied)
                assert (status, word in body) == (otherwise, False)
        assert server.get("/healthz", more="X-Forwarded-For: 192.0.2.1\r\n") == (200, b"alive\n")
        assert server.get("/voice/inbound", server.operations)[0] == 404


def test_a_port_for_health_that_is_taken_stops_no_server(tmp_path: Path) -> None:
    with running("serve", tmp_path) as first:
        other = tmp_path / "other"
        other.mkdir()
        with running("serve", other, CALLFLOW_OPERATIONS=f"127.0.0.1:{first.operations}") as second:
            assert second.get("/readyz")[0] in (200, 503)
            assert "health and metrics cannot listen" in second.log.read_text()
            assert listens(first.operations)


FULL = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
os.execv(sys.executable, [sys.executable, "-m", *sys.argv[1:]])
"""


def test_a_disk_that_is_nearly_full_is_found_before_a_call_is(tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk: the database cannot grow to 1 MB."""
    port = free_port()
    more = {"CALLFLOW_OPERATIONS": "off"}
    argv = [sys.executable, "-c", FULL, "callflow", "serve", "--port", str(port)]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(argv, env=environment(tmp_path, port, **more), cwd=ROOT, stdout=log, stderr=log)
    server = Server(process, port, 0, tmp_path / "log")
    try:
        until(lambda: listens(port), server)
        status, body = server.get("/readyz")
        assert (status, json.loads(body)["faults"]["database"]) == (503, "cannot be used; the log has the reason")
        assert "File too large" in server.log.read_text()
        assert server.get("/healthz")[0] == 200
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
