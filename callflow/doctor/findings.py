"""One finding of an examination: what was seen, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    ERROR = "error"
    """Calls fail, or will."""
    WARNING = "warning"
    """Calls work, but something that ops rely on does not."""
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class Finding:
    """``check`` is the name of the part that was examined. ``fix`` is "" if there is nothing to do.

    Neither text contains a secret or the number of a person.
    """

    check: str
    level: Level
    what: str
    fix: str = ""

    def as_fields(self) -> dict[str, Any]:
        return {"check": self.check, "level": self.level.value, "what": self.what, "fix": self.fix}


def good(check: str, what: str) -> Finding:
    return Finding(check, Level.GOOD, what)


def warning(check: str, what: str, fix: str) -> Finding:
    return Finding(check, Level.WARNING, what, fix)


def error(check: str, what: str, fix: str) -> Finding:
    return Finding(check, Level.ERROR, what, fix)
