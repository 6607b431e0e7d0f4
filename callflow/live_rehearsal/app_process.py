"""`callflow serve` in a process of its own, which can be killed and started again."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path

READY_SECONDS = 30
STOP_SECONDS = 15


class ServerDidNotStart(Exception):
    """The message says why, with the end of its log."""


class AppProcess:
    """One server at ``port``. ``environment``: its settings, added to ours. Its output goes to ``log``."""

    def __init__(self, port: int, environment: Mapping[str, str], log: Path) -> None:
        self.port, self._environment, self._log = port, environment, log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The id of the process that runs, or None."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self) -> None:
        """Start it and wait until it is ready. Raises ServerDidNotStart."""
        argv = [sys.executable, "-m", "callflow", "serve", "--port", str(self.port)]
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(argv, env={**os.environ, **self._environment}, stdout=output,
                                             stderr=output, start_new_session=True)  # fmt: skip
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if self.pid is None:
                raise ServerDidNotStart(f"the server did not start:\n{self._log.read_text(errors='replace')[-2000:]}")
            if self._ready():
                return
            time.sleep(0.1)
        raise ServerDidNotStart(f"the server was not ready within {READY_SECONDS} s")

    def _ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2) as answer:
                return bool(json.load(answer)["ready"])
        except OSError:
            return False

    def kill(self) -> None:
        """End it and its worker at once, as a crash of the machine would (SIGKILL)."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end, and wait."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        process = self._process
        if process is None or process.poll() is not None:
            return
        os.killpg(process.pid, how)
        try:
            process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
