"""Callflow in separate processes, over real HTTP and in real time, with the emulator as the provider."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from callflow.configuration.loading import load
from callflow.emulator import Emulator, HttpAppClient, RealClock
from callflow.telephony import hosted_document
from callflow.telephony.urls import Urls
from tests.contracts.sample import SECRETS
from tests.e2e.conversation import AUDIO, LINE, ROOT

SECRET = SECRETS[0]
READY_SECONDS = 30


class Server:
    """One `callflow serve`. It can be started again, as a new process with the same settings.

    ``code``: the folder of another Callflow that is served instead of this one.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str], port: int, code: Path | None = None) -> None:
        self.port, self._code = port, code
        self._log = folder / f"server-{port}.log"
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        assert not self.running
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("CALLFLOW_", "TWILIO_"))}
        if self._code:
            kept["PYTHONPATH"] = str(self._code)
        argv = [sys.executable, "-m", "callflow", "serve", "--port", str(self.port)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(argv, cwd=self._code or ROOT, env={**kept, **self._environment},
                                             stdout=log, stderr=log, start_new_session=True)  # fmt: skip
        until(self.ready, "the server to be ready", READY_SECONDS)

    def ready(self) -> bool:
        assert self._process
        assert self._process.poll() is None, self.told
        try:
            return bool(json.loads(self.get("/readyz"))["ready"])
        except OSError:
            return False

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
            return str(answer.read().decode())

    def kill(self) -> None:
        """Send SIGKILL to the process and its worker."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self._process and self.running:
            os.killpg(self._process.pid, how)
            self._process.wait(timeout=20)

    @property
    def told(self) -> str:
        return self._log.read_text(errors="replace")[-4000:]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def until(so: Callable[[], bool], what: str, within: float) -> None:
    """Wait in real time."""
    deadline = time.monotonic() + within
    while not so():
        assert time.monotonic() < deadline, f"waited {within:g} s for {what}"
        time.sleep(0.02)


@contextmanager
def provider() -> Iterator[Emulator]:
    """The emulator with a real clock, reachable over HTTP, without a limit of outgoing calls."""
    emulator = Emulator(auth_token="test-token", clock=RealClock(), app_client=HttpAppClient(), cps=0.0)
    try:
        emulator.serve()
        yield emulator
    finally:
        emulator.close()


def environment(emulator: Emulator, config: Path, database: Path, public: int, fallback: int) -> dict[str, str]:
    return {
        "CALLFLOW_CONFIG": str(config), "CALLFLOW_AUDIO": str(AUDIO), "CALLFLOW_CACHE": str(database.parent / "cache"),
        "CALLFLOW_DATABASE_URL": f"sqlite:///{database}",
        "CALLFLOW_PUBLIC_URL": f"http://127.0.0.1:{public}", "CALLFLOW_FALLBACK_URL": f"http://127.0.0.1:{fallback}",
        "CALLFLOW_SECRET_KEY": SECRET, "CALLFLOW_CALLS_PER_SECOND": "100", "TWILIO_ACCOUNT_SID": emulator.account_sid,
        "TWILIO_AUTH_TOKEN": emulator.auth_token, "TWILIO_API_BASE_URL": f"http://127.0.0.1:{emulator.serve()}",
    }  # fmt: skip


@contextmanager
def nodes(emulator: Emulator, folder: Path, config: Path, second: bool = False,
          document: str = "") -> Iterator[tuple[Server, Path]]:  # fmt: skip
    """A running server and its database file. ``second``: also one with its own database, for the fallback URLs.

    ``document``: the address of the document that the provider hosts instead.
    """
    port, other = free_port(), free_port()
    fallback = other if second else port
    database = folder / "calls.db"
    ours = environment(emulator, config, database, port, fallback)
    if document:
        ours = {**ours, "CALLFLOW_FALLBACK_URL": "", "CALLFLOW_FALLBACK_DOCUMENT": document}
        urls = Urls(ours["CALLFLOW_PUBLIC_URL"], "", SECRET, document=document)
        emulator.host(document, hosted_document.text(load(config, AUDIO), urls))
    servers = [Server(folder, ours, port)]
    if second:
        servers.append(Server(folder, environment(emulator, config, folder / "other.db", port, fallback), other))
    emulator.add_number(LINE, voice_url=f"http://127.0.0.1:{port}/voice/inbound",
                        voice_fallback_url=document or f"http://127.0.0.1:{fallback}/voice/fallback",
                        status_callback=f"http://127.0.0.1:{port}/voice/status")  # fmt: skip
    try:
        for server in servers:
            server.start()
        yield servers[0], database
    finally:
        for server in servers:
            server.stop()
