"""Checks of teams: everybody can be rung, in time, and callers can tell them apart."""

import re
from collections.abc import Iterator

from callflow.configuration.checks.flows import every_step
from callflow.configuration.checks.registry import Check, Found, collector
from callflow.configuration.draft import ConfigurationDraft

CHECKS: list[Check] = []
check = collector(CHECKS)

ARTICLE = re.compile(r"(a|an|the|our|one of)\s", re.IGNORECASE)


@check("CF125", needs=("people",))
def teams_have_supervisors(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.people
    for team, shape in draft.people.teams.items():
        if not shape.supervisors:
            message = f'the team "{team}" has no supervisors: step 2 always ends in "nobody is free"'
            yield Found(draft.people_source, ("teams", team), message, key=True)


@check("CF202", needs=("people",))
def nobody_is_the_only_one_to_help_oneself(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.people
    for team, shape in draft.people.teams.items():
        alone = next((id for id in shape.agents if set(shape.supervisors) == {id}), "")
        if alone:
            message = (
                f'"{alone}" is the only supervisor of "{team}" and one of its agents: nobody helps with those calls'
            )
            yield Found(draft.people_source, ("teams", team, "supervisors", 0), message)


@check("CF119", needs=("people",))
def teams_have_a_name(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.people
    for team, shape in draft.people.teams.items():
        if not shape.name:
            message = f'the team "{team}" has no "name": an offer does not tell agents which team it is for'
            yield Found(draft.people_source, ("teams", team), message, key=True)


@check("CF127", needs=("people",))
def names_differ_in_a_team(draft: ConfigurationDraft) -> Iterator[Found]:
    """The same name only confuses a caller who meets both people: an agent and a supervisor of one team."""
    assert draft.people
    people, seen = draft.people, set()
    for shape in people.teams.values():
        agents = {people.agents[id].name.casefold(): id for id in shape.agents if id in people.agents}
        for id in shape.supervisors:
            name = people.supervisors[id].name if id in people.supervisors else ""
            same = agents.get(name.casefold())
            if same and same != id and id not in seen:
                seen.add(id)
                message = f'callers hear "{name}" for "{same}" and for "{id}" when one introduces the other'
                yield Found(draft.people_source, ("supervisors", id, "name"), message)


@check("CF128", needs=("people",))
def everybody_is_in_a_team(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.people
    for group in ("agents", "supervisors"):
        known = getattr(draft.people, group)
        named = [id for shape in draft.people.teams.values() for id in dict.fromkeys(getattr(shape, group))]
        listed = [id for shape in draft.people.teams.values() for id in getattr(shape, group)]
        if set(named) - set(known) or len(listed) > len(named):
            continue  # a mistyped id may be one of those that seem to be in no team
        for id in known:
            if id not in named:
                yield Found(draft.people_source, (group, id), f'"{id}" is in no team and is never rung', key=True)


@check("CF129", needs=("people", "deescalation"))
def every_supervisor_is_rung(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.people
    assert draft.deescalation
    care = draft.deescalation.delegate_upwards
    reached = -(-care.ring_total_seconds // care.ring_seconds)
    if care.ring_total_seconds < care.ring_seconds:
        return
    for team, shape in draft.people.teams.items():
        if shape.ring != "all" and len(shape.supervisors) > reached:
            id = shape.supervisors[reached]
            message = (
                f'"{id}" is never rung: "ring_total_seconds" is {care.ring_total_seconds}, '
                f"enough for {reached} at {care.ring_seconds} seconds each"
            )
            yield Found(draft.people_source, ("teams", team, "supervisors", reached), message)


@check("CF110", needs=("people", "callflow"))
def roles_have_their_article(draft: ConfigurationDraft) -> Iterator[Found]:
    """In English a role has an article; other languages are not checked."""
    assert draft.people
    assert draft.callflow
    if not draft.callflow.language.startswith("en"):
        return
    for id, one in draft.people.supervisors.items():
        if not ARTICLE.match(one.role):
            message = f'callers hear "would like to bring in {one.role}"; write the role with "a" or "the" before it'
            yield Found(draft.people_source, ("supervisors", id, "role"), message)


@check("CF133", needs=("people", "all_flows"))
def every_team_is_connected_to(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.people
    connected = {step.connect for _, _, step, _ in every_step(draft) if step.connect}
    if connected - set(draft.people.teams):
        return
    for team in draft.people.teams:
        if team not in connected:
            yield Found(draft.people_source, ("teams", team), f'no flow connects to the team "{team}"', key=True)
