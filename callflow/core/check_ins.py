"""Check-ins: after a hard call somebody asks the agent how they are: in the same shift, on the next working day, after
two weeks (rule 39). Each is offered, never forced; nothing follows from a no, or from silence."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from callflow.core import duty, office_hours
from callflow.core.call import Call
from callflow.core.configuration import Configuration
from callflow.core.events import FollowedUp
from callflow.core.follow_ups import FollowUp, FollowUpKind, Refused, follow_up_id
from callflow.core.notes import NoteKind, NoteOutcome
from callflow.core.opening_hours import Hours
from callflow.core.records import record


class CheckInTime(StrEnum):
    SAME_SHIFT = "same_shift"
    NEXT_WORKING_DAY = "next_working_day"
    TWO_WEEKS = "two_weeks"


class CheckInState(StrEnum):
    PLANNED = "planned"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    """The supervisor who owns it now has to ring or see the person."""
    DONE = "done"
    DECLINED = "declined"
    OVER = "over"
    """Nobody answered the offer while it stood."""


class Reply(StrEnum):
    """What the person says to an offer, who can also take a no back as long as it stands."""

    YES = "yes"
    LATER = "later"
    NO = "no"


SOON: Final = timedelta(hours=1)
"""How long a later one of the same shift waits before it is offered again."""
TWO_WEEKS: Final = timedelta(days=14)
BEGINS: Final[Mapping[CheckInTime, Callable[[Hours, datetime], datetime]]] = MappingProxyType({
    CheckInTime.SAME_SHIFT: lambda hours, at: at,
    CheckInTime.NEXT_WORKING_DAY: lambda hours, at: office_hours.begin_of(hours, at, 1),
    CheckInTime.TWO_WEEKS: lambda hours, at: office_hours.begin_of(hours, at + TWO_WEEKS - timedelta(days=1), 1),
})  # fmt: skip


@record
class CheckInDone:
    """What an act makes of a check-in, and the entries of the journal of its call."""

    check_in: FollowUp
    entries: Sequence[FollowedUp] = ()


def planned(call: Call, people: Sequence[str], configuration: Configuration, at: datetime) -> list[FollowUp]:
    """Three for each of these people. The owner is a supervisor of the team, another one where there is one."""
    made, hours = [], office_hours.office(configuration)
    team = configuration.teams.get(call.team)
    owners = team.supervisors if team and team.supervisors else tuple(configuration.supervisors)
    for one, person in enumerate(people):
        others = tuple(owner for owner in owners if owner != person) or owners
        owner = duty.first_on_duty(configuration, others, at)[0] if others else ""
        for two, when in enumerate(CheckInTime):
            id = follow_up_id(call.id, FollowUpKind.CHECK_IN, one * len(CheckInTime) + two + 1)
            made.append(FollowUp(id=id, kind=FollowUpKind.CHECK_IN, call=call.id, person="", at=at,
                                 state=CheckInState.PLANNED, due=BEGINS[when](hours, at),
                                 body={"for": person, "owner": owner, "when": when.value}))  # fmt: skip
    return made


def whose(check_in: FollowUp) -> str:
    """Whom it is for; "" once its call was erased."""
    return str(check_in.body.get("for", ""))


def owner(check_in: FollowUp) -> str:
    return str(check_in.body.get("owner", ""))


def when(check_in: FollowUp) -> str:
    return str(check_in.body.get("when", "")).replace("_", " ")


def looked_at(check_in: FollowUp, configuration: Configuration, at: datetime) -> CheckInDone:
    """Its time has come: it is offered, the offer is over, or its owner is late."""
    hours = office_hours.office(configuration)
    match check_in.state:
        case CheckInState.PLANNED:
            stands = max(office_hours.end_of(hours, at, 0), at + SOON)
            offered = replace(check_in, state=CheckInState.OFFERED, person=whose(check_in), due=stands)
            return CheckInDone(check_in=offered, entries=[_entry(check_in, at, NoteOutcome.OFFERED)])
        case CheckInState.OFFERED:
            return _closed(check_in, CheckInState.OVER, _entry(check_in, at, NoteOutcome.OVER))
        case _:  # accepted, and still to be done: it stays red
            late = _entry(check_in, at, NoteOutcome.LATE, owner(check_in))
            return CheckInDone(check_in=replace(check_in, due=None), entries=[late])


def replied(check_in: FollowUp, configuration: Configuration, person: str, reply: Reply, at: datetime) -> CheckInDone:
    """The person whom it is for accepts, wants it later, or says no thanks. Raises Refused."""
    if person != whose(check_in):
        raise Refused(f"this check-in is for {whose(check_in)}, who alone says yes or no to it")
    if check_in.state != CheckInState.OFFERED:
        raise Refused(f"it is not offered now: it is {check_in.state}")
    hours = office_hours.office(configuration)
    match reply:
        case Reply.NO:
            return _closed(check_in, CheckInState.DECLINED, _entry(check_in, at, NoteOutcome.NO, person))
        case Reply.LATER:
            same_shift = check_in.body.get("when") == CheckInTime.SAME_SHIFT
            again = at + SOON if same_shift else office_hours.begin_of(hours, at, 1)
            later = replace(check_in, state=CheckInState.PLANNED, person="", due=again)
            return CheckInDone(check_in=later, entries=[_entry(check_in, at, NoteOutcome.LATER, person)])
        case _:
            yes = replace(check_in, state=CheckInState.ACCEPTED, person=owner(check_in),
                          due=office_hours.end_of(hours, at, 1))  # fmt: skip
            entry = _entry(check_in, at, NoteOutcome.ACCEPTED, person, owner=owner(check_in))
            return CheckInDone(check_in=yes, entries=[entry])


def done(check_in: FollowUp, person: str, at: datetime) -> CheckInDone:
    """Its owner, or another supervisor, has done it. What was said is nobody's business. Raises Refused."""
    if check_in.state != CheckInState.ACCEPTED:
        raise Refused(f"it was not accepted: it is {check_in.state}")
    if person == whose(check_in):
        raise Refused(f"it is for {person}: somebody else asks")
    return _closed(check_in, CheckInState.DONE, _entry(check_in, at, NoteOutcome.DONE, person))


def _closed(check_in: FollowUp, state: CheckInState, entry: FollowedUp) -> CheckInDone:
    return CheckInDone(check_in=replace(check_in, state=state, person="", due=None, closed=True), entries=[entry])


def _entry(check_in: FollowUp, at: datetime, outcome: NoteOutcome, person: str = "", **details: str) -> FollowedUp:
    return FollowedUp(at=at, kind=NoteKind.CHECK_IN, person=person or whose(check_in) or "callflow", outcome=outcome,
                      details={"when": when(check_in), **details})  # fmt: skip
