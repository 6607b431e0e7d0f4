"""The people of the teams, and what each is doing. Nobody is counted, timed or ranked (rule 40). Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from callflow.core import duty
from callflow.core.configuration import Configuration
from callflow.service.people import PersonPresence, Presence


class Doing(StrEnum):
    """In the order in which they are shown."""

    FREE = "free"
    RUNG = "being rung"
    TALKING = "talking"
    WRAPPING_UP = "wrapping up"
    RESTING = "resting"
    BUSY = "on the staff line"
    AWAY = "away"
    OFF_DUTY = "off duty"

    @property
    def order(self) -> int:
        return list(Doing).index(self)


_DOING: Final[Mapping[Presence, Doing]] = MappingProxyType({
    Presence.FREE: Doing.FREE, Presence.RUNG: Doing.RUNG, Presence.ON_CALL: Doing.TALKING,
    Presence.WRAP_UP: Doing.WRAPPING_UP, Presence.COOL_DOWN: Doing.RESTING, Presence.STAFF_LINE: Doing.BUSY,
    Presence.OTHER: Doing.BUSY,
})  # fmt: skip


class PersonView(NamedTuple):
    """``call`` is the id of the call that the person talks on, "" for none."""

    person: str
    name: str
    doing: Doing
    call: str


class People(NamedTuple):
    supervisors: Sequence[PersonView] = ()
    agents: Sequence[PersonView] = ()

    def counts(self) -> dict[Doing, int]:
        found = [one.doing for one in (*self.supervisors, *self.agents)]
        return {doing: found.count(doing) for doing in Doing if doing in found}


def people_view(known: Iterable[PersonPresence], configuration: Configuration, teams: Collection[str], at: datetime
                ) -> People:  # fmt: skip
    """The people of these teams, supervisors first, by what they do and then by name."""
    present = {one.person: one for one in known}
    shown = [team for id, team in configuration.teams.items() if id in teams]
    supervisors = dict.fromkeys(one for team in shown for one in team.supervisors)
    agents = dict.fromkeys(one for team in shown for one in team.agents if one not in supervisors)
    return People(_views(supervisors, present, configuration, at), _views(agents, present, configuration, at))


SERVING: Final = frozenset({Doing.FREE, Doing.RUNG, Doing.TALKING, Doing.WRAPPING_UP})
"""Who takes the next call, now or after this one."""


def serves(team: str, known: Iterable[PersonPresence], configuration: Configuration, at: datetime) -> bool:
    """Whether an agent of this team takes callers, now or after the present call."""
    present = {one.person: one for one in known}
    agents = configuration.teams[team].agents if team in configuration.teams else ()
    return any(_view(one, present.get(one), configuration, at).doing in SERVING for one in agents)


def _views(people: Iterable[str], present: Mapping[str, PersonPresence], configuration: Configuration, at: datetime
           ) -> tuple[PersonView, ...]:  # fmt: skip
    found = [_view(one, present.get(one), configuration, at) for one in people]
    return tuple(sorted(found, key=lambda one: (one.doing.order, one.name)))


def _view(person: str, known: PersonPresence | None, configuration: Configuration, at: datetime) -> PersonView:
    free = known is None or (known.until is not None and known.until <= at)
    doing = Doing.FREE if known is None or free else _DOING[known.presence]
    if doing is Doing.FREE:
        if known and known.away:
            doing = Doing.AWAY
        elif not duty.on_duty(configuration, person, at):
            doing = Doing.OFF_DUTY
    call = known.call if known and doing is Doing.TALKING else ""
    return PersonView(person, configuration.name_of(person), doing, call)
