"""Documents that the provider hosts itself (TwiML Bins, twilio.com/docs/serverless/twiml-bins): they answer when no
server of the app does.

They are Handlebars templates. Of the language two things are rendered: `{{Name}}` is a parameter of the request, from
its form or the query of its URL, escaped for XML; `{{#if Name}}...{{else}}...{{/if}}`, not nested, depends on whether
the parameter is there and not empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from urllib.parse import parse_qsl

from callflow.emulator.transport import AppClient, HttpRequest, HttpResponse

_CONDITION = re.compile(r"\{\{#if (\w+)\}\}(.*?)(?:\{\{else\}\}(.*?))?\{\{/if\}\}", re.DOTALL)
_VALUE = re.compile(r"\{\{ *(\w+) *\}\}")


@dataclass
class HostedDocuments:
    """Answers requests for hosted documents; passes others on to the app. `texts` are templates by URL (no query)."""

    app: AppClient
    texts: dict[str, str] = field(default_factory=dict)

    def send(self, request: HttpRequest) -> HttpResponse:
        address, _, query = request.url.partition("?")
        text = self.texts.get(address)
        if text is None:
            return self.app.send(request)
        body = request.body.decode() if request.method == "POST" else ""
        given = dict(parse_qsl(body, keep_blank_values=True)) | dict(parse_qsl(query, keep_blank_values=True))
        return HttpResponse(200, {"content-type": "text/xml"}, render(text, given).encode())


def render(text: str, given: Mapping[str, str]) -> str:
    """The document for a request with these parameters."""
    chosen = _CONDITION.sub(lambda found: found[2] if given.get(found[1]) else found[3] or "", text)
    return _VALUE.sub(lambda found: escape(given.get(found[1], "")), chosen)
