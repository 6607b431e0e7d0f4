"""Starting calls: inbound ones from a phone, outgoing ones through the queue that limits calls per second.

Source: twilio.md 5.0."""

from __future__ import annotations

import json
from functools import partial
from urllib.parse import quote

from callflow.emulator.calls import change_status, finish, ring, run_program
from callflow.emulator.document import Document
from callflow.emulator.events import CallPlaced
from callflow.emulator.exchange import Exchange
from callflow.emulator.legs import Leg
from callflow.emulator.numbers import Number, SipDomain
from callflow.emulator.program import Body
from callflow.emulator.running import MAIN, Goto, Run, run_documents
from callflow.emulator.webhook import Target

CARRIER_SECONDS = 0.5
"""From leaving the queue until the called telephone rings."""


def call_program(exchange: Exchange, leg: Leg, first: Goto | Document) -> Body[str]:
    """The program of a call that runs TwiML, beginning with `first`."""
    run = Run(exchange, leg, MAIN, lambda: [leg])
    stop = yield from run_documents(run, first)
    return stop.why


def receive_call(exchange: Exchange, leg: Leg, number: Number) -> None:
    """An inbound call to one of the account's numbers: its voice URL is requested while the call still rings."""
    exchange.legs[leg.sid] = leg
    leg.number, leg.fallback, leg.status_callback = number, number.fallback(), number.callback()
    leg.status = "ringing"
    leg.extra_parameters.update(StirVerstat="TN-Validation-Passed-A")
    if not isinstance(number, SipDomain):  # "generated when an incoming call is received on a Twilio number"
        token = quote(json.dumps({"parentCallInfoToken": leg.sid}), safe="")
        leg.extra_parameters.update(CallToken=token)
        exchange.call_tokens[token] = leg.from_number
    _announce_placing(exchange, leg)
    if not number.voice_url:
        exchange.clock.post(partial(finish, exchange, leg, "failed", "exchange", 404))
        return
    run_program(exchange, leg, call_program(exchange, leg, Goto(Target(number.voice_url, number.voice_method))))


def place_call(exchange: Exchange, leg: Leg, timeout: float, queue: str | None) -> None:
    """Ring `leg.to_number` at the next slot of `queue` (calls, participants). None (a Dial) is never queued."""
    exchange.legs[leg.sid] = leg
    _announce_placing(exchange, leg)
    wait = _slot(exchange, queue) if queue else 0.0
    leg.queue_milliseconds = round(wait * 1000)
    exchange.clock.after(wait, partial(_leave_queue, exchange, leg, timeout))


def _announce_placing(exchange: Exchange, leg: Leg) -> None:
    exchange.emit(CallPlaced(exchange.clock.now(), leg.sid, leg.direction, leg.from_number, leg.to_number))


def _slot(exchange: Exchange, queue: str) -> float:
    """Reserve the next free slot of `queue`; returns the seconds until then."""
    if exchange.calls_per_second <= 0:
        return 0.0
    now = exchange.clock.monotonic()
    slot = max(now, exchange.next_slot.get(queue, 0.0))
    exchange.next_slot[queue] = slot + 1.0 / exchange.calls_per_second
    return slot - now


def _leave_queue(exchange: Exchange, leg: Leg, timeout: float) -> None:
    if leg.status not in {"queued", "initiated"}:
        return
    change_status(exchange, leg, "initiated")
    exchange.clock.after(CARRIER_SECONDS, partial(_reach, exchange, leg, timeout))


def _reach(exchange: Exchange, leg: Leg, timeout: float) -> None:
    if leg.status != "initiated" or leg.phone is None:
        return
    if not leg.phone.reachable:
        finish(exchange, leg, "failed", "exchange", 404)
        return
    ring(exchange, leg)
    if exchange.connect_own is not None and exchange.connect_own(leg):
        return
    seconds = timeout + exchange.switches.ring_extra_seconds
    leg.timers.append(exchange.clock.after(seconds, partial(_give_up, exchange, leg)))
    leg.phone.ring(leg)


def _give_up(exchange: Exchange, leg: Leg) -> None:
    if leg.status == "ringing":
        finish(exchange, leg, "no-answer", "exchange", 487)
