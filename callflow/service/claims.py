"""Claiming people for a call that searches. They are locked in its transaction, so that no other call rings them."""

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter

from callflow.core import agent_search, supervision
from callflow.core.call import Call
from callflow.core.configuration import Configuration, Group, Ring
from callflow.core.events import EverybodyAway, LineCounted, NobodyFree, PeopleFound, SupervisorFound
from callflow.core.recognised import of_text
from callflow.core.stages import Stage
from callflow.core.timer_names import Timer
from callflow.service.people import PersonPresence, Presence
from callflow.service.ports import Transaction
from callflow.service.telephones import free, once_each

Found = PeopleFound | NobodyFree | EverybodyAway


def claim(tx: Transaction, call: Call, configuration: Configuration, at: datetime) -> Found | None:
    """The people to ring for the call, or that nobody is free. None while it does not search, or pauses."""
    if not call.search or call.stage not in agent_search.SEARCHING or call.candidates:
        return None
    if Timer.SEARCH in call.deadlines and call.deadlines[Timer.SEARCH] > at:
        return None
    if rung := supervision.rung_for(call):
        return PeopleFound(at=at, people=(rung,))
    ahead = tx.waiting_before(call)
    people = () if ahead else _free(tx, call, configuration, at)
    if people:
        found = tuple(one.person for one in people)
        missed = tuple(one.missed for one in people)
        return PeopleFound(at=at, people=found, missed=missed if any(missed) else ())
    if _everybody_away(tx, call, configuration, at):
        return EverybodyAway(at=at)
    return NobodyFree(at=at, ahead=tx.ahead_in_line(call))


def supervisor(tx: Transaction, call: Call, configuration: Configuration, at: datetime) -> SupervisorFound:
    """The supervisor to ring for what the call has to tell one, if somebody is free and not away."""
    wanted = supervision.people(call, configuration)
    found = [one.person for one in free(tx, wanted, configuration, at) if not one.away]
    return SupervisorFound(at=at, people=tuple(found[:1]))


def position(tx: Transaction, call: Call, at: datetime) -> LineCounted | None:
    """A waiting call's position, if it has changed. Only the first in line may hear that it is number 1."""
    if not call.search or call.stage is not Stage.WAITING:
        return None
    ahead = tx.ahead_in_line(call)
    return LineCounted(at=at, ahead=ahead) if ahead != call.search.ahead else None


def _everybody_away(tx: Transaction, call: Call, configuration: Configuration, at: datetime) -> bool:
    """Whether a caller in the queue waits for people who are all away. Somebody away may be on another call."""
    if call.stage is not Stage.WAITING or call.locks:
        return False
    people = agent_search.still_possible(call, configuration)
    return bool(people) and all(one.away and one.presence is Presence.FREE for one in tx.presence(sorted(people), at))


def _free(tx: Transaction, call: Call, configuration: Configuration, at: datetime) -> Sequence[PersonPresence]:
    """The people to ring now: one supervisor at a time; agents as the ``ring`` of their team says."""
    wanted = agent_search.next_people(call, configuration)
    found = [one for one in free(tx, wanted, configuration, at) if call.locks or not one.away]
    team = configuration.teams[call.search.team] if call.search else None
    supervisors = bool(call.search and call.search.group is Group.SUPERVISORS)
    prepared = bool(found) and found[0].person == of_text(call.recognised).person
    if not team or supervisors or prepared or team.ring is Ring.IN_ORDER:
        return found[:1]
    if team.ring is Ring.LONGEST_IDLE:
        return sorted(found, key=attrgetter("since"))[:1]
    return once_each(found, configuration)
