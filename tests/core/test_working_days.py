"""Working days: until when something is to be answered, and when a day begins."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from callflow.core.office_hours import DAYS, begin_of, end_of, office
from callflow.core.opening_hours import Hours
from tests.core.example import CONFIGURATION

LONDON = Hours(timezone="Europe/London", weekly=DAYS, holidays=frozenset({"2026-12-25", "2026-12-28"}))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "days", "end"),
    [
        ("2026-07-13 08:30", 2, "2026-07-15 16:00"),  # a Monday in summer, 17:00 in London
        ("2026-07-10 20:00", 2, "2026-07-14 16:00"),  # Friday evening: the weekend does not count
        ("2026-07-11 12:00", 2, "2026-07-14 16:00"),
        ("2026-12-24 12:00", 2, "2026-12-30 17:00"),  # two holidays and a weekend between
        ("2026-07-13 08:30", 0, "2026-07-13 16:00"),
        ("2026-07-13 18:30", 0, "2026-07-14 16:00"),
    ],
)
def test_two_working_days_are_not_two_days(at: str, days: int, end: str) -> None:
    assert end_of(LONDON, utc(at), days) == utc(end)


def test_the_next_working_day_begins_when_the_house_opens() -> None:
    assert begin_of(LONDON, utc("2026-07-10 09:00"), 1) == utc("2026-07-13 08:00")


def test_a_night_shift_ends_on_the_next_day_and_a_house_that_is_never_open_still_answers() -> None:
    night = replace(LONDON, weekly=(((22 * 60, 6 * 60),),) * 7)
    assert end_of(night, utc("2026-07-13 12:00"), 1) == utc("2026-07-15 05:00")
    assert end_of(replace(LONDON, weekly=((),) * 7), utc("2026-07-13 12:00"), 2) == utc("2026-07-15 12:00")


def test_without_a_calendar_it_is_monday_to_friday() -> None:
    assert office(CONFIGURATION) == Hours(timezone=CONFIGURATION.timezone, weekly=DAYS)
    rules = replace(CONFIGURATION.policy.incidents, calendar="office")
    named = replace(CONFIGURATION, calendars={"office": LONDON}, policy=replace(CONFIGURATION.policy, incidents=rules))
    assert office(named) is LONDON
