"""Opening hours: weekly, with other hours or none on certain dates. Data, and whether they are open at a time."""

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from callflow.core.records import record

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

TO: Final = " to "
"""Between the first and the last day of a range of dates."""

LOOK_AHEAD_DAYS: Final = 370

Ranges = tuple[tuple[int, int], ...]
"""Minutes since midnight; a range that does not end after its beginning goes on to the next day."""


@record
class Hours:
    """Opening hours in ``timezone``. ``weekly`` has the ranges of each day, Monday first.

    ``special_hours`` replace them on certain dates, and on ``holidays`` there are none. Dates are "2026-12-25", "12-25"
    for every year, or from one to another, both included: "2026-12-27 to 2027-01-02", "12-27 to 01-02".
    """

    timezone: str
    weekly: tuple[Ranges, ...]
    holidays: frozenset[str] = frozenset()
    special_hours: Mapping[str, Ranges] = field(default_factory=dict)


def zone(name: str) -> "ZoneInfo":
    """The time zone of this name. Raises KeyError."""
    from zoneinfo import ZoneInfo  # takes 5 ms of a start to import

    return ZoneInfo(name)


def is_open(hours: Hours, at: datetime) -> bool:
    """Whether ``at`` is within the hours. A range over midnight belongs to the day on which it begins.

    So a holiday on that day closes all of it. When clocks are put back, the repeated hour counts twice.
    """
    local = at.astimezone(zone(hours.timezone))
    minute = local.hour * 60 + local.minute
    today, yesterday = local.date(), local.date() - timedelta(days=1)
    over_midnight = any(end <= begin and minute < end for begin, end in ranges_of(hours, yesterday))
    return over_midnight or any(_within(begin, end, minute) for begin, end in ranges_of(hours, today))


def next_opening(hours: Hours, at: datetime) -> datetime | None:
    """When the hours begin next after ``at``, in their time zone; None if not within ``LOOK_AHEAD_DAYS``."""
    first = at.astimezone(zone(hours.timezone)).replace(hour=0, minute=0, second=0, microsecond=0)
    for days in range(LOOK_AHEAD_DAYS):
        day = first + timedelta(days=days)
        for begin in sorted(begin for begin, _ in ranges_of(hours, day.date())):
            opening = day.replace(hour=begin // 60, minute=begin % 60)
            if opening > at:
                return opening
    return None


def after_open_minutes(hours: Hours, at: datetime, minutes: float) -> datetime:
    """When the hours will have been open for so many minutes since ``at``, in the time zone of ``at``.

    If they do not open for so long within ``LOOK_AHEAD_DAYS``, simply so many minutes after ``at``.
    """
    left, begins = timedelta(minutes=minutes), at
    first = at.astimezone(zone(hours.timezone)).replace(hour=0, minute=0, second=0, microsecond=0)
    for days in range(-1, LOOK_AHEAD_DAYS):
        day = first + timedelta(days=days)
        for begin, end in sorted(ranges_of(hours, day.date())):
            opens = _on(day, begin, at)
            closes = _on(day, end, at) if end > begin else _on(day + timedelta(days=1), end, at)
            begins = max(begins, opens)
            if closes - begins >= left:
                return begins + left
            if closes > begins:
                left, begins = left - (closes - begins), closes
    return at + timedelta(minutes=minutes)


def _on(day: datetime, minute: int, at: datetime) -> datetime:
    """A minute of that day, in the time zone of ``at``, so that differences are true when clocks change."""
    whole = day + timedelta(days=1) if minute >= 1440 else day
    return whole.replace(hour=minute // 60 % 24, minute=minute % 60).astimezone(at.tzinfo)


def open_on(hours: Hours, day: date) -> bool:
    """Whether the hours begin at all on this day."""
    return bool(ranges_of(hours, day))


def _within(begin: int, end: int, minute: int) -> bool:
    return begin <= minute and (minute < end or end <= begin)


def ranges_of(hours: Hours, day: date) -> Ranges:
    """The ranges of a day. Of several dates that cover it the narrowest counts, with ``special_hours`` first."""
    dates = [one for one in (*hours.special_hours, *sorted(hours.holidays)) if covers(one, day)]
    if not dates:
        return hours.weekly[day.weekday()]
    narrowest = min(dates, key=breadth)
    return hours.special_hours.get(narrowest, ())


def covers(dates: str, day: date) -> bool:
    """Whether ``dates``, as in ``Hours``, include the day."""
    begin, _, last = dates.partition(TO)
    end, now = last or begin, day.isoformat()[-len(begin) :]
    return begin <= now <= end if begin <= end else now >= begin or now <= end


def breadth(dates: str) -> tuple[bool, bool]:
    """A sort key: one day before a range, one year before every year."""
    return TO in dates, is_yearly(dates)


def is_yearly(dates: str) -> bool:
    return len(dates.partition(TO)[0]) == len("12-25")
