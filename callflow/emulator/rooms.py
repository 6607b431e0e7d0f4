"""Conferences: who is in, who may start and end it, who hears whom (twilio.md 3.8). Sound is in room_audio, status
callbacks are in room_callbacks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from callflow.emulator.events import HoldChanged, JoinedRoom, LeftRoom, RoomEnded, RoomStarted
from callflow.emulator.exchange import Exchange
from callflow.emulator.immutable import immutable
from callflow.emulator.legs import Heard, Leg
from callflow.emulator.program import Program, Removed
from callflow.emulator.recordings import RecordingOrder, start_recording, stop_recordings_of
from callflow.emulator.room_audio import quiet, settle
from callflow.emulator.room_callbacks import report
from callflow.emulator.webhook import Target

MOST_PARTICIPANTS = 250


@immutable
class RoomRules:
    """What the first participant sets for the whole room. `events`: some of start end join leave mute hold modify
    speaker announcement. `recording`: how to record from the start, or None."""

    callback: Target | None = None
    events: frozenset[str] = frozenset()
    recording: RecordingOrder | None = None
    region: str = "us1"


@dataclass(eq=False)
class Seat:
    """A participant. `wait` is what it hears until the room starts (None: the default music, or nothing with
    `wait_nothing`). While `coaching`, only the call with the SID `coached` hears it."""

    leg: Leg
    room: Room
    muted: bool = False
    hold: bool = False
    coaching: bool = False
    coached: str | None = None
    start_on_enter: bool = True
    end_on_exit: bool = False
    beep: str = "true"
    label: str = ""
    wait: Target | None = None
    wait_nothing: bool = False
    hold_target: Target | None = None
    joined: datetime | None = None
    updated: datetime | None = None
    situation: str = ""
    sound: int | None = None
    player: Program | None = None
    announcer: Program | None = None
    announce_url: str = ""
    started_with: bool = False


@dataclass(eq=False)
class Room:
    """`status`: init, in-progress or completed. `seats` are by call SID; `pending` are legs that still ring for it."""

    sid: str
    name: str
    created: datetime
    rules: RoomRules
    status: str = "init"
    seats: dict[str, Seat] = field(default_factory=dict)
    pending: dict[str, Seat] = field(default_factory=dict)
    sequence: int = 0
    started: bool = False
    updated: datetime | None = None
    reason_ended: str | None = None
    ended_by: str | None = None

    @property
    def members(self) -> list[str]:
        """Call SIDs of those who hear each other: the room has started and they are not on hold."""
        return [sid for sid, seat in self.seats.items() if not seat.hold] if self.started else []

    def audible_to(self, sid: str) -> list[str]:
        """Call SIDs of the people whom `sid` hears."""
        if sid not in self.members:
            return []
        others = (self.seats[other] for other in self.members if other != sid)
        return [seat.leg.sid for seat in others if not seat.muted and (not seat.coaching or seat.coached == sid)]


def active_room(exchange: Exchange, name: str) -> Room | None:
    """The room of that name that has not ended, or None."""
    return exchange.rooms_by_name.get(name)


def open_room(exchange: Exchange, name: str, rules: RoomRules) -> Room:
    """Create a room. The name of an ended room can be used again, with a new SID."""
    room = Room(exchange.sids.new("CF"), name, exchange.clock.now(), rules)
    exchange.rooms[room.sid] = exchange.rooms_by_name[name] = room
    return room


def label_in_use(room: Room, label: str) -> bool:
    return bool(label) and any(seat.label == label for seat in (*room.seats.values(), *room.pending.values()))


def join(exchange: Exchange, seat: Seat) -> None:
    """`seat.leg` joins `seat.room`, and the room starts if it can."""
    room, leg, now = seat.room, seat.leg, exchange.clock.now()
    room.pending.pop(leg.sid, None)
    room.seats[leg.sid] = seat
    leg.seat = seat
    seat.joined = seat.updated = now
    starts = not room.started and len(room.seats) >= 2 and any(other.start_on_enter for other in room.seats.values())
    events = ["participant-join", *(["conference-start"] if starts else [])]
    for event in reversed(events) if exchange.switches.start_before_join else events:
        report(exchange, room, event, seat if event == "participant-join" else None)
    exchange.emit(JoinedRoom(now, leg.sid, room.name))
    if starts:
        _start(exchange, room)
    seat.started_with = room.started
    if room.started and seat.beep in {"true", "onEnter"}:
        _beep(exchange, room)
    settle(exchange, room, partial(_wait_failed, exchange))


def _start(exchange: Exchange, room: Room) -> None:
    room.started, room.status, room.updated = True, "in-progress", exchange.clock.now()
    exchange.emit(RoomStarted(exchange.clock.now(), room.name))
    for seat in room.seats.values():
        seat.started_with = True
    if room.rules.recording is not None:
        start_recording(exchange, room.rules.recording, None, room.sid)


def leave(exchange: Exchange, seat: Seat, reason: str, how: str = "left") -> None:
    """Remove `seat`. `reason` is its ReasonParticipantLeft; `how` (left, kicked) is the reason of the room's end, if
    this ends it."""
    room, leg = seat.room, seat.leg
    if room.seats.get(leg.sid) is not seat:
        return
    _vacate(exchange, seat, reason)
    if seat.end_on_exit and _ends_room(exchange, leg):
        end_room(exchange, room, f"participant-with-end-conference-on-exit-{how}", "moderator_ended_conference", seat)
    elif not room.seats and not room.pending:
        end_room(exchange, room, f"last-participant-{how}", "", seat)
    else:
        if not exchange.switches.frozen_coach_stays:
            for other in room.seats.values():
                other.coaching = other.coaching and other.coached != leg.sid
        if room.started and seat.beep in {"true", "onExit"}:
            _beep(exchange, room)
        settle(exchange, room, partial(_wait_failed, exchange))


def _ends_room(exchange: Exchange, leg: Leg) -> bool:
    if leg.exit_cause == "star":
        return exchange.switches.star_ends_room
    return exchange.switches.redirect_ends_room if leg.exit_cause == "redirected" else True


def _vacate(exchange: Exchange, seat: Seat, reason: str) -> None:
    room, leg = seat.room, seat.leg
    del room.seats[leg.sid]
    leg.seat = None
    quiet(exchange, seat)
    announced, seat.announcer = seat.announcer, None
    call_status = leg.status if leg.status not in {"queued", "initiated", "ringing"} else "in-progress"
    extra = {"ParticipantCallStatus": call_status, "ReasonParticipantLeft": reason}
    report(exchange, room, "participant-leave", seat, extra)
    exchange.emit(LeftRoom(exchange.clock.now(), leg.sid, room.name, reason))
    if announced is not None:
        announced.stop()
        if exchange.switches.announcement_end_after_leave:
            report(exchange, room, "announcement-end", None, {"AnnounceUrl": seat.announce_url})


def end_room(exchange: Exchange, room: Room, reason: str, reason_left: str, by: Seat | None = None) -> None:
    """End the room for everyone. The others' Dials complete, and their legs go on (twilio.md 3.6)."""
    if room.status == "completed":
        return
    room.status, room.started, room.updated = "completed", False, exchange.clock.now()
    room.reason_ended, room.ended_by = reason, by.leg.sid if by else None
    if exchange.rooms_by_name.get(room.name) is room:
        del exchange.rooms_by_name[room.name]
    for seat in list(room.seats.values()):
        _vacate(exchange, seat, reason_left)
        if seat.leg.program is not None:
            seat.leg.program.deliver(Removed(reason))
    extra = {"ReasonConferenceEnded": reason, "Reason": reason.replace("-", " ")}
    if by is not None:
        extra |= {"CallSidEndingConference": by.leg.sid, "ParticipantLabelEndingConference": by.label}
    report(exchange, room, "conference-end", None, extra)
    exchange.emit(RoomEnded(exchange.clock.now(), room.name, reason))
    stop_recordings_of(exchange, conference_sid=room.sid)


def remove(exchange: Exchange, seat: Seat) -> None:
    """Remove a participant by REST; its Dial completes."""
    program = seat.leg.program
    leave(exchange, seat, exchange.switches.kick_reason, "kicked")
    if program is not None:
        program.deliver(Removed("kicked"))


def _wait_failed(exchange: Exchange, seat: Seat) -> None:
    """If the waitUrl fails, the conference is not established for this leg (twilio.md, fact 24)."""
    program = seat.leg.program
    leave(exchange, seat, "participant_add_failed")
    if program is not None:
        program.deliver(Removed("wait-failed"))


def set_hold(exchange: Exchange, seat: Seat, hold: bool, target: Target | None) -> None:
    """Put a participant on hold, with what it hears (None: the default music), or take it off hold."""
    if seat.hold == hold and (not hold or target == seat.hold_target):
        return
    changed = seat.hold != hold
    seat.hold, seat.hold_target = hold, target
    if not changed:
        quiet(exchange, seat)
    settle(exchange, seat.room, partial(_wait_failed, exchange))
    if changed:
        report(exchange, seat.room, "participant-hold" if hold else "participant-unhold", seat)
        exchange.emit(HoldChanged(exchange.clock.now(), seat.leg.sid, seat.room.name, hold))


def set_mute(exchange: Exchange, seat: Seat, muted: bool) -> None:
    if seat.muted != muted:
        seat.muted = muted
        settle(exchange, seat.room, partial(_wait_failed, exchange))
        report(exchange, seat.room, "participant-mute" if muted else "participant-unmute", seat)


def set_wait(exchange: Exchange, seat: Seat, target: Target | None) -> None:
    """Replace the wait document (None: nothing is heard)."""
    seat.wait, seat.wait_nothing = target, target is None
    if seat.situation == "wait":
        quiet(exchange, seat)
        settle(exchange, seat.room, partial(_wait_failed, exchange))


def report_speech(exchange: Exchange, seat: Seat, text: str, seconds: float) -> None:
    """`seat` says something: it is recorded for those who hear it, and a speaker event is sent if subscribed to."""
    room = seat.room
    let_hear(exchange, seat, "speech", text, seconds)
    if "speaker" in room.rules.events and room.started and not seat.muted:
        report(exchange, room, "participant-speech-start", seat)
        exchange.clock.after(seconds, partial(report, exchange, room, "participant-speech-stop", seat))


def let_hear(exchange: Exchange, seat: Seat, kind: str, text: str, seconds: float) -> None:
    """Record a sound of `seat` for everyone in the room who hears it."""
    for sid, other in seat.room.seats.items():
        if seat.leg.sid in seat.room.audible_to(sid):
            heard = Heard(exchange.clock.now(), kind, text, seconds, True, True, exchange.clock.monotonic())
            other.leg.begin_hearing(heard)


def _beep(exchange: Exchange, room: Room) -> None:
    for sid in room.members:
        heard = Heard(exchange.clock.now(), "beep", "beep", 0.3, True, True, exchange.clock.monotonic())
        room.seats[sid].leg.begin_hearing(heard)
