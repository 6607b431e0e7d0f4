"""Dial's Conference noun (twilio.md 3.8): reads its attributes, joins the room, and stays until something ends it."""

from __future__ import annotations

from typing import Protocol

from callflow.emulator.document import Verb
from callflow.emulator.exchange import Exchange
from callflow.emulator.identifiers import SID
from callflow.emulator.immutable import immutable
from callflow.emulator.legs import Leg
from callflow.emulator.program import Body, Key, Removed, Signal, Wait
from callflow.emulator.recordings import RecordingOrder
from callflow.emulator.room_callbacks import SUBSCRIBABLE
from callflow.emulator.rooms import (
    MOST_PARTICIPANTS,
    Room,
    RoomRules,
    Seat,
    active_room,
    join,
    label_in_use,
    leave,
    open_room,
)
from callflow.emulator.running import Run
from callflow.emulator.verbs.record import recording_order

LABEL_MOST = 128


@immutable
class Stay:
    """How many seconds a leg may stay, and whether its own `*` makes it leave."""

    time_limit: float = 14400.0
    leaves_on_star: bool = False


class Bridged(Protocol):
    """Records whether the leg was ever in the room with others."""

    bridged: bool


def enter_conference(run: Run, noun: Verb, stay: Stay, progress: Bridged) -> Body[str]:
    """Join and stay. Returns why it ended: star, time-limit, removed, or refused (it could not join)."""
    seat = _seat(run, noun)
    if seat is None:
        return "refused"
    try:
        return (yield from occupy(run.exchange, seat, stay))
    finally:
        progress.bridged = seat.started_with


def occupy(exchange: Exchange, seat: Seat, stay: Stay) -> Body[str]:
    """Stay in `seat` until `*`, the time limit or a removal. A hang-up or redirect leaves the room, too."""
    leg, clock = seat.leg, exchange.clock
    join(exchange, seat)
    deadline = clock.monotonic() + stay.time_limit
    hears = (Removed, Key) if stay.leaves_on_star else (Removed,)
    try:
        while True:
            signal: Signal | None = yield Wait(deadline - clock.monotonic(), hears, keeps_keys=False)
            if signal is None:
                leg.exit_cause = "time-limit"
                return "time-limit"
            if isinstance(signal, Removed):
                return "removed"
            if (
                isinstance(signal, Key)
                and signal.key == "*"
                and (not seat.hold or exchange.switches.star_works_on_hold)
            ):
                leg.exit_cause = "star"
                return "star"
    finally:
        if leg.seat is seat:
            leave(exchange, seat, _reason(exchange, leg))
        if leg.live and leg.exit_cause in {"star", "time-limit"}:
            leg.exit_cause = ""


def _reason(exchange: Exchange, leg: Leg) -> str:
    switches = exchange.switches
    return {
        "star": switches.star_reason,
        "time-limit": switches.time_limit_reason,
        "redirected": "participant_updated_via_api",
    }.get(leg.exit_cause, "participant_hung_up")


def _seat(run: Run, noun: Verb) -> Seat | None:
    """A seat in the room of that name, or None if the leg cannot join (the error is reported)."""
    exchange, leg = run.exchange, run.leg
    room = active_room(exchange, noun.text)
    label = noun.get("participantLabel")
    problem = _problem(room, noun, label)
    if problem is not None:
        exchange.complain(*problem, leg)
        return None
    if room is None:
        room = open_room(exchange, noun.text, read_rules(run, noun))
    wait_url = noun.attributes.get("waitUrl")
    return Seat(
        leg,
        room,
        muted=noun.flag("muted", False),
        coaching=bool(noun.get("coach")),
        coached=noun.get("coach") or None,
        start_on_enter=noun.flag("startConferenceOnEnter", True),
        end_on_exit=noun.flag("endConferenceOnExit", False),
        beep=noun.get("beep", "true"),
        label=label,
        wait=run.target(wait_url, noun.get("waitMethod")) if wait_url else None,
        wait_nothing=wait_url == "",
    )


def _problem(room: Room | None, noun: Verb, label: str) -> tuple[int, str] | None:
    """Why the leg cannot join: Twilio's code and a message."""
    if not noun.text or len(noun.text) > LABEL_MOST:
        return 16003, "Dial->Conference: Invalid conference name"
    if len(label) > LABEL_MOST:
        return 16023, "Participant label is over 128 characters"
    if "/" in label or (label.startswith("CA") and SID.match(label)):
        return 16024, "Participant label has a slash or looks like a Call SID"
    if room is not None and label_in_use(room, label):
        return 16025, f"Participant label {label!r} is already in use"
    if room is not None and len(room.seats) >= min(noun.whole("maxParticipants", MOST_PARTICIPANTS), MOST_PARTICIPANTS):
        return 16020, "Conference is full"
    return _coach_problem(room, noun.get("coach"))


def _coach_problem(room: Room | None, coach: str) -> tuple[int, str] | None:
    if coach and (room is None or coach not in room.seats):
        return 13240, "Dial->Conference: coach is not a participant of the conference"
    if coach and room is not None and room.seats[coach].hold:
        return 16027, "The coached participant is on hold"
    return None


def read_rules(run: Run, noun: Verb) -> RoomRules:
    """The attributes that only count for the first participant."""
    url = noun.get("statusCallback")
    method = noun.get("statusCallbackMethod", run.exchange.switches.conference_callback_method)
    events = frozenset(noun.get("statusCallbackEvent").split())
    for unknown in sorted(events - SUBSCRIBABLE):
        run.exchange.complain(12200, f"Dial->Conference: unknown statusCallbackEvent {unknown!r}", run.leg)
    return RoomRules(
        callback=run.target(url, method) if url else None,
        events=events,
        recording=_recording(run, noun),
        region=noun.get("region", "us1"),
    )


def _recording(run: Run, noun: Verb) -> RecordingOrder | None:
    wanted = noun.get("record") in {"record-from-start", "true"}
    return recording_order(run, noun, "Conference") if wanted else None
