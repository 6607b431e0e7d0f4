"""Telling other systems what happens on calls: signed, in the order of each call's journal, until they have taken it.

An event is an entry of the journal, as a CloudEvent (specification 1.0, structured mode, JSON), signed as Standard
Webhooks 1.0 describes. For each webhook and call it is stored up to which entry everything was taken, so that nothing
is left out and nothing overtakes. An event may be sent twice, with the same id; receivers leave out what they know.
"""

import hmac
import json
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Protocol

from callflow.core.call import Call
from callflow.core.configuration import Configuration
from callflow.core.notes import PRIVATE, Note
from callflow.core.records import immutable
from callflow.core.webhooks import TYPE_PREFIX, Webhook, event_type
from callflow.service.configurations import Configurations
from callflow.service.jobs import Args, JobFailure, NewJob
from callflow.service.lookup_client import LookupFailure, LookupRequest
from callflow.service.ports import Entry, Store

SEND: Final = "send_webhook"
"""The kind of job that sends what a webhook has not taken of a call. ``args``: ``webhook`` (its name), ``call``."""
TRIES: Final = 24
"""Over most of a day. Then the job stays in `callflow jobs`, and goes on when it is retried, or with the next event."""
SECONDS: Final = 10.0
MEDIA_TYPE: Final = "application/cloudevents+json"
_PREFIX: Final = "whsec_"


class Sends(Protocol):
    def answer(self, question: LookupRequest, rules: Any) -> bytes:
        """Raises LookupFailure."""


def to_send(configuration: Configuration, call: str, notes: Sequence[Note], at: datetime) -> list[NewJob]:
    """The jobs after new entries of a call's journal. While one waits, nothing is deferred."""
    return [sending(one.name, call, at) for one in configuration.webhooks.values()
            if any(one.wants(note.kind) for note in notes)]  # fmt: skip


def sending(webhook: str, call: str, at: datetime) -> NewJob:
    """The job that tells a webhook what it does not know yet of a call."""
    return NewJob(kind=SEND, at=at, key=f"{SEND} {webhook} {call}", args={"webhook": webhook, "call": call}, once=True)


def event_of(entry: Entry, call: Call, source: str) -> dict[str, Any]:
    """An entry as a CloudEvent. What is private in the journal (``notes.PRIVATE``) is left out."""
    note = entry.note
    private = PRIVATE.get(note.kind, frozenset())
    outcome = "" if "outcome" in private else str(note.outcome)
    return {
        "specversion": "1.0",
        "id": f"{call.id}-{entry.seq}",
        "source": source,
        "type": event_type(note.kind, outcome),
        "subject": call.reference,
        "time": entry.at.isoformat(timespec="milliseconds"),
        "datacontenttype": "application/json",
        "sequence": f"{entry.seq:06}",
        "data": {
            "call": call.id, "reference": call.reference, "entry": entry.seq, "kind": str(note.kind),
            "actor": note.actor, "outcome": outcome, "key": note.key, "script": note.script, "version": note.version,
            "language": note.language,
            "details": {name: value for name, value in note.details.items() if name not in private},
        },
    }  # fmt: skip


def signature(secret: str, id: str, timestamp: int, body: bytes) -> str:
    """The header `webhook-signature` (Standard Webhooks 1.0): HMAC-SHA256 of id, time and body, in base64.

    ``secret`` is "whsec_" and base64, or any other text, whose bytes are taken.
    """
    key = secret.encode()
    if secret.startswith(_PREFIX):
        try:
            key = b64decode(secret.removeprefix(_PREFIX), validate=True)
        except NotBase64:
            raise JobFailure("the secret begins with whsec_ but is not base64 after it") from None
    signed = hmac.digest(key, f"{id}.{timestamp}.".encode() + body, "sha256")
    return f"v1,{b64encode(signed).decode()}"


@immutable
class Webhooks:
    """``environ`` has the secrets by name, ``source`` is the CloudEvents attribute: who we are, a URI."""

    store: Store
    client: Sends
    configurations: Configurations
    clock: Callable[[], datetime]
    environ: Mapping[str, str]
    source: str

    def run(self, args: Args) -> None:
        """The handler of the job ``SEND``: everything that is left, in order. Stops at the first that is not taken."""
        webhook = self.configurations.current.webhooks.get(args["webhook"])
        call = self.store.read(args["call"])
        if webhook is None or call is None:
            return
        told = self.store.webhook_position(webhook.name, call.id)
        for entry in self.store.journal(call.id):
            if entry.seq <= told:
                continue
            if webhook.wants(entry.note.kind):
                self.send(webhook, event_of(entry, call, self.source))
            self.store.put_webhook_position(webhook.name, call.id, entry.seq)

    def send(self, webhook: Webhook, event: Mapping[str, Any]) -> None:
        """Send one event. Raises JobFailure, which says why it was not taken."""
        secret = self.environ.get(webhook.secret, "")
        if not secret:
            raise JobFailure(f"the environment variable {webhook.secret} of webhook {webhook.name} is not set")
        body, at = json.dumps(event, ensure_ascii=False).encode(), int(self.clock().timestamp())
        headers = {"Content-Type": MEDIA_TYPE, "webhook-id": str(event["id"]), "webhook-timestamp": str(at),
                   "webhook-signature": signature(secret, str(event["id"]), at, body)}  # fmt: skip
        request = LookupRequest(name=f"webhook {webhook.name}", method="POST", url=webhook.url, body=body,
                                seconds=SECONDS, own_headers=headers)  # fmt: skip
        try:
            self.client.answer(request, self.configurations.current.lookups)
        except LookupFailure as failure:
            raise JobFailure(f"webhook {webhook.name}: {failure}") from None

    def ping(self, webhook: Webhook) -> None:
        """Send an event of type "callflow.ping", which is about no call. Raises JobFailure."""
        at = self.clock()
        self.send(webhook, {
            "specversion": "1.0", "id": f"ping-{at.timestamp():.0f}", "source": self.source,
            "type": f"{TYPE_PREFIX}.ping", "time": at.isoformat(timespec="milliseconds"),
            "datacontenttype": "application/json", "data": {},
        })  # fmt: skip
