"""The shape of opening hours: of a step, and of calendars.yaml. ``checks.hours`` has what concerns several values."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from callflow.configuration.reading.strict import Shape

_ONE_YEAR = r"20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_EVERY_YEAR = r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
RANGE = r"^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]:[0-5][0-9]|2[0-3]:[0-5][0-9]|24:00)$"
DATES = rf"^({_ONE_YEAR}( to {_ONE_YEAR})?|{_EVERY_YEAR}( to {_EVERY_YEAR})?)$"
PATTERNS: Mapping[str, str] = MappingProxyType({
    RANGE: 'hours like "09:00-17:00"',
    DATES: 'a date like "2026-12-25", "12-25" for every year, or "2026-12-27 to 2027-01-02"',
})  # fmt: skip
"""Patterns in words, for messages."""

Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Ranges = list[Annotated[str, Field(pattern=RANGE)]]
Dates = Annotated[str, Field(pattern=DATES)]


class CalendarShape(Shape):
    timezone: str | None = Field(default=None, description="of these hours; by default that of callflow.yaml")
    weekly: dict[Day, Ranges] = Field(
        min_length=1, description='day -> ranges like "09:00-17:00"; "22:00-02:00" goes on after midnight'
    )
    holidays: list[Dates] = Field(
        default_factory=list,
        description='closed on these: "2026-12-25", every year "12-25", from one to another "12-27 to 01-02"',
    )
    special_hours: dict[Dates, Ranges] = Field(
        default_factory=dict, description='other hours on these, such as half days: "12-24": ["09:00-12:00"]'
    )


class HoursShape(CalendarShape):
    """``hours: office`` is read as ``hours: {calendar: office}``."""

    calendar: str | None = Field(default=None, description="hours of this name in calendars.yaml, instead of own ones")
    weekly: dict[Day, Ranges] = Field(
        default_factory=dict, description=CalendarShape.model_fields["weekly"].description
    )


def named_calendar(value: Any) -> Any:
    return {"calendar": value} if isinstance(value, str) else value


def or_a_name(schema: dict[str, Any]) -> None:
    """For editors: the name of a calendar is allowed, too."""
    schema["anyOf"].insert(0, {"type": "string"})


OnDuty = Annotated[HoursShape | None, BeforeValidator(named_calendar)]
ON_DUTY = "rung only in these hours: written here, or those of a calendar in calendars.yaml by its name"


class CalendarsFile(Shape):
    """calendars.yaml"""

    version: Annotated[Literal[1], Field(description="of this file's format")]
    calendars: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")], CalendarShape] = Field(
        min_length=1, description="name -> opening hours, for `hours` steps of any flow and `on_duty` of people"
    )
