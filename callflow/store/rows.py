"""What all stores derive from a call or a person: the position in the queue, the presence, JSON."""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple, get_args

from callflow.core.call import Call
from callflow.core.codec import from_micros, to_micros
from callflow.core.configuration import Group
from callflow.core.stages import Stage
from callflow.service.people import PersonPresence, Presence
from callflow.service.ports import ProviderRequest

LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Since when an unknown person is free."""
BEING_RUNG: Final = "being rung"


class QueuePosition(NamedTuple):
    """A call's position in a line: by higher priority, then earlier time, then smaller call id.

    ``queue`` is the group it searches, or BEING_RUNG.
    """

    queue: str
    team: str
    priority: int
    since: datetime
    call: str

    def order(self) -> tuple[int, datetime, str]:
        """The sort key; the smallest is next."""
        return (-self.priority, self.since, self.call)


def queue_position(call: Call) -> QueuePosition | None:
    """The call's position in line, or None if it does not search for an agent or wait for a supervisor.

    A call for which somebody is being rung is in no group's queue, so that those behind it can ring others who are
    free. It keeps its place in line, so that nobody behind it hears that they are next.
    """
    search = call.search
    if search is None or call.stage is Stage.ENDED:
        return None
    if search.group is not Group.AGENTS and not (search.group is Group.SUPERVISORS and call.stage is Stage.WAITING):
        return None
    queue = BEING_RUNG if call.candidates else search.group.value
    return QueuePosition(queue, search.team, search.priority, search.since, call.id)


def caller_sid(call: Call) -> str | None:
    """The provider's id of the caller's leg, or None."""
    return (call.legs[0].sid or None) if call.legs else None


def present(found: PersonPresence, now: datetime) -> PersonPresence:
    """The person's presence at ``now``. When their break is over they are free since its end."""
    if found.until is None or found.until > now:
        return found
    return PersonPresence(person=found.person, presence=Presence.FREE, since=found.until, missed=found.missed)


def unknown(person: str) -> PersonPresence:
    return PersonPresence(person=person, since=LONG_AGO)


_REQUESTS: Final[Mapping[str, Callable[..., ProviderRequest]]] = {one.kind: one for one in get_args(ProviderRequest)}
_REQUEST_FIELDS: Final = {
    one.kind: tuple((each.name, each.default) for each in fields(one)) for one in get_args(ProviderRequest)
}
_dumps = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


def order_to_json(order: ProviderRequest) -> str:
    """An order as ASCII JSON, without fields that have their default."""
    found = {name: value for name, default in _REQUEST_FIELDS[order.kind] if (value := getattr(order, name)) != default}
    return _dumps({"kind": order.kind, **found})


def order_from_json(text: str) -> ProviderRequest | None:
    """The order; None for a kind that only a newer Callflow knows. Fields that are not known are left out."""
    found = json.loads(text)
    if (kind := found["kind"]) not in _REQUESTS:
        return None
    return _REQUESTS[kind](**{name: found[name] for name, _ in _REQUEST_FIELDS[kind] if name in found})


def details_to_json(details: Any) -> str:
    """The details of a note as ASCII JSON; "" without details, as for most notes."""
    return _dumps(dict(details)) if details else ""


def details_from_json(text: str) -> Any:
    return json.loads(text) if text else {}


def person_presence(row: Any) -> PersonPresence:
    person, presence, call, since, until, missed = row
    return PersonPresence(person=person, presence=Presence(presence), call=call, since=from_micros(since),
                          until=None if until is None else from_micros(until), missed=missed)  # fmt: skip


def person_values(person: PersonPresence) -> dict[str, Any]:
    until = None if person.until is None else to_micros(person.until)
    return {"person": person.person, "presence": person.presence.value, "call": person.call,
            "since": to_micros(person.since), "until": until}  # fmt: skip
