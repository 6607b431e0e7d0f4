"""What all the stores derive from a call or a person in the same way: its place in line, lapsed breaks, JSON."""

import json
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from callflow.core.call import Call
from callflow.core.configuration import Group
from callflow.core.stages import Stage
from callflow.service.ports import PersonPresence, Presence, ProviderRequest

LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Since when a person nobody has heard of is free."""


class QueuePosition(NamedTuple):
    """A call's place in a waiting line. Higher priority stands before, then the earlier, then the smaller call id."""

    group: Group
    team: str
    priority: int
    since: datetime
    call: str

    def order(self) -> tuple[int, datetime, str]:
        """The sorting key: first come first."""
        return (-self.priority, self.since, self.call)


def queue_position(call: Call) -> QueuePosition | None:
    """Where the call stands in line, or None: who searches for agents does, and who waits for a supervisor.

    While somebody is being rung for a call it does not hold up those behind it: they may ring whoever else is free.
    """
    search = call.search
    if search is None or call.stage is Stage.ENDED or call.candidates:
        return None
    if search.group is not Group.AGENTS and not (search.group is Group.SUPERVISORS and call.stage is Stage.WAITING):
        return None
    return QueuePosition(search.group, search.team, search.priority, search.since, call.id)


def caller_sid(call: Call) -> str | None:
    """The provider's id of the caller's leg, None as long as there is none."""
    return (call.legs[0].sid or None) if call.legs else None


def present(found: PersonPresence, now: datetime) -> PersonPresence:
    """The same person as of now: whoever's break is over is free since then."""
    if found.until is None or found.until > now:
        return found
    return PersonPresence(person=found.person, presence=Presence.FREE, since=found.until)


def unknown(person: str) -> PersonPresence:
    return PersonPresence(person=person, since=LONG_AGO)


_ORDER_FIELDS: Final = tuple((one.name, one.default) for one in fields(ProviderRequest))
_dumps = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


def order_to_json(order: ProviderRequest) -> str:
    """An order as ASCII JSON without the fields at their default."""
    return _dumps({name: value for name, default in _ORDER_FIELDS if (value := getattr(order, name)) != default})


def order_from_json(text: str) -> ProviderRequest:
    return ProviderRequest(**json.loads(text))


def details_to_json(details: Any) -> str:
    """The further facts of a note as ASCII JSON; "" for none, as most notes have none."""
    return _dumps(dict(details)) if details else ""


def details_from_json(text: str) -> Any:
    return json.loads(text) if text else {}
