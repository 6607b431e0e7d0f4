"""Participants: create (by room SID or name), list, fetch, update, delete (twilio.md 5.6).

A leg that has left is 404."""

from __future__ import annotations

from functools import partial

from callflow.emulator.dialling import place_call
from callflow.emulator.identifiers import SID
from callflow.emulator.legs import Leg
from callflow.emulator.outgoing import Outgoing, prepare, seat_on_answer
from callflow.emulator.rest import render
from callflow.emulator.rest.calls import outgoing_leg, read_detection, recording_order
from callflow.emulator.rest.conferences import room_of
from callflow.emulator.rest.pages import page_of
from callflow.emulator.rest.problems import Problem, invalid, not_found
from callflow.emulator.rest.request import Request, Response
from callflow.emulator.room_audio import announce_to_participant
from callflow.emulator.room_callbacks import SUBSCRIBABLE, report
from callflow.emulator.rooms import (
    Room,
    RoomRules,
    Seat,
    active_room,
    label_in_use,
    open_room,
    remove,
    set_hold,
    set_mute,
    set_wait,
)


def create(request: Request) -> Response:
    """201: a leg that joins when answered, without a whisper. A name creates a room if none of that name is active."""
    exchange = request.exchange
    leg = outgoing_leg(request)
    room = _room(request)
    label = request.get("Label")
    if label_in_use(room, label):
        raise invalid(16026, f"Participant label {label} is already in use")
    if "/" in label or len(label) > 128:
        raise invalid(16024, "Invalid participant label")
    seat = _seat(request, room, leg, label)
    room.pending[leg.sid] = seat
    time_limit = request.number("TimeLimit", 14400, 86400)
    order = Outgoing(
        body=seat_on_answer(exchange, seat, time_limit),
        time_limit=time_limit,
        recording=recording_order(request, "OutboundAPI") if request.flag("Record", False) else None,
        detection=read_detection(request, "AmdStatusCallback", True),
    )
    prepare(exchange, leg, order)
    place_call(exchange, leg, request.number("Timeout", 60, 600), "participants")
    return Response(201, render.participant(exchange, seat))


def _room(request: Request) -> Room:
    exchange, name = request.exchange, request.ids[0]
    if SID.match(name) and name.startswith("CF"):
        room = room_of(request)
        if room.status == "completed":
            raise not_found(request.path)
        return room
    return active_room(exchange, name) or open_room(exchange, name, _rules(request))


def _rules(request: Request) -> RoomRules:
    events = frozenset(request.all("ConferenceStatusCallbackEvent")) or frozenset({"start", "end"})
    if events - SUBSCRIBABLE:
        raise invalid(20001, "Invalid ConferenceStatusCallbackEvent")
    recorded = request.get("ConferenceRecord") in {"true", "record-from-start"}
    return RoomRules(
        callback=request.target("ConferenceStatusCallback", "ConferenceStatusCallbackMethod"),
        events=events,
        recording=recording_order(request, "Conference", "Conference") if recorded else None,
        region=request.get("Region", "us1"),
    )


def _seat(request: Request, room: Room, leg: Leg, label: str) -> Seat:
    coaching = request.flag("Coaching", False)
    return Seat(
        leg,
        room,
        muted=request.flag("Muted", False),
        coaching=coaching,
        coached=request.get("CallSidToCoach") or None,
        start_on_enter=request.flag("StartConferenceOnEnter", True),
        end_on_exit=request.flag("EndConferenceOnExit", False),
        beep=request.get("Beep", "true"),
        label=label,
        wait=request.target("WaitUrl", "WaitMethod"),
        wait_nothing=request.has("WaitUrl") and not request.get("WaitUrl"),
    )


def _seat_of(request: Request) -> Seat:
    """The participant with that call SID or label, including legs that still ring for the room."""
    room, key = room_of(request), request.ids[1]
    if room.status != "completed":
        for seat in (*room.seats.values(), *room.pending.values()):
            if key in {seat.leg.sid, seat.label}:
                return seat
    raise not_found(request.path)


def fetch(request: Request) -> Response:
    return Response(200, render.participant(request.exchange, _seat_of(request)))


def list_all(request: Request) -> Response:
    room = room_of(request)
    seats = [] if room.status == "completed" else [*room.seats.values(), *room.pending.values()]
    wanted = [seat for seat in reversed(seats) if _matches(request, seat)]
    return page_of(request, "participants", wanted, partial(render.participant, request.exchange))


def _matches(request: Request, seat: Seat) -> bool:
    return (
        request.flag("Muted", seat.muted) == seat.muted
        and request.flag("Hold", seat.hold) == seat.hold
        and request.flag("Coaching", seat.coaching) == seat.coaching
    )


def delete(request: Request) -> Response:
    """204: removes the participant; the leg's Dial completes."""
    seat = _seat_of(request)
    if seat.leg.seat is not seat:
        raise not_found(request.path)
    remove(request.exchange, seat)
    return Response(204)


def update(request: Request) -> Response:
    """Changes hold, mute, announcement, wait document, coaching and exit flags. A participant has no Status."""
    exchange, seat = request.exchange, _seat_of(request)
    if seat.leg.seat is not seat:
        raise not_found(request.path)
    if request.has("Status"):
        raise invalid(20001, "Participants have no Status: end the call, or delete the participant")
    if request.flag("Hold", False) and not seat.room.started and not exchange.switches.hold_before_start:
        raise not_found(request.path)
    set_mute(exchange, seat, request.flag("Muted", seat.muted))
    announcement = request.target("AnnounceUrl", "AnnounceMethod")
    _coach(request, seat)
    held_before = seat.hold
    if request.has("Hold"):
        set_hold(exchange, seat, request.flag("Hold", False), request.target("HoldUrl", "HoldMethod", "GET"))
    answer = _modify(request, seat, held_before and seat.hold)
    if announcement is not None:
        announce_to_participant(exchange, seat, announcement)
    return answer


def _coach(request: Request, seat: Seat) -> None:
    if not request.has("Coaching") and not request.has("CallSidToCoach"):
        return
    coaching = request.flag("Coaching", seat.coaching)
    coached = request.get("CallSidToCoach") or seat.coached
    target = seat.room.seats.get(coached or "")
    if coaching and target is None:
        raise Problem(400, 16028, "The participant to coach is not in the conference")
    if coaching and target is not None and target.hold:
        raise Problem(400, 16027, "The participant to coach is on hold")
    seat.coaching, seat.coached = coaching, coached


def _modify(request: Request, seat: Seat, held: bool) -> Response:
    """Changes without a callback. On a held leg EndConferenceOnExit answers 200 with the new value and changes nothing
    (twilio.md 4.5: Twilio's staff, flex-dialpad-addon-plugin #60)."""
    exchange = request.exchange
    asked = [name for name in ("BeepOnExit", "EndConferenceOnExit", "Coaching", "WaitUrl") if request.has(name)]
    if request.has("BeepOnExit"):
        seat.beep = "onExit" if request.flag("BeepOnExit", False) else "false"
    if request.has("WaitUrl"):
        set_wait(exchange, seat, request.target("WaitUrl", "WaitMethod"))
    kept = seat.end_on_exit
    seat.end_on_exit = request.flag("EndConferenceOnExit", seat.end_on_exit)
    seat.updated = exchange.clock.now()
    answer = Response(200, render.participant(exchange, seat))
    if held and exchange.switches.frozen_end_on_exit_while_held:
        seat.end_on_exit = kept
    if asked:
        report(exchange, seat.room, "participant-modify", seat)
    return answer
