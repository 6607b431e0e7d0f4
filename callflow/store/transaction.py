"""One unit of work in SQL, for both databases: loading calls and writing changes."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from callflow.core import earlier_layout
from callflow.core.call import Call
from callflow.core.codec import decode, encode, to_micros
from callflow.core.stages import Stage
from callflow.evidence.chain import Head, head_of
from callflow.service.jobs import NewJob
from callflow.service.moments import to_json
from callflow.service.people import PersonPresence
from callflow.service.ports import Change
from callflow.store.caller_records import SqlCallerRecordUnit
from callflow.store.entries import new_entries
from callflow.store.errors import CannotErase, StaleCall
from callflow.store.follow_ups import SqlFollowUpUnit, follow_up_values
from callflow.store.keys import Keys
from callflow.store.links import first_head, next_head, origin_of
from callflow.store.prepared import Statement, Values
from callflow.store.recordings import recording_values
from callflow.store.retention import SqlRetentionUnit
from callflow.store.rows import (
    QueuePosition,
    caller_sid,
    order_to_json,
    person_presence,
    person_values,
    present,
    queue_position,
    unknown,
)
from callflow.store.sealed_rows import sealed_moment
from callflow.store.sealing import ERASED, NO_KEY, CallKey

Step = tuple[Statement, Values]
_PUT_PERSON: Final = {None: "put_person", True: "put_person_answered", False: "put_person_missed"}
"""The statement for a person, by ``Change.answered``."""


class Loaded(NamedTuple):
    """A call as stored, with its row number, journal length, ``due`` (microseconds), key and chain."""

    row: int
    entries: int
    due: int | None
    call: Call
    key: CallKey
    head: Head | None = None


def stored(call: Call, key: CallKey, earlier: Callable[[], Call] | None = None) -> str:
    """The call as JSON text with its private values sealed.

    A call without a key is shared with servers of before, which read an earlier layout: ``earlier`` makes it one.
    """
    if key is not NO_KEY:
        return encode(call, key.seal_values)
    return encode(earlier(), version=earlier_layout.LAYOUT) if earlier else encode(call)


def opened(state: str, key: CallKey) -> Call:
    """Undo ``stored``. Raises CannotOpen."""
    return decode(state, key.open_values)


def micros_or_none(at: datetime | None) -> int | None:
    return None if at is None else to_micros(at)


class SqlTransaction(SqlFollowUpUnit, SqlCallerRecordUnit, SqlRetentionUnit):
    """Implements ``ports.Transaction`` with a cursor of the driver. The store begins and ends the transaction."""

    conflicts: tuple[type[Exception], ...] = ()
    """The driver's exceptions for a provider id that another call already has."""

    def __init__(self, statements: Mapping[str, Statement], keys: Keys, cursor: Any, known: Mapping[str, Loaded],
                 fresh: dict[str, Loaded]) -> None:  # fmt: skip
        self._cursor = cursor
        self._sql = statements
        self.keys = keys
        self._known = known
        """Calls by id, as they are in the database."""
        self._fresh = fresh
        """Calls that this transaction has read or changed, as they will be after the commit."""

    def loaded(self, call: str) -> Loaded | None:
        """The call as this unit knows it, after ``load``."""
        return self._fresh.get(call) or self._known.get(call)

    def load(self, call: str) -> Call | None:
        known = self.loaded(call)
        return known.call if known else self._read(self._one("load", {"id": call}))

    def _read(self, found: Any) -> Call | None:
        if found is None:
            return None
        row, entries, due, id, state, wrapped, head = found
        known = self.loaded(id)
        if known is None:
            key = self.keys.key(id, wrapped)
            known = self._fresh[id] = Loaded(row, entries, due, opened(state, key), key, head_of(head))
        return known.call

    def save(self, change: Change) -> None:
        call, due = change.call, micros_or_none(change.due)
        if change.before is None:
            key, origin = self.keys.new_key(self, call.id), origin_of(call)
            head: Head | None = first_head(call.id, origin, entries := new_entries(change, 0, key))
            first, row, length = None, self._add(change, key, due, head, origin), 0
        else:
            known = self._current(change.before)
            row, length, key = known.row, known.entries, known.key
            entries = new_entries(change, length, key)
            first = self._update(known, change, due, head := next_head(self, known, entries))
        steps = [*([first] if first else ()), *self._attachments(change, row, entries, key)]
        self._people_locked(person.person for person in change.people)
        try:
            written = not steps or self._write(steps, checked=first is not None)
        except self.conflicts as error:
            raise StaleCall(call.id) from error
        if not written:
            raise StaleCall(call.id)
        self._fresh[call.id] = Loaded(row, length + len(entries), due, call, key, head)

    def _current(self, before: Call) -> Loaded:
        self.load(before.id)
        known = self.loaded(before.id)
        if known is None or known.call.seq != before.seq:
            raise StaleCall(before.id)
        return known

    def _add(self, change: Change, key: CallKey, due: int | None, head: Head | None, origin: str) -> int:
        call = change.call
        values = {
            **_searched(call, queue_position(call), due),
            "id": call.id,
            "stage": call.stage.value,
            "seq": call.seq,
            "entries": len(change.notes),
            "started_at": to_micros(call.started_at),
            "state": stored(call, key, change.earlier),
            "reference": call.reference,
            "key": key.stored,
            "caller": None if key is NO_KEY else self.keys.caller(self, call),
            "origin": origin,
            "head": head and head.text(),
        }
        row = self._one("add_call", values)
        if row is None:
            raise StaleCall(call.id)
        return int(row[0])

    def _update(self, known: Loaded, change: Change, due: int | None, head: Head | None) -> Step:
        call, before = change.call, change.before
        assert before is not None
        values = {"the_row": known.row, "seq_before": before.seq, "stage": call.stage.value, "seq": call.seq,
                  "entries": known.entries + len(change.notes), "head": head and head.text(),
                  "state": stored(call, known.key, change.earlier)}  # fmt: skip
        position = queue_position(call)
        # An UPDATE that sets an indexed column writes the index even if the value is the same. Most events need none.
        if due == known.due and _same_in_searches(before, call, position):
            return self._sql["touch"], values
        return self._sql["change"], {**values, **_searched(call, position, due)}

    def erase(self, call: str) -> bool:
        """See ``ports.Store.erase``."""
        found = self.load(call)
        known = self.loaded(call)
        if found is None or known is None:
            return False
        if found.stage is not Stage.ENDED:
            raise CannotErase(f"call {found.reference} is not over yet")
        if known.key is NO_KEY:
            raise CannotErase(f"call {found.reference} is not sealed yet: run `callflow db upgrade --finish` first")
        state = stored(found, ERASED)
        self.run("erase_call", {"the_row": known.row, "state": state})
        self.run("erase_orders", {"the_row": known.row})
        self.run("erase_recordings", {"the_row": known.row})
        self.run("erase_follow_ups", {"the_row": known.row, "done": True})
        self._fresh[call] = known._replace(call=opened(state, ERASED), key=ERASED)
        return True

    def has_key(self, call: str, key: CallKey) -> None:
        """Say that another statement has given the call this key."""
        if known := self.loaded(call):
            self._fresh[call] = known._replace(key=key)

    def _attachments(self, change: Change, row: int, entries: list[dict[str, Any]], key: CallKey) -> Iterator[Step]:
        for entry in entries:
            yield self._sql["add_entry"], {"call": row, **entry}
        if change.history is not None:
            yield self._sql["add_moment"], {"call": row, "body": to_json(sealed_moment(change.history, key))}
        for one in change.recordings:
            yield self._sql["add_recording"], recording_values(one, row, key)
        for follow_up in change.follow_ups:
            yield self._sql["put_follow_up"], follow_up_values(follow_up, row, key)
        for order in change.orders:
            until = change.call.at + timedelta(seconds=order.wait_seconds) if order.wait_seconds else change.lease_until
            yield self._sql["add_order"], {
                "id": order.id, "call": row, "body": key.seal(order_to_json(order), f"order {order.id}"),
                "tries": 0, "lease_until": to_micros(until),
            }  # fmt: skip
        for person in {one.person: one for one in change.people}.values():
            yield self._sql[_PUT_PERSON[change.answered.get(person.person)]], person_values(person)

    def defer(self, job: NewJob) -> None:
        wait = round(job.wait_seconds * 1_000_000)
        values = {"kind": job.kind, "key": job.key, "args": json.dumps(dict(job.args)), "at": to_micros(job.at),
                  "wait": wait}  # fmt: skip
        if job.once:
            self._alone(f"{job.kind} {job.key}")
            if self.rows("job_waits", values):
                return
        self.run("defer", values)

    def presence(self, people: Iterable[str], now: datetime) -> list[PersonPresence]:
        names = list(people)
        self._people_locked(names)
        found = {row[0]: person_presence(row) for row in self._rows_of(names)}
        return [present(found.get(name) or unknown(name), now) for name in names]

    def put_presence(self, person: PersonPresence) -> None:
        self.run("put_person", person_values(person))

    def waiting_before(self, call: Call) -> int:
        mine = queue_position(call)
        return self._before("waiting_before", mine, queue=mine.queue) if mine else 0

    def ahead_in_line(self, call: Call) -> int:
        mine = queue_position(call)
        return self._before("ahead_in_line", mine) if mine else 0

    def _before(self, statement: str, mine: QueuePosition, **more: str) -> int:
        values = {"team": mine.team, "id": mine.call, "priority": mine.priority, "since": to_micros(mine.since), **more}
        return int(self._one(statement, values)[0])

    def rows(self, name: str, values: Values) -> list[Any]:
        """Run a statement by name and return all rows."""
        statement = self._sql[name]
        self._cursor.execute(statement.text, statement.bind(values))
        return list(self._cursor.fetchall())

    def run(self, name: str, values: Values) -> None:
        """Run a statement by name that returns no rows."""
        statement = self._sql[name]
        self._cursor.execute(statement.text, statement.bind(values))

    def run_each(self, name: str, some: Iterable[Values]) -> None:
        """Run a statement once for each of these values."""
        statement = self._sql[name]
        self._cursor.executemany(statement.text, [statement.bind(values) for values in some])

    def _one(self, name: str, values: Values) -> Any:
        statement = self._sql[name]
        self._cursor.execute(statement.text, statement.bind(values))
        return self._cursor.fetchone()

    def _write(self, steps: list[Step], checked: bool) -> bool:
        """Run the steps. Returns False if ``checked`` and the first one found no row."""
        found = True
        for number, (statement, values) in enumerate(steps):
            self._cursor.execute(statement.text, statement.bind(values))
            if checked and number == 0:
                found = self._cursor.rowcount == 1
        return found

    def _alone(self, name: str) -> None:
        """Keep other units with this name out until the commit. Does nothing where only one unit runs at a time."""

    def _people_locked(self, names: Iterable[str]) -> None:
        """Lock these people until the commit. Does nothing where only one unit runs at a time."""

    def _rows_of(self, names: list[str]) -> list[Any]:
        rows = (self._one("person", {"name": name}) for name in names)
        return [row for row in rows if row is not None]


def _same_in_searches(before: Call, call: Call, position: QueuePosition | None) -> bool:
    ended = (before.stage is Stage.ENDED) == (call.stage is Stage.ENDED)
    return ended and queue_position(before) == position and caller_sid(before) == caller_sid(call)


def _searched(call: Call, position: QueuePosition | None, due: int | None) -> dict[str, Any]:
    return {
        "sid": caller_sid(call),
        "ended_at": to_micros(call.at) if call.stage is Stage.ENDED else None,
        "due": due,
        "queue": position.queue if position else None,
        "team": position.team if position else None,
        "priority": position.priority if position else None,
        "since": to_micros(position.since) if position else None,
    }
