"""What a person is doing, and whether the person is away. Stored, so that every server knows it."""

from datetime import datetime
from enum import StrEnum

from callflow.core.records import record
from callflow.core.tries import AWAY_AFTER


class Presence(StrEnum):
    FREE = "free"
    RUNG = "rung"
    ON_CALL = "on_call"
    WRAP_UP = "wrap_up"
    COOL_DOWN = "cool_down"
    STAFF_LINE = "staff_line"
    """Practises, or records a line, on the staff line."""
    OTHER = "other"
    """What only a newer Callflow knows: not free."""

    @classmethod
    def _missing_(cls, value: object) -> "Presence":
        return cls.OTHER


@record
class PersonPresence:
    """What a person is doing, since when, for which call. After ``until`` (cool-down, wrap-up) the person is free.

    ``missed`` counts the calls in a row that the person did not answer. It is read only: what is saved of a person
    leaves it alone, and ``Change.answered`` changes it.
    """

    person: str
    presence: Presence = Presence.FREE
    call: str = ""
    since: datetime
    until: datetime | None = None
    missed: int = 0

    @property
    def away(self) -> bool:
        """Rung for locked calls only, until the person presses a key or ``callflow people`` says otherwise."""
        return self.missed >= AWAY_AFTER
