"""Whom a call may ring at its time: people on duty, and nobody for a call that was their own."""

from datetime import datetime

from callflow.core.call import Call, Leg
from callflow.core.configuration import Configuration, Group
from callflow.core.opening_hours import is_open

PREFIX = {Group.AGENTS: "a", Group.SUPERVISORS: "s"}
"""The first letter of a leg's id: as what its person was rung. Whoever is in both lists of people is rung as one."""


def rung_as_supervisor(leg: Leg) -> bool:
    return leg.id.startswith(PREFIX[Group.SUPERVISORS])


def on_duty(configuration: Configuration, person: str, at: datetime) -> bool:
    hours = configuration.person(person).on_duty
    return hours is None or is_open(hours, at)


def own_call(call: Call, group: Group) -> set[str]:
    """The people who have been on the call in the other group: their own call is not brought to them again."""
    return {leg.person for leg in call.legs if leg.accepted and not leg.id.startswith(PREFIX[group])}


def ringable(call: Call, configuration: Configuration, team: str, group: Group, at: datetime) -> tuple[str, ...]:
    """The people of a team's group who may be rung for the call, in ringing order: those on duty.

    With a lock on the others follow, because the person with the caller must not be left alone (rules 34 and 36).
    """
    own = own_call(call, group)
    others = [one for one in configuration.teams[team].members(group) if one not in own]
    present = [one for one in others if on_duty(configuration, one, at)]
    return (*present, *(one for one in others if call.locks and one not in present))
