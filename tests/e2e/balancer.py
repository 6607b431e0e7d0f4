"""A proxy before several nodes, like docs/deployment/Caddyfile: a node that cannot be reached is passed over, and so is
one that has just not answered, while another one is there.

A request that reached a node is not sent to another one: if the node dies before it answers, the provider gets a 502,
and asks its fallback URL.
"""

import http.client
import itertools
import threading
import time
from collections.abc import Mapping
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import create_connection
from typing import Any, Final, NamedTuple

PASSED_ON: Final = ("Content-Type", "X-Twilio-Signature", "User-Agent", "I-Twilio-Idempotency-Token")
TRY_SECONDS: Final = 4.0
ANSWER_SECONDS: Final = 6.0
FAIL_SECONDS: Final = 5.0


class QuietServer(ThreadingHTTPServer):
    request_queue_size = 512  # with 5, connections are reset when many come at once after a kill

    def handle_error(self, *_: object) -> None:
        """The provider has stopped waiting."""


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    content: bytes


class Balancer:
    """Listens on ``port`` and passes requests to the ``nodes`` (ports) in turn. ``nodes`` may change at any time."""

    def __init__(self) -> None:
        self.nodes: tuple[int, ...] = ()
        self.broken = 0
        """Requests that a node began and did not answer."""
        self._turns = itertools.count()
        self._failed: dict[int, float] = {}
        """By node, until when it is passed over."""
        self._server = QuietServer(("127.0.0.1", 0), _handler_of(self))
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, args=(0.05,), name="balancer", daemon=True).start()

    def passed_on(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer | None:
        """The answer of a node; None if none of them can be reached, or if the one that was died."""
        until = time.monotonic() + TRY_SECONDS
        while time.monotonic() < until:
            for node in self._in_turn():
                if connection := _connected(node):
                    return self._answer(connection, method, target, headers, body)
                self._failed[node] = time.monotonic() + FAIL_SECONDS
            time.sleep(0.1)
        return None

    def _in_turn(self) -> list[int]:
        turn, nodes, now = next(self._turns), self.nodes, time.monotonic()
        in_turn = [nodes[(turn + number) % len(nodes)] for number in range(len(nodes))]
        return sorted(in_turn, key=lambda node: self._failed.get(node, 0.0) > now)

    def _answer(self, connection: http.client.HTTPConnection, *request: Any) -> Answer | None:
        with closing(connection):
            try:
                connection.request(*request[:2], body=request[3], headers=request[2])
                found = connection.getresponse()
                return Answer(found.status, found.headers, found.read())
            except (OSError, http.client.HTTPException):
                self.broken += 1
                self._failed[connection.port] = time.monotonic() + FAIL_SECONDS
                return None

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _connected(port: int) -> http.client.HTTPConnection | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
    try:
        connection.sock = create_connection(("127.0.0.1", port), timeout=1.0)
    except OSError:
        return None
    connection.sock.settimeout(ANSWER_SECONDS)
    return connection


def _handler_of(balancer: Balancer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            headers = {name: self.headers[name] for name in PASSED_ON if name in self.headers}
            headers["Host"] = self.headers["Host"]
            found = balancer.passed_on(self.command, self.path, headers, body)
            if found is None:
                self.send_error(502)
                return
            self.send_response(found.status)
            for name in ("Content-Type", "Set-Cookie"):
                if name in found.headers:
                    self.send_header(name, found.headers[name])
            self.send_header("Content-Length", str(len(found.content)))
            self.end_headers()
            self.wfile.write(found.content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
