"""When an answer is owed that takes working days: at which hour, and on which day of a calendar."""

from datetime import datetime, timedelta
from typing import Final

from callflow.core.configuration import Configuration
from callflow.core.opening_hours import LOOK_AHEAD_DAYS, Hours, ranges_of, zone

_DAY: Final = ((9 * 60, 17 * 60),)
DAYS: Final = (_DAY, _DAY, _DAY, _DAY, _DAY, (), ())
"""Monday to Friday, 9 to 17."""


def office(configuration: Configuration) -> Hours:
    """The hours of the calendar that ``incidents`` names, else Monday to Friday, 9 to 17, in the common time zone."""
    named = configuration.calendars.get(configuration.policy.incidents.calendar)
    return named or Hours(timezone=configuration.timezone, weekly=DAYS)


def end_of(hours: Hours, at: datetime, days: int) -> datetime:
    """The end of the hours on the working day that is ``days`` working days after ``at`` (0: today or the next one).

    In the time zone of ``at``. A calendar that is closed for a year counts like one that is always open.
    """
    return _on(hours, at, days, last=True)


def begin_of(hours: Hours, at: datetime, days: int) -> datetime:
    """The beginning of the hours on that day."""
    return _on(hours, at, days, last=False)


def _on(hours: Hours, at: datetime, days: int, *, last: bool) -> datetime:
    local = at.astimezone(zone(hours.timezone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    left = days
    for number in range(LOOK_AHEAD_DAYS):
        day = midnight + timedelta(days=number)
        moments = [day + timedelta(minutes=_minute(begin, end, last)) for begin, end in ranges_of(hours, day.date())]
        found = (max if last else min)(moments, default=None)
        if found is None or (number == 0 and (days > 0 or found <= local)):
            continue
        left -= 1
        if left <= 0:
            return found.astimezone(at.tzinfo)
    return at + timedelta(days=days)


def _minute(begin: int, end: int, last: bool) -> int:
    if not last:
        return begin
    return end if end > begin else end + 24 * 60
