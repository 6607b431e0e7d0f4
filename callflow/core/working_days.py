"""Working days, for answers that people are owed in so many of them: those on which a calendar has hours."""

from datetime import date, timedelta

from callflow.core.opening_hours import Hours, open_on

WEEKDAYS = 5
LONGEST_DAYS = 400


def is_working_day(day: date, hours: Hours | None) -> bool:
    """By the hours of a calendar, its holidays included; from Monday to Friday if there is none."""
    return open_on(hours, day) if hours else day.weekday() < WEEKDAYS


def later(first: date, days: int, hours: Hours | None) -> date:
    """The last of so many working days after ``first``."""
    day = first
    for _ in range(LONGEST_DAYS):
        if days <= 0:
            return day
        day += timedelta(days=1)
        days -= is_working_day(day, hours)
    return day
