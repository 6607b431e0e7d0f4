"""Request and response types for the app, and the overrides in URL fragments (`#ct=2000&rc=2`, twilio.md 1.4)."""

from __future__ import annotations

from dataclasses import field
from functools import lru_cache
from typing import Protocol
from urllib.parse import parse_qsl

from callflow.emulator.immutable import immutable

HARD_CEILING_SECONDS = 15.0


class ConnectFailed(Exception):
    """No TCP or TLS connection. `code` is Twilio's: 11205, 11210 (DNS) or 11220 (TLS)."""

    def __init__(self, text: str, code: int = 11205) -> None:
        super().__init__(text)
        self.code = code


class ReadTimedOut(Exception):
    """Connected, but no answer in time. `seconds` is how long it waited."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"no answer within {seconds:g} s")
        self.seconds = seconds


@immutable
class HttpRequest:
    """`url` has no fragment. Timeouts are in seconds."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes = b""
    connect_seconds: float = 5.0
    read_seconds: float = 15.0


@immutable
class HttpResponse:
    """Header names are in lower case; `cookies` are the raw Set-Cookie values. `seconds` is the *modelled* duration; 0
    for real HTTP, where the time has really passed."""

    status: int
    headers: dict[str, str]
    body: bytes
    cookies: tuple[str, ...] = ()
    seconds: float = 0.0


class AppClient(Protocol):
    """A client for the app. Raises ConnectFailed or ReadTimedOut."""

    def send(self, request: HttpRequest) -> HttpResponse: ...


@immutable
class Overrides:
    """What the fragment of a URL sets. Times are in seconds."""

    connect_seconds: float = 5.0
    read_seconds: float = 15.0
    total_seconds: float = HARD_CEILING_SECONDS
    retries: int = 1
    retry_on: frozenset[str] = field(default=frozenset({"ct"}))


def _milliseconds(text: str, default: float, most: int) -> float:
    return int(text) / 1000 if text.isdigit() and 100 <= int(text) <= most else default


@lru_cache(maxsize=256)
def parse_overrides(fragment: str) -> Overrides:
    """Parse a fragment. Values outside the documented ranges and unknown names are ignored.

    Cached: an app has one fragment for all its URLs, and parsing takes 8 us.
    """
    if "=" not in fragment:
        return Overrides()
    keys = dict(parse_qsl(fragment))
    retries = keys.get("rc", "1")
    retry_on = frozenset(word for word in keys.get("rp", "ct").split(",") if word in {"4xx", "5xx", "ct", "rt", "all"})
    return Overrides(
        connect_seconds=_milliseconds(keys.get("ct", ""), 5.0, 10000),
        read_seconds=_milliseconds(keys.get("rt", ""), 15.0, 15000),
        total_seconds=_milliseconds(keys.get("tt", ""), HARD_CEILING_SECONDS, 15000),
        retries=int(retries) if retries.isdigit() and int(retries) <= 5 else 1,
        retry_on=retry_on or frozenset({"ct"}),
    )
