"""What the store counts for monitoring. Cheap enough to be asked every few seconds."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Protocol

from callflow.core.records import record


@record
class Statistics:
    """``orders`` are stored requests that are not carried out yet. ``overdue_seconds``: how long the oldest of them has
    been free for any process to send; 0 if each is being sent by one, or waits for its time."""

    calls: Mapping[str, int] = field(default_factory=dict)
    """Calls that have not ended, by stage."""
    orders: int = 0
    overdue_seconds: float = 0.0
    call_backs: int = 0
    """Promises of a call back that are neither kept nor overdue."""
    call_backs_overdue: int = 0
    incidents: Mapping[str, int] = field(default_factory=dict)
    """By state: those that are open, and those of this year (UTC) that were answered."""


class HasStatistics(Protocol):
    def statistics(self, now: datetime) -> Statistics:
        """Count what is stored now. Raises StoreUnavailable."""

    def clock(self) -> datetime | None:
        """The time of the database server's clock; None if that is this machine's. Raises StoreUnavailable."""
