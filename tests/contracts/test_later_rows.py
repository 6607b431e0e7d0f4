"""What a newer Callflow has stored in a database that old and new nodes share during an upgrade."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from callflow.service.people import Presence
from callflow.service.ports import RingRequest, Store
from callflow.store import upgrades
from callflow.store.rows import order_from_json
from tests.contracts.sample import a_call, after, change, note, order, ring, save

Opened = Callable[[str], Store]


@pytest.fixture
def written(database_url: str) -> Callable[..., None]:
    """Runs a statement as another program does."""

    def run(statement: str, *values: Any) -> None:
        with upgrades.opened(database_url) as tables, tables.transaction() as inside:
            inside(statement, *values)

    return run


def test_its_requests_do_not_hold_up_ours(database_url: str, opened: Opened, written: Callable[..., None]) -> None:
    store = opened(database_url)
    call = a_call()
    store.transact(lambda unit: unit.save(change(call, orders=(order("o1"), order("o2"), ring("o3")))))
    written("UPDATE orders SET body = ? WHERE id = 'o1'", json.dumps({"kind": "coach", "id": "o1", "call": "c1"}))
    written("UPDATE orders SET body = ? WHERE id = 'o3'",
            json.dumps({"kind": "ring", **RING, "tone": {"soft": True}}))  # fmt: skip
    assert [due.order for due in store.lease_orders(after(1), after(16))] == [order("o2"), ring("o3")]


RING = {"id": "o3", "call": "c1", "leg": "s2", "token": 1, "to": "+15550100121"}


def test_a_field_of_a_request_that_is_not_known_is_left_out() -> None:
    assert order_from_json(json.dumps({"kind": "ring", **RING, "tone": 1})) == RingRequest(**RING)  # type: ignore[arg-type]


def test_its_calls_are_left_out_of_lists(database_url: str, opened: Opened, written: Callable[..., None]) -> None:
    """After a start every live call is looked at. One that this node cannot read must not keep it from the others."""
    store = opened(database_url)
    for id in ("c1", "c2"):
        save(store, a_call(id))
    written("""UPDATE calls SET state = replace(state, '{"v":', '{"v":9') WHERE id = 'c1'""")
    assert [call.id for call in store.calls()] == ["c2"]
    assert [call.id for call in store.calls(live=False)] == ["c2"]


def test_whoever_does_what_is_not_known_is_not_free(database_url: str, opened: Opened, written: Callable[..., None]
                                                    ) -> None:  # fmt: skip
    store = opened(database_url)
    store.set_away("ana", away=False)
    written("UPDATE people SET presence = 'coaching'")
    (ana,) = store.people(after(0))
    assert ana.presence is Presence.OTHER


def test_its_entries_in_the_journal_can_be_read(database_url: str, opened: Opened) -> None:
    store = opened(database_url)
    save(store, a_call(), notes=(note("coached"), note("call_ended")))
    assert [entry.note.kind for entry in store.journal("c1")] == ["coached", "call_ended"]
