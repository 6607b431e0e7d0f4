"""The break after an abusive call (rule 38): it begins by itself, and only the agent makes it longer or shorter.

Nothing measures it: no metric has its length or its person. A break that is left out is counted for the team.
"""

from datetime import datetime, timedelta
from math import ceil
from typing import Final

from callflow.core.call import Call, Leg
from callflow.core.draft import DecisionDraft
from callflow.core.duty import rung_as_supervisor
from callflow.core.events import DigitPressed, FollowedUp
from callflow.core.notes import NoteKind, NoteOutcome
from callflow.core.policy import Aftercare

LEAST_MINUTES: Final = 5
MOST_MINUTES: Final = 60
SKIPPED: Final = -1000
"""In ``Leg.break_steps``: the agent takes no break."""


def minutes(call: Call, leg: Leg, rules: Aftercare) -> int:
    """How long the break of this person is, 0 for none. Longer by the usual length a step, shorter by five minutes."""
    due = rules.cool_down_minutes if call.cool_down and not rung_as_supervisor(leg) else 0
    steps = leg.break_steps or call.more_cool_down
    if steps == SKIPPED:
        return 0
    if steps < 0:
        return max(LEAST_MINUTES, due + LEAST_MINUTES * steps) if due else 0
    return min(MOST_MINUTES, due + rules.cool_down_minutes * steps)


def begins(draft: DecisionDraft, leg: Leg) -> None:
    """The person leaves the caller; whether a break follows is in the journal."""
    if length := minutes(draft.call, leg, draft.policy.aftercare):
        _note(draft, leg.person, NoteOutcome.BEGUN, "", length)


def longer(draft: DecisionDraft, event: DigitPressed) -> int:
    """``9``: the usual length more. Returns the minutes."""
    leg = draft.call.leg(event.leg)
    assert leg is not None
    if minutes(draft.call, leg, draft.policy.aftercare) < MOST_MINUTES:
        _set(draft, leg, 0 if leg.break_steps == SKIPPED else leg.break_steps + 1)
    return _changed(draft, event, NoteOutcome.LONGER)


def shorter(draft: DecisionDraft, event: DigitPressed) -> int:
    """``8``: less, but not under five minutes; then none. Returns the minutes."""
    leg = draft.call.leg(event.leg)
    assert leg is not None
    none = minutes(draft.call, leg, draft.policy.aftercare) <= LEAST_MINUTES
    _set(draft, leg, SKIPPED if none else leg.break_steps - 1)
    return _changed(draft, event, NoteOutcome.SKIPPED if none else NoteOutcome.SHORTER)


def _set(draft: DecisionDraft, leg: Leg, steps: int) -> None:
    draft.call = draft.call.changed(leg.id, break_steps=steps)


def _changed(draft: DecisionDraft, event: DigitPressed, outcome: NoteOutcome) -> int:
    leg = draft.call.leg(event.leg)
    assert leg is not None
    length = minutes(draft.call, leg, draft.policy.aftercare)
    _note(draft, draft.actor(leg.id), outcome, event.key, length)
    return length


def _note(draft: DecisionDraft, actor: str, outcome: NoteOutcome, key: str, length: int) -> None:
    draft.note(NoteKind.COOL_DOWN, actor, key=key, outcome=outcome, minutes=length)


# -- after the telephone was hung up


def changed(began: datetime, ends: datetime, at: datetime, rules: Aftercare, *, longer: bool) -> datetime:
    """When a break that is on now ends instead: later by the usual length, or five minutes earlier, from now on."""
    if longer:
        most = began + timedelta(minutes=max(MOST_MINUTES, minutes_of(began, ends)))
        return min(most, ends + timedelta(minutes=rules.cool_down_minutes))
    return max(at, ends - timedelta(minutes=LEAST_MINUTES))


def minutes_of(began: datetime, ends: datetime) -> int:
    return ceil((ends - began).total_seconds() / 60)


def noted(person: str, began: datetime, ends: datetime, at: datetime, *, longer: bool) -> FollowedUp:
    """The entry of the journal about it."""
    outcome = NoteOutcome.LONGER if longer else NoteOutcome.SHORTER if ends > at else NoteOutcome.OVER
    return FollowedUp(at=at, kind=NoteKind.COOL_DOWN, person=person, outcome=outcome,
                      details={"minutes": minutes_of(began, ends)})  # fmt: skip
