"""What the live view asks of a store, so that it decodes only what has changed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple, Protocol

from callflow.core.alarms import AlarmState
from callflow.core.follow_ups import FollowUp
from callflow.core.notes import NoteKind, NoteOutcome
from callflow.core.promises import PromiseState

URGENT: Final = (AlarmState.RAISED.value, PromiseState.LATE.value)
"""The states of follow-ups that somebody has to look at now; "late" is one of promises and of incidents."""
HELP: Final = frozenset({
    (NoteKind.INTRODUCTION, NoteOutcome.BEGUN), (NoteKind.HANDOVER, NoteOutcome.DONE),
    (NoteKind.CO_SIGNATURE, NoteOutcome.YES), (NoteKind.CO_SIGNATURE, NoteOutcome.NO),
    (NoteKind.CALL_BACK, NoteOutcome.KEPT), (NoteKind.ALARM, NoteOutcome.DONE),
    *((NoteKind.UNLOCKED, one) for one in (NoteOutcome.SAFE, NoteOutcome.MISUNDERSTANDING,
                                           NoteOutcome.PASSED_TO_EMERGENCY_SERVICES)),
})  # fmt: skip
"""Entries of journals after which somebody has been helped."""


class LastHelp(NamedTuple):
    """``row``: up to which entry was looked, for the next time; ``at``: when somebody was helped last, if at all."""

    row: int = 0
    at: datetime | None = None


class LiveRows(Protocol):
    """Implemented by ``ports.Store``. All methods raise StoreUnavailable."""

    def live_versions(self) -> Mapping[str, int]:
        """By id of each call that has not ended, the number of its latest event (``Call.seq``)."""

    def urgent_follow_ups(self, limit: int = 500) -> Sequence[FollowUp]:
        """Open ones in one of the states of ``URGENT``, the oldest first. One that cannot be opened has no body, so
        that it hides no other."""

    def last_help(self, known: LastHelp) -> LastHelp:
        """The latest entry of ``HELP``, looked for only in entries since ``known`` (and the latest ones, at first)."""
