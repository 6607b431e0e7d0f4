"""The lock of a PIN: after ``MOST_WRONG`` wrong tries in a row it is locked for ``LOCKED`` (or until ops unlock it)."""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final

from callflow.core.records import record

MOST_WRONG: Final = 5
LOCKED: Final = timedelta(minutes=15)
LEAST_DIGITS: Final = 6
MOST_DIGITS: Final = 12


class TryOutcome(StrEnum):
    """What came of a try, as it is counted. Whoever tries hears only whether it was right."""

    RIGHT = "right"
    WRONG = "wrong"
    LOCKED_NOW = "locked now"
    LOCKED = "locked"


@record
class Pin:
    """The PIN of a person, as a slow salted hash (``service.pins``). ``wrong`` counts wrong tries in a row."""

    person: str
    hash: str
    wrong: int = 0
    locked_until: datetime | None = None

    def locked(self, at: datetime) -> bool:
        return self.locked_until is not None and at < self.locked_until


def tried(pin: Pin, right: bool, at: datetime) -> tuple[Pin, TryOutcome]:
    """The PIN after a try. While it is locked no try counts, not even a right one."""
    if pin.locked(at):
        return pin, TryOutcome.LOCKED
    if right:
        return replace(pin, wrong=0, locked_until=None), TryOutcome.RIGHT
    if pin.wrong + 1 < MOST_WRONG:
        return replace(pin, wrong=pin.wrong + 1, locked_until=None), TryOutcome.WRONG
    return replace(pin, wrong=0, locked_until=at + LOCKED), TryOutcome.LOCKED_NOW


def not_a_pin(digits: str) -> str:
    """Why these digits cannot be a PIN, in words that follow them; "" if they can."""
    if not (digits.isascii() and digits.isdecimal()) or not LEAST_DIGITS <= len(digits) <= MOST_DIGITS:
        return f"must have {LEAST_DIGITS} to {MOST_DIGITS} digits, and nothing else"
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(digits)}
    if len(steps) == 1 and steps <= {0, 1, 9}:
        return "is among the first that anybody tries: one digit again and again, or digits in their order"
    return ""
