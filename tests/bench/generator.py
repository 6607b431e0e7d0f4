"""The load: whole calls over 32 kept-open connections, as a proxy would bring them. One thread.

Closed loop (as fast as the server can) or open loop: webhooks are due at random moments, and a wait is counted from
the moment it was due, so that a slow server cannot slow down its own test. Webhooks of one call are sent in order.
"""

import random
import re
import select
import socket
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
CONNECTIONS = 32
Make = Callable[[int, int], list[bytes]]
"""From the number of a call and the number of its team to its requests."""


@dataclass(slots=True)
class Slot:
    """One live call at a time; the next one begins when it is over."""

    team: int
    number: int
    requests: list[bytes]
    position: int = 0


class Calls:
    """So many calls under way. Whoever is not waiting for an answer may send the next webhook, in turn."""

    def __init__(self, live: int, make: Make, ahead: int = 0) -> None:
        self._live, self._make = live, make
        # Made before the clock runs: signing a request costs as much as sending it.
        self._ahead = {(n, n % live): make(n, n % live) for n in range(live, live + ahead)}
        slots = [Slot(n, n, make(n, n)) for n in range(live)]
        self._idle = deque(slots)
        self.finished = 0

    def out_of_step(self, generator: "Generator") -> None:
        """Bring each call under way to another place in it, and be done when all are there.

        People ring when they like. Begun together and served in turn, all calls would ask for their agents within the
        same third of a second, and for nothing in the next.
        """
        everyone, live = list(self._idle), self._live
        for turn in range(max(len(slot.requests) for slot in everyone)):
            self._idle = deque(one for n, one in enumerate(everyone) if turn < n * len(one.requests) // live)
            generator.once_each(len(self._idle))
        self._idle = deque(random.Random(1).sample(everyone, live))

    def take(self) -> Slot | None:
        if not self._idle:
            return None
        slot = self._idle.popleft()
        if slot.position == len(slot.requests):
            self.finished += 1
            slot.number += self._live
            key = slot.number, slot.team
            slot.requests, slot.position = self._ahead.pop(key, None) or self._make(*key), 0
        return slot

    def answered(self, slot: Slot) -> None:
        slot.position += 1
        self._idle.append(slot)


@dataclass
class Outcome:
    """Waits in seconds, one for each answered webhook; what was no 2xx, by its first line."""

    waits: list[float] = field(default_factory=list)
    errors: list[bytes] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.waits) / self.seconds

    def milliseconds(self, share: float) -> float:
        ordered = sorted(self.waits)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


@dataclass(slots=True)
class Sending:
    slot: Slot
    since: float
    answer: bytes = b""


class Generator:
    """Connections to one server or several. ``run`` may be called again: calls go on where they were."""

    def __init__(self, port: int, calls: Calls, connections: int = CONNECTIONS, *more_ports: int) -> None:
        self._calls = calls
        ports = (port, *more_ports)
        self._free = deque(self._connect(ports[n % len(ports)]) for n in range(connections))
        # Several nodes get webhooks in turn. One node gets them on the connection that was used last, as from a proxy.
        self._take = self._free.popleft if more_ports else self._free.pop
        self._sending: dict[socket.socket, Sending] = {}
        self._dice = random.Random(1)

    @staticmethod
    def _connect(port: int) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", port), timeout=20)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def run(self, seconds: float, rate: float = 0.0) -> Outcome:
        """Load for so many seconds: ``rate`` webhooks a second, or as many as are answered when it is 0."""
        found, begun = Outcome(), time.perf_counter()
        end, due, now = begun + seconds, begun, begun
        while now < end:
            while self._free and due <= now and (slot := self._calls.take()):
                self._send(slot, due if rate else now)
                due = due + self._dice.expovariate(rate) if rate else now
            self._receive(max(0.0, min(due, end) - now) if rate and due > now else min(0.5, end - now), found)
            now = time.perf_counter()
        found.seconds = now - begun
        while self._sending:
            self._receive(20.0, Outcome())
        return found

    def once_each(self, calls: int) -> None:
        """Exactly so many webhooks, as fast as they are answered."""
        left = calls
        while left or self._sending:
            while left and self._free and (slot := self._calls.take()):
                self._send(slot, time.perf_counter())
                left -= 1
            self._receive(20.0, Outcome())

    def _send(self, slot: Slot, since: float) -> None:
        connection = self._take()
        if select.select([connection], (), (), 0)[0]:  # unused for so long that the server has closed it
            port = connection.getpeername()[1]
            connection.close()
            connection = self._connect(port)
        self._sending[connection] = Sending(slot, since)
        connection.send(slot.requests[slot.position])

    def _receive(self, wait: float, found: Outcome) -> None:
        if not self._sending:
            time.sleep(wait)
            return
        # select, because epoll counts in whole milliseconds
        for connection in select.select(list(self._sending), (), (), wait)[0]:
            sending = self._sending[connection]
            sending.answer += connection.recv(65536)
            if is_whole(sending.answer):
                found.waits.append(time.perf_counter() - sending.since)
                if not sending.answer.startswith(b"HTTP/1.1 2"):
                    found.errors.append(sending.answer.partition(b"\r\n")[0])
                del self._sending[connection]
                self._free.append(connection)
                self._calls.answered(sending.slot)

    def close(self) -> None:
        for connection in self._free:
            connection.close()


def is_whole(answer: bytes) -> bool:
    """Whether head and body are there. Raises ConnectionError when the server hung up instead."""
    if not answer:
        raise ConnectionError("the server closed a connection")
    head, blank, body = answer.partition(b"\r\n\r\n")
    if not blank:
        return False
    length = LENGTH.search(head)
    return len(body) >= (int(length[1]) if length else 0)
