"""What the board shows of a call that only its journal has: why steps were left out, and since when things are so.

A journal is read only for calls that have something of it, and only when that has changed. Pure.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final, NamedTuple

from callflow.core.call import Call, Outcome
from callflow.core.notes import NoteKind, NoteOutcome
from callflow.service.ports import Entry

TIME_OUT: Final = "time_out"
SUPERVISOR: Final = "supervisor"


class JournalFacts(NamedTuple):
    """``skipped``: by TIME_OUT and SUPERVISOR, the reason that a person gave. ``locked_at``: since when the call is
    locked; ``not_taken_at``: when supervisors had last been rung in vain."""

    skipped: Mapping[str, str] = MappingProxyType({})
    locked_at: datetime | None = None
    not_taken_at: datetime | None = None


NO_FACTS: Final = JournalFacts()
Needed = tuple[bool, Outcome, Outcome]


def needed(call: Call) -> Needed | None:
    """What of the call stands in its journal; as long as this is the same, so are the facts. None for nothing."""
    steps = (call.time_out, call.delegate_upwards)
    wanted = call.locks or Outcome.SKIPPED in steps or call.delegate_upwards is Outcome.UNAVAILABLE
    return (bool(call.locks), *steps) if wanted else None


def facts_of(entries: Iterable[Entry]) -> JournalFacts:
    """The facts of a journal, oldest entry first. A lock that was lifted begins the ladder anew."""
    skipped: dict[str, str] = {}
    locked, not_taken = None, None
    for entry in entries:
        match entry.note.kind, entry.note.outcome:
            case NoteKind.TIME_OUT, NoteOutcome.SKIPPED:
                skipped[TIME_OUT] = str(entry.note.details.get("reason", ""))
            case NoteKind.DELEGATE_UPWARDS, NoteOutcome.SKIPPED:
                skipped[SUPERVISOR] = str(entry.note.details.get("reason", ""))
            case NoteKind.DELEGATE_UPWARDS, NoteOutcome.UNAVAILABLE:
                not_taken = entry.at
            case ((NoteKind.SAFEGUARDING | NoteKind.THREAT), NoteOutcome.ON):
                locked = locked or entry.at
            case NoteKind.UNLOCKED, _:
                locked, not_taken = None, None
                skipped.clear()
    return JournalFacts(skipped, locked, not_taken)
