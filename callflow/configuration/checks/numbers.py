"""Checks of the spelling of telephone numbers, wherever one can stand."""

import re
from collections.abc import Iterator

from callflow.configuration.checks.flows import every_step
from callflow.configuration.checks.phones import is_emergency_phone, region, telephones
from callflow.configuration.checks.registry import Check, Found, collector
from callflow.configuration.dialling import not_e164
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.problems import did_you_mean
from callflow.configuration.reading.shapes import ID
from callflow.configuration.reading.source import Loc, Source
from callflow.configuration.telephone import is_number

CHECKS: list[Check] = []
check = collector(CHECKS)


@check("CF020", needs=("callflow",))
def our_numbers_are_valid(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    yield from _misspelt(draft, draft.callflow_source, ("caller_id",), draft.callflow.caller_id)
    for number in draft.callflow.numbers:
        yield from _misspelt(draft, draft.callflow_source, ("numbers", number), number, key=True, other=True)


@check("CF020", needs=("people",))
def phones_are_valid(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.people
    people = {**draft.people.agents, **draft.people.supervisors}
    for one in telephones(draft):
        if one.group != "security" and re.fullmatch(ID, one.phone):
            unknown = f'there is no person "{one.phone}"{did_you_mean(one.phone, people)}'
            why = f'"{one.phone}" has no telephone' if one.phone in people else unknown
            message = f"{why}; write a number or whose telephone it is"
            yield Found(draft.people_source, one.loc, message)
        else:
            yield from _misspelt(draft, draft.people_source, one.loc, one.phone, other=True)
    for group in ("reviewers", "ops", "auditors"):
        for id, one in getattr(draft.people, group).items():
            if one.phone:
                yield from _misspelt(draft, draft.people_source, (group, id, "phone"), one.phone)


@check("CF020")
def numbers_outside_are_valid(draft: ConfigurationDraft) -> Iterator[Found]:
    for source, _, step, loc in every_step(draft):
        if step.forward:
            yield from _misspelt(draft, source, (*loc, "forward"), step.forward)


def _misspelt(draft: ConfigurationDraft, source: Source, loc: Loc, phone: str, *, key: bool = False,
              other: bool = False) -> Iterator[Found]:  # fmt: skip
    """Not E.164; an emergency number has codes of its own, except as one of our numbers.

    ``other``: it may be an address of another kind, which has a code of its own.
    """
    why = not_e164(phone, region(draft)) if is_number(phone) or not other else ""
    if why and (key or not is_emergency_phone(phone, draft)):
        yield Found(source, loc, f'the phone number "{phone}" {why}', key=key)
