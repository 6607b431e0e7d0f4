"""How long what is held of people is kept (rule 43), and which calls are incidents."""

from datetime import datetime, timedelta
from typing import Final

from callflow.core.notes import NoteKind
from callflow.core.records import record

INCIDENTS: Final = (
    NoteKind.CLOSING, NoteKind.INCIDENT, NoteKind.INCIDENT_ACCOUNT, NoteKind.INCIDENT_WORDS, NoteKind.RELIEF,
    NoteKind.SAFEGUARDING, NoteKind.THREAT, NoteKind.WARNING,
)  # fmt: skip
"""A call with one of these entries in its journal is an incident."""


@record
class Retention:
    """Times after which something ends; None: it is kept for ever. A legal hold outranks all of them.

    ``calls``: what identifies or quotes people in calls, by the end of the call; ``incidents``: the same of calls that
    are incidents. ``hold_owner``: a person's id, "" for the first supervisor of the call's team.
    """

    recordings_days: int | None = 90
    transcripts_days: int | None = 90
    follow_ups_months: int | None = 12
    calls_months: int | None = 12
    incidents_months: int | None = 24
    hold_review_days: int = 180
    hold_owner: str = ""


def days_before(now: datetime, days: int | None) -> datetime | None:
    return None if days is None else now - timedelta(days=days)


def months_before(now: datetime, months: int | None) -> datetime | None:
    """The same day of an earlier month, or the last one of that month."""
    if months is None:
        return None
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    next_year, next_month = (year + 1, 1) if month == 11 else (year, month + 2)
    last = now.replace(year=next_year, month=next_month, day=1) - timedelta(days=1)
    return last.replace(day=min(now.day, last.day))
