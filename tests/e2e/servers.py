"""Real servers on the loopback interface, as README starts them, and requests to them byte for byte."""

import atexit
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import urlencode

from tests.contracts.sample import SECRETS
from tests.web.edge import signature

ROOT = Path(__file__).parents[2]
SID, TOKEN = "AC" + "0" * 32, "token"
FORM = {"CallSid": "CA" + "1" * 32, "AccountSid": SID, "From": "+15550100199", "To": "+15550100100",
        "CallStatus": "ringing"}  # fmt: skip
COMMANDS = {
    "serve": "callflow serve --port {port}",
    "gunicorn": "gunicorn -w 1 --threads 64 --keep-alive 75 -b 127.0.0.1:{port} wsgi:app",
}
"""The two servers that README names."""


@dataclass
class Server:
    process: "subprocess.Popen[bytes]"
    port: int
    operations: int
    log: Path

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def connected(self, port: int = 0) -> socket.socket:
        return socket.create_connection(("127.0.0.1", port or self.port), timeout=10)

    def exchange(self, head: str, body: bytes = b"", port: int = 0) -> tuple[int, bytes]:
        """The status and the body of the answer to one request, sent as it stands."""
        with self.connected(port) as connection:
            connection.sendall(head.encode() + b"Connection: close\r\n\r\n" + body)
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        headers, _, content = answer.partition(b"\r\n\r\n")
        return int(headers.split()[1]), content

    def get(self, path: str, port: int = 0, more: str = "") -> tuple[int, bytes]:
        return self.exchange(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{more}", port=port)

    def post(self, target: str, signed: str, more: str = "", **form: str) -> tuple[int, bytes]:
        """A webhook sent to ``target``, with the signature for the URL ``signed``."""
        fields = {**FORM, **form}
        body = urlencode(fields).encode()
        return self.exchange(
            f"POST {target} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{more}"
            f"X-Twilio-Signature: {signature(signed, fields, TOKEN)}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n",
            body,
        )


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@cache
def shared_cache() -> str:
    """The checked configuration of all servers of this test process: they all have the shipped one."""
    folder = mkdtemp(prefix="callflow-cache-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def environment(folder: Path, port: int, **more: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT),
        "CALLFLOW_CONFIG": str(ROOT / "config"), "CALLFLOW_AUDIO": str(ROOT / "audio"),
        "CALLFLOW_PUBLIC_URL": f"http://127.0.0.1:{port}", "CALLFLOW_SECRET_KEY": SECRETS[0],
        "TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_API_BASE_URL": "http://127.0.0.1:9",
        "CALLFLOW_DATABASE_URL": f"sqlite:///{folder / 'calls.db'}", "CALLFLOW_CACHE": shared_cache(), **more,
    }  # fmt: skip


@contextmanager
def running(command: str, folder: Path, port: int = 0, **more: str) -> Iterator[Server]:
    port, operations = port or free_port(), free_port()
    more = {"CALLFLOW_OPERATIONS": f"127.0.0.1:{operations}", **more}
    log = folder / f"log-{port}"
    argv = [sys.executable, "-m", *COMMANDS.get(command, command).format(port=port).split()]
    with log.open("wb") as output:
        process = subprocess.Popen(argv, env=environment(folder, port, **more), cwd=ROOT, stdout=output, stderr=output)
        server = Server(process, port, operations, log)
        try:
            until(lambda: listens(port), server)
            yield server
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            finally:
                process.kill()
                process.wait()


def listens(port: int) -> bool:
    with socket.socket() as found:
        return found.connect_ex(("127.0.0.1", port)) == 0


def until(so: object, server: Server, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not so():  # type: ignore[operator]
        assert server.process.poll() is None, server.log.read_text()
        assert time.monotonic() < end, server.log.read_text()
        time.sleep(0.05)
