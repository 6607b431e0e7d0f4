"""Follow-ups of calls (``core.follow_ups``) as they are stored."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, Protocol

from callflow.core import alarms, incidents, promises, receipts
from callflow.core.alarms import Counts
from callflow.core.call import Call
from callflow.core.configuration import Configuration
from callflow.core.events import FollowedUp
from callflow.core.follow_ups import FollowUp, FollowUpKind
from callflow.core.notes import Note, NoteKind, NoteOutcome
from callflow.core.records import record
from callflow.service.jobs import NewJob

Begin = Callable[[Call | None, Call, Sequence[Note], Configuration], Sequence[FollowUp]]
BEGUN: Final[tuple[Begin, ...]] = (promises.begun, alarms.begun, receipts.begun)
"""What makes follow-ups of what has happened on a call: the call before and after it, and its entries in the journal.
They are written in the same transaction, so that none is missing and none is made twice."""


Extend = Callable[[Callable[[str], FollowUp | None], Call, Sequence[Note], Configuration], Sequence[FollowUp]]
EXTENDED: Final[tuple[Extend, ...]] = (incidents.opened,)
"""The same for those that later entries of the call add to: how a follow-up is found by its id, the call after it, its
new entries. One is only looked for where an entry is about it, so an ordinary call costs nothing."""

KEPT: Final = "promise_kept"
"""The kind of job that marks a promise as kept. ``args``: ``promise``, ``person``, ``call`` (a reference)."""


def kept_by(call: Call, notes: Sequence[Note], at: datetime) -> list[NewJob]:
    """The job after these entries of a call's journal: whoever was promised it was reached."""
    if not call.promise or not any(
        one.kind is NoteKind.REACHED and one.outcome == NoteOutcome.REACHED for one in notes
    ):
        return []
    person = call.lead_leg.person if call.lead_leg else ""
    args = {"promise": call.promise, "person": person, "call": call.reference}
    return [NewJob(kind=KEPT, at=at, key=f"{KEPT} {call.promise}", args=args)]


SEND_RECEIPT: Final = "send_receipt"
"""The kind of job that sends a receipt. ``args``: ``receipt`` (its id)."""


def receipts_to_send(begun: Sequence[FollowUp], at: datetime) -> list[NewJob]:
    """The jobs after these follow-ups have begun."""
    return [NewJob(kind=SEND_RECEIPT, at=at, key=f"{SEND_RECEIPT} {one.id}", args={"receipt": one.id})
            for one in begun if one.kind is FollowUpKind.RECEIPT]  # fmt: skip


class FollowUpRows(Protocol):
    """Implemented by ``ports.Store``. All methods raise StoreUnavailable, and CannotOpen for another secret."""

    def follow_up(self, id: str) -> FollowUp | None:
        """As last committed, not locked."""

    def follow_ups(self, kind: FollowUpKind | None = None, *, call: str = "", person: str = "", closed: bool = False,
                   limit: int = 1000) -> list[FollowUp]:  # fmt: skip
        """Open ones, or with ``closed`` all: the one that is due first comes first, those without a time last."""

    def closed_follow_ups(self, kind: FollowUpKind, before: datetime | None = None, limit: int = 50) -> list[FollowUp]:
        """Those that are over, of before a time, the newest first."""

    def closings_since(self, at: datetime) -> Counts:
        """The calls that began since then, and those that were closed."""

    def due_follow_ups(self, now: datetime, limit: int = 100) -> list[str]:
        """Ids of open ones whose ``due`` has passed."""


class FollowUpUnit(Protocol):
    """Implemented by ``ports.Transaction``."""

    def locked_follow_up(self, id: str) -> FollowUp | None:
        """Locked until the commit. Load its call before, so that all units lock in the same order."""

    def put_follow_up(self, follow_up: FollowUp) -> None:
        """Write a new or changed one. Its call must be stored; nothing is written for a call that was erased."""


@record
class FollowUpChange:
    """What a decision makes of a follow-up, the entries that the journal of its call gets, and jobs that follow.

    ``begun`` are follow-ups of the same call that begin with it.
    """

    follow_up: FollowUp
    entries: Sequence[FollowedUp] = ()
    jobs: Sequence[NewJob] = ()
    begun: Sequence[FollowUp] = ()
