"""Connections whose request does not arrive are closed; all others are left alone. Real sockets, a clock of ours."""

import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest

from callflow.runtime.connections import ConnectionGuard, _counted
from callflow.runtime.metrics import Metrics

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts bytes")


class Server:
    """Accepts connections and answers them by hand."""

    def __init__(self, stack: ExitStack) -> None:
        self.now = 100.0
        self.metrics = Metrics()
        self.guard = ConnectionGuard(self.metrics, 5, lambda: self.now)
        self._stack = stack
        self._listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))

    def connect(self) -> tuple[socket.socket, socket.socket]:
        client = self._stack.enter_context(socket.create_connection(self._listener.getsockname()))
        client.settimeout(5)
        return client, self._stack.enter_context(self._listener.accept()[0])

    def later(self, seconds: float) -> int:
        """How many connections were closed, looking every half second."""
        before = self.metrics.value("closed_connections")
        for _ in range(int(seconds * 2)):
            self.now += 0.5
            self.guard.check()
        return self.metrics.value("closed_connections") - before


@pytest.fixture
def server() -> Iterator[Server]:
    with ExitStack() as stack:
        yield Server(stack)


def answered(client: socket.socket, server: socket.socket) -> None:
    client.sendall(b"whole request")
    assert server.recv(100)
    server.sendall(b"answer")
    assert client.recv(100) == b"answer"


def test_a_request_that_stops_half_way_is_closed_after_five_seconds(server: Server) -> None:
    client, _ = server.connect()
    client.sendall(b"POST / HT")
    assert server.later(5) == 0
    assert server.later(1) == 1
    assert client.recv(100) == b""


def test_a_request_that_comes_byte_by_byte_is_closed_as_well(server: Server) -> None:
    client, _ = server.connect()
    closed = 0
    for _ in range(6):
        client.sendall(b"x")
        closed += server.later(1)
    assert closed == 1


def test_a_connection_that_never_sends_anything_is_closed(server: Server) -> None:
    client, _ = server.connect()
    assert server.later(6) == 1
    assert client.recv(100) == b""


def test_an_idle_connection_of_the_proxy_stays_open(server: Server) -> None:
    client, ours = server.connect()
    answered(client, ours)
    assert server.later(60) == 0
    answered(client, ours)


def test_a_second_request_that_stops_half_way_is_closed(server: Server) -> None:
    client, ours = server.connect()
    answered(client, ours)
    assert server.later(3) == 0
    client.sendall(b"half")
    assert server.later(6) == 1


def test_a_request_that_is_being_answered_slowly_is_left_alone(server: Server) -> None:
    client, ours = server.connect()
    client.sendall(b"whole request")
    peer = (client.getsockname()[0], str(client.getsockname()[1]))
    server.guard.busy.add(peer)
    assert server.later(20) == 0
    ours.sendall(b"answer")
    server.guard.busy.discard(peer)
    assert server.later(20) == 0


def test_our_own_requests_to_others_are_left_alone(server: Server) -> None:
    """A connection to the provider waits for an answer, too, but was not accepted here."""
    client, ours = server.connect()
    server._listener.close()
    client.sendall(b"request")
    assert ours.recv(100)
    assert server.later(20) == 0


def settled(one: socket.socket) -> None:
    """Wait until the kernel has sent what the other side has room for."""
    before = -1
    while (now := _counted(one).sent) != before:
        before = now
        time.sleep(0.05)


def test_a_client_that_does_not_take_its_answer_is_closed(server: Server) -> None:
    client, ours = server.connect()
    client.sendall(b"whole request")
    assert ours.recv(100)
    ours.setblocking(False)
    with suppress(BlockingIOError):
        while True:
            ours.send(b"recording " * 10_000)
    settled(ours)
    assert server.later(6) == 1


def test_a_client_that_takes_its_answer_slowly_is_left_alone(server: Server) -> None:
    client, ours = server.connect()
    client.sendall(b"whole request")
    assert ours.recv(100)
    for _ in range(10):
        ours.sendall(b"recording " * 10_000)
        assert server.later(3) == 0
        assert client.recv(1_000_000)
