"""A WSGI application in front of Flask that handles webhooks which are exactly as the provider sends them.

Any other request (another method, an unusual path, host, length or encoding) goes to Flask, with its body unread.
``runtime.granian_requests``, which has read the body, asks for an answer without a WSGI environment (``answer``).
tests/fast_path/test_webhooks.py sends the same requests to all three and compares answers and effects.
"""

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any, NamedTuple, Protocol

NAME = "[A-Za-z0-9_-]+"
"""What a ``<name>`` of a route matches here. Flask matches more, and gets those requests."""
HOST = re.compile(r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*(?::[0-9]{1,5})?")
LENGTH = re.compile(r"[0-9]{1,9}")
STATUSES = {status.value: f"{status.value} {status.phrase.upper()}" for status in HTTPStatus}
LARGEST_BODY = 64 * 1024
"""In bytes. The provider's forms have about 1 kB; the provider accepts documents up to this size (11750)."""
_OWN = ("Host", "Content-Length", "Transfer-Encoding")
"""The headers that say whether a request is plain."""
Environ = dict[str, Any]
Start = Callable[..., Any]
WsgiApp = Callable[[Environ, Start], Iterable[bytes]]


class Answer(Protocol):
    """What a handler returns."""

    @property
    def status(self) -> int: ...
    @property
    def body(self) -> bytes: ...
    def headers(self) -> list[tuple[str, str]]:
        """All headers except Content-Length."""


class Handler(Protocol):
    """Answers one webhook; never raises."""

    def __call__(
        self, route: str, target: str, headers: Mapping[str, str | None], body: bytes, names: Mapping[str, str], /
    ) -> Answer:
        """``target`` is the path and query, not decoded; ``names`` are the values of the names in the path."""


class Plain(NamedTuple):
    """A request that can be handled without Flask."""

    route: str
    names: Mapping[str, str]
    target: str
    length: int


class FastPath:
    """The WSGI application: plain webhooks go to ``handler``, other requests to ``otherwise``.

    ``routes`` are the rules of Flask's routes by name (``/voice/<call>/room``); no two of them may match the same path.
    ``headers`` are the names of the headers that ``handler`` reads; ``largest`` is the most bytes of a body.
    """

    def __init__(
        self, otherwise: WsgiApp, handler: Handler, routes: Mapping[str, str], headers: Sequence[str], largest: int
    ) -> None:
        self._otherwise, self._handler, self._largest = otherwise, handler, largest
        self._headers = [(name, f"HTTP_{name.upper().replace('-', '_')}") for name in headers]
        self._read = {name.lower().encode(): name for name in (*headers, *_OWN)}
        self._routes: dict[int, list[tuple[str, re.Pattern[str]]]] = {}
        for route, rule in routes.items():
            self._routes.setdefault(rule.count("/"), []).append((route, re.compile("".join(_pattern(rule)))))

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        plain = self._plain(environ) if environ["REQUEST_METHOD"] == "POST" else None
        if plain is None:
            return self._otherwise(environ, start_response)
        body = environ["wsgi.input"].read(plain.length)
        if len(body) != plain.length:  # truncated: Flask finds the same length
            return self._otherwise({**environ, "wsgi.input": io.BytesIO(body)}, start_response)
        headers = {name: environ.get(key) for name, key in self._headers}
        answer = self._handler(plain.route, plain.target, headers, body, plain.names)
        return respond(answer, start_response)

    def answer(self, scope: Mapping[str, Any], body: bytes) -> Answer | None:
        """The answer to a request that has arrived in full, as ASGI describes it; None if it is for Flask.

        A webhook takes 0.94 of its time with an environment, of which little is read."""
        if scope["method"] != "POST":
            return None
        found: dict[str, str] = {}
        for key, value in scope["headers"]:
            if name := self._read.get(key):
                if name in found:
                    return None
                found[name] = value.decode("latin-1")
        length = found.get("Content-Length", "")
        if "Transfer-Encoding" in found or not HOST.fullmatch(found.get("Host", "")) or not LENGTH.fullmatch(length):
            return None
        if not int(length) == len(body) <= self._largest:
            return None
        path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
        plain = self._routed(path, f"{path}?{query}" if query else path, len(body))
        return plain and self._handler(plain.route, plain.target, found, body, plain.names)

    def _plain(self, environ: Environ) -> Plain | None:
        path, length = environ.get("PATH_INFO", ""), environ.get("CONTENT_LENGTH") or ""
        if environ.get("SCRIPT_NAME") or not HOST.fullmatch(environ.get("HTTP_HOST", "")):
            return None
        if "HTTP_TRANSFER_ENCODING" in environ or not LENGTH.fullmatch(length) or int(length) > self._largest:
            return None
        query = environ.get("QUERY_STRING", "")
        target = path + (f"?{query}" if query else "")
        raw = environ.get("RAW_URI") or environ.get("REQUEST_URI") or target
        return self._routed(path, target, int(length)) if raw == target else None

    def _routed(self, path: str, target: str, length: int) -> Plain | None:
        for route, pattern in self._routes.get(path.count("/"), ()):
            found = pattern.fullmatch(path)
            if found:
                return Plain(route, found.groupdict(), target, length)
        return None


def respond(answer: Answer, start_response: Start) -> Iterable[bytes]:
    start_response(STATUSES[answer.status], all_headers(answer))
    return [answer.body]


def all_headers(answer: Answer) -> list[tuple[str, str]]:
    headers = answer.headers()
    if answer.status != HTTPStatus.NO_CONTENT:
        headers.append(("Content-Length", str(len(answer.body))))
    return headers


def _pattern(rule: str) -> Iterator[str]:
    """The parts of a regular expression that matches the same paths as the rule, with ``NAME`` for its names."""
    for number, piece in enumerate(re.split(r"<(\w+)>", rule)):
        yield f"(?P<{piece}>{NAME})" if number % 2 else re.escape(piece)
