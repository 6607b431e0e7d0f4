"""Checks of how long things are kept."""

from collections.abc import Iterator

from callflow.configuration.checks.registry import Check, Found, collector
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.problems import did_you_mean

CHECKS: list[Check] = []
check = collector(CHECKS)


@check("CF290", needs=("callflow", "people"))
def holds_have_an_owner(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    assert draft.people
    owner = draft.callflow.retention.hold_owner
    known = [*draft.people.agents, *draft.people.supervisors, "security"]
    if owner and owner not in known:
        message = f'nobody is called "{owner}" in people.yaml{did_you_mean(owner, known)}'
        yield Found(draft.callflow_source, ("retention", "hold_owner"), message)


@check("CF291", needs=("callflow",))
def incidents_are_kept_longer_than_calls(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    rules = draft.callflow.retention
    if rules.incidents_months is not None and (rules.calls_months or 10**6) > rules.incidents_months:
        message = f"incidents end after {rules.incidents_months} months, but other calls only later"
        yield Found(draft.callflow_source, ("retention",), message)
