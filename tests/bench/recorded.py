"""The traffic: one whole call is played on the local provider and recorded, then sent again as any number of calls.

An inbound call, an agent who accepts, a time out with the caller's yes, back together, wrap-up: 31 signed webhooks and
5 REST orders. Ids are exchanged and every request is signed anew, so each copy is a call of its own to the server.
"""

import hashlib
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from callflow import bootstrap
from callflow.configuration.loading import load
from callflow.emulator.script import HangUp, Heard, InRoom, Press, Say, Script, Started, Step
from callflow.emulator.signature import sign
from callflow.simulator import demo_script
from callflow.simulator.world import BASE, World
from callflow.telephony import naming
from tests.bench import shipped

PLAY = Script([
    *demo_script.ARRIVAL,
    Step("ana", Press("*"), InRoom(2), after=3),
    Step("ana", Press("1"), Started("6 threat"), after=0.6),
    Step("caller", Press("1"), Heard("put you on hold for about"), after=0.5),
    Step("caller", Say("Thank you."), InRoom(2), after=5),
    Step("caller", HangUp(), after=1),
    Step("ana", Press("1"), Started("1 resolved"), after=1),
    Step("ana", Press("#"), Started("Saved"), after=1),
], phones=demo_script.PHONES)  # fmt: skip
FIELDS = {"ApiVersion": "2010-04-01", "FromCity": "PARIS", "FromState": "TX", "FromZip": "75460", "FromCountry": "US",
          "ToCity": "", "ToState": "", "ToZip": "", "ToCountry": "US", "CalledCity": "", "CalledState": "",
          "CalledZip": "", "CalledCountry": "US", "CallerCity": "PARIS", "CallerState": "TX", "CallerZip": "75460",
          "CallerCountry": "US", "StirVerstat": "TN-Validation-Passed-A", "CallToken": "x" * 40}  # fmt: skip
"""What a live account sends besides: a voice request is filled up to the 27 fields that Twilio's have."""


class Webhook(NamedTuple):
    target: str
    form: tuple[tuple[str, str], ...]
    orders: int
    """REST requests that Callflow sent because of this webhook."""
    of_caller: bool
    """Whether the first of them is about the caller's leg."""


class Recorder(World):
    """A world that writes down every POST the provider makes."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, list[tuple[str, str]], int]] = []

    def _serve(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST":
            form = parse_qsl(environ["wsgi.input"].getvalue().decode(), keep_blank_values=True)
            self.seen.append((environ["RAW_URI"], form, len(self.emulator.rest_log)))
        return super()._serve(environ, start_response)


class Recording:
    """The recorded call, and its copies: ``copy(n, base)`` are the raw HTTP requests of call n for a server."""

    def __init__(self) -> None:
        world = Recorder()
        stage = bootstrap.rehearse(load(shipped.ROOT / "config", shipped.AUDIO), shipped.AUDIO, world)
        PLAY.run(world.emulator)
        world.clock.run_for(5)
        (call,) = stage.callflow.store.calls(live=False)
        self.journal = len(stage.callflow.store.journal(call.id))
        self._call, self._sids = call.id, {leg.id: leg.sid for leg in call.legs}
        self._called = call.called
        orders = [entry.path for entry in world.emulator.rest_log]
        until = [*(before for _, _, before in world.seen[1:]), len(orders)]
        self.webhooks = [
            Webhook(target, _filled(form), after - before, self._sids["caller"] in "".join(orders[before:before + 1]))
            for (target, form, before), after in zip(world.seen, until, strict=True)
        ]  # fmt: skip

    def copy(self, number: int, base: str, team: int) -> list[bytes]:
        """The requests of the call with this number. The same base, number and team give the same requests."""
        caller = sid_of(f"{base} {number}", "caller")
        call = naming.call_id(shipped.SECRET, caller)
        names = {self._call: call, BASE: base, self._called: shipped.number_of(team), self._sids["caller"]: caller}
        names |= {sid: sid_of(call, leg) for leg, sid in self._sids.items() if leg != "caller"}
        return [_request(webhook, names, base) for webhook in self.webhooks]

    @staticmethod
    def caller_sid(number: int, base: str) -> str:
        return sid_of(f"{base} {number}", "caller")


def sid_of(call: str, leg: str) -> str:
    """The provider's id of a leg: what the emulated provider answers when the leg is ordered."""
    return "CA" + hashlib.md5(f"{call}/{leg}".encode(), usedforsecurity=False).hexdigest()


def _filled(form: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    known = {name for name, _ in form}
    others = [pair for pair in FIELDS.items() if pair[0] not in known]
    wanted = max(0, 27 - len(form)) if "StatusCallbackEvent" not in known else 0
    return (*form, *others[:wanted])


def _request(webhook: Webhook, names: dict[str, str], base: str) -> bytes:
    target = webhook.target
    form = [(name, names.get(value, value)) for name, value in webhook.form]
    for old, new in names.items():
        target = target.replace(old, new)
    body = urlencode(form).encode()
    signature = sign(shipped.TOKEN, base + target, form)
    return (
        f"POST {target} HTTP/1.1\r\nHost: {base.removeprefix('http://')}\r\nUser-Agent: TwilioProxy/1.1\r\n"
        f"Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\nContent-Length: {len(body)}\r\n"
        f"X-Twilio-Signature: {signature}\r\nI-Twilio-Idempotency-Token: {signature[:12]}\r\nAccept: */*\r\n\r\n"
    ).encode() + body
