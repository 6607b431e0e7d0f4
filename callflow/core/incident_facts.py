"""What the page about an incident says, from the journal: what happened, what was offered, the proof of the warnings.

It has ids of people, times and numbers of ours, and nobody's words: those are in the accounts of the incident, whose
readers are named (``incidents.read``). Whatever shows an incident takes this, so that all say the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from callflow.core import incidents
from callflow.core.call import CALLER, Call
from callflow.core.draft import SYSTEM
from callflow.core.follow_ups import FollowUp
from callflow.core.notes import PRIVATE, Note, NoteKind, NoteOutcome
from callflow.core.records import record

OFFERED: Final = frozenset({
    NoteKind.TIME_OUT, NoteKind.CONSENT, NoteKind.HOLD, NoteKind.DELEGATE_UPWARDS, NoteKind.INTRODUCTION,
    NoteKind.HANDOVER, NoteKind.CALL_BACK, NoteKind.OFFER,
})  # fmt: skip
"""The entries that say what the caller was offered."""
DONE: Final = frozenset({
    NoteKind.WARNING, NoteKind.CLOSING, NoteKind.REFUSED, NoteKind.SAFEGUARDING, NoteKind.THREAT, NoteKind.RELIEF,
    NoteKind.UNLOCKED, NoteKind.LEAD_LOST, NoteKind.CALL_ENDED,
})  # fmt: skip
"""The entries that say what was done, and how the call ended."""


@record
class Line:
    """An entry of the journal without what is private in it. ``at`` is UTC."""

    at: datetime
    what: str
    who: str
    key: str = ""
    script: str = ""
    version: str = ""
    language: str = ""
    outcome: str = ""
    details: Mapping[str, str | int | float] | None = None


@record
class Heard:
    """A warning that the caller heard in full: from its document, for ``elapsed_seconds`` of ``needed_seconds``."""

    at: datetime
    script: str
    version: str
    language: str
    elapsed_seconds: float
    needed_seconds: float


@record
class IncidentFacts:
    """``offered`` and ``done`` are the ladder in its order, ``holds_overrun`` how many holds were longer than promised.

    ``accounts``: who has added what, by the names of the parts. ``reviewer`` has to answer until ``answer_by``.
    """

    reference: str
    call: str
    began: datetime
    ended: datetime
    outcome: str
    reasons: Sequence[str]
    people: Sequence[str]
    offered: Sequence[Line]
    done: Sequence[Line]
    heard_in_full: Sequence[Heard]
    holds_overrun: int
    state: str
    reviewer: str
    add_by: datetime | None
    answer_by: datetime | None
    missing: Sequence[str]
    accounts: Mapping[str, Sequence[str]]
    answer: str = ""


def incident_facts(call: Call, journal: Iterable[tuple[datetime, Note]], incident: FollowUp) -> IncidentFacts:
    """``journal`` are the entries of the call with their times, in order."""
    entries = [(at, note) for at, note in journal if note.kind in OFFERED | DONE]
    accounts = incident.body.get("accounts", {})
    return IncidentFacts(
        reference=call.reference, call=call.id, began=call.started_at, ended=call.at, outcome=call.outcome,
        reasons=incidents.reasons(incident), people=incidents.people_on(call),
        offered=[line(at, note) for at, note in entries if note.kind in OFFERED],
        done=[line(at, note) for at, note in entries if note.kind in DONE],
        heard_in_full=[_heard(at, note) for at, note in entries
                       if note.kind == NoteKind.WARNING and note.outcome == NoteOutcome.HEARD_IN_FULL],
        holds_overrun=sum(note.kind == NoteKind.HOLD and note.outcome == NoteOutcome.OVERRUN for _, note in entries),
        state=incident.state, reviewer=incident.person, add_by=incidents.add_by(incident),
        answer_by=incidents.answer_by(incident), missing=incidents.missing(incident),
        accounts={who: sorted(set(one) - {"at"}) for who, one in accounts.items()},
        answer=incident.body.get("answer", {}).get("answer", ""),
    )  # fmt: skip


def line(at: datetime, note: Note) -> Line:
    hidden = PRIVATE.get(note.kind, frozenset())
    return Line(at=at, what=str(note.kind), who=note.actor, key=note.key, script=note.script, version=note.version,
                language=note.language, outcome="" if "outcome" in hidden else str(note.outcome),
                details={name: value for name, value in note.details.items() if name not in hidden})  # fmt: skip


def _heard(at: datetime, note: Note) -> Heard:
    return Heard(at=at, script=note.script, version=note.version, language=note.language,
                 elapsed_seconds=float(note.details["elapsed_seconds"]),
                 needed_seconds=float(note.details["needed_seconds"]))  # fmt: skip


def as_json(facts: IncidentFacts) -> dict[str, Any]:
    """As JSON values, times as ISO 8601 (UTC)."""
    return {name: _plain(value) for name, value in asdict(facts).items()}


def own_side(facts: IncidentFacts, incident: FollowUp, person: str) -> dict[str, Any]:
    """The same for one person who was on the call, with their own account and nobody else's: others are "a colleague".

    The value is JSON, times as ISO 8601 (UTC).
    """
    copy = {**asdict(facts), "people": [person], "reviewer": "a reviewer" if facts.reviewer else "",
            "accounts": {person: incident.body.get("accounts", {}).get(person, {})},
            "missing": [one for one in facts.missing if one == person],
            "offered": [_own(one, person) for one in facts.offered],
            "done": [_own(one, person) for one in facts.done]}  # fmt: skip
    return {name: _plain(value) for name, value in copy.items()}


def _own(one: Line, person: str) -> dict[str, Any]:
    """Details that name somebody (the owner of a promise) are left out."""
    who = one.who if one.who in (person, CALLER, SYSTEM) else "a colleague"
    details = {name: value for name, value in (one.details or {}).items() if name not in ("owner", "person")}
    return {**asdict(one), "who": who, "details": details}


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.isoformat()
        case Mapping():
            return {str(name): _plain(one) for name, one in value.items()}
        case list() | tuple():
            return [_plain(one) for one in value]
        case _:
            return value
