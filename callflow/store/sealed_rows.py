"""The private values of a journal entry and of a moment of the history, sealed one by one inside the row, so that the
rest of it stays readable."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from callflow.core.codec import to_micros
from callflow.core.events import AnswerRecorded, CallRecorded, CallStarted, Event, MessageRecorded, RecordingOpened
from callflow.core.notes import PRIVATE, AnyOutcome, Note, OutcomeText
from callflow.service.moments import Moment
from callflow.store.sealing import CallKey

PRIVATE_FACTS: Final[Mapping[type[Event], str]] = {
    AnswerRecorded: "recording", MessageRecorded: "recording", RecordingOpened: "purpose", CallRecorded: "recording",
    CallStarted: "recognised",
}  # fmt: skip
"""By kind of event, the field that is private: the provider's id of a recording, why somebody listened, what is known
of the caller. Others are redacted already (``service.redaction``)."""


def sealed_note(note: Note, seq: int, key: CallKey) -> Note:
    """The note as it is stored as entry ``seq`` of its call."""
    private = PRIVATE.get(note.kind)
    if not private:
        return note
    outcome: AnyOutcome = note.outcome
    if "outcome" in private and outcome:
        outcome = OutcomeText(key.seal(outcome, f"outcome of entry {seq}"))
    details = {name: key.seal(str(value), f"{name} of entry {seq}") if name in private else value
               for name, value in note.details.items()}  # fmt: skip
    return replace(note, outcome=outcome, details=details)


def opened_note(note: Note, seq: int, key: CallKey) -> Note:
    """Undo ``sealed_note``, also for a kind that another version of Callflow knows. Raises CannotOpen."""
    details: dict[str, Any] = {
        name: key.open(value, f"{name} of entry {seq}") if isinstance(value, str) else value
        for name, value in note.details.items()
    }
    outcome = key.open(note.outcome, f"outcome of entry {seq}")
    return replace(note, outcome=OutcomeText(outcome), details=details)


def sealed_moment(moment: Moment, key: CallKey) -> Moment:
    """The moment as it is stored."""
    return _changed(moment, key.seal)


def opened_moment(moment: Moment, key: CallKey) -> Moment:
    """Undo ``sealed_moment``. Raises CannotOpen."""
    return _changed(moment, key.open)


def _changed(moment: Moment, change: Any) -> Moment:
    if not any(type(fact) in PRIVATE_FACTS for fact in moment.facts):
        return moment
    facts = list(moment.facts)
    for number, fact in enumerate(facts):
        if (name := PRIVATE_FACTS.get(type(fact))) and (value := getattr(fact, name)):
            field = f"{name} of event {number} at {to_micros(moment.at)}"
            facts[number] = replace(fact, **{name: change(value, field)})
    return replace(moment, facts=tuple(facts))
