"""Passes granian's requests to a WSGI application when their bodies have arrived, on threads of ours.

granian's WSGI interface occupies a thread from the headers on, for as long as a client takes to send the body: 16
connections that announced a body and never sent it took a server down (measured 2026-11-29). It also decodes the path,
so a signature cannot be checked against the path as received. Its ASGI interface has neither fault, but needs an event
loop: three more thread switches a request. So this takes the place of the event loop: it implements the few methods
that granian calls, and runs each callback at once, on granian's only thread for Python, which must never wait. Requests
that have arrived wait for one of ``AnsweringThreads``.

Everything that is private to granian stands here and in ``cli.serve``; tests/e2e/test_slow_clients.py notices a change.
"""

import io
import logging
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from threading import Thread
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from callflow.fast_path.webhooks import Answer, Environ, WsgiApp, all_headers
from callflow.runtime.capacity import AnsweringThreads

log = logging.getLogger(__name__)

LOOK_SECONDS: Final = 0.25
SERVED: Final = {
    "GATEWAY_INTERFACE": "CGI/1.1", "SCRIPT_NAME": "", "SERVER_SOFTWARE": "granian", "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr, "wsgi.input_terminated": True, "wsgi.multithread": True, "wsgi.multiprocess": False,
    "wsgi.run_once": False,
}  # fmt: skip
KEYS: dict[bytes, str] = {b"content-type": "CONTENT_TYPE", b"content-length": "CONTENT_LENGTH"}
"""The names of headers in the environment, for every header that was ever received, up to ``MOST_KEYS``."""
MOST_KEYS: Final = 200
WEBHOOKS: Final = b"/voice/"
"""In the path of every webhook. What people post on the pages takes no place of theirs."""


Plain = Callable[[Mapping[str, Any], bytes], Answer | None]
"""Answers a request as ASGI describes it, with its body; None if the WSGI application must."""


def _nothing(scope: Mapping[str, Any], body: bytes) -> None:
    """Leaves every request to the WSGI application."""


class NoLoop:
    """In place of an event loop: runs every callback at once. The arguments are those of ``asyncio``."""

    def call_soon(self, callback: Callable[..., Any], *arguments: Any, context: Any = None) -> None:
        callback(*arguments)

    call_soon_threadsafe = call_soon


class Requests:
    """Starts requests (``begin``), collects their bodies, and answers with ``app``. ``begin`` never raises.

    Of the webhooks, ``at_once`` are answered at once. A body that has not arrived
    ``seconds`` after its headers is answered with 408, and its connection closed. Of a body that is larger than
    ``largest`` bytes, no more is read.
    """

    def __init__(self, app: WsgiApp, seconds: float, largest: int, at_once: int) -> None:
        self.threads = AnsweringThreads(Request.answer, at_once)
        self.app, self.seconds, self.largest = app, seconds, largest
        self.plain: Plain = getattr(app, "plain", _nothing)
        self._arriving: dict[Request, float] = {}
        """Requests whose bodies are arriving, with the times at which they are given up. Every use is atomic."""
        Thread(target=self._watch, name="callflow-bodies", daemon=True).start()

    def begin(self, watcher: Any) -> None:
        request = Request(self, watcher)
        del watcher  # see ``Request.let_go``
        try:
            if request.wanted:
                self._arriving[request] = time.monotonic() + self.seconds
                request.receive()
            else:
                request.hand_over()
        except BaseException as error:
            request.fail(error)

    def arrived(self, request: "Request") -> bool:
        """Whether the request has not been given up or answered before."""
        return self._arriving.pop(request, None) is not None

    def _watch(self) -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            self.threads.look()
            now = time.monotonic()
            for request, until in list(self._arriving.items()):
                if until <= now and self.arrived(request):
                    with suppress(Exception):  # the connection is gone
                        request.give_up()


class Request:
    """One request. ``watcher`` is granian's: it has the ASGI ``scope`` and the protocol."""

    __slots__ = ("_all", "_body", "_future", "_protocol", "_scope", "_watcher", "wanted")

    def __init__(self, all: Requests, watcher: Any) -> None:
        self._all, self._watcher, self._protocol = all, watcher, watcher.proto
        self._scope: dict[str, Any] = watcher.scope
        self._body = bytearray()
        self._future: Any = None
        self.wanted = _length(self._scope["headers"], all.largest)

    def receive(self) -> None:
        """Wait for the next part of the body, without a thread."""
        self._future = self._protocol.receive()
        if hasattr(self._future, "add_done_callback"):
            self._future.add_done_callback(self._received)
        else:  # the client is gone
            self._all.arrived(self)
            self._watcher.done()

    def _received(self, future: Any) -> None:
        try:
            self._take(future.result())
        except BaseException as error:  # also CancelledError, after ``give_up``
            if self._all.arrived(self):
                self.fail(error)

    def _take(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.disconnect":
            self._all.arrived(self)
            return self._watcher.done()  # type: ignore[no-any-return]
        self._body += message["body"]
        if message["more_body"] and len(self._body) < self.wanted:
            return self.receive()
        if self._all.arrived(self):
            self.hand_over()
        return None

    def hand_over(self) -> None:
        """Have this request answered, whose body has arrived."""
        if self._scope["method"] == "POST" and WEBHOOKS in self._scope["raw_path"]:
            self._all.threads.webhook(self)
        else:
            self._all.threads.other(self)

    def answer(self) -> None:
        try:
            body = bytes(self._body)
            if plain := self._all.plain(self._scope, body):
                self._send(plain.status, all_headers(plain), plain.body)
            else:
                self._send(*self._by_wsgi(body))
        except BaseException as error:
            self.fail(error)
        finally:
            self.let_go()

    def _by_wsgi(self, content: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        """Status, headers and body of the answer of the WSGI application."""
        status, headers = 500, []

        def start(line: str, fields: list[tuple[str, str]], exc_info: Any = None) -> None:
            nonlocal status, headers
            status, headers = int(line[:3]), fields

        body = self._all.app(environ_of(self._scope, content), start)
        try:
            return status, headers, b"".join(body)
        finally:
            if hasattr(body, "close"):
                body.close()

    def let_go(self) -> None:
        """Forget the connection. An exception that refers to itself keeps the frames of its callers, and with them this
        request, until the garbage is collected, which is seldom (``bootstrap.settle``). A body that was not read would
        keep its connection open until then."""
        self._watcher = self._protocol = self._future = None

    def give_up(self) -> None:
        self._send(408, [("Content-Type", "text/plain"), ("Connection", "close")], b"the body did not arrive in time\n")
        self._future.cancel()
        self.let_go()

    def fail(self, error: BaseException) -> None:
        log.error("request failed: %s", type(error).__name__)
        with suppress(Exception):
            self._send(500, [("Content-Type", "text/plain")], b"failed\n")

    def _send(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        fields = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        self._protocol.send({"type": "http.response.start", "status": status, "headers": fields})
        self._protocol.send({"type": "http.response.body", "body": body})


def _length(headers: list[tuple[bytes, bytes]], largest: int) -> int:
    """How many bytes of body to wait for. Of a body without a length, or one that is too large, one more than may be;
    of one that is announced as too large, nothing, because it is refused without being read."""
    length = 0
    for name, value in headers:
        if name == b"content-length":
            length = int(value) if value.isdigit() and len(value) < 10 else 0
        elif name == b"transfer-encoding":
            return largest + 1
    return length if length <= largest else 0


def environ_of(scope: dict[str, Any], body: bytes) -> Environ:
    """The WSGI environment of an ASGI scope, with the target as received in ``RAW_URI``."""
    raw, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
    path = unquote_to_bytes(raw).decode("latin-1") if "%" in raw else raw
    environ = {
        **SERVED, "REQUEST_METHOD": scope["method"], "PATH_INFO": path, "QUERY_STRING": query,
        "RAW_URI": f"{raw}?{query}" if query else raw, "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "wsgi.url_scheme": scope["scheme"], "wsgi.input": io.BytesIO(body),
    }  # fmt: skip
    environ["SERVER_NAME"], environ["SERVER_PORT"] = scope["server"]
    environ["REMOTE_ADDR"], environ["REMOTE_PORT"] = scope["client"]
    for name, value in scope["headers"]:
        key, text = KEYS.get(name) or _key(name), value.decode("latin-1")
        environ[key] = f"{environ[key]}{'; ' if name == b'cookie' else ','}{text}" if key in environ else text
    return environ


def _key(name: bytes) -> str:
    key = "HTTP_" + name.decode("latin-1").upper().replace("-", "_")
    if len(KEYS) < MOST_KEYS:
        KEYS[name] = key
    return key
