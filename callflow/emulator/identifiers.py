"""Identifiers and dates as Twilio writes them: SIDs `^XX[0-9a-f]{32}$` and RFC 2822 dates (twilio.md 5.0)."""

from __future__ import annotations

import random
import re
from datetime import UTC, date, datetime
from functools import lru_cache

SID = re.compile(r"^[A-Z]{2}[0-9a-f]{32}$")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Sids:
    """A seeded source of SIDs, so that a run can be repeated."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def new(self, prefix: str) -> str:
        """`new("CA")` -> `CA` and 32 hexadecimal digits."""
        return f"{prefix}{self._random.getrandbits(128):032x}"


def rfc2822(moment: datetime) -> str:
    """`Thu, 01 Jun 2017 20:48:32 +0000`. Does not use strftime, which depends on the locale."""
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return f"{_day(utc.date())} {utc.isoformat()[11:19]} +0000"


@lru_cache(maxsize=16)
def _day(date: date) -> str:
    return f"{_DAYS[date.weekday()]}, {date.day:02d} {_MONTHS[date.month - 1]} {date.year}"
