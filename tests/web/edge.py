"""The web application with a memory store, and a provider that carries out or refuses all requests.

There are no phones and there is no clock: a test says what the provider sends, and sets the time.
"""

import hmac
from base64 import b64encode
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha1
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode
from xml.etree import ElementTree

from werkzeug.test import TestResponse

from callflow.bootstrap import compose
from callflow.core.call import Call
from callflow.core.configuration import Configuration
from callflow.runtime.runners import InlineRunner
from callflow.service.ports import GatewayFailure, LegReport, LegRequest, RingRequest, Store
from callflow.settings import Settings
from callflow.store import open_store
from tests.core.example import CONFIGURATION

BASE, SPARE = "https://app.test", "https://spare.test"
TOKEN, NEXT, SUB = "token-in-use", "token-to-come", "token-of-sub"
ACCOUNT, SUB_ACCOUNT = "AC" + "1" * 32, "AC" + "2" * 32
CALLER, LINE = "+15550100199", "+15550100100"
SID = "CA" + "c" * 32
START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
Form = Mapping[str, str] | Sequence[tuple[str, str]]


def signature(url: str, form: Form, token: str = TOKEN) -> str:
    """The provider's signature (twilio.md 2), computed independently of the product."""
    pairs = sorted(set(form.items() if isinstance(form, Mapping) else form))
    text = url + "".join(name + value for name, value in pairs)
    return b64encode(hmac.new(token.encode(), text.encode(), sha1).digest()).decode()


@dataclass
class Provider:
    """Accepts and records all requests. With ``refusal`` set it refuses them."""

    sent: list[LegRequest] = field(default_factory=list)
    refusal: Exception | None = None
    reports: dict[str, LegReport] = field(default_factory=dict)
    pings: int = 0
    looked_up: list[str] = field(default_factory=list)

    def send(self, order: LegRequest) -> str:
        if self.refusal:
            raise copy(self.refusal).with_traceback(None)
        self.sent.append(order)
        return f"CA{order.leg}{len(self.sent):030d}" if isinstance(order, RingRequest) else order.sid

    def look_up(self, sid: str, room: str, account: str = "") -> LegReport:
        self.looked_up.append(sid)
        if isinstance(self.refusal, GatewayFailure):
            raise copy(self.refusal).with_traceback(None)
        return self.reports.get(sid, LegReport(status="in-progress"))

    def client_of(self, account: str) -> Any:
        """Who waits in which room cannot be asked here."""
        raise GatewayFailure("not here", retry=True)

    def ping(self) -> None:
        self.pings += 1
        if self.refusal:
            raise copy(self.refusal).with_traceback(None)


class Edge:
    """The application, its store and its provider. Tests set ``now``."""

    def __init__(
        self,
        configuration: Configuration = CONFIGURATION,
        store: Store | None = None,
        audio: Path = Path("audio"),
        tokens: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.now = START
        self.provider = Provider()
        self.store: Any = store or open_store("memory:")
        self.runner = InlineRunner()
        settings = Settings(
            audio=audio, database_url="memory:", public_url=BASE, fallback_url=SPARE, account_sid=ACCOUNT,
            secret_key="a secret of sixteen", auth_tokens=tokens or {"": (TOKEN,)},
        )  # fmt: skip
        self.callflow = compose(
            settings, configuration, store=self.store, gateway=self.provider, clock=lambda: self.now, runner=self.runner
        )
        self.web = self.callflow.app.test_client()

    # -- what the provider sends

    def post(self, target: str, form: Form | None = None, *, token: str = TOKEN, signed: str | None = None,
             base: str = BASE) -> TestResponse:  # fmt: skip
        """Send one webhook. Its signature is valid unless ``signed`` is given ("" for none)."""
        form = {} if form is None else form
        sign = signature(base + target, form, token) if signed is None else signed
        headers = {"X-Twilio-Signature": sign} if sign else {}
        body = urlencode(list(form.items()) if isinstance(form, Mapping) else list(form))
        return self.web.post(target, data=body, headers=headers, content_type="application/x-www-form-urlencoded")

    def form(self, sid: str = SID, **more: str) -> dict[str, str]:
        return {"CallSid": sid, "AccountSid": ACCOUNT, "From": CALLER, "To": LINE, "CallStatus": "in-progress",
                "Direction": "inbound", "ToCity": "", **more}  # fmt: skip

    def rings(self, sid: str = SID, **more: str) -> TestResponse:
        return self.post("/voice/inbound", self.form(sid, CallStatus="ringing", **more))

    def answers(self, leg: str = "caller", sid: str = "", **more: str) -> TestResponse:
        """The leg's document requests the next one, with what was pressed or said."""
        found = self.call.leg(leg)
        assert found is not None
        target = f"/voice/{self.call.id}/{leg}/{found.token}/{found.place.name}"
        return self.post(target, self.form(sid or found.sid or f"CA{leg}", **more))

    def enters(self, leg: str = "caller") -> TestResponse:
        """The leg requests the document of its current place."""
        found = self.call.leg(leg)
        assert found is not None
        return self.post(f"/voice/{self.call.id}/{leg}/{found.token}/enter", self.form(found.sid))

    def joins(self, leg: str, label: str | None = None) -> TestResponse:
        """The leg joins the room, by its document."""
        found = self.call.leg(leg)
        assert found is not None
        form = {"StatusCallbackEvent": "participant-join", "CallSid": found.sid, "AccountSid": ACCOUNT,
                "ParticipantLabel": f"{leg}-{found.token}" if label is None else label}  # fmt: skip
        return self.post(f"/voice/{self.call.id}/room", form)

    # -- what happened

    @property
    def call(self) -> Call:
        return self.store.calls(live=False)[0]  # type: ignore[no-any-return]

    def later(self, seconds: float) -> Self:
        self.now += timedelta(seconds=seconds)
        return self

    def flush(self) -> Self:
        self.runner.flush()
        return self

    def waiting(self) -> Self:
        """A caller is in the queue; the request to ring Ana was not sent yet."""
        self.rings()
        self.later(2).answers()
        self.later(2).answers(Digits="1")
        return self

    def talking(self) -> Self:
        """A caller and Ana are in the room."""
        self.waiting().flush()
        lead = self.call.legs[1]
        self.later(3).enters(lead.id)
        self.later(2).answers(lead.id, Digits="1")
        self.flush()
        self.enters()
        self.joins(lead.id)
        self.joins("caller")
        return self

    @property
    def lead(self) -> str:
        return self.call.lead

    def kept(self) -> dict[str, Any]:
        """The content of the memory store."""
        return self.kept_by(self.store)

    @staticmethod
    def kept_by(store: Any) -> dict[str, Any]:
        return {name: _copied(value) for name, value in vars(store).items() if name not in ("_lock", "_soonest")}


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(one) for key, one in value.items()}
    return list(value) if isinstance(value, list) else repr(value)


def verbs(reply: TestResponse) -> list[str]:
    """The verbs of a document, also nested ones. Fails if it is not TwiML."""
    assert reply.status_code == 200, reply.status
    assert reply.mimetype == "text/xml"
    return [one.tag for one in ElementTree.fromstring(reply.text).iter() if one.tag != "Response"]


def has_sound_or_company(reply: TestResponse) -> bool:
    """Whether the document plays, asks or joins a room, and does not hang up first (floor F4)."""
    found = verbs(reply)
    return bool({"Say", "Play", "Conference", "Record"} & set(found)) and found[0] != "Hangup"
