"""Opening hours as people plan them: holidays, half days, weeks off, every year, and nights on which clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from callflow.core.opening_hours import Hours, after_open_minutes, is_open

DAY = ((9 * 60, 17 * 60),)
MORNING = ((9 * 60, 12 * 60),)
WEEK = (DAY,) * 5 + ((), ())


def opened(at: str, timezone: str = "Europe/London", weekly: object = WEEK, **dates: object) -> bool:
    """Whether the line is open when clocks there show this time; with "+00:00" at this time in UTC."""
    found = datetime.fromisoformat(at)
    hours = Hours(timezone=timezone, weekly=weekly, **dates)  # type: ignore[arg-type]
    return is_open(hours, found if found.tzinfo else found.replace(tzinfo=ZoneInfo(timezone)))


@pytest.mark.parametrize(
    ("holiday", "closed_on", "open_on"),
    [
        ("2026-12-24", ["2026-12-24"], ["2026-12-23", "2025-12-24"]),
        ("12-24", ["2026-12-24", "2025-12-24"], ["2026-12-23"]),
        ("2026-08-03 to 2026-08-14", ["2026-08-03", "2026-08-06", "2026-08-14"], ["2026-07-31", "2026-08-17"]),
        ("12-28 to 01-02", ["2026-12-28", "2026-12-31", "2027-01-01"], ["2026-12-24", "2027-01-04", "2026-07-01"]),
        ("2026-12-28 to 2027-01-01", ["2026-12-31", "2027-01-01"], ["2027-12-31", "2027-01-04"]),
        ("02-29", ["2028-02-29"], ["2028-02-28", "2028-03-01", "2027-03-01"]),
        ("02-27 to 03-02", ["2028-02-29", "2027-03-02"], ["2027-03-03"]),
    ],
)
def test_we_are_away_on_these_days(holiday: str, closed_on: list[str], open_on: list[str]) -> None:
    holidays = frozenset({holiday})
    assert [day for day in closed_on if opened(f"{day}T10:00", holidays=holidays)] == []
    assert [day for day in open_on if not opened(f"{day}T10:00", holidays=holidays)] == []


def test_half_a_day_every_christmas_eve() -> None:
    eve = {"12-24": MORNING}
    assert opened("2026-12-24T11:59", special_hours=eve)
    assert not opened("2026-12-24T12:00", special_hours=eve)
    assert opened("2026-12-23T16:00", special_hours=eve)


def test_open_on_one_saturday() -> None:
    assert opened("2027-06-12T10:00", special_hours={"2027-06-12": DAY})
    assert not opened("2027-06-19T10:00", special_hours={"2027-06-12": DAY})


def test_the_narrowest_date_counts() -> None:
    """Two weeks off, but open on one morning of them; always half a day on Christmas Eve, but this year none."""
    weeks_off = {"holidays": frozenset({"2026-08-03 to 2026-08-14"}), "special_hours": {"2026-08-05": MORNING}}
    assert opened("2026-08-05T10:00", **weeks_off)
    assert not opened("2026-08-06T10:00", **weeks_off)
    this_year = {"holidays": frozenset({"2026-12-24"}), "special_hours": {"12-24": MORNING}}
    assert not opened("2026-12-24T10:00", **this_year)
    assert opened("2027-12-24T10:00", **this_year)
    on_new_year = {"holidays": frozenset({"12-24 to 01-01"}), "special_hours": {"12-31": MORNING}}
    assert opened("2026-12-31T10:00", **on_new_year)


def test_special_hours_over_midnight_belong_to_their_day() -> None:
    party = {"special_hours": {"2026-12-31": ((20 * 60, 2 * 60),)}, "holidays": frozenset({"2027-01-01"})}
    assert opened("2027-01-01T01:59", **party)
    assert not opened("2027-01-01T02:00", **party)
    assert not opened("2026-12-31T02:00", **party)


@pytest.mark.parametrize(
    ("at", "is_so"),
    [
        ("2026-03-29T00:59+00:00", True),  # 00:59
        ("2026-03-29T01:00+00:00", False),  # clocks show 02:00 now
        ("2026-10-25T00:15+00:00", True),  # 01:15, summer time
        ("2026-10-25T00:30+00:00", False),  # 01:30
        ("2026-10-25T01:15+00:00", True),  # 01:15 once more
        ("2026-10-25T01:30+00:00", False),
    ],
)
def test_the_clock_on_the_wall_decides_in_the_night_it_changes(at: str, is_so: bool) -> None:
    assert opened(at, weekly=(((0, 90),),) * 7) is is_so


def test_noon_is_noon_on_both_sides_of_a_change() -> None:
    """Also where summer time is half an hour, and where it begins in October."""
    for timezone in ("Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Tokyo"):
        for month in range(1, 13):
            day = next(day for day in range(1, 8) if date(2026, month, day).weekday() == 0)
            assert opened(f"2026-{month:02d}-{day:02d}T09:00", timezone)
            assert not opened(f"2026-{month:02d}-{day:02d}T08:59", timezone)


@pytest.mark.parametrize(
    ("at", "minutes", "until"),
    [
        ("2026-11-30T10:00", 120, "2026-11-30T12:00"),
        ("2026-11-30T16:30", 120, "2026-12-01T10:30"),  # half an hour today, the rest tomorrow
        ("2026-11-27T16:30", 120, "2026-11-30T10:30"),  # over a weekend
        ("2026-11-29T12:00", 60, "2026-11-30T10:00"),
        ("2026-11-30T09:00", 480, "2026-11-30T17:00"),
        ("2026-11-30T09:00", 481, "2026-12-01T09:01"),
        ("2026-03-27T16:30", 60, "2026-03-30T09:30"),  # the clocks change in between
    ],
)
def test_so_many_minutes_while_we_are_open(at: str, minutes: int, until: str) -> None:
    london = ZoneInfo("Europe/London")
    hours = Hours(timezone="Europe/London", weekly=WEEK)
    begins = datetime.fromisoformat(at).replace(tzinfo=london).astimezone(UTC)
    assert after_open_minutes(hours, begins, minutes) == datetime.fromisoformat(until).replace(tzinfo=london)


def test_a_night_shift_counts_over_midnight() -> None:
    hours = Hours(timezone="UTC", weekly=(((22 * 60, 6 * 60),),) * 7)
    assert after_open_minutes(hours, datetime(2026, 11, 30, 23, tzinfo=UTC), 360) == datetime(
        2026, 12, 1, 5, tzinfo=UTC
    )
    assert after_open_minutes(hours, datetime(2026, 12, 1, 2, tzinfo=UTC), 300) == datetime(2026, 12, 1, 23, tzinfo=UTC)


def test_a_line_that_never_opens() -> None:
    at = datetime(2026, 11, 30, 23, tzinfo=UTC)
    assert after_open_minutes(Hours(timezone="UTC", weekly=((),) * 7), at, 60) == at + timedelta(minutes=60)
