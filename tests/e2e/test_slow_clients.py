"""Clients that never finish a request take no server down: real connections to both servers that README names."""

import select
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.e2e.servers import Server, running

BODY = b"POST /voice/inbound HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n" \
       b"Content-Length: 100\r\n\r\nCall"  # fmt: skip
HEADERS = b"POST /voice/inbound HTTP/1.1\r\nHost: a\r\nX-"
NOTHING = b""
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
CLOSED_WITHIN = 7.0
"""5 s, and the time between two looks."""


@contextmanager
def hanging(server: Server, count: int) -> Iterator[list[socket.socket]]:
    """Connections that announce a body, or send half of their headers, or nothing, and then stop."""
    with ExitStack() as stack:
        found = [stack.enter_context(server.connected()) for _ in range(count)]
        for number, connection in enumerate(found):
            connection.sendall((BODY, BODY, HEADERS, NOTHING)[number % 4])
        yield found


def answers(connection: socket.socket) -> bool:
    connection.sendall(HEALTH)
    found = b""
    while not found.endswith(b"alive\n"):
        part = connection.recv(1000)
        if not part:
            return False
        found += part
    return found.startswith(b"HTTP/1.1 200")


def still_open(connections: list[socket.socket], seconds: float) -> set[socket.socket]:
    """Those that the server has neither answered nor closed within this time."""
    left, end = set(connections), time.monotonic() + seconds
    while left and time.monotonic() < end:
        left -= set(select.select(list(left), [], [], 0.2)[0])
    return left


@pytest.mark.parametrize("command", ["serve", pytest.param("gunicorn", marks=[pytest.mark.long, pytest.mark.ci])])
def test_sixteen_clients_that_never_send_their_body_take_no_server_down(tmp_path: Path, command: str) -> None:
    with running(command, tmp_path) as server, server.connected() as keeping:
        assert server.post("/voice/inbound", f"{server.base}/voice/inbound")[0] == 200
        assert answers(keeping)
        with hanging(server, 40) as slow:
            began = time.monotonic()
            assert server.get("/healthz") == (200, b"alive\n")
            assert server.post("/voice/inbound", f"{server.base}/voice/inbound", CallSid="CA" + "2" * 32)[0] == 200
            assert b"callflow_webhooks_total 2.0" in server.get("/metrics", server.operations)[1]
            assert time.monotonic() - began < 4
            assert not still_open(slow, CLOSED_WITHIN)
        assert answers(keeping), "an idle connection of the proxy was closed"


def test_a_body_that_arrives_in_pieces_is_read(tmp_path: Path) -> None:
    with running("serve", tmp_path) as server, server.connected() as connection:
        for piece in (BODY, b"S" * 40, b"t" * 56):
            connection.sendall(piece)
            time.sleep(0.05)
        assert connection.recv(1000).startswith(b"HTTP/1.1 403")
        with server.connected() as large:
            large.sendall(BODY.replace(b": 100", b": 70000"))
            assert large.recv(1000).startswith(b"HTTP/1.1 413")
        chunks = b"4\r\nCall\r\n3\r\nSid\r\n0\r\n\r\n"
        assert (
            server.exchange("POST /voice/inbound HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n", chunks)[0]
            == 403
        )
        endless = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
        head = "POST /voice/inbound HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
        assert server.exchange(head, endless * 3 + b"0\r\n\r\n")[0] in (403, 413), "no more than its bound is kept"
        assert server.exchange("POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n")[0] == 404
