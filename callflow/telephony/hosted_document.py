"""The document that the provider hosts for when no server of ours answers: its text, for the provider's console. Pure.

It is a template of Handlebars (twilio.com/docs/serverless/twiml-bins), of which only ``{{name}}`` and ``{{#if name}}``
are used. The names are parameters of the request or of the URL's query (``Urls.fallback``):

- ``ask``: staff, who may be voicemail: a key first (floor F5), which requests the same document with ``join``;
- ``join``: staff who pressed a key: into the room of that call;
- neither: a caller, into the room named after the caller's provider id (``naming.call_id``).
"""

from dataclasses import replace

from callflow.core.configuration import Configuration
from callflow.telephony.stateless import into_room, key_before, line
from callflow.telephony.urls import Urls, room_name
from callflow.telephony.verbs import HANGUP, Part, escaped

CALL = "the-call"
"""Stands for the call's id while the text is built, because a URL would encode the braces of a template."""


def text(configuration: Configuration, urls: Urls) -> str:
    """The template, one element a line. It has the words of the default language and the public URL.

    Without our overrides of retries, because consoles limit the length of such a text.
    """
    urls, jitter = replace(urls, overrides=""), configuration.jitter_buffer
    asked = key_before(configuration, f"{escaped(urls.document)}?join={{{{ask}}}}")
    parts = [
        Part("{{#if ask}}"), *asked, Part("{{/if}}"),
        Part("{{#if join}}"), *_room("join", urls, jitter, staff=True), HANGUP, Part("{{/if}}"),
        Part("{{#if CallSid}}"), line(configuration, "failure_person"),
        *_room("CallSid", urls, jitter, staff=False), HANGUP,
        Part("{{/if}}"),
    ]  # fmt: skip
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<Response>", *(part.xml for part in parts), "</Response>"]
    return "\n".join(lines) + "\n"


def _room(name: str, urls: Urls, jitter: str, *, staff: bool) -> list[Part]:
    parts = into_room(room_name(CALL), staff, urls.room(CALL), urls.star(CALL), jitter)
    return [Part(part.xml.replace(CALL, f"{{{{{name}}}}}")) for part in parts]
