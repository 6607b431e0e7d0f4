"""A webhook and its answer, for Flask and for the fast path, and the target of a request as the provider signed it."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote

from callflow.telephony.signature import Headers

DOCUMENT = "text/xml; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"
MOST_DIGITS = 9
"""The most digits of a number in our URLs."""


class Webhook(NamedTuple):
    """A request. ``target`` is its path and query, not decoded."""

    target: str
    headers: Headers
    body: bytes

    def query(self) -> dict[str, str]:
        """The parameters of the URL. If one is repeated, its first value counts."""
        query = self.target.partition("?")[2].partition("#")[0]
        return dict(reversed(parse_qsl(query, keep_blank_values=True))) if query else {}


class Answer(NamedTuple):
    """The response to a webhook."""

    status: int
    content_type: str
    body: bytes = b""

    def headers(self) -> list[tuple[str, str]]:
        """All headers except Content-Length."""
        found = [("Content-Type", self.content_type)]
        return [*found, ("Cache-Control", "no-store")] if self.content_type == DOCUMENT else found


def number_or(text: str, otherwise: int) -> int:
    """The whole number in a part of a URL, or ``otherwise`` if it is not one."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else otherwise


def raw_target(environ: Mapping[str, Any]) -> str:
    """The path and query as received, below the public URL, which the provider has signed (twilio.md 2).

    A server passes what it received in ``RAW_URI`` (gunicorn, ``runtime.granian_requests``) or ``REQUEST_URI``. It
    may be an absolute URL (RFC 9112, 3.2.2), and begins with the folder below which the application is mounted, if the
    proxy left it there.
    """
    raw = str(environ.get("RAW_URI") or environ.get("REQUEST_URI") or "")
    if not raw:
        query = environ.get("QUERY_STRING", "")
        return _encoded(str(environ.get("PATH_INFO", ""))) + (f"?{query}" if query else "")
    if not raw.startswith("/"):
        raw = _relative(raw)
    folder = str(environ.get("SCRIPT_NAME", ""))
    return raw.removeprefix(folder) if folder and raw.startswith(f"{folder}/") else raw


def _relative(absolute: str) -> str:
    scheme, mark, rest = absolute.partition("://")
    if not mark or scheme.lower() not in ("http", "https"):
        return absolute
    authority = rest.partition("?")[0].partition("/")[0]
    target = rest[len(authority) :]
    return target if target.startswith("/") else f"/{target}"


def _encoded(path: str) -> str:
    """A path that the server has decoded, as most clients encode it. ``path`` is Latin-1, as WSGI wants (PEP 3333)."""
    return quote(path.encode("latin-1"), safe="/-._~!$&'()*+,;=:@")
