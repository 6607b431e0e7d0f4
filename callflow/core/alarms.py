"""Alarms (rule 46): what a supervisor has to look at afterwards, with an owner, until somebody clears it.

    WATCHED -> RAISED     due       at once; a locked call after minutes without a supervisor, and a closing only if
                                    there were more in ``DAYS`` than ops expect
    WATCHED -> CLEARED    due       the locked call has a supervisor, or there were no more closings than expected
    RAISED -> CLEARED     cleared   a person says what was done about it; or a late call back was made

An alarm is a follow-up of the call that it is about. All functions are pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from callflow.core import duty
from callflow.core.call import Call, Role
from callflow.core.configuration import Configuration
from callflow.core.events import FollowedUp
from callflow.core.follow_ups import FollowUp, FollowUpKind, follow_up_id
from callflow.core.notes import AnyOutcome, Note, NoteKind, NoteOutcome

DAYS: Final = 30
LONGEST_WORDS: Final = 500
Changed = tuple[FollowUp, tuple[FollowedUp, ...]]


class AlarmState(StrEnum):
    WATCHED = "watched"
    RAISED = "raised"
    CLEARED = "cleared"


class Cause(StrEnum):
    """Why. The order numbers the alarms of a call, so it must stay as it is."""

    HOLD_OVERRUN = "hold_overrun"
    LATE_CALL_BACK = "late_call_back"
    LOCKED_ALONE = "locked_alone"
    BREAK_SKIPPED = "break_skipped"
    MANY_CLOSINGS = "many_closings"


class Counts(NamedTuple):
    """Of the last ``DAYS``: calls that began, and those that were closed by a person."""

    calls: int = 0
    closings: int = 0


class CannotClear(Exception):
    """The alarm is not cleared; the message says why."""


def alarm_id(call: str, cause: Cause) -> str:
    return follow_up_id(call, FollowUpKind.ALARM, list(Cause).index(cause) + 1)


CAUSES: Final[Mapping[tuple[NoteKind, AnyOutcome], Cause]] = MappingProxyType({
    (NoteKind.HOLD, NoteOutcome.OVERRUN): Cause.HOLD_OVERRUN,
    (NoteKind.CALL_BACK, NoteOutcome.MISSED): Cause.LATE_CALL_BACK,
    (NoteKind.SAFEGUARDING, NoteOutcome.ON): Cause.LOCKED_ALONE,
    (NoteKind.THREAT, NoteOutcome.ON): Cause.LOCKED_ALONE,
    (NoteKind.COOL_DOWN, NoteOutcome.SKIPPED): Cause.BREAK_SKIPPED,
    (NoteKind.CALL_ENDED, NoteOutcome.CLOSED): Cause.MANY_CLOSINGS,
})  # fmt: skip
"""The entries of the journal after which an alarm is raised, or something is looked at."""


def begun(before: Call | None, call: Call, notes: Sequence[Note], configuration: Configuration) -> Sequence[FollowUp]:
    """What is to be looked at because of these entries of the call's journal, and late call backs that were made."""
    causes = [CAUSES.get((note.kind, note.outcome)) for note in notes]
    found = [_watched(call, cause, configuration) for cause in causes if cause]
    if any(note.kind == NoteKind.CALL_BACK and note.details.get("late") for note in notes):
        found.append(_over(_watched(call, Cause.LATE_CALL_BACK, configuration)))
    return found


def _watched(call: Call, cause: Cause, configuration: Configuration) -> FollowUp:
    """Its owner is the first supervisor of the team who is on duty, or whose duty begins next."""
    team = configuration.teams.get(call.team) or next(iter(configuration.teams.values()))
    owner, _ = duty.first_on_duty(configuration, team.supervisors or team.agents, call.at)
    wait = configuration.policy.alarms.locked_minutes if cause is Cause.LOCKED_ALONE else 0
    return FollowUp(id=alarm_id(call.id, cause), kind=FollowUpKind.ALARM, call=call.id, person=owner,
                    state=AlarmState.WATCHED, at=call.at, due=call.at + timedelta(minutes=wait),
                    body={"cause": cause.value})  # fmt: skip


def _over(one: FollowUp) -> FollowUp:
    return replace(one, state=AlarmState.CLEARED, due=None, closed=True)


def due(one: FollowUp, call: Call, configuration: Configuration, at: datetime, counts: Counts) -> Changed:
    """The alarm is raised, or what was looked at is in order."""
    if one.body.get("cause") == Cause.LOCKED_ALONE and _in_order(call):
        return _over(one), ()
    if one.body.get("cause") == Cause.MANY_CLOSINGS and not _too_many(counts, configuration):
        return _over(one), ()
    return replace(one, state=AlarmState.RAISED, due=None), (_entry(one, at, NoteOutcome.ON, one.person),)


def _in_order(call: Call) -> bool:
    """The lock was lifted, a supervisor has come, or nobody is on the call any more."""
    lead = call.lead_leg
    helped = any(leg.live and leg.role is Role.HELPER for leg in call.legs) or (
        lead is not None and lead.live and duty.rung_as_supervisor(lead)
    )
    return not call.locks or helped or not any(leg.live for leg in call.legs)


def _too_many(counts: Counts, configuration: Configuration) -> bool:
    """One closing is never too many, however few the calls."""
    return counts.closings > max(1.0, counts.calls * configuration.policy.alarms.closings_per_1000 / 1000)


def cleared(one: FollowUp, by: str, at: datetime, words: str) -> Changed:
    """A person says what was done. The words are kept with the alarm, sealed."""
    if one.closed:
        raise CannotClear("it is cleared already")
    words = words.strip()
    if not 0 < len(words) <= LONGEST_WORDS:
        raise CannotClear(f"say what was done about it, in 1 to {LONGEST_WORDS} characters")
    after = replace(_over(one), body={**one.body, "done": words})
    return after, (_entry(one, at, NoteOutcome.DONE, by),)


def _entry(one: FollowUp, at: datetime, outcome: NoteOutcome, by: str) -> FollowedUp:
    return FollowedUp(at=at, kind=NoteKind.ALARM, person=by, outcome=outcome, details={"why": str(one.body["cause"])})
