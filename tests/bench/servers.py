"""Processes on a core of their own: started, watched through /proc, stopped."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.shipped import ROOT

SERVER_CORE, OUR_CORE = 0, 1
TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
GUNICORN = ["-m", "gunicorn", "--workers", "1", "--worker-class", "gthread", "--threads", "16", "--keep-alive", "75"]
"""The same for every app: as many threads as ``callflow serve`` has for webhooks."""


@dataclass(frozen=True)
class Server:
    """A running server. ``pid`` is the process that answers (gunicorn's worker).

    ``start_seconds`` is the CPU time of all its processes until the first answer.
    """

    process: "subprocess.Popen[bytes]"
    port: int
    pid: int
    start_seconds: float
    log: Path

    def cpu_seconds(self) -> float:
        return cpu_seconds(self.pid)

    def memory_mb(self) -> float:
        fields = Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()
        return int(fields[1]) * PAGE / 1e6


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def cpu_seconds_exactly(pid: int) -> float:
    """CPU time of the threads that a process has now, not in ticks of 10 ms."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(one.read_text(encoding="ascii").split()[0]) for one in threads) / 1e9


def busy_seconds() -> float:
    """CPU time of everything on this machine together."""
    user, nice, system, _, _, interrupts, soft, *_ = (
        int(one) for one in Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()[1:]
    )
    return (user + nice + system + interrupts + soft) / TICK


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def gunicorn(app: str, folder: Path, environment: Mapping[str, str], port: int) -> Iterator[Server]:
    """``app`` as gunicorn names it, until the block ends."""
    with running([*GUNICORN, "--bind", f"127.0.0.1:{port}", app], folder, environment, port) as server:
        yield server


@contextmanager
def serve(folder: Path, environment: Mapping[str, str], port: int) -> Iterator[Server]:
    """``callflow serve``, until the block ends."""
    with running(["-m", "callflow", "serve", "--port", str(port)], folder, environment, port) as server:
        yield server


@contextmanager
def running(arguments: list[str], folder: Path, environment: Mapping[str, str], port: int,
            core: int = SERVER_CORE, launcher: Sequence[str] = ()) -> Iterator[Server]:  # fmt: skip
    """A Python process that listens on this port. ``launcher`` is put before its command line."""
    log = folder / f"server-{port}.log"
    own = {**os.environ, **environment, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": ""}
    with log.open("wb") as output:
        process = subprocess.Popen([*launcher, "taskset", "-c", str(core), sys.executable, *arguments], cwd=ROOT,
                                   env=own, stdout=output, stderr=output)  # fmt: skip
        try:
            wait_for(port, process, log)
            pids = {process.pid, worker := worker_of(process.pid)}
            yield Server(process, port, worker, sum(map(cpu_seconds_exactly, pids)), log)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


def wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path, seconds: float = 30.0) -> None:
    """Until the process answers HTTP, with whatever status. (It listens a while before its worker answers.)"""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        if process.poll() is not None:
            break
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
                connection.send(b"GET /healthz HTTP/1.0\r\n\r\n")
                if connection.recv(1):
                    return
        except OSError:
            time.sleep(0.005)
    raise RuntimeError(f"the server on port {port} did not start:\n{log.read_text(encoding='utf-8')[-3000:]}")


def worker_of(pid: int) -> int:
    """The one child of a gunicorn master; a process without children answers itself."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return int(children[0]) if children else pid
