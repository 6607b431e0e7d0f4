"""Follow-ups of calls (``service.follow_ups``), for the SQL stores and the memory store."""

import json
from abc import ABC, abstractmethod
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from callflow.core.alarms import Cause, Counts, alarm_id
from callflow.core.codec import from_micros, to_micros
from callflow.core.follow_ups import FollowUp, FollowUpKind

if TYPE_CHECKING:  # a memory store needs nothing of them
    from callflow.store.keys import Keys
    from callflow.store.sealing import CallKey

OF_CLOSINGS = alarm_id("", Cause.MANY_CLOSINGS)
"""What the ids of their follow-ups end with."""


def follow_up_values(one: FollowUp, call: int, key: "CallKey") -> dict[str, Any]:
    """The row of a follow-up. ``call`` is the row of its call."""
    return {
        "id": one.id, "kind": one.kind.value, "call": call, "person": one.person, "state": one.state,
        "at": to_micros(one.at), "due": None if one.due is None else to_micros(one.due), "closed": one.closed,
        "body": key.seal(json.dumps(dict(one.body)), sealed_as(one.id)),
    }  # fmt: skip


def sealed_as(id: str) -> str:
    """The name of the field that a body is sealed for."""
    return f"follow-up {id}"


def follow_up_of(row: Any, keys: "Keys") -> FollowUp:
    """Raises CannotOpen."""
    *_, body, wrapped = row
    one = without_body(row)
    opened = keys.key(one.call, wrapped).open(body, sealed_as(one.id))
    return replace(one, body=json.loads(opened)) if opened else one


def without_body(row: Any) -> FollowUp:
    """What is not sealed of it."""
    id, kind, call, person, state, at, due, closed, *_ = row
    return FollowUp(id=id, kind=FollowUpKind(kind), call=call, person=person, state=state, at=from_micros(at),
                    due=None if due is None else from_micros(due), closed=bool(closed))  # fmt: skip


class SqlFollowUps(ABC):
    """Uses ``_rows`` and ``_keys`` of ``sql.SqlStore``. Implements ``FollowUpRows``."""

    _keys: "Keys"

    @abstractmethod
    def _rows(self, name: str, **values: Any) -> list[Any]: ...

    def follow_up(self, id: str) -> FollowUp | None:
        rows = self._rows("follow_up", id=id)
        return follow_up_of(rows[0], self._keys) if rows else None

    def follow_ups(self, kind: FollowUpKind | None = None, *, call: str = "", person: str = "", closed: bool = False,
                   limit: int = 1000) -> list[FollowUp]:  # fmt: skip
        rows = self._rows("follow_ups", any_kind=int(kind is None), kind=kind.value if kind else "",
                          any_person=int(not person), person=person, any_call=int(not call), call=call,
                          closed_too=int(closed), limit=limit)  # fmt: skip
        return [follow_up_of(row, self._keys) for row in rows]

    def closed_follow_ups(self, kind: FollowUpKind, before: datetime | None = None, limit: int = 50) -> list[FollowUp]:
        rows = self._rows("closed_follow_ups", kind=kind.value, limit=limit,
                          before=to_micros(before) if before else 1 << 62)  # fmt: skip
        return [follow_up_of(row, self._keys) for row in rows]

    def closings_since(self, at: datetime) -> Counts:
        ((calls, closings),) = self._rows("closings_since", since=to_micros(at), of_closings=f"%{OF_CLOSINGS}")
        return Counts(calls, closings)

    def due_follow_ups(self, now: datetime, limit: int = 100) -> list[str]:
        return [row[0] for row in self._rows("due_follow_ups", now=to_micros(now), limit=limit)]


class SqlFollowUpUnit:
    """Implements ``FollowUpUnit`` for ``transaction.SqlTransaction``."""

    def locked_follow_up(self: Any, id: str) -> FollowUp | None:
        rows = self.rows("follow_up_locked", {"id": id})
        return follow_up_of(rows[0], self.keys) if rows else None

    def put_follow_up(self: Any, follow_up: FollowUp) -> None:
        self.load(follow_up.call)
        known = self.loaded(follow_up.call)
        if known and known.key.stored is not None:
            self.run("put_follow_up", follow_up_values(follow_up, known.row, known.key))


class MemoryFollowUps:
    """Uses a dictionary, whose single operations are atomic. Nothing is sealed."""

    def __init__(self) -> None:
        super().__init__()
        self._follow_ups: dict[str, FollowUp] = {}

    def follow_up(self, id: str) -> FollowUp | None:
        return self._follow_ups.get(id)

    def follow_ups(self, kind: FollowUpKind | None = None, *, call: str = "", person: str = "", closed: bool = False,
                   limit: int = 1000) -> list[FollowUp]:  # fmt: skip
        found = [one for one in list(self._follow_ups.values())
                 if kind in (None, one.kind) and call in ("", one.call) and person in ("", one.person)
                 and (closed or not one.closed)]  # fmt: skip
        return sorted(found, key=lambda one: (one.due is None, one.due or one.at, one.at, one.id))[:limit]

    def closed_follow_ups(self, kind: FollowUpKind, before: datetime | None = None, limit: int = 50) -> list[FollowUp]:
        found = [one for one in list(self._follow_ups.values())
                 if one.kind is kind and one.closed and (before is None or one.at < before)]  # fmt: skip
        return sorted(found, key=lambda one: (one.at, one.id), reverse=True)[:limit]

    def closings_since(self: Any, at: datetime) -> Counts:
        closings = [one for one in list(self._follow_ups.values()) if one.at >= at and one.id.endswith(OF_CLOSINGS)]
        return Counts(sum(one.started_at >= at for one in self.calls(live=False, limit=1_000_000)), len(closings))

    def due_follow_ups(self, now: datetime, limit: int = 100) -> list[str]:
        due = sorted((one.due, one.id) for one in list(self._follow_ups.values()) if one.due and one.due <= now)
        return [id for _, id in due][:limit]

    def _erase_follow_ups(self, call: str) -> None:
        for one in self.follow_ups(call=call, closed=True, limit=len(self._follow_ups)):
            self._follow_ups[one.id] = replace(one, due=None, closed=True, body={})
