"""The short way in for webhooks: a WSGI application before Flask, which still answers whatever is not plain.

Flask's contexts, routing and response objects were a third of a webhook's CPU (perf.md 1a, K and L). Only a POST that
is exactly as the provider sends it is answered here; anything else (another method, an odd path, host, length or
encoding) goes on to Flask unread. tests/web/test_door.py holds the two to the same answers.
"""

import io
import re
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

from callflow.telephony.signature import SIGNATURE, SIGNATURE_SETTINGS
from callflow.web.voice import Voice

PATH = re.compile(r"/voice(?:/[A-Za-z0-9_-]+){1,4}")
HOST = re.compile(r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*(?::[0-9]{1,5})?")
LENGTH = re.compile(r"[0-9]{1,9}")
ALONE = {"inbound": "inbound", "status": "number_status", "fallback": "fallback"}
STATUSES = {status.value: f"{status.value} {status.phrase.upper()}" for status in HTTPStatus}
Environ = dict[str, Any]
Start = Callable[..., Any]
WsgiApp = Callable[[Environ, Start], Iterable[bytes]]


class Plain(NamedTuple):
    """A request that needs nothing of Flask."""

    route: str
    where: Mapping[str, str]
    target: str
    length: int


class FastPath:
    """The WSGI application: plain webhooks to ``voice``, the rest to ``otherwise``."""

    def __init__(self, otherwise: WsgiApp, voice: Voice, largest: int) -> None:
        self._otherwise, self._voice, self._largest = otherwise, voice, largest

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        plain = self._plain(environ) if environ["REQUEST_METHOD"] == "POST" else None
        if plain is None:
            return self._otherwise(environ, start_response)
        body = environ["wsgi.input"].read(plain.length)
        if len(body) != plain.length:  # cut off: Flask finds the same
            return self._otherwise({**environ, "wsgi.input": io.BytesIO(body)}, start_response)
        headers = {SIGNATURE: environ.get("HTTP_X_TWILIO_SIGNATURE"),
                   SIGNATURE_SETTINGS: environ.get("HTTP_X_TWILIO_WEBHOOKS_SIGNATURE_SETTINGS")}  # fmt: skip
        answer = self._voice.handle(plain.route, plain.target, headers, body, plain.where)
        sent = answer.headers()
        if answer.status != HTTPStatus.NO_CONTENT:
            sent.append(("Content-Length", str(len(answer.body))))
        start_response(STATUSES[answer.status], sent)
        return [answer.body]

    def _plain(self, environ: Environ) -> Plain | None:
        path, length = environ.get("PATH_INFO", ""), environ.get("CONTENT_LENGTH") or ""
        if environ.get("SCRIPT_NAME") or not PATH.fullmatch(path) or not HOST.fullmatch(environ.get("HTTP_HOST", "")):
            return None
        if "HTTP_TRANSFER_ENCODING" in environ or not LENGTH.fullmatch(length) or int(length) > self._largest:
            return None
        query = environ.get("QUERY_STRING", "")
        target = path + (f"?{query}" if query else "")
        raw = environ.get("RAW_URI") or environ.get("REQUEST_URI") or target
        found = route(path.split("/")[2:]) if raw == target else None
        return found and Plain(*found, target, int(length))


def route(names: list[str]) -> tuple[str, Mapping[str, str]] | None:
    """The route of a path and the names in it; how many there are tells them apart (``voice.ROUTES``)."""
    if len(names) == 4:
        return "leg", dict(zip(("call", "leg", "token", "place"), names, strict=True))
    if len(names) == 3:
        return ("leg_status", {"call": names[0], "leg": names[1]}) if names[2] == "status" else None
    if len(names) == 2:
        return ("room", {"call": names[0]}) if names[1] == "room" else None
    return (ALONE[names[0]], {}) if names[0] in ALONE else None
