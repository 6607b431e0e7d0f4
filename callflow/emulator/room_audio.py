"""What each participant of a conference hears: wait music, hold music, people, silence, announcements.

`settle` is called after every change of a room, and changes the sound of those for whom it is different now.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from callflow.emulator.exchange import Exchange
from callflow.emulator.legs import Leg
from callflow.emulator.program import Program
from callflow.emulator.room_callbacks import report
from callflow.emulator.running import WAITING, Goto, Run, Stop, run_documents
from callflow.emulator.sending import fetch
from callflow.emulator.webhook import Target

if TYPE_CHECKING:
    from callflow.emulator.rooms import Room, Seat

DEFAULT_MUSIC = "default music"
OnFailure = Callable[["Seat"], None]


def settle(exchange: Exchange, room: Room, on_failure: OnFailure) -> None:
    """Update what everyone in `room` hears. `on_failure(seat)` is called if that participant's wait document fails."""
    for seat in list(room.seats.values()):
        situation = _situation(exchange, seat)
        if situation != seat.situation:
            quiet(exchange, seat)
            seat.situation = situation
            _begin(exchange, seat, on_failure)


def quiet(exchange: Exchange, seat: Seat) -> None:
    """Stop the background sound of `seat`."""
    seat.situation = ""
    player, seat.player = seat.player, None
    if player is not None:
        player.stop()
    _end_sound(exchange, seat, True)


def _situation(exchange: Exchange, seat: Seat) -> str:
    room = seat.room
    if seat.hold:
        return "hold"
    if not room.started:
        return "wait"
    if room.audible_to(seat.leg.sid):
        return "people"
    return exchange.switches.lone_participant_hears


def _begin(exchange: Exchange, seat: Seat, on_failure: OnFailure) -> None:
    if seat.situation in {"people", "silence"}:
        _sound(exchange, seat, seat.situation, seat.room.name)
    elif seat.situation == "wait" and seat.wait_nothing:
        _sound(exchange, seat, "silence", seat.room.name)
    else:
        target = seat.hold_target if seat.situation == "hold" else seat.wait
        if target is None:
            _sound(exchange, seat, "music", DEFAULT_MUSIC)
        else:
            _play_documents(exchange, seat, target, on_failure)


def _play_documents(exchange: Exchange, seat: Seat, target: Target, on_failure: OnFailure) -> None:
    situation = seat.situation

    def done(stop: Stop) -> None:
        seat.player = None
        if stop.why == "failed" and situation == "wait":
            on_failure(seat)
        else:
            _sound(exchange, seat, "silence", seat.room.name)

    run = _run(exchange, seat.room, seat.leg, lambda: [seat.leg])
    body = run_documents(run, Goto(target))
    seat.player = Program(exchange.clock, partial(fetch, exchange), body, done)
    seat.player.start()


def _run(exchange: Exchange, room: Room, leg: Leg, listeners: Callable[[], list[Leg]]) -> Run:
    extra = {"ConferenceSid": room.sid, "FriendlyName": room.name}
    return Run(exchange, leg, WAITING, listeners, extra, kind="wait-document")


def _sound(exchange: Exchange, seat: Seat, kind: str, text: str) -> None:
    seat.sound = exchange.begin_sound(seat.leg, kind, text)


def _end_sound(exchange: Exchange, seat: Seat, complete: bool) -> None:
    if seat.sound is not None:
        exchange.end_sound(seat.leg, seat.sound, complete)
        seat.sound = None


def announce_to_participant(exchange: Exchange, seat: Seat, target: Target) -> None:
    """Play a document to one participant. announcement-end follows, unless the document cannot be fetched."""

    def done(stop: Stop) -> None:
        seat.announcer = None
        if stop.why != "failed":
            present = seat.room.seats.get(seat.leg.sid) is seat
            report(exchange, seat.room, "announcement-end", seat if present else None, {"AnnounceUrl": target.url})

    if seat.announcer is not None:
        seat.announcer.stop()
    seat.announce_url = target.url
    audience = [seat.leg] if not seat.hold or exchange.switches.announce_heard_on_hold else []
    run = _run(exchange, seat.room, seat.leg, lambda: audience)
    seat.announcer = Program(exchange.clock, partial(fetch, exchange), run_documents(run, Goto(target)), done)
    seat.announcer.start()


def announce_to_room(exchange: Exchange, room: Room, target: Target) -> None:
    """Play a document to everyone who is not on hold."""

    def done(stop: Stop) -> None:
        if stop.why != "failed":
            report(exchange, room, "announcement-end", None, {"AnnounceUrl": target.url})

    def audience() -> list[Leg]:
        return [room.seats[sid].leg for sid in room.members]

    first = next(iter(room.seats.values())).leg
    body = run_documents(_run(exchange, room, first, audience), Goto(target))
    Program(exchange.clock, partial(fetch, exchange), body, done).start()
