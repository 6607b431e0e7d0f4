"""How telephones are written: a number, a SIP address or a client, and an extension behind a number.

The id of somebody else instead is that person's telephone, with its extension.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self

from pydantic import Field, PrivateAttr, model_validator

from callflow.configuration.reading.strict import Shape

Telephone = Annotated[
    str,
    Field(
        min_length=1,
        max_length=400,
        description='E.164 in quotes: "+15550100111", sip:kai@host, client:lea, or whose telephone it is: ana',
    ),
]
Extension = Annotated[
    str, Field(max_length=40, description='keys sent after the answer, in quotes: "ww204" (w waits 0.5 s, W a second)')
]
CallsOut = Annotated[
    Literal["no", "staff"],
    Field(description="staff: agents and supervisors may call customers, who see caller_id"),
]
STAFF_NUMBER = r"^([0-9]{2,10})?$"
StaffNumber = Annotated[
    str,
    Field(
        pattern=STAFF_NUMBER,
        description="2 to 10 digits in quotes, with which this person logs in to the staff line from any telephone",
    ),
]
PATTERNS: Mapping[str, str] = MappingProxyType({STAFF_NUMBER: "2 to 10 digits, in quotes"})
"""Patterns in words, for messages."""
GROUPS = ("agents", "supervisors")


class SharingTelephones(Shape):
    """People of whom some name somebody else's telephone."""

    _shared: set[tuple[str, str]] = PrivateAttr(default_factory=set)

    @model_validator(mode="after")
    def _take_telephones(self) -> Self:
        groups: dict[str, dict[str, Any]] = {name: getattr(self, name) for name in GROUPS}
        everybody = {**groups["supervisors"], **groups["agents"]}
        for name, group in groups.items():
            for id, one in group.items():
                if found := _owner(one, everybody):
                    group[id] = one.model_copy(update={"phone": found.phone, "extension": found.extension})
                    self._shared.add((name, id))
        return self

    def shares(self, group: str, id: str) -> bool:
        """Whether this person's telephone is written as somebody else's."""
        return (group, id) in self._shared


def _owner(one: Any, people: Mapping[str, Any]) -> Any:
    """Whose telephone ``one`` names by an id; None if it names none, or one that leads nowhere or back to itself."""
    met: set[str] = set()
    while one.phone in people and one.phone not in met:
        met.add(one.phone)
        one = people[one.phone]
    return one if met and one.phone not in people else None
