"""The hours in which people may be rung: written with the person, or those of a calendar by its name."""

from callflow.configuration.convert_flows import hours_of
from callflow.configuration.reading.hours import CalendarsFile, HoursShape
from callflow.configuration.reading.shapes import PeopleFile
from callflow.core.opening_hours import Hours


def shapes_of_duty(people: PeopleFile) -> dict[str, HoursShape]:
    """Person -> ``on_duty``. Whoever is agent and supervisor may have it in either place."""
    groups = (people.supervisors, people.agents)
    return {id: one.on_duty for group in groups for id, one in group.items() if one.on_duty}


def hours_of_duty(people: PeopleFile, calendars: CalendarsFile | None, timezone: str) -> dict[str, Hours]:
    """Person -> hours of those who have some, without calendars that do not exist."""
    found = {id: resolved(shape, calendars, timezone) for id, shape in shapes_of_duty(people).items()}
    return {id: hours for id, hours in found.items() if hours}


def resolved(shape: HoursShape, calendars: CalendarsFile | None, timezone: str) -> Hours | None:
    """The hours of a shape, or of the calendar that it names; None if there is no such calendar."""
    if not shape.calendar:
        return hours_of(shape, timezone)
    found = calendars.calendars.get(shape.calendar) if calendars else None
    return hours_of(found, timezone) if found else None
