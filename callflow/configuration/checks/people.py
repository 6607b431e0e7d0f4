"""Checks of numbers, people and teams."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from callflow.configuration.checks.phones import telephone
from callflow.configuration.checks.registry import Check, Found, collector
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.problems import did_you_mean
from callflow.configuration.reading.source import Loc, Source

CHECKS: list[Check] = []
check = collector(CHECKS)

RESERVED = {"security", "caller", "callflow"}
"""Ids that have another meaning in the journal."""


@check("CF013", needs=("callflow",))
def our_numbers_are_quoted(draft: ConfigurationDraft) -> Iterator[Found]:
    for loc in sorted(draft.callflow_source.numeric_keys, key=str):
        if loc[0] == "numbers":
            yield Found(
                draft.callflow_source, loc, f'the phone number {loc[1]} must be in quotes: "{loc[1]}"', key=True
            )


@check("CF021", needs=("people",))
def ids_are_of_one_person(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.people
    for id in draft.people.supervisors:
        if different := _differ(draft, id):
            message = f'"{id}" is the id of an agent, too, with another {different}: it must be one and the same person'
            yield Found(draft.people_source, ("supervisors", id), message, key=True)
    for group in ("agents", "supervisors"):
        for id in sorted(RESERVED & set(getattr(draft.people, group))):
            yield Found(draft.people_source, (group, id), f'"{id}" is a name of our own; choose another id', key=True)


def _differ(draft: ConfigurationDraft, id: str) -> str:
    """What is not the same where an agent and a supervisor have this id; "" if nothing is."""
    assert draft.people
    agent, supervisor = draft.people.agents.get(id), draft.people.supervisors[id]
    if not agent:
        return ""
    both = agent.on_duty and supervisor.on_duty
    same = {"name": agent.name == supervisor.name,
            "phone": telephone(agent.phone, draft) == telephone(supervisor.phone, draft),
            "on_duty": not both or agent.on_duty == supervisor.on_duty}  # fmt: skip
    return next((name for name, alike in same.items() if not alike), "")


@check("CF022", needs=("people",))
def teams_have_people_that_exist(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.people
    for team, shape in draft.people.teams.items():
        for group, ids in (("agents", shape.agents), ("supervisors", shape.supervisors)):
            known = getattr(draft.people, group)
            for number, id in enumerate(ids):
                if id not in known:
                    message = f'"{id}" is not in {group}{did_you_mean(id, known)}'
                    yield Found(draft.people_source, ("teams", team, group, number), message)


@check("CF026", needs=("people",))
def nobody_is_twice_in_a_team(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.people
    for team, shape in draft.people.teams.items():
        for group, ids in (("agents", shape.agents), ("supervisors", shape.supervisors)):
            for number, id in enumerate(ids):
                if id in ids[:number]:
                    yield Found(draft.people_source, ("teams", team, group, number), f'"{id}" is in this list twice')


def flow_loc(callflow: Source, number: str) -> Loc:
    """Where the flow of a number is named: alone, or among other things about the number."""
    within = ("numbers", number, "flow")
    return within if within in callflow.values else ("numbers", number)


@check("CF024", needs=("callflow", "flow_names"))
def numbers_lead_to_flows(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    known = draft.flow_names or set()
    for number, one in draft.callflow.numbers.items():
        if one.flow not in known and not (one.staff and not one.flow):
            message = f'there is no flow "{one.flow}" in flows/{did_you_mean(one.flow, known)}'
            message = message if one.flow else "a number needs a flow, or staff: true"
            yield Found(draft.callflow_source, flow_loc(draft.callflow_source, number), message)


@check("CF025", needs=("callflow",))
def timezone_exists(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    try:
        ZoneInfo(draft.callflow.timezone)
    except (KeyError, ValueError, OSError):
        message = f'the time zone "{draft.callflow.timezone}" is not known here; write it like "Europe/London", or UTC'
        yield Found(draft.callflow_source, ("timezone",), message)
