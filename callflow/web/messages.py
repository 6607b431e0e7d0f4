"""The request and the response of a webhook, as values, so that Flask and the fast path share the handlers."""

from typing import NamedTuple
from urllib.parse import parse_qsl

from callflow.telephony.signature import Headers

Form = dict[str, str]


class Webhook(NamedTuple):
    """A request. ``target`` is its path and query, not decoded."""

    target: str
    headers: Headers
    body: bytes

    def query(self) -> Form:
        """The parameters of the URL. If one is repeated, its first value counts."""
        query = self.target.partition("?")[2].partition("#")[0]
        return dict(reversed(parse_qsl(query, keep_blank_values=True))) if query else {}


class Answer(NamedTuple):
    """The response to a webhook, for Flask and for the fast path."""

    status: int
    content_type: str
    body: bytes = b""

    def headers(self) -> list[tuple[str, str]]:
        """All headers except Content-Length."""
        found = [("Content-Type", self.content_type)]
        return [*found, ("Cache-Control", "no-store")] if self.content_type == DOCUMENT else found


DOCUMENT = "text/xml; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"
NOTED = Answer(204, PLAIN)
REFUSED = Answer(403, PLAIN, b"not signed by the provider\n")
FAILED = Answer(500, PLAIN, b"failed\n")


def document(text: str) -> Answer:
    return Answer(200, DOCUMENT, text.encode())
