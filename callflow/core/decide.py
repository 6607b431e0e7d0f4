"""``decide``: the one function that changes a call. The same call, event and configuration give the same decision."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from callflow.core import acts, call_recording, hangups, outgoing
from callflow.core.call import CALLER, ROOM, Call, Leg, LegStatus, Role
from callflow.core.configuration import Configuration
from callflow.core.draft import SYSTEM, DecisionDraft
from callflow.core.events import (
    UNCOUNTED,
    CallStarted,
    ConsentGiven,
    ConsentNotHeard,
    ConsentRefused,
    Event,
    LegEvent,
    LegJoined,
    TimerFired,
)
from callflow.core.notes import Note, NoteKind, NoteOutcome, OutcomeText
from callflow.core.places import ASKING
from callflow.core.stages import PlaceName, Stage
from callflow.core.table import TABLE, Handler, ImpossibleEvent, came_to_room
from callflow.core.timer_names import Timer, leg_of

SETTLE: Final = timedelta(seconds=5)
"""A deadline that fired and was not removed by its handler fires again after this time."""
NOT_OURS: Final = timedelta(seconds=1)
"""The same for one that only a newer Callflow knows. Meanwhile a node of it handles it."""
_TIMERS: Final = frozenset(Timer)


class Decision(NamedTuple):
    """The call after the event, and the notes for the journal. For the commands see ``command_diff.commands``."""

    call: Call
    notes: tuple[Note, ...]

    @property
    def impossible(self) -> str:
        """Which event was impossible in which stage, or "". An impossible event is a bug; tests and proofs fail."""
        for note in self.notes:
            if note.kind is NoteKind.IMPOSSIBLE_EVENT:
                return note.outcome
        return ""


def new_call(id: str, started: CallStarted, *, reference: str, flow: str, digest: str, language: str,
             account: str = "", call_token: str = "") -> Call:  # fmt: skip
    """A call before its first event ``started`` is applied: the caller's leg is up, and nothing has been decided."""
    at = started.at
    leg = Leg(id=CALLER, role=Role.CALLER, place=ROOM, sid=started.sid, status=LegStatus.UP, since=at, token=0)
    return Call(id=id, reference=reference, digest=digest, language=language, flow=flow, number=started.number,
                called=started.called, account=account, started_at=at, at=at, legs=(leg,),
                call_token=call_token)  # fmt: skip


def decide(call: Call, event: Event, configuration: Configuration) -> Decision:
    """Apply one event with its handler in the table. Live calls, replays, proofs and tests all use this function.

    An event that is impossible in this stage leaves the call unchanged and is noted in the journal. It is a bug, but
    the people on the call must not suffer from it, so nothing is raised.
    """
    draft = DecisionDraft(_counted(call, event), event, configuration)
    try:
        if not _unknown(draft, event):
            _handler(draft, event)(draft, event)
    except ImpossibleEvent as error:
        note = Note(kind=NoteKind.IMPOSSIBLE_EVENT, actor=SYSTEM, outcome=OutcomeText(str(error)))
        return Decision(call, (note,))
    if draft.call.stage is Stage.PREPARING and call.candidates and not draft.call.candidates:
        outgoing.nobody_calls(draft)
    if draft.call.stage is not Stage.ENDED and draft.call.legs and not _is_anybody_left(draft.call):
        hangups.over(draft)
    call_recording.follow(draft)
    acts.follow(call, draft, event)
    if isinstance(event, TimerFired):
        _rearm(draft, event)
    return Decision(draft.call, tuple(draft.notes))


def _counted(call: Call, event: Event) -> Call:
    """The call with ``seq``, ``at`` and the talk time moved on to this event."""
    if isinstance(event, UNCOUNTED):
        return call
    # A late event must not turn the clock back, or talk would be counted twice.
    talked = _talked(call, event) if call.warnings else call
    return talked.but(at=max(event.at, call.at), seq=call.seq + 1)


def _is_anybody_left(call: Call) -> bool:
    return call.legs[0].live or any(leg.live for leg in call.legs)  # of most calls the caller


def _handler(draft: DecisionDraft, event: Event) -> Handler:
    """The handler of the table. Who comes into the room to listen is part of no stage."""
    if isinstance(event, LegJoined) and (leg := draft.call.leg(event.leg)):
        _adopt(draft, event, leg)
        if leg.role is Role.LISTENER:
            return came_to_room
    return TABLE[draft.call.stage, type(event)]


def as_of(call: Call, at: datetime) -> Call:
    """The call at a later time at which nothing has happened."""
    return _counted(call, TimerFired(at=at, name=Timer.HEARTBEAT))


def _rearm(draft: DecisionDraft, event: TimerFired) -> None:
    """Postpone a deadline that its handler did not remove, or the call would be due all the time."""
    due = draft.call.deadlines.get(event.name)
    if due is not None and due <= event.at:
        ours = event.name in _TIMERS or leg_of(event.name)
        draft.call = draft.call.timer(event.name, event.at + (SETTLE if ours else NOT_OURS))


def _unknown(draft: DecisionDraft, event: Event) -> bool:
    """Whether the event is outdated: its leg is unknown or over, its document was replaced, or nothing was asked."""
    if not isinstance(event, LegEvent):
        return False
    leg = draft.call.leg(event.leg)
    if leg is None or not leg.live or leg.at(PlaceName.NOT_CALLED):
        return True
    match event:
        case LegJoined():
            return leg.at(PlaceName.GONE) or event.token not in (None, leg.token)
        case ConsentGiven() | ConsentRefused() | ConsentNotHeard():
            return leg.role is not Role.CALLER or leg.place.name not in ASKING
        case _:
            return False


def _adopt(draft: DecisionDraft, event: LegJoined, leg: Leg) -> None:
    """After the database has lost the latest moments (a failover), number the leg's documents on from the one that it
    has, so that no report about a lost document is taken for one about a new document. The journal says so."""
    if event.lost_token > leg.token:
        draft.call = draft.call.changed(leg.id, token=event.lost_token, seen=event.lost_token)
        draft.note(NoteKind.MOMENTS_LOST, draft.actor(leg.id), outcome=NoteOutcome.FOUND_IN_THE_ROOM)


def _talked(call: Call, event: Event) -> Call:
    """Add conversation to the grace of the warnings that were heard, but not holds, transfers or menus (rule 26)."""
    if event.at <= call.at or not _in_conversation(call):
        return call
    seconds = (event.at - call.at).total_seconds()
    warnings = tuple(
        replace(one, talked_seconds=one.talked_seconds + seconds) if one.heard_at else one for one in call.warnings
    )
    return call.but(warnings=warnings)


def _in_conversation(call: Call) -> bool:
    """Whether caller and lead are in the room, and neither is still on the way or hears a prompt."""
    if call.stage is not Stage.TALKING:
        return False
    return all(leg and leg.place == ROOM and leg.seen == leg.token for leg in (call.caller, call.lead_leg))
