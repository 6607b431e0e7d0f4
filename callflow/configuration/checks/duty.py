"""A check of the hours of people against those of flows: is somebody on duty whenever a flow connects to a team?

Times are tried at which any hours begin or end, in a week of winter, a week of summer, and on every date that has hours
of its own. With the branches that a caller chooses every way counts, with opening hours only the one of that time.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from callflow.configuration.checks.hours import dates_are_in_the_calendar, hours_can_be_kept
from callflow.configuration.checks.reachability import next_steps
from callflow.configuration.checks.registry import Check, Found, collector
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.duty import hours_of_duty, resolved
from callflow.configuration.reading.shapes import StepShape
from callflow.core.opening_hours import TO, Hours, is_open, is_yearly

CHECKS: list[Check] = []
check = collector(CHECKS)

MONDAYS = (date(2026, 1, 12), date(2026, 7, 13))
"""Of weeks in which no country changes its clocks."""
YEAR = "2028-"
"""A leap year, for dates of every year."""
Steps = Mapping[tuple[str, str], Hours]


@check("CF200", needs=("people", "callflow", "all_flows"))
def somebody_is_on_duty(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.people
    assert draft.callflow
    if any(chain(hours_can_be_kept(draft), dates_are_in_the_calendar(draft))):
        return  # CF072 is told, and no times can be tried
    duty = hours_of_duty(draft.people, draft.calendars, draft.callflow.timezone)
    groups = [(team, group, ids) for team, shape in draft.people.teams.items()
              for group, ids in (("agents", shape.agents), ("supervisors", shape.supervisors))
              if ids and all(id in duty for id in ids)]  # fmt: skip
    if not groups:
        return
    steps = _hours_of_steps(draft)
    times = [(at, _connected(draft, steps, at)) for at in _times([*duty.values(), *steps.values()])]
    for team, group, ids in groups:
        there = [duty[id] for id in ids]
        late = next(((at, flows[team]) for at, flows in times
                     if team in flows and not any(is_open(one, at) for one in there)), None)  # fmt: skip
        if late:
            who = "nobody" if group == "agents" else "no supervisor"
            when = _told(late[0], there[0].timezone)
            message = f'{who} of "{team}" is on duty {when}, when callers of the flow "{late[1]}" come to it'
            yield Found(draft.people_source, ("teams", team, group), message, key=True)


def _hours_of_steps(draft: ConfigurationDraft) -> Steps:
    """(flow, step) -> hours of every ``hours`` step."""
    assert draft.callflow
    shapes = {(flow, name): step.hours for flow, file in draft.flows.items() for name, step in file.steps.items()}
    zone = draft.callflow.timezone
    found = {place: resolved(shape, draft.calendars, zone) for place, shape in shapes.items() if shape}
    return {place: hours for place, hours in found.items() if hours}


def _times(every: Iterable[Hours]) -> list[datetime]:
    """When any of the hours begin or end: first in usual weeks, then on special dates."""
    known = list(dict.fromkeys((one.timezone, days, minute) for one in every for days in (_dates(one),)
                               for minute in _minutes(one)))  # fmt: skip
    usual = [monday + timedelta(days=number) for monday in MONDAYS for number in range(7)]
    special = sorted({day for _, days, _ in known for day in days})
    zones = {(zone, minute) for zone, _, minute in known}
    return [at for days in (usual, special) for at in sorted({_at(day, *one) for day in days for one in zones})]


def _minutes(hours: Hours) -> set[int]:
    ranges = [one for day in (*hours.weekly, *hours.special_hours.values()) for one in day]
    return {0, *(minute % (24 * 60) for one in ranges for minute in one)}


def _dates(hours: Hours) -> tuple[date, ...]:
    ends = [end for one in (*hours.special_hours, *hours.holidays) for end in one.split(TO)]
    return tuple(sorted({date.fromisoformat(YEAR + end if is_yearly(end) else end) for end in ends}))


def _at(day: date, zone: str, minute: int) -> datetime:
    local = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    return local.replace(hour=minute // 60, minute=minute % 60).astimezone(UTC)


def _connected(draft: ConfigurationDraft, steps: Steps, at: datetime) -> dict[str, str]:
    """Team -> a flow that connects a caller who arrives at this time to it."""
    assert draft.callflow
    found: dict[str, str] = {}
    met: set[tuple[str, str]] = set()
    called = {one.flow for one in draft.callflow.numbers.values() if one.flow}
    ahead = [(flow, draft.flows[flow].start) for flow in draft.flows if flow in called]
    while ahead:
        flow, name = ahead.pop()
        step = draft.flows[flow].steps.get(name)
        if step is None or (flow, name) in met:
            continue
        met.add((flow, name))
        if step.connect:
            found.setdefault(step.connect, flow)
        if step.flow in draft.flows:
            ahead.append((step.flow, draft.flows[step.flow].start))
        ahead += [(flow, one) for one in _ways(step, steps.get((flow, name)), at)]
    return found


def _ways(step: StepShape, hours: Hours | None, at: datetime) -> list[str]:
    if hours is None:
        return next_steps(step)
    return [one for one in (step.open if is_open(hours, at) else step.closed,) if one]


def _told(at: datetime, zone: str) -> str:
    """ "on Saturday at 09:00", with the date unless it is so every week."""
    local = at.astimezone(ZoneInfo(zone))
    usual = any(monday - timedelta(days=1) <= local.date() <= monday + timedelta(days=7) for monday in MONDAYS)
    return f"on {local:%A} at {local:%H:%M}" if usual else f"on {local:%Y-%m-%d} at {local:%H:%M}"
