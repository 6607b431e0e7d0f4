"""Checks of opening hours, in steps and in calendars.yaml."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

from callflow.configuration.checks.flows import every_step
from callflow.configuration.checks.registry import Check, Found, collector
from callflow.configuration.convert_flows import minutes
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.problems import did_you_mean
from callflow.configuration.reading.hours import CalendarShape, HoursShape
from callflow.configuration.reading.source import Loc, Source
from callflow.core.opening_hours import TO, breadth, covers, is_yearly

CHECKS: list[Check] = []
check = collector(CHECKS)

LONGEST_DAYS = 366
"""The longest range of dates: a longer one is a wrong year."""
LEAP_YEAR = "2028-"
FIXED = frozenset({
    "UTC", "UCT", "GMT", "GMT0", "GMT+0", "GMT-0", "Greenwich", "Universal", "Zulu", "EST", "MST", "HST",
})  # fmt: skip
"""Zones that are no place, and have the same time all year. Those of places without summer time are meant."""


def _every_hours(draft: ConfigurationDraft) -> Iterator[tuple[Source, Loc, CalendarShape]]:
    """Hours that are written out, with their place."""
    for source, _, step, loc in every_step(draft):
        if step.hours and not step.hours.calendar:
            yield source, (*loc, "hours"), step.hours
    for loc, own in _duties(draft):
        if not own.calendar:
            yield draft.people_source, loc, own
    if draft.calendars and draft.calendars_source:
        for name, shape in draft.calendars.calendars.items():
            yield draft.calendars_source, ("calendars", name), shape


def _duties(draft: ConfigurationDraft) -> Iterator[tuple[Loc, HoursShape]]:
    """The hours of people, with their place in people.yaml."""
    for group in ("agents", "supervisors") if draft.people else ():
        for id, one in getattr(draft.people, group).items():
            if one.on_duty:
                yield (group, id, "on_duty"), one.on_duty


def _uses(draft: ConfigurationDraft) -> Iterator[tuple[Source, Loc, HoursShape, str]]:
    """Every place where hours or the name of a calendar can stand, and what it is called in messages."""
    for source, name, step, loc in every_step(draft):
        if step.hours:
            yield source, (*loc, "hours"), step.hours, f'the "hours" step "{name}"'
    for loc, shape in _duties(draft):
        yield draft.people_source, loc, shape, f'"on_duty" of "{loc[1]}"'


@check("CF072")
def hours_can_be_kept(draft: ConfigurationDraft) -> Iterator[Found]:
    for source, loc, shape in _every_hours(draft):
        for key, days in (("weekly", shape.weekly), ("special_hours", shape.special_hours)):
            for day, ranges in days.items():
                if fault := _clash(list(ranges)):
                    yield Found(source, (*loc, key, day), f'"{day}": {fault}')
        if shape.timezone and not _is_zone(shape.timezone):
            message = f'the time zone "{shape.timezone}" is not known here; write it like Europe/London'
            yield Found(source, (*loc, "timezone"), message)


@check("CF072")
def dates_are_in_the_calendar(draft: ConfigurationDraft) -> Iterator[Found]:
    for source, loc, shape in _every_hours(draft):
        for place, dates in _dates(shape):
            if fault := _date_fault(dates):
                yield Found(source, (*loc, *place), fault, key=place[0] == "special_hours")


@check("CF072")
def dates_are_clear(draft: ConfigurationDraft) -> Iterator[Found]:
    """Of dates that cover one day the narrowest counts; if two are equally narrow, nobody knows which is meant."""
    for source, loc, shape in _every_hours(draft):
        good = [(place, dates) for place, dates in _dates(shape) if not _date_fault(dates)]
        for (special, first), (place, dates) in combinations(good, 2):
            if special[0] == "holidays" or breadth(first) != breadth(dates):
                continue  # two holidays on one day are no contradiction
            if day := _common_day(first, dates):
                message = f'"{dates}" and "{first}" both cover {day}: give that day one meaning'
                yield Found(source, (*loc, *place), message, key=place[0] == "special_hours")


@check("CF033")
def hours_are_given(draft: ConfigurationDraft) -> Iterator[Found]:
    for source, loc, shape, what in _uses(draft):
        if not shape.calendar and not shape.weekly:
            message = f'{what} needs "weekly", or the name of a calendar: {{{loc[-1]}: office}}'
            yield Found(source, loc, message)


@check("CF083")
def calendars_are_there(draft: ConfigurationDraft) -> Iterator[Found]:
    if draft.calendars_source and not draft.calendars:
        return
    known = draft.calendars.calendars if draft.calendars else {}
    for source, loc, shape, _ in _uses(draft):
        if shape.calendar and shape.calendar not in known:
            hint = did_you_mean(shape.calendar, known) if known else ": there is no calendars.yaml"
            yield Found(source, loc, f'there is no calendar "{shape.calendar}"{hint}')
        elif shape.calendar and len(shape.model_fields_set) > 1:
            who = "a step" if "steps" in loc else "a person"
            yield Found(source, loc, f'the hours of "{shape.calendar}" are in calendars.yaml; {who} cannot change them')


@check("CF201", needs=("people", "all_flows", "calendars"))
def calendars_are_used(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.calendars
    assert draft.calendars_source
    known, named = draft.calendars.calendars, {shape.calendar for _, _, shape, _ in _uses(draft)} - {None}
    if draft.deescalation:
        named |= {draft.deescalation.incidents.calendar} - {""}
    if named - set(known):
        return  # a mistyped name may be one of those that seem to be unused
    for name in known:
        if name not in named:
            message = f'no step and no person uses the calendar "{name}"'
            yield Found(draft.calendars_source, ("calendars", name), message, key=True)


@check("CF081", needs=("today",))
def dates_are_still_to_come(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.today
    for source, loc, shape in _every_hours(draft):
        for key, what, days in (("holidays", "holiday", shape.holidays),
                                ("special_hours", "day with other hours", shape.special_hours)):  # fmt: skip
            dated = [dates for dates in days if not is_yearly(dates) and not _date_fault(dates)]
            last = max((dates.split(TO)[-1] for dates in dated), default="")
            if last and last < draft.today.isoformat():
                message = f"the last {what} was {last}: add those that come, or take away what is over"
                yield Found(source, (*loc, key), message, key=True)


@check("CF082", needs=("callflow",))
def zones_have_summer_time(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    for source, loc, shape in _every_hours(draft):
        zone = shape.timezone or draft.callflow.timezone
        if zone in FIXED or zone.startswith("Etc/"):
            whose = "" if shape.timezone else " of callflow.yaml"
            message = f'the time zone "{zone}"{whose} has no summer time; write a place, like Europe/London'
            yield Found(source, (*loc, "timezone"), message)


def _dates(shape: CalendarShape) -> Iterator[tuple[Loc, str]]:
    for dates in shape.special_hours:
        yield ("special_hours", dates), dates
    for number, dates in enumerate(shape.holidays):
        yield ("holidays", number), dates


def _date_fault(dates: str) -> str:
    """What is wrong with a date or a range of dates, or ""."""
    yearly = is_yearly(dates)
    ends = dates.split(TO)
    for one in ends:
        if not _is_date(LEAP_YEAR + one if yearly else one):
            return f'"{one}" is not in the calendar'
    first, last = ends[0], ends[-1]
    if not yearly and (date.fromisoformat(last) - date.fromisoformat(first)).days not in range(LONGEST_DAYS):
        return f'"{dates}" ends before it begins, or lasts more than a year'
    return ""


def _common_day(one: str, other: str) -> str:
    """A day that both cover, as it is written; "" if there is none. Both are yearly, or both are not."""
    begin, year = one.split(TO)[0], LEAP_YEAR if is_yearly(one) else ""
    most = LONGEST_DAYS if TO in one else 1
    days = (date.fromisoformat(year + begin) + timedelta(days=number) for number in range(most))
    found = next((day for day in days if covers(one, day) and covers(other, day)), None)
    return found.isoformat()[len(year) :] if found else ""


def _clash(ranges: list[str]) -> str:
    """What is wrong with the ranges of one day, or ""."""
    read = [(begin, end if end > begin else end + 24 * 60, text) for text in ranges for begin, end in (minutes(text),)]
    if empty := next((text for text in ranges if len(set(minutes(text))) == 1), ""):
        return f'"{empty}" begins when it ends; the whole day is "00:00-24:00"'
    for (begin, end, one), (other_begin, other_end, other) in combinations(read, 2):
        if begin < other_end and other_begin < end:
            return f'"{one}" and "{other}" overlap'
    return ""


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        return False
    return True
