"""The promise of a call back after its call (rule 19): reminded of at half time, late, kept, or withdrawn.

    OPEN -> REMINDED           due        half of the time that was promised is over; the owner is rung, with an offer
    OPEN, REMINDED -> LATE     due        the time is over; somebody on duty becomes its owner, and is rung
    LATE -> LATE               due        it is still not kept after AGAIN_MINUTES: the next one in the team
    any -> KEPT                kept       the caller was reached, and pressed a key
    any -> WITHDRAWN           withdrawn  a person says why it is not to be kept any more

The number and the due time are those of the call (``Call.call_back``); only its key opens the number. All functions are
pure and return the promise afterwards, with what the journal of the call says about it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from callflow.core import duty
from callflow.core.call import Call
from callflow.core.configuration import Configuration
from callflow.core.events import FollowedUp
from callflow.core.follow_ups import FollowUp, FollowUpKind, follow_up_id
from callflow.core.notes import Note, NoteKind, NoteOutcome
from callflow.core.stages import Stage

AGAIN_MINUTES: Final = 30
"""How long the new owner of a late promise has, before the next one is rung."""
LONGEST_REASON: Final = 500
Changed = tuple[FollowUp, tuple[FollowedUp, ...]]


class PromiseState(StrEnum):
    OPEN = "open"
    REMINDED = "reminded"
    LATE = "late"
    KEPT = "kept"
    WITHDRAWN = "withdrawn"


class CannotChange(Exception):
    """A person may not do this with a promise; the message says why."""


def begun(before: Call | None, call: Call, notes: Sequence[Note], configuration: Configuration) -> Sequence[FollowUp]:
    """The promise of this call, if it is new or changed. None while the caller is still being asked for a number."""
    made, known = call.call_back, before.call_back if before else None
    asking = call.stage is Stage.OFFERING_CALL_BACK and made and not made.number and not (known and known.number)
    if made is None or asking or made == known:
        return ()
    half = timedelta(minutes=configuration.policy.delegate_upwards.call_back_minutes / 2)
    id, remind = follow_up_id(call.id, FollowUpKind.PROMISE), max(made.due - half, call.at)
    return [FollowUp(id=id, kind=FollowUpKind.PROMISE, call=call.id, person=made.owner, state=PromiseState.OPEN,
                     at=call.at, due=remind)]  # fmt: skip


def due_at(call: Call) -> datetime | None:
    """By when the caller was promised a call; None for a call without a promise."""
    return call.call_back.due if call.call_back else None


def due(one: FollowUp, call: Call, configuration: Configuration, at: datetime) -> Changed:
    """Its time has come: the owner is reminded, or it is late and gets another owner."""
    by = due_at(call)
    if by is None or call.stage is not Stage.ENDED:
        return replace(one, due=None if by is None else at + timedelta(minutes=1)), ()
    if at < by:
        return replace(one, state=PromiseState.REMINDED, due=by), (_entry(at, one.person, NoteOutcome.REMINDED),)
    late = () if one.state == PromiseState.LATE else (_entry(at, one.person, NoteOutcome.MISSED),)
    owner, begins = next_owner(one, call, configuration, at)
    again = replace(one, state=PromiseState.LATE, person=owner, due=begins + timedelta(minutes=AGAIN_MINUTES))
    given = () if owner == one.person else (_entry(at, owner, NoteOutcome.GIVEN, before=one.person),)
    return again, (*late, *given)


def next_owner(one: FollowUp, call: Call, configuration: Configuration, at: datetime) -> tuple[str, datetime]:
    """Who gets a late promise: the first on duty of the team after the present owner, supervisors first, and from when.

    Whoever has left the configuration owns nothing any more.
    """
    team = configuration.teams.get(call.team) or next(iter(configuration.teams.values()))
    people = list(dict.fromkeys((*team.supervisors, *team.agents)))
    turn = people.index(one.person) + 1 if one.person in people else 0
    return duty.first_on_duty(configuration, [*people[turn:], *people[:turn]], at)


def kept(one: FollowUp, by: str, at: datetime, call: str = "") -> Changed:
    """The caller was reached: in the call with this reference, or by other means, as ``by`` says."""
    _open(one)
    entry = _entry(at, by, NoteOutcome.KEPT, **({"call": call} if call else {}), **_late(one))
    return _closed(one, PromiseState.KEPT), (entry,)


def withdrawn(one: FollowUp, by: str, at: datetime, reason: str) -> Changed:
    """It is not to be kept any more. The reason is kept with the promise, sealed."""
    _open(one)
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise CannotChange(f"say why the caller is not called back, in 1 to {LONGEST_REASON} characters")
    body = {**one.body, "reason": reason}
    return replace(_closed(one, PromiseState.WITHDRAWN), body=body), (
        _entry(at, by, NoteOutcome.WITHDRAWN, **_late(one)),
    )


def given(one: FollowUp, by: str, to: str, configuration: Configuration, at: datetime) -> Changed:
    """Another person is to keep it. Its due time stays what the caller was promised."""
    _open(one)
    if to not in configuration.agents and to not in configuration.supervisors:
        raise CannotChange(f"nobody is called {to!r} in people.yaml")
    if to == one.person:
        raise CannotChange(f"{to} has it already")
    return replace(one, person=to), (_entry(at, by, NoteOutcome.GIVEN, to=to, before=one.person),)


def erased(one: FollowUp) -> FollowUp:
    """Its call was erased, so nobody can be called any more."""
    return _closed(one, PromiseState.WITHDRAWN)


def _late(one: FollowUp) -> dict[str, int]:
    """The detail of an entry about a promise that is late."""
    return {"late": 1} if one.state == PromiseState.LATE else {}


def _closed(one: FollowUp, state: PromiseState) -> FollowUp:
    return replace(one, state=state, due=None, closed=True)


def _open(one: FollowUp) -> None:
    if one.closed:
        raise CannotChange(f"it is {one.state} already")


def _entry(at: datetime, person: str, outcome: NoteOutcome, **details: str | int) -> FollowedUp:
    return FollowedUp(at=at, kind=NoteKind.CALL_BACK, person=person, outcome=outcome, details=details)
