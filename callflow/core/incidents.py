"""Incidents: each call with a warning, a closing or worse is answered by somebody who was not on it (rules 32 and 40).

One opens by itself, one to a call. Whoever was on the call adds what the journal cannot know; a reviewer answers within
working days. The clock is the reviewer's: a late answer goes to somebody else. No figure is about a person.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from callflow.core import check_ins, office_hours
from callflow.core.call import Call
from callflow.core.configuration import Configuration
from callflow.core.events import FollowedUp
from callflow.core.follow_ups import FollowUp, FollowUpKind, Refused, follow_up_id
from callflow.core.notes import Note, NoteKind, NoteOutcome
from callflow.core.records import record
from callflow.core.stages import Stage

LOOK_AGAIN: Final = timedelta(minutes=1)
"""As long as the call goes on, because whoever comes to it cannot review it."""


class IncidentReason(StrEnum):
    WARNING = "warning"
    SEVERE_CONDUCT = "severe conduct"
    CLOSING = "closing"
    THREAT = "threat"
    SAFEGUARDING = "safeguarding"
    RELIEF = "relief"
    TOLD = "told"
    """Somebody who was on the call has something to say about it."""


class IncidentState(StrEnum):
    """The states of an incident. The last two say whether it was answered in time, which is the figure of the year."""

    OPEN = "open"
    """Nobody has it yet: the call goes on, or was just over."""
    GIVEN = "given"
    LATE = "late"
    ANSWERED = "answered"
    ANSWERED_LATE = "answered_late"


class Answer(StrEnum):
    NO_ACTION = "no_action"
    APOLOGY = "apology"
    WARNING_LETTER = "warning_letter"
    REFER = "refer"


ANSWERED: Final = frozenset({IncidentState.ANSWERED, IncidentState.ANSWERED_LATE})
ANSWERS: Final[Mapping[str, NoteOutcome]] = MappingProxyType({
    Answer.NO_ACTION: NoteOutcome.NO_ACTION, Answer.APOLOGY: NoteOutcome.APOLOGY,
    Answer.WARNING_LETTER: NoteOutcome.WARNING_LETTER, Answer.REFER: NoteOutcome.REFER,
})  # fmt: skip
REASONS: Final[Mapping[NoteKind, tuple[NoteOutcome, IncidentReason]]] = MappingProxyType({
    NoteKind.WARNING: (NoteOutcome.BEGUN, IncidentReason.WARNING),
    NoteKind.CLOSING: (NoteOutcome.DECIDED, IncidentReason.CLOSING),
    NoteKind.THREAT: (NoteOutcome.ON, IncidentReason.THREAT),
    NoteKind.SAFEGUARDING: (NoteOutcome.ON, IncidentReason.SAFEGUARDING),
    NoteKind.RELIEF: (NoteOutcome.ON, IncidentReason.RELIEF),
    NoteKind.INCIDENT_ACCOUNT: (NoteOutcome.ADDED, IncidentReason.TOLD),
    NoteKind.INCIDENT_WORDS: (NoteOutcome.ADDED, IncidentReason.TOLD),
})  # fmt: skip
"""The entries of a journal that open an incident. A recording has another outcome, and counts as well."""
HARD: Final = frozenset({IncidentReason.CLOSING, IncidentReason.THREAT, IncidentReason.SAFEGUARDING,
                         IncidentReason.SEVERE_CONDUCT})  # fmt: skip
"""The reasons after which somebody asks the agents how they are."""
PARTS: Final = ("words", "tried", "vulnerable", "helped")
"""What an account consists of: exact words and what was tried, in words; whether there was a sign that the caller was
vulnerable, and whether what was tried has helped, as yes, no or unsure."""
Known = Callable[[str], FollowUp | None]


@record
class Done:
    """What an act makes of an incident, the entries of the journal of its call, and the check-ins that begin."""

    incident: FollowUp
    entries: Sequence[FollowedUp] = ()
    check_ins: Sequence[FollowUp] = ()


def incident_id(call: str) -> str:
    return follow_up_id(call, FollowUpKind.INCIDENT)


def opened(known: Known, call: Call, notes: Sequence[Note], configuration: Configuration) -> Sequence[FollowUp]:
    """The incident of a call after these new entries of its journal: new, with more reasons, or none."""
    reasons = [(reason, note) for note in notes for reason in _reasons(note, configuration)]
    if not reasons:
        return ()
    id = incident_id(call.id)
    found = known(id) or FollowUp(id=id, kind=FollowUpKind.INCIDENT, call=call.id, person="", at=call.at, due=call.at,
                                  state=IncidentState.OPEN, body={"reasons": []})  # fmt: skip
    told = list(found.body.get("reasons", ()))
    for reason, note in reasons:
        said = {"what": reason.value, "by": note.actor}
        if said not in told and not (reason is IncidentReason.TOLD and told):
            told.append(said)
        found = _answered_by_key(found, note, call.at)
    return (replace(found, body={**found.body, "reasons": told}),)


def _reasons(note: Note, configuration: Configuration) -> list[IncidentReason]:
    outcome, reason = REASONS.get(note.kind, (None, IncidentReason.TOLD))
    if outcome is None or (note.outcome != outcome and note.kind is not NoteKind.INCIDENT_WORDS):
        return []
    named = [one for one in configuration.policy.draw_the_line.conduct if one.name == note.details.get("conduct")]
    severe = reason is IncidentReason.WARNING and any(one.severe for one in named)
    return [reason, IncidentReason.SEVERE_CONDUCT] if severe else [reason]


def _answered_by_key(incident: FollowUp, note: Note, at: datetime) -> FollowUp:
    """The incident with what this entry says of an account: a key that answered a question, or a recording."""
    if note.kind is NoteKind.INCIDENT_WORDS:
        return _with(incident, note.actor, at, {"recordings": [*_account(incident, note.actor).get("recordings", ()),
                                                               note.details["recording"]]})  # fmt: skip
    if note.kind is not NoteKind.INCIDENT_ACCOUNT:
        return incident
    return _with(incident, note.actor, at, {one: note.details[one] for one in PARTS if one in note.details})


def _account(incident: FollowUp, person: str) -> Mapping[str, Any]:
    account: Mapping[str, Any] = incident.body.get("accounts", {}).get(person, {})
    return account


def _with(incident: FollowUp, person: str, at: datetime, parts: Mapping[str, Any]) -> FollowUp:
    account = {**_account(incident, person), **parts, "at": at.isoformat()}
    return replace(incident, body={**incident.body,
                                   "accounts": {**incident.body.get("accounts", {}), person: account}})  # fmt: skip


# -- who, and by when


def people_on(call: Call) -> tuple[str, ...]:
    """Everybody of ours who was on the call by key, in their order."""
    return tuple(dict.fromkeys(leg.person for leg in call.legs if leg.accepted and leg.person))


def reasons(incident: FollowUp) -> list[str]:
    return list(dict.fromkeys(one["what"] for one in incident.body.get("reasons", ())))


def asked(incident: FollowUp) -> tuple[str, ...]:
    """Whoever is asked to add to it: those whose keys opened it, if they were on the call."""
    by = dict.fromkeys(one["by"] for one in incident.body.get("reasons", ()))
    return tuple(one for one in by if one in incident.body.get("on", by))


def missing(incident: FollowUp) -> tuple[str, ...]:
    """Those of them who have added nothing so far."""
    return tuple(one for one in asked(incident) if not _account(incident, one)) if incident.body else ()


def add_by(incident: FollowUp) -> datetime | None:
    return _time(incident, "add_by")


def answer_by(incident: FollowUp) -> datetime | None:
    """None as long as the call goes on."""
    return _time(incident, "answer_by")


def _time(incident: FollowUp, name: str) -> datetime | None:
    found = incident.body.get(name)
    return datetime.fromisoformat(found) if found else None


def reviewers(configuration: Configuration) -> tuple[str, ...]:
    """Whoever may answer, in the order of people.yaml: the reviewers, or the supervisors where there are none."""
    return tuple(configuration.reviewers or configuration.supervisors)


def _reviewer(call: Call, configuration: Configuration, *but: str) -> str:
    """The first who was not on the call; "" if everybody was."""
    out = {*people_on(call), *but}
    return next((one for one in reviewers(configuration) if one not in out), "")


def looked_at(incident: FollowUp, call: Call, configuration: Configuration, at: datetime) -> Done:
    """Its time has come: the call is over, and it is given to a reviewer; an account is late; an answer is late."""
    if call.stage is not Stage.ENDED:
        return Done(incident=replace(incident, due=at + LOOK_AGAIN))
    if incident.state == IncidentState.OPEN:
        return _given(incident, call, configuration, at)
    until = answer_by(incident)
    if until and at < until:
        late = missing(incident)
        entries = [_entry(at, NoteOutcome.NOT_ADDED_IN_TIME, one) for one in late]
        return Done(incident=replace(incident, due=until), entries=entries)
    return _late(incident, call, configuration, at)


def _given(incident: FollowUp, call: Call, configuration: Configuration, at: datetime) -> Done:
    rules, over = configuration.policy.incidents, max(call.at, incident.at)
    until = office_hours.end_of(office_hours.office(configuration), over, rules.answer_days)
    add = over + timedelta(minutes=rules.add_minutes)
    person = _reviewer(call, configuration)
    body = {**incident.body, "on": people_on(call), "add_by": add.isoformat(), "answer_by": until.isoformat()}
    given = replace(incident, state=IncidentState.GIVEN, person=person, due=min(add, until), body=body)
    entry = _entry(at, NoteOutcome.GIVEN, person or "callflow", reasons=", ".join(reasons(incident)),
                   by=until.isoformat(timespec="minutes"))  # fmt: skip
    begun = check_ins.planned(call, people_on(call), configuration, at) if HARD & set(reasons(incident)) else []
    return Done(incident=given, entries=[entry], check_ins=begun)


def _late(incident: FollowUp, call: Call, configuration: Configuration, at: datetime) -> Done:
    """Silence: it goes one level up, and stays red until somebody answers. Nothing happens to whoever was silent."""
    up = configuration.policy.incidents.late_to
    allowed = up and up != incident.person and up not in people_on(call)
    person = up if allowed else _reviewer(call, configuration, incident.person) or incident.person
    entry = _entry(at, NoteOutcome.NOT_ANSWERED_IN_TIME, person or "callflow")
    return Done(incident=replace(incident, state=IncidentState.LATE, person=person, due=None), entries=[entry])


def _entry(at: datetime, outcome: NoteOutcome, person: str, **details: str) -> FollowedUp:
    return FollowedUp(at=at, kind=NoteKind.INCIDENT, person=person, outcome=outcome, details=details)


# -- what people do


def added(incident: FollowUp, call: Call, person: str, parts: Mapping[str, str], at: datetime) -> Done:
    """Somebody who was on the call adds to it, at any time: late is told, never refused. Raises Refused."""
    _refuse_unless_on(call, person)
    given = {name: value for name, value in parts.items() if value}
    entry = FollowedUp(at=at, kind=NoteKind.INCIDENT_ACCOUNT, person=person, outcome=NoteOutcome.ADDED,
                       details={"parts": ", ".join(given)})  # fmt: skip
    return Done(incident=_with(incident, person, at, given), entries=[entry])


def answered(incident: FollowUp, call: Call, configuration: Configuration, person: str, answer: Answer, words: str,
             at: datetime) -> Done:  # fmt: skip
    """A reviewer who was not on the call answers it, once. Raises Refused."""
    up = configuration.policy.incidents.late_to
    if incident.state in ANSWERED:
        raise Refused(f"{incident.body.get('answer', {}).get('by', 'somebody')} has answered it already")
    if incident.state == IncidentState.OPEN:
        raise Refused("the call is not over, or was over a moment ago: try again in a minute")
    if person in people_on(call):
        raise Refused(f"{person} was on the call, and cannot answer for it: somebody else has to")
    if person not in reviewers(configuration) and person != up:
        raise Refused(f"{person} is not a reviewer: {', '.join(reviewers(configuration))} may answer")
    until = answer_by(incident)
    late = incident.state == IncidentState.LATE or (until is not None and at > until)
    said = {"by": person, "at": at.isoformat(), "answer": answer.value, "words": words}
    done = replace(incident, state=IncidentState.ANSWERED_LATE if late else IncidentState.ANSWERED, person="", due=None,
                   closed=True, body={**incident.body, "answer": said})  # fmt: skip
    return Done(incident=done, entries=[_entry(at, ANSWERS[answer], person, in_time="no" if late else "yes")])


def read(incident: FollowUp, person: str, how: NoteOutcome, reason: str, at: datetime, **details: str) -> Done:
    """Somebody reads the words of an incident (``SHOWN``), or takes a copy of their own side (``COPIED``)."""
    entry = FollowedUp(at=at, kind=NoteKind.INCIDENT_READ, person=person, outcome=how,
                       details={"reason": reason, **details})  # fmt: skip
    return Done(incident=incident, entries=[entry])


def _refuse_unless_on(call: Call, person: str) -> None:
    there = people_on(call)
    if person not in there:
        raise Refused(f"{person} was not on this call; {', '.join(there) or 'nobody'} was")
