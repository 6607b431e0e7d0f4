"""Checks of emergency numbers: given, known in their country, and the right one in every line that speaks one."""

import re
from collections.abc import Iterator

from callflow.configuration.checks.phones import EVERYWHERE, is_emergency, is_ours, regions, regions_of
from callflow.configuration.checks.registry import Check, Found, collector
from callflow.configuration.checks.scripts import texts, variables_in
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.reading.emergency import EmergencyNumbersShape
from callflow.configuration.reading.organisation import OrganisationShape
from callflow.configuration.reading.source import Loc
from callflow.core.emergency import ABOUT, SERVICE

CHECKS: list[Check] = []
check = collector(CHECKS)

SHORT = re.compile(r"(?<!\d)\d(?:[ .-]?\d){1,5}(?! ?\d)")
"""A number of two to six digits, also one that is written digit by digit."""
SERVICES = tuple(SERVICE.values())
RULE = "(policy rule 36: digits, in quotes)"


def _sets(house: OrganisationShape) -> Iterator[tuple[Loc, EmergencyNumbersShape]]:
    yield ("organisation", "emergency_numbers"), house.emergency_numbers
    for called, numbers in house.emergency_numbers_of.items():
        yield ("organisation", "emergency_numbers_of", called), numbers


def _given(house: OrganisationShape) -> Iterator[tuple[Loc, str]]:
    """Every emergency number and its place."""
    if house.emergency_number:
        yield ("organisation", "emergency_number"), house.emergency_number
    for loc, numbers in _sets(house):
        for service in SERVICES:
            if number := getattr(numbers, service):
                yield (*loc, service), number


@check("CF122", needs=("callflow",))
def every_service_has_a_number(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    house = draft.callflow.organisation
    if draft.callflow_source.problems:
        return  # one of them may be a number that cannot be read
    for loc, numbers in _sets(house):
        lacking = [service for service in SERVICES if not getattr(numbers, service)]
        general = house.emergency_number if loc[-1] == "emergency_numbers" else None
        if general or not lacking:
            continue
        usual = len(lacking) == len(SERVICES) and loc[-1] == "emergency_numbers"
        place, name = (loc[:1], "emergency_number") if usual else (loc, lacking[0])
        yield Found(draft.callflow_source, place, f'"{name}" is missing {RULE}', key=True)


@check("CF121", needs=("callflow",))
def emergency_numbers_are_known(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    for loc, number in _given(draft.callflow.organisation):
        own = loc[1] == "emergency_numbers_of"
        countries = regions_of((str(loc[2]),)) if own else regions(draft)
        if countries and not any(is_emergency(number, region) for region in countries):
            where = f"in the country of {loc[2]}" if own else f"where our numbers are ({countries[0]})"
            yield Found(draft.callflow_source, loc, f'"{number}" is not known as an emergency number {where}')


@check("CF203", needs=("callflow",))
def lines_speak_the_right_number(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    house = draft.callflow.organisation
    known = {service: getattr(house.emergency_numbers, service) or house.emergency_number for service in SERVICES}
    if known["police"] == known["ambulance"] and not house.emergency_numbers_of:
        return
    for source, loc, id, text in texts(draft):
        if id not in ABOUT:
            continue
        right = SERVICE[ABOUT[id]]
        wrong = next(one for one in SERVICES if one != right)
        names, digits = variables_in(text), _numbers(text)
        if wrong in names and not names & {right, "emergency"}:
            yield Found(source, loc, f'"{id}" speaks {{{wrong}}}, but is about {ABOUT[id]}: it must speak {{{right}}}')
        elif known[wrong] in digits and known[wrong] != known[right]:
            message = f'"{id}" speaks {known[wrong]}, the number of the {wrong}, but is about {ABOUT[id]}'
            yield Found(source, loc, f"{message}: write {{emergency}}")


@check("CF204", needs=("callflow",))
def written_numbers_are_those_given(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    house = draft.callflow.organisation
    given = {number for _, number in _given(house)}
    for source, loc, id, text in texts(draft):
        for number in _numbers(text):
            known = number in EVERYWHERE or any(is_emergency(number, region) for region in regions(draft))
            if given and known and number not in given:
                message = (
                    f'"{id}" speaks the emergency number {number}, which is not in callflow.yaml: write {{emergency}}'
                )
                yield Found(source, loc, message)
    for called in house.emergency_numbers_of:
        if not is_ours(called, draft):
            message = f'"{called}" is not one of our numbers, so nobody hears these'
            yield Found(draft.callflow_source, ("organisation", "emergency_numbers_of", called), message, key=True)


def _numbers(text: str) -> list[str]:
    return ["".join(one for one in found if one.isdigit()) for found in SHORT.findall(text)]
