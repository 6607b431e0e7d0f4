"""``hours``: open or closed, by the time of the event in the step's time zone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from callflow.core.draft import DecisionDraft
from callflow.core.flow.next_step import NextStep
from callflow.core.flow_step import Step
from callflow.core.notes import NoteKind, NoteOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Opening hours in ``timezone``. ``weekly`` has for each day, Monday first, ranges of minutes since midnight; one
    that does not end after its beginning goes on to the next day. ``holidays`` are closed dates ("2026-12-25").
    """

    timezone: str
    weekly: tuple[tuple[tuple[int, int], ...], ...]
    holidays: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursStep(Step):
    """``next`` during ``hours`` (``open`` in YAML), ``otherwise`` outside of them (``closed``). Plays nothing."""

    verb: ClassVar[str] = "hours"

    hours: Hours


def begin(draft: DecisionDraft, step: HoursStep) -> NextStep:
    opened = is_open(step.hours, draft.at)
    draft.note(NoteKind.HOURS, outcome=NoteOutcome.OPEN if opened else NoteOutcome.CLOSED)
    return step.next if opened else step.otherwise


def is_open(hours: Hours, at: datetime) -> bool:
    """Whether ``at`` is within the hours. A range over midnight belongs to the day on which it begins.

    So a holiday on that day closes all of it. When clocks are put back, the repeated hour counts twice.
    """
    local = at.astimezone(ZoneInfo(hours.timezone))
    minute = local.hour * 60 + local.minute
    today, yesterday = local.date(), local.date() - timedelta(days=1)
    over_midnight = any(end <= begin and minute < end for begin, end in _ranges(hours, yesterday))
    return over_midnight or any(_within(begin, end, minute) for begin, end in _ranges(hours, today))


def _within(begin: int, end: int, minute: int) -> bool:
    return begin <= minute and (minute < end or end <= begin)


def _ranges(hours: Hours, day: date) -> tuple[tuple[int, int], ...]:
    return () if day.isoformat() in hours.holidays else hours.weekly[day.weekday()]
