"""Whom a call may ring at its time: people on duty, and nobody for a call that was their own."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from callflow.core.call import Call, Leg
from callflow.core.configuration import Configuration, Group
from callflow.core.opening_hours import after_open_minutes, is_open, next_opening
from callflow.core.recognised import of_text

PREFIX = {Group.AGENTS: "a", Group.SUPERVISORS: "s"}
"""The first letter of a leg's id: as what its person was rung. Whoever is in both lists of people is rung as one."""


def rung_as_supervisor(leg: Leg) -> bool:
    return leg.id.startswith(PREFIX[Group.SUPERVISORS])


def on_duty(configuration: Configuration, person: str, at: datetime) -> bool:
    hours = configuration.person(person).on_duty
    return hours is None or is_open(hours, at)


def first_on_duty(configuration: Configuration, people: Sequence[str], at: datetime) -> tuple[str, datetime]:
    """The first of these people who is on duty, or whose duty begins next, and from when on: ``at`` or later."""
    found = [one for one in people if on_duty(configuration, one, at)]
    if found:
        return found[0], at
    begins = {one: next_opening(hours, at) for one in people if (hours := configuration.person(one).on_duty)}
    known = [(when, one) for one, when in begins.items() if when]
    when, person = min(known, key=lambda one: one[0], default=(at, people[0]))
    return person, when.astimezone(at.tzinfo)


def minutes_on_duty(configuration: Configuration, person: str, at: datetime, minutes: float) -> datetime:
    """When this person will have been on duty for so many minutes since ``at``."""
    hours = configuration.person(person).on_duty
    return after_open_minutes(hours, at, minutes) if hours else at + timedelta(minutes=minutes)


def own_call(call: Call, group: Group) -> set[str]:
    """The people who have been on the call in the other group: their own call is not brought to them again."""
    return {leg.person for leg in call.legs if leg.accepted and not leg.id.startswith(PREFIX[group])}


def ringable(call: Call, configuration: Configuration, team: str, group: Group, at: datetime) -> tuple[str, ...]:
    """The people of a team's group who may be rung for the call, in ringing order: those on duty.

    With a lock on the others follow, because the person with the caller must not be left alone (rules 34 and 36).
    """
    own = own_call(call, group)
    others = [one for one in configuration.teams[team].members(group) if one not in own]
    if call.locks:
        return tuple(sorted(others, key=lambda one: not on_duty(configuration, one, at)))
    return tuple([one for one in others if on_duty(configuration, one, at)])


def prepared_first(call: Call, configuration: Configuration, people: tuple[str, ...]) -> tuple[str, ...]:
    """Who knows of the earlier call that was ended comes first, and who was on it last (rule 7). Nobody is left out."""
    known, search = of_text(call.recognised), call.search
    if not known.back or not search or search.group is not Group.AGENTS:
        return people
    there = known.person in configuration.supervisors and on_duty(configuration, known.person, call.at)
    first = [known.person] if there and known.person not in own_call(call, Group.AGENTS) else []
    last = [one for one in people if one == known.not_first and one not in first]
    return (*first, *(one for one in people if one not in (*first, *last)), *last)
