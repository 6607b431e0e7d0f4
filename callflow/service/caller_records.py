"""What is kept about a caller, not about a call: adjustments, contact restrictions, and a heads-up after a closing.

No number is kept. A record is found by an HMAC of the number, and everything in it that is about a person is sealed
under a key of its own, as are the reasons of its entries. Who reads a record is an entry, too.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Protocol

from callflow.core.call import Call
from callflow.core.records import record

ON: Final = "on"
PROPOSED: Final = "proposed"
"""Somebody else said that the caller needs it; it has no effect before the caller confirms it."""
ERASED: Final = "erased"


class RecordKind(StrEnum):
    ADJUSTMENT = "adjustment"
    RESTRICTION = "restriction"
    HEADS_UP = "heads_up"


@record
class CallerRecord:
    """One record. ``state`` is ``ON``, ``PROPOSED`` or ``ERASED``, or one that has no effect on calls.

    It has no effect from ``until`` on, which is computed whenever it is read, so that no job can fail to end it.
    ``body`` is JSON; {} once it is erased.
    """

    id: str
    kind: RecordKind
    state: str
    at: datetime
    until: datetime | None = None
    body: Mapping[str, Any] = field(default_factory=dict)

    def effective(self, at: datetime) -> bool:
        return self.state in (ON, PROPOSED) and (self.until is None or at < self.until)


@record
class RecordEntry:
    """What was done with a record: ``kind`` by ``actor`` (a person's id, "caller", "callflow"), with a reason."""

    at: datetime
    kind: str
    actor: str
    reason: str = ""


Step = Callable[[CallerRecord], tuple[CallerRecord, RecordEntry]]
"""Given the record as it is now, what it becomes and the entry about it."""


class CallerRecordUnit(Protocol):
    """Implemented by ``ports.Transaction``."""

    def recognise(self, call: str, number: str, at: datetime) -> tuple[Call | None, Collection[CallerRecord]]:
        """The call with this id, locked; if there is none yet, None and the effective records of this number."""

    def add_caller_record_entry(self, id: str, entry: RecordEntry) -> None: ...


class CallerRecords(Protocol):
    """Implemented by ``ports.Store``. All methods raise StoreUnavailable."""

    def add_caller_record(self, new: CallerRecord, number: str, entry: RecordEntry) -> None:
        """Keep it for this number. Does nothing if there is one with this id already."""

    def change_caller_record(self, id: str, step: Step) -> CallerRecord | None:
        """Do one step in one transaction, and return the record; None if there is none that is not erased."""

    def caller_record(self, id: str) -> CallerRecord | None: ...

    def caller_records(self, kind: RecordKind) -> list[CallerRecord]:
        """All of a kind, the oldest first, also those that are over or erased."""

    def records_of(self, number: str) -> list[CallerRecord]:
        """All about this number, in whichever year they were made, also those that are over; the oldest first."""

    def caller_record_entries(self, id: str) -> list[RecordEntry]:
        """In the order in which they were written. Reasons are "" once the record is erased."""

    def erase_caller_record(self, id: str, entry: RecordEntry) -> bool:
        """Make everything in it unreadable for good, and let nobody be recognised by it. False if there is none."""

    def erase_expired_heads_ups(self, now: datetime) -> int:
        """Erase every heads-up whose time is over. Returns how many."""


class NotPossible(Exception):
    """Why something cannot be done with a record, in words for whoever asked for it."""


def erase_caller(store: CallerRecords, number: str, by: str, at: datetime) -> list[str]:
    """Erase all records about this number. Returns their ids. That they existed, and who erased them, stays."""
    found = [one.id for one in store.records_of(number)]
    entry = RecordEntry(at=at, kind="erased", actor=by)
    return [id for id in found if store.erase_caller_record(id, entry)]
