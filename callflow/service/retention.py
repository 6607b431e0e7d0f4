"""What is stored about the end of data: legal holds, what is proposed and deleted, erasures, and reports of them.

Nothing here has a number or a word of a caller, but for the reason of a hold, which is sealed under its call's key.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Protocol

from callflow.core.call import Call
from callflow.core.notes import Note, NoteKind, NoteOutcome
from callflow.core.records import record
from callflow.service.jobs import NewJob

HOLD: Final = "legal_hold"
"""The kind of job that sets a hold after the threat key. ``args``: ``call`` (an id) and ``at`` (ISO 8601)."""


class DeletionKind(StrEnum):
    RECORDING = "recording"
    TRANSCRIPT = "transcript"
    FOLLOW_UP = "follow_up"
    CALL = "call"
    """What identifies or quotes people in a call, and all the others of it."""
    INCIDENT = "incident"
    """The same of a call that is an incident (``core.retention``)."""


WHOLE: Final = (DeletionKind.CALL, DeletionKind.INCIDENT)


class Why(StrEnum):
    """Why a call was erased."""

    RETENTION = "its time was over"
    CALLER = "the caller asked for it"


@record
class LegalHold:
    """Nothing of the call is deleted until it is ``released``; ``review`` is when somebody has to look at it."""

    id: str
    call: str
    owner: str
    at: datetime
    review: datetime
    reason: str
    released: datetime | None = None
    released_by: str = ""


@record
class Deletion:
    """Something to be deleted. ``item`` is its id; ``since`` when its time began to run, ``proposed`` when it was
    listed."""

    kind: DeletionKind
    item: str
    call: str
    reference: str
    since: datetime
    proposed: datetime


@record
class Erasure:
    call: str
    at: datetime
    by: str
    why: str


@record
class DeletionReport:
    """What one run has done. ``body`` is JSON: counts by kind, references of calls, why something failed."""

    at: datetime
    body: Mapping[str, Any]


class RetentionUnit(Protocol):
    """Implemented by ``ports.Transaction``. Load the call first, so that no other unit decides about it."""

    def put_hold(self, hold: LegalHold) -> bool:
        """Keep it, and take back what is proposed of its call. False if it is there, or its call was erased."""

    def release_hold(self, id: str, at: datetime, by: str) -> None: ...

    def review_hold(self, id: str, review: datetime) -> None:
        """Look at it again at that time."""

    def held(self, call: str) -> bool:
        """Whether a hold on this call is not released."""

    def unfinished(self, call: str) -> bool:
        """Whether a follow-up of this call is open."""

    def delete_one(self, one: Deletion, at: datetime) -> None:
        """Delete a transcript, or empty a closed follow-up, and mark it; of other kinds, only mark it as deleted."""

    def erase_call(self, erasure: Erasure) -> bool:
        """``Store.erase`` with its history and transcripts, and a row in the list. False if it was erased before."""


class RetentionRows(Protocol):
    """Implemented by ``ports.Store``. All methods raise StoreUnavailable, and CannotOpen for another secret."""

    def holds(self, call: str = "", released: bool = False) -> list[LegalHold]:
        """Those of a call or of all, the one to be looked at first comes first; with ``released`` also those."""

    def propose(self, kind: DeletionKind, before: datetime, now: datetime, limit: int) -> int:
        """List at most so many things of this kind that are older, over, not held and not listed. How many it were."""

    def deletions(self, before: datetime, after: Deletion | None = None, limit: int = 100) -> list[Deletion]:
        """What was proposed until then and is not deleted, the oldest first; those that come ``after`` this one."""

    def withdraw_deletion(self, kind: DeletionKind, item: str) -> None:
        """It is not to be deleted after all."""

    def add_deletion_report(self, report: DeletionReport) -> None: ...

    def deletion_reports(self, limit: int = 10) -> list[DeletionReport]:
        """The latest first."""

    def erasures(self, begin: datetime, end: datetime) -> list[Erasure]: ...

    def has_words(self, call: str) -> bool:
        """Whether there is such a call, and it was not erased."""

    def calls_of(self, number: str) -> list[str]:
        """Ids of the calls with this number (E.164), of every year whose callers can be recognised, oldest first."""

    def not_recognised(self) -> int:
        """How many calls cannot be found by a number, because an upgrade is not finished."""

    def forget_freed(self) -> bool:
        """Overwrite what was deleted in the files of the database, as far as we have them. False if it was in use."""


def held_after(call: Call, notes: Iterable[Note], at: datetime) -> Sequence[NewJob]:
    """The job after these entries of a call's journal: a threat sets a legal hold (rule 36)."""
    if not any(one.kind is NoteKind.THREAT and one.outcome == NoteOutcome.ON for one in notes):
        return ()
    return (NewJob(kind=HOLD, at=at, key=f"{HOLD} {call.id}", args={"call": call.id, "at": at.isoformat()}),)
