"""Checks of who answers incidents, and until when."""

from collections.abc import Iterator

from callflow.configuration.checks.people import RESERVED
from callflow.configuration.checks.registry import Check, Found, collector
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.problems import did_you_mean

CHECKS: list[Check] = []
check = collector(CHECKS)


@check("CF285", needs=("people", "deescalation"))
def somebody_else_can_answer(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.people
    assert draft.deescalation
    up = draft.deescalation.incidents.late_to
    able = {*draft.people.reviewers, *([up] if up else [])}
    if draft.people.reviewers and len(able) < 2:
        message = f'only "{min(able)}" can answer incidents: if that is late, nobody else is told'
        yield Found(draft.people_source, ("reviewers",), message, key=True)


@check("CF286", needs=("people",))
def reviewers_are_one_person(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.people
    people = draft.people
    names = {id: one.name for id, one in people.supervisors.items()} | {
        id: one.name for id, one in people.agents.items()
    }
    for id, one in people.reviewers.items():
        message = ""
        if id in RESERVED:
            message = f'"{id}" is a name of our own; choose another id'
        elif names.get(id, one.name) != one.name:
            message = f'"{id}" is the id of {names[id]}, too: it must be one and the same person'
        if message:
            yield Found(draft.people_source, ("reviewers", id), message, key=True)


@check("CF287", needs=("deescalation",))
def working_days_are_known(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.deescalation
    named = draft.deescalation.incidents.calendar
    if draft.calendars_source and not draft.calendars:
        return
    known = draft.calendars.calendars if draft.calendars else {}
    if named and named not in known:
        hint = did_you_mean(named, known) if known else ": there is no calendars.yaml"
        yield Found(draft.deescalation_source, ("incidents", "calendar"), f'there is no calendar "{named}"{hint}')


@check("CF288", needs=("people", "deescalation"))
def silence_goes_to_somebody(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.people
    assert draft.deescalation
    named = draft.deescalation.incidents.late_to
    known = {*draft.people.supervisors, *draft.people.reviewers}
    if named and named not in known:
        message = f'"{named}" is neither a reviewer nor a supervisor{did_you_mean(named, known)}'
        yield Found(draft.deescalation_source, ("incidents", "late_to"), message)
