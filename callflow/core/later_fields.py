"""What a newer Callflow has stored in a call, and this one does not know (``codec``).

Fields are kept as JSON and written back, so that old and new nodes share calls during an upgrade. A name that is not
known, such as that of a stage, makes the whole call unreadable: nobody here can go on with it.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import fields
from enum import StrEnum
from typing import Any, Final, TypeVar

from callflow.core.call import Call, Leg, Search
from callflow.core.evidence import CallBack, Closing, Consent, Warned

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

LATER: Final = "later"
"""The field of each of these classes for those that it does not have."""
_KNOWN: Final = {
    made: {one.name for one in fields(made)} for made in (Call, Leg, Consent, Warned, Closing, Search, CallBack)
}
_dumps = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
_loads = json.JSONDecoder().decode


class UnreadableCall(ValueError):
    """The text is not a stored call: it is damaged, or its version is unknown."""


class NewerCall(UnreadableCall):
    """The call was written by a newer Callflow than this one. Run the newer version on every node."""

    def __init__(self, what: str) -> None:
        super().__init__(f"call written with {what}, which this Callflow does not know: run the later version")


class Members(dict[str, T]):
    """The members of an enumeration by value. Raises NewerCall for any other."""

    def __init__(self, what: str, members: Iterable[tuple[str, T]]) -> None:
        super().__init__(members)
        self.what = what

    def __missing__(self, value: object) -> T:
        raise NewerCall(f"another {self.what}")  # not quoted, because the text may be damaged


def members_of(enumeration: type[E]) -> Members[E]:
    return Members(enumeration.__name__, [(one.value, one) for one in enumeration])


def read_fields(kind: Callable[..., T], found: dict[str, Any]) -> T:
    """A value of this class with these fields. Those that the class does not have are in ``later``."""
    try:
        return kind(**found)
    except TypeError:
        later = {name: found.pop(name) for name in [*found] if name not in _KNOWN[kind]}  # type: ignore[index]
        if not later:
            raise
        return kind(**found, later=_dumps(later))


def write_later(found: dict[str, Any], later: str) -> dict[str, Any]:
    """``found`` with the fields that ``read_fields`` kept."""
    if later:
        found.update(_loads(later))
    return found
