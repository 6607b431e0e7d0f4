"""What goes through all calls of a database: seal those that servers of before began, and wrap keys anew.

In batches, beside running servers. What was done is not done again, so both can be stopped and run once more.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from callflow.service.moments import from_json, to_json
from callflow.service.ports import CannotOpen
from callflow.store.caller_records import name_of
from callflow.store.follow_ups import sealed_as
from callflow.store.retention import reason_of
from callflow.store.sealed_rows import sealed_moment
from callflow.store.sealing import NO_KEY
from callflow.store.sql import SqlStore
from callflow.store.transaction import SqlTransaction, stored

BATCH: Final = 50


class Rewrapped(NamedTuple):
    """``calls`` were wrapped anew; the secret of ``unknown`` others is not known."""

    calls: int
    unknown: int


class Status(NamedTuple):
    """``ids`` are those of the known secrets, the current one first. ``calls`` has the number of calls by the id of
    their secret; "" for calls that are not sealed, None for erased ones."""

    ids: tuple[str, ...]
    calls: dict[str | None, int]


def status(store: SqlStore) -> Status:
    return Status(store._keys.wrapper.ids, dict(store._rows("keys_by_secret")))


def seal_all(store: SqlStore) -> int:
    """Seal the calls that are not. Returns their number.

    Entries of their journal stay as they are, because it is append-only: they have the provider's ids of recordings.
    """
    return sum(_each(store, "plain_calls", {}, lambda unit, row: _seal(unit, row[1])))


def rewrap(store: SqlStore, year: int) -> Rewrapped:
    """Wrap all keys with the current secret. Peppers of years before ``year`` that no call needs are deleted."""
    wrapper = store._keys.wrapper
    unknown = 0

    def call(unit: SqlTransaction, row: Any) -> bool:
        nonlocal unknown
        number, id, before = row
        try:
            key = wrapper.wrapped(wrapper.unwrapped(before, id), id)
        except CannotOpen:
            unknown += 1
            return False
        unit.run("rewrap_call", {"the_row": number, "key": key, "before": before})
        return True

    calls = sum(_each(store, "keys_before", {"own": wrapper.id}, call))
    more = [_rewrap_caller_record(store, *row) for row in store._rows("caller_record_keys_before", own=wrapper.id)]
    calls, unknown = calls + sum(more), unknown + more.count(False)
    store._unit(lambda unit: _peppers(unit, store, year))
    return Rewrapped(calls, unknown)


def _rewrap_caller_record(store: SqlStore, id: str, before: str) -> bool:
    """Records about callers count as calls here. There are few: one transaction for each."""
    wrapper, of = store._keys.wrapper, name_of(id)
    try:
        values = {"id": id, "key": wrapper.wrapped(wrapper.unwrapped(before, of), of), "before": before}
    except CannotOpen:
        return False
    store._unit(lambda unit: unit.run("rewrap_caller_record", values))
    return True


def _each(store: SqlStore, query: str, values: dict[str, Any],
          work: Callable[[SqlTransaction, Any], bool]) -> Iterator[bool]:  # fmt: skip
    """Do ``work`` for each row of the query, in transactions of some."""
    after = 0
    while rows := store._rows(query, **values, after=after, limit=BATCH):
        yield from store._unit(lambda unit, rows=rows: [work(unit, row) for row in rows])  # type: ignore[misc]
        after = rows[-1][0]


def _seal(unit: SqlTransaction, id: str) -> bool:
    found = unit.load(id)  # locks the call
    known = unit.loaded(id)
    if found is None or known is None or known.key is not NO_KEY:
        return False
    row, key = {"the_row": known.row}, unit.keys.wrapper.new_key(id)
    caller = unit.keys.caller(unit, found)
    unit.run("seal_call", {**row, "key": key.stored, "caller": caller, "state": stored(found, key)})
    for number, body in unit.rows("history_of", row):
        unit.run("seal_moment", {"number": number, "body": to_json(sealed_moment(from_json(body), key))})
    for order, body in unit.rows("orders_of", row):
        unit.run("seal_order", {"order": order, "body": key.seal(body, f"order {order}")})
    for follow_up, body in unit.rows("follow_ups_of", row):
        if body:
            unit.run("seal_follow_up", {"id": follow_up, "body": key.seal(body, sealed_as(follow_up))})
    for hold, reason in unit.rows("holds_of", row):
        unit.run("seal_hold", {"id": hold, "reason": key.seal(reason, reason_of(hold))})
    unit.has_key(id, key)
    return True


def _peppers(unit: SqlTransaction, store: SqlStore, year: int) -> None:
    wrapper = store._keys.wrapper
    unit.run("drop_peppers", {"year": year})
    for one, pepper in unit.rows("peppers", {}):
        if not pepper.startswith(wrapper.id):
            of = f"year {one}"
            unit.run("rewrap_pepper", {"year": one, "pepper": wrapper.wrapped(wrapper.unwrapped(pepper, of), of)})
