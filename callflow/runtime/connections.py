"""Closes connections on which nothing goes on: slow headers, slow bodies, none at all, and answers that nobody takes.

gunicorn gives each of them a thread, and neither gunicorn nor granian has a deadline for them that leaves idle
connections of the proxy open. The kernel counts what it received and sent on each connection of this process, so a
request that was begun and not answered is seen whatever the server. Only on Linux (``tcp_info`` of
include/uapi/linux/tcp.h, since 4.19); elsewhere nothing is closed.
"""

import io
import os
import socket
import stat
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from callflow.fast_path.webhooks import LARGEST_BODY
from callflow.service.ports import Counters

REQUEST_SECONDS: Final = 5.0
SILENT_SECONDS: Final = 75.0
"""After this long without a byte in either direction a connection is closed in any case."""
LOOK_SECONDS: Final = 0.5
FILES: Final = Path("/proc/self/fd")
Peer = tuple[str, str]
"""Address and port, as in the environment of a request."""


class Counted(NamedTuple):
    """What the kernel knows of a connection: bytes; packets and bytes that the client has not taken; and milliseconds
    since it last sent and received any."""

    sent: int
    received: int
    stuck: int
    sent_ago: int
    received_ago: int


@dataclass(slots=True, repr=False, eq=False)
class Seen:
    """A connection since we last sent something on it."""

    sent: int
    received: int
    since: float | None = None
    """When it was first seen waiting."""

    def waiting(self, now: Counted) -> bool:
        """Whether a request may have begun that was not answered, or an answer is not taken. A new connection counts as
        a request."""
        return now.sent == 0 or now.stuck > 0 or now.received > self.received or now.received_ago < now.sent_ago


class ConnectionGuard:
    """``check`` looks at all connections of this process's listeners. Requests in ``busy`` have arrived in full."""

    def __init__(
        self, counters: Counters, seconds: float = REQUEST_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.counters, self._seconds, self._clock = counters, seconds, clock
        self._seen: dict[tuple[int, int], Seen] = {}
        self.busy: set[Peer] = set()
        """The peers whose requests are being answered. Adding and discarding is atomic."""

    def check(self) -> None:
        """Close what is overdue."""
        now, seen = self._clock(), self._seen
        self._seen = {}
        for key, connection in _accepted():
            with connection, suppress(OSError):
                counted = _counted(connection)
                found = seen.get(key)
                if found is None or found.sent != counted.sent:
                    found = Seen(counted.sent, counted.received)
                if not found.waiting(counted) or _peer(connection) in self.busy:
                    found.since = None
                elif found.since is None:
                    found.since = now
                silent = min(counted.sent_ago, counted.received_ago) > SILENT_SECONDS * 1000
                if (found.since is not None and now - found.since >= self._seconds) or silent:
                    # The server, which owns the connection, reads its end, as if the client had closed it.
                    connection.shutdown(socket.SHUT_RDWR)
                    self.counters.count("closed_connections")
                else:
                    self._seen[key] = found


def _accepted() -> Iterator[tuple[tuple[int, int], socket.socket]]:
    """Connections that were accepted on a port on which this process listens, by descriptor and inode. Each one is a
    duplicate, which must be closed."""
    found = list(_sockets())
    ports = {one.getsockname()[1] for _, one in found if _listens(one)}
    for key, one in found:
        if ports and not _listens(one) and one.getsockname()[1] in ports:
            yield key, one
        else:
            one.close()


def _sockets() -> Iterator[tuple[tuple[int, int], socket.socket]]:
    try:
        names = os.listdir(FILES)
    except OSError:  # not Linux
        return
    for number in map(int, names):
        with suppress(OSError):  # closed meanwhile
            known = os.fstat(number)
            if stat.S_ISSOCK(known.st_mode):
                one = socket.socket(fileno=os.dup(number))
                if one.family in (socket.AF_INET, socket.AF_INET6) and one.type == socket.SOCK_STREAM:
                    yield (number, known.st_ino), one
                else:
                    one.close()


def _listens(one: socket.socket) -> bool:
    return bool(one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))


def _counted(one: socket.socket) -> Counted:
    """Raises OSError if the kernel does not count this, or the connection is gone."""
    info = one.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 208)
    if len(info) < 208:
        raise OSError("this kernel does not count bytes")
    (unacknowledged,), (sent_ago,), (received_ago,), (received,), (unsent,), (sent,) = (
        struct.unpack_from(kind, info, offset)
        for kind, offset in (("I", 24), ("I", 44), ("I", 52), ("Q", 128), ("I", 144), ("Q", 200))
    )
    return Counted(sent, received, unacknowledged + unsent, sent_ago, received_ago)


def _peer(one: socket.socket) -> Peer:
    host, port = one.getpeername()[:2]
    return str(host), str(port)


def read_body(environ: dict[str, Any]) -> None:
    """Read the body of a request, so that what follows waits for nobody. Raises what the server raises.

    One without a length, or one that is too large to be a webhook, is left to the application.
    """
    length = environ.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and 0 < int(length) <= LARGEST_BODY and not isinstance(environ["wsgi.input"], io.BytesIO):
        environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(int(length)))
