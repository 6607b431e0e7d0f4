"""What the staff line keeps: PINs with their locks, and the calls to it that go on."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from callflow.core.staff_line.pins import Pin
from callflow.core.staff_line.session import Session
from callflow.core.staff_line.takes import BUSY
from callflow.service.jobs import NewJob
from callflow.service.prompt_recordings import PromptRecording

T = TypeVar("T")
BUSY_FOR = timedelta(minutes=20)
"""Longer than any document of a practice call; if the end of the call is never reported, the person is free then."""


class StaffUnit(Protocol):
    """One unit of work on a call to the staff line. What it reads is locked until the commit."""

    def session(self, id: str) -> Session | None: ...

    def put_session(self, session: Session, at: datetime) -> None: ...

    def pin(self, person: str) -> Pin | None: ...

    def put_pin(self, pin: Pin) -> None: ...

    def set_away(self, person: str, away: bool) -> None:
        """Say that a person is away or back, as ``ports.Store.set_away`` does."""

    def set_busy(self, person: str, at: datetime, until: datetime) -> None:
        """The person is on the staff line, and free again after ``until``; not if they are on a call or in a break."""

    def set_free(self, person: str, at: datetime) -> None:
        """Undo ``set_busy``."""

    def put_prompt(self, one: PromptRecording) -> None:
        """Store what a person has just recorded. Nothing changes if it is stored already."""

    def prompt_told(self, id: str) -> None:
        """Whoever recorded it has heard its outcome."""

    def defer(self, job: NewJob) -> None:
        """Have this job run after the commit."""


class StaffSessions(Protocol):
    """Implemented by ``ports.Store``. All methods raise StoreUnavailable."""

    def in_staff_line(self, work: Callable[[StaffUnit], T]) -> T:
        """Run ``work`` in one durable transaction and return its result. It may be run again after a conflict."""

    def staff_session(self, id: str) -> Session | None:
        """A call to the staff line as last committed, not locked; None if there is none, or it is long over."""

    def drop_staff_session(self, id: str) -> None:
        """Delete a call to the staff line that is over."""

    def staff_pins(self) -> dict[str, Pin]:
        """All PINs, by person."""

    def put_staff_pin(self, pin: Pin) -> None: ...

    def drop_staff_pin(self, person: str) -> None:
        """Delete the PIN of a person, who cannot log in until there is another one."""


def busy(unit: StaffUnit, before: Session, now: Session, at: datetime) -> None:
    """Whoever practises or records is not rung meanwhile."""
    if now.place in BUSY:
        unit.set_busy(now.person, at, at + BUSY_FOR)
    elif before.place in BUSY:
        unit.set_free(before.person, at)
