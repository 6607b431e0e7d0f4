"""Checks of telephone numbers: loops, shared phones, and emergency numbers where they are not allowed."""

from collections.abc import Iterator
from functools import cache
from itertools import combinations
from typing import NamedTuple

import phonenumbers

from callflow.configuration.checks.registry import Check, Found, collector
from callflow.configuration.dialling import e164, is_premium
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.reading.source import Loc
from callflow.configuration.reading.telephones import GROUPS
from callflow.configuration.telephone import identity, sip_user

CHECKS: list[Check] = []
check = collector(CHECKS)

EVERYWHERE = frozenset({"112", "911", "999", "000"})
"""Emergency numbers that phones and networks of many countries recognise."""


class Telephone(NamedTuple):
    group: str
    id: str
    phone: str
    extension: str = ""
    shared: bool = False
    """Whether it is written as somebody else's telephone, so that sharing it is meant."""

    @property
    def loc(self) -> Loc:
        return (self.group, "phone") if self.group == "security" else (self.group, self.id, "phone")


def telephones(draft: ConfigurationDraft) -> list[Telephone]:
    """The phones of all people, in the order of people.yaml."""
    if not draft.people:
        return []
    people = draft.people
    found = [
        Telephone(group, id, one.phone, one.extension, people.shares(group, id))
        for group in GROUPS
        for id, one in getattr(people, group).items()
    ]
    return [*found, Telephone("security", "security", people.security.phone, people.security.extension)]


def telephone(phone: str, draft: ConfigurationDraft) -> str:
    """What two spellings of one number or address have in common, to compare them."""
    return identity(phone, region=region(draft))


def is_ours(phone: str, draft: ConfigurationDraft) -> bool:
    """Whether this is one of our numbers, in any spelling."""
    return telephone(phone, draft) in _ours(_numbers(draft), region(draft))


@cache
def _ours(numbers: tuple[str, ...], region: str | None) -> frozenset[str]:
    return frozenset(identity(one, region=region) for one in numbers)


def _pairs(draft: ConfigurationDraft) -> Iterator[tuple[Telephone, Telephone]]:
    """Every two people with the same telephone. Somebody who is agent and supervisor is one person."""
    by_phone: dict[str, list[Telephone]] = {}
    for one in telephones(draft):
        by_phone.setdefault(identity(one.phone, one.extension, region(draft)), []).append(one)
    for several in by_phone.values():
        yield from (pair for pair in combinations(several, 2) if pair[0].id != pair[1].id)


def _unexpected(draft: ConfigurationDraft) -> Iterator[tuple[Telephone, Telephone]]:
    """Those of the pairs of whom none says that the telephone is the other's."""
    yield from (pair for pair in _pairs(draft) if not pair[0].shared and not pair[1].shared)


def _team_of_both(draft: ConfigurationDraft, agent: str, supervisor: str) -> str:
    teams = draft.people.teams if draft.people else {}
    return next((id for id, one in teams.items() if agent in one.agents and supervisor in one.supervisors), "")


def _helped_by_others(draft: ConfigurationDraft, team: str, agent: Telephone) -> bool:
    """Whether the team has a supervisor with another telephone than this agent."""
    supervisors = draft.people.teams[team].supervisors if draft.people and team else ()
    others = {one.id for first, one in _pairs(draft) if first == agent} | {agent.id}
    return any(one not in others for one in supervisors)


@check("CF027", needs=("people",))
def agents_have_a_phone_each(draft: ConfigurationDraft) -> Iterator[Found]:
    for first, second in _unexpected(draft):
        if first.group == second.group == "agents":
            message = (
                f'"{second.id}" has the phone of "{first.id}": it is rung once, and busy for both while one talks; '
                f'if they share it, write "phone: {first.id}"'
            )
            yield Found(draft.people_source, second.loc, message)


@check("CF028", needs=("people",))
def others_have_a_phone_each(draft: ConfigurationDraft) -> Iterator[Found]:
    for first, second in _unexpected(draft):
        groups = (first.group, second.group)
        if groups in (("agents", "agents"), ("agents", "security")) or _team_of_both(draft, first.id, second.id):
            continue  # these have codes of their own
        message = f'"{second.id}" has the phone of "{first.id}": while one of them talks, the other cannot be reached'
        yield Found(draft.people_source, second.loc, message)


@check("CF126", needs=("people",))
def supervisors_are_somebody_else(draft: ConfigurationDraft) -> Iterator[Found]:
    for first, second in _pairs(draft):
        team = _team_of_both(draft, first.id, second.id)
        meant = (first.shared or second.shared) and _helped_by_others(draft, team, first)
        if team and not meant:
            message = f'"{second.id}" has the phone of "{first.id}", an agent of "{team}": that agent would ring alone'
            yield Found(draft.people_source, second.loc, message)


@check("CF123", needs=("people",))
def security_is_somebody_else(draft: ConfigurationDraft) -> Iterator[Found]:
    for first, second in _pairs(draft):
        if (first.group, second.group) == ("agents", "security"):
            message = f'security has the phone of the agent "{first.id}", who is on it when it matters (policy rule 36)'
            yield Found(draft.people_source, second.loc, message)


@check("CF029", needs=("people", "callflow"))
def nobody_answers_on_our_numbers(draft: ConfigurationDraft) -> Iterator[Found]:
    for one in telephones(draft):
        if is_ours(one.phone, draft):
            message = f'the phone of "{one.id}" is one of our own numbers: ringing it would call ourselves'
            yield Found(draft.people_source, one.loc, message)


@check("CF124", needs=("callflow",))
def caller_id_is_ours(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    if e164(draft.callflow.caller_id) and not is_ours(draft.callflow.caller_id, draft):
        message = f"{draft.callflow.caller_id} is not in numbers; the provider refuses a caller id it has not verified"
        yield Found(draft.callflow_source, ("caller_id",), message)


@check("CF209", needs=("callflow",))
def caller_id_is_of_the_main_account(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    numbers = draft.callflow.numbers
    own = numbers.get(draft.callflow.caller_id)
    if own and own.account and any(one.account is None for one in numbers.values()):
        message = f"{draft.callflow.caller_id} is a number of {own.account}: calls of the main account cannot show it"
        yield Found(draft.callflow_source, ("caller_id",), message)


ALSO = {"ES": frozenset({"061", "062", "080", "085", "091", "092"})}
"""Emergency numbers by country that the library knows as short numbers only: health, Guardia Civil, fire, police."""


@cache
def is_emergency(digits: str, region: str) -> bool:
    """Cached, because the library reads a country's numbering plan for every query."""
    return digits in ALSO.get(region, ()) or bool(phonenumbers.is_emergency_number(digits, region))


def regions(draft: ConfigurationDraft) -> tuple[str, ...]:
    """The countries that our numbers can belong to; only the first few, because +1 has twenty-five."""
    return regions_of(_numbers(draft)) or regions_of((draft.callflow.caller_id,) if draft.callflow else ())


def _numbers(draft: ConfigurationDraft) -> tuple[str, ...]:
    return tuple(draft.callflow.numbers) if draft.callflow else ()


@cache
def regions_of(numbers: tuple[str, ...]) -> tuple[str, ...]:
    """Cached, as all of these, because they are asked for every phone, and a server may have thousands."""
    found: dict[str, None] = {}
    for number in numbers:
        try:
            code = phonenumbers.parse(number).country_code or 0
        except phonenumbers.NumberParseException:
            continue
        found |= dict.fromkeys(phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(code, ())[:2])
    return tuple(found)


def region(draft: ConfigurationDraft) -> str | None:
    """The country where a number without a country code would be dialled; None if our numbers have none."""
    return next(iter(regions(draft)), None)


def _emergency_numbers(draft: ConfigurationDraft) -> set[str]:
    if not draft.callflow:
        return set()
    house = draft.callflow.organisation
    sets = (house.emergency_numbers, *house.emergency_numbers_of.values())
    return {one for one in (house.emergency_number, *(n for own in sets for n in (own.police, own.ambulance))) if one}


def emergency_in(phone: str, draft: ConfigurationDraft) -> str:
    """The emergency number that this phone is, with or without a country code; "" if it is not one."""
    ours = _emergency_numbers(draft)
    digits = "".join(one for one in phone if one.isdigit())
    for length in range(3, min(7, len(digits) + 1)):
        short, before = digits[-length:], digits[:-length]
        known = short in EVERYWHERE | ours or any(is_emergency(short, region) for region in regions(draft))
        code = int(before) if before and len(before) <= 3 else 0
        if known and (not before or code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE):
            return short
    return ""


def is_emergency_phone(phone: str, draft: ConfigurationDraft) -> bool:
    """Whether this number, or the one in this SIP address, is an emergency number."""
    dialled = sip_user(phone) or phone
    return len(dialled) <= 8 and bool(emergency_in(dialled, draft))


@check("CF120", needs=("people",))
def nobody_is_the_emergency_service(draft: ConfigurationDraft) -> Iterator[Found]:
    for one in telephones(draft):
        if is_emergency_phone(one.phone, draft):
            number = emergency_in(one.phone, draft)
            message = f'the phone of "{one.id}" is the emergency number {number}, which no machine may ring'
            yield Found(draft.people_source, one.loc, message)


@check("CF172", needs=("people",))
def nobody_costs_a_premium(draft: ConfigurationDraft) -> Iterator[Found]:
    for one in telephones(draft):
        if is_premium(telephone(sip_user(one.phone) or one.phone, draft)):
            message = f'the phone of "{one.id}" is a premium rate number; we would pay for every ring that is answered'
            yield Found(draft.people_source, one.loc, message)


@check("CF120", needs=("callflow",))
def our_numbers_are_no_emergency_numbers(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    if is_emergency_phone(draft.callflow.caller_id, draft):
        message = f'"{draft.callflow.caller_id}" is an emergency number and cannot be shown as ours'
        yield Found(draft.callflow_source, ("caller_id",), message)
