"""The shape of a called number: its flow, or more about it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from callflow.configuration.reading.strict import Shape

ACCOUNT = r"^AC[0-9a-fA-F]{32}$"
PATTERNS: Mapping[str, str] = MappingProxyType({ACCOUNT: "AC and 32 hex digits, from the provider's console"})
"""Patterns in words, for messages."""

Arguments = dict[str, Any]
"""Parameter of a flow -> value. ``reading.parameters`` has filled them in before a shape is made."""


class OwnOrganisationShape(Shape):
    name: str | None = Field(default=None, min_length=1, max_length=80, description="{org} on calls to this number")
    contact: str | None = Field(
        default=None, min_length=1, max_length=80, description="{contact} on calls to this number"
    )


class NumberShape(Shape):
    """``"+15550100100": front_desk`` is read as ``"+15550100100": {flow: front_desk}``."""

    flow: str = Field(default="", description="the flow that calls to this number begin with")
    staff: bool = Field(default=False, description="this number is the staff line instead: no caller is answered here")
    with_: Arguments | None = Field(default=None, alias="with", description="parameter of the flow -> value")
    organisation: OwnOrganisationShape = Field(
        default=OwnOrganisationShape(), description="who we are on this number, where that differs"
    )
    account: str | None = Field(
        default=None, pattern=ACCOUNT, description="the provider's account that has this number, if it is a sub-account"
    )


def named_flow(value: Any) -> Any:
    return {"flow": value} if isinstance(value, str) else value


class _OrAName:
    """For editors: the name of a flow is enough."""

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        return {"anyOf": [{"type": "string"}, handler(core)]}


CalledNumber = Annotated[NumberShape, BeforeValidator(named_flow), _OrAName()]
