"""What other systems are told of a call: entries of its journal, by subject."""

from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType
from typing import Final

from callflow.core.notes import NoteKind
from callflow.core.records import record

SUBJECTS: Final[Mapping[NoteKind, str]] = MappingProxyType({
    NoteKind.CALL_STARTED: "call",
    NoteKind.HANDOVER: "call",
    NoteKind.OUTCOME: "call",
    NoteKind.CALL_ENDED: "call",
    NoteKind.HOLD: "time_out",
    NoteKind.DELEGATE_UPWARDS: "supervisor",
    NoteKind.WARNING: "warning",
    NoteKind.CLOSING: "closing",
    NoteKind.THREAT: "threat",
    NoteKind.SAFEGUARDING: "safeguarding",
    NoteKind.UNLOCKED: "unlocked",
    NoteKind.RELIEF: "relief",
    NoteKind.CALL_BACK: "promise",
    NoteKind.ALARM: "alarm",
    NoteKind.RECEIPT: "receipt",
})  # fmt: skip
"""By kind of entry, the subject under which other systems are told of it. Kinds that are not here stay with us."""
NAMES: Final = tuple(dict.fromkeys(SUBJECTS.values()))
TYPE_PREFIX: Final = "callflow"


@record
class Webhook:
    """Where events are sent. ``secret`` is the name of the environment variable that signs them, ``subjects`` what is
    sent."""

    name: str
    url: str = field(repr=False)
    secret: str
    subjects: frozenset[str]

    def wants(self, kind: str) -> bool:
        """Whether entries of this kind are sent there."""
        return SUBJECTS.get(kind) in self.subjects  # type: ignore[call-overload]


def event_type(kind: str, outcome: str) -> str:
    """The type of an event: "callflow.promise.kept"; without an outcome "callflow.threat"."""
    subject = SUBJECTS[kind]  # type: ignore[index]
    words = "_".join(outcome.split())
    return f"{TYPE_PREFIX}.{subject}.{words}" if words else f"{TYPE_PREFIX}.{subject}"
