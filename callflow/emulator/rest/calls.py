"""Calls: create, update (redirect, complete, cancel), fetch, list, delete (twilio.md 5.1, 5.2)."""

from __future__ import annotations

import re
from functools import partial

from callflow.emulator.calls import finish, replace_program
from callflow.emulator.dialling import call_program, place_call
from callflow.emulator.document import Document, DocumentError, Verb, parse
from callflow.emulator.extensions import SENT, address
from callflow.emulator.legs import LIVE, Leg, StatusCallback
from callflow.emulator.outgoing import Detection, Outgoing, prepare
from callflow.emulator.phones import phone_of
from callflow.emulator.program import Body
from callflow.emulator.recordings import RecordingOrder
from callflow.emulator.rest import render
from callflow.emulator.rest.pages import on_day, page_of
from callflow.emulator.rest.problems import Problem, invalid, not_found, not_in_progress
from callflow.emulator.rest.request import Request, Response
from callflow.emulator.running import Goto

MOST_TWIML_CHARACTERS = 4000
_NUMBER = re.compile(r"^\+[1-9][0-9]{6,14}$")
_EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})


def create(request: Request) -> Response:
    """201 with status queued. The TwiML is requested when the callee answers."""
    exchange = request.exchange
    leg = outgoing_leg(request)
    first = _first(request)
    if first is None:
        raise invalid(21205, "Url parameter is required")
    leg.fallback = request.target("FallbackUrl", "FallbackMethod")
    order = Outgoing(
        body=lambda answered: call_program(exchange, answered, first),
        time_limit=request.number("TimeLimit", 14400, 86400),
        recording=recording_order(request, "OutboundAPI") if request.flag("Record", False) else None,
        detection=read_detection(request, "AsyncAmdStatusCallback", request.flag("AsyncAmd", False)),
    )
    prepare(exchange, leg, order)
    place_call(exchange, leg, request.number("Timeout", 60, 600), "calls")
    return Response(201, render.call(exchange, leg))


def outgoing_leg(request: Request) -> Leg:
    """A leg from `From` to `To`, with its status callback. Raises Problem 21201, 21211, 21213, 21212, 21210, 21206."""
    exchange = request.exchange
    to, sender = request.get("To"), request.get("From")
    if not to:
        raise invalid(21201, "No 'To' number is specified")
    if not sender:
        raise invalid(21213, "'From' parameter is required")
    if not _NUMBER.match(to) and not to.startswith(("client:", "sip:")):
        raise invalid(21211, f"Invalid 'To' Phone Number: {to}")
    if not _NUMBER.match(sender) and not sender.startswith(("client:", "sip:")):
        raise invalid(21212, f"Invalid 'From' Phone Number: {sender}")
    if not exchange.may_show(sender) and not exchange.proves(request.get("CallToken"), sender):
        raise invalid(21210, f"The source phone number provided, {sender}, is not yet verified for your account")
    sent = request.get("SendDigits")
    if sent and not SENT.fullmatch(sent):
        raise invalid(21206, "Invalid SendDigits")
    if to in exchange.forbidden:
        raise invalid(exchange.forbidden[to], f"Account not authorized to call {to}")
    return Leg(
        exchange.sids.new("CA"), exchange.account_sid, "outbound-api", request.get("CallerId") or sender, to,
        exchange.clock.now(), phone=phone_of(exchange, address(to, sent)), send_digits=sent,
        status_callback=read_status_callback(request),
    )  # fmt: skip


def read_status_callback(request: Request) -> StatusCallback:
    events = frozenset(request.all("StatusCallbackEvent"))
    if events - _EVENTS:
        raise invalid(21626, f"Invalid StatusCallbackEvent: {' '.join(sorted(events - _EVENTS))}")
    target = request.target("StatusCallback", "StatusCallbackMethod")
    return StatusCallback(target, events or frozenset({"completed"}))


def recording_order(request: Request, source: str, prefix: str = "") -> RecordingOrder:
    """The recording that the fields ask for. `prefix` is Conference for those of a conference recording."""
    name = f"{prefix}RecordingStatusCallback"
    return RecordingOrder(
        source=source,
        channels=2 if request.get("RecordingChannels", "mono") == "dual" and not prefix else 1,
        track=request.get("RecordingTrack", "both"),
        callback=request.target(name, f"{name}Method"),
        events=frozenset(request.all(f"{name}Event")) or frozenset({"completed"}),
    )


def read_detection(request: Request, callback: str, asynchronous: bool) -> Detection | None:
    kind = request.get("MachineDetection")
    if kind not in {"Enable", "DetectMessageEnd"} or request.get("SendDigits"):
        return None
    return Detection(kind == "DetectMessageEnd", request.target(callback, f"{callback}Method"), asynchronous)


def _first(request: Request) -> Goto | Document | None:
    """The first document of the call. Url has precedence over Twiml."""
    target = request.target("Url", "Method")
    if target is not None:
        return Goto(target)
    text = request.get("Twiml")
    if not text:
        return None
    if len(text) > MOST_TWIML_CHARACTERS:
        raise invalid(21624, "Twiml is over 4000 characters")
    try:
        return parse(text.encode())
    except DocumentError as error:  # accepted now, an error when the callee answers
        apology = Verb("Say", text=request.exchange.switches.error_speech)
        return Document((apology,), ((error.code, error.text),))


def call_of(request: Request, position: int = 0) -> Leg:
    leg = request.exchange.legs.get(request.ids[position])
    if leg is None:
        raise not_found(request.path)
    return leg


def fetch(request: Request) -> Response:
    return Response(200, render.call(request.exchange, call_of(request)))


def update(request: Request) -> Response:
    """A redirect needs in-progress (21220). `completed` ends any live call, `canceled` a queued or ringing one."""
    exchange, leg = request.exchange, call_of(request)
    status = request.get("Status")
    if status and status not in {"completed", "canceled"}:
        raise invalid(21218, f"Invalid Status: {status}")
    if status:
        _end(request, leg, status)
        return Response(200, render.call(exchange, leg))
    first = _first(request)
    if first is not None:
        _redirect(request, leg, first)
    if request.has("TimeLimit"):
        seconds = request.number("TimeLimit", 14400, 86400)
        leg.timers.append(exchange.clock.after(seconds, partial(finish, exchange, leg, "completed", "exchange")))
    return Response(200, render.call(exchange, leg))


def _end(request: Request, leg: Leg, status: str) -> None:
    if not leg.live:
        raise not_in_progress()
    waiting = leg.status in {"queued", "initiated", "ringing"}
    if status == "canceled" and not waiting:
        return  # no effect on a live call (fact 28)
    outcome = "canceled" if waiting and leg.direction != "inbound" else "completed"
    finish(request.exchange, leg, outcome, "api", 487 if waiting else 200)


def _redirect(request: Request, leg: Leg, first: Goto | Document) -> None:
    exchange = request.exchange
    if leg.status != "in-progress":
        raise not_in_progress()
    if request.has("FallbackUrl"):
        leg.fallback = request.target("FallbackUrl", "FallbackMethod")
    if request.has("StatusCallback"):
        target = request.target("StatusCallback", "StatusCallbackMethod")
        leg.status_callback = StatusCallback(target, leg.status_callback.events)
    replace_program(exchange, leg, _program(request, leg, first))


def _program(request: Request, leg: Leg, first: Goto | Document) -> Body[str]:
    return call_program(request.exchange, leg, first)


def list_all(request: Request) -> Response:
    wanted = [leg for leg in reversed(request.exchange.legs.values()) if _matches(request, leg)]
    return page_of(request, "calls", wanted, partial(render.call, request.exchange))


def _matches(request: Request, leg: Leg) -> bool:
    status = request.get("Status")
    shown = "queued" if leg.status == "initiated" else leg.status
    parent = request.get("ParentCallSid")
    return (
        request.get("To") in {"", leg.to_number}
        and request.get("From") in {"", leg.from_number}
        and status in {"", shown}
        and (not parent or (leg.parent is not None and leg.parent.sid == parent))
        and on_day(request, "StartTime", leg.answered or leg.created)
        and on_day(request, "EndTime", leg.ended)
    )


def delete(request: Request) -> Response:
    leg = call_of(request)
    if leg.status in LIVE:
        raise Problem(409, 20009, "Cannot delete this resource before it is complete")
    del request.exchange.legs[leg.sid]
    return Response(204)
