"""Every store keeps the history of calls: in order, in the transaction of the change, apart from the journal."""

from collections.abc import Callable

import pytest

from callflow.core.events import CallStarted, DigitPressed, PeopleFound, Served
from callflow.service.moments import Moment
from callflow.service.ports import Store, Transaction
from callflow.store import open_store
from tests.contracts.sample import NOW, SECRETS, a_call, after, change, event, save

FIRST = Moment(
    at=NOW, facts=(CallStarted(at=NOW, sid="CA-c1", number="", called="+15550100100"), Served(at=NOW, leg="caller")),
    stage="arriving", places={"caller": ("step", "greeting")},
)  # fmt: skip


def told(seconds: float, key: str) -> Moment:
    at = after(seconds)
    return Moment(at=at, facts=(DigitPressed(at=at, leg="caller", key=key), PeopleFound(at=NOW, people=("ana", "ben"))))


def test_an_unknown_call_has_none(store: Store) -> None:
    assert store.history("c1") == []


def test_moments_come_back_whole_and_in_order(store: Store) -> None:
    save(store, a_call(), history=FIRST)
    save(store, a_call("c2"), history=told(1, "9"))
    store.transact(lambda unit: (event(unit, history=told(2, "1")), event(unit, history=told(1, "2"))))
    assert store.history("c1") == [FIRST, told(2, "1"), told(1, "2")]
    assert store.history("c2") == [told(1, "9")]
    assert store.journal("c1") == []


def test_a_change_of_no_fact_leaves_none(store: Store) -> None:
    save(store, a_call())
    store.transact(event)
    assert store.history("c1") == []


def test_a_failing_unit_leaves_nothing(store: Store) -> None:
    save(store, a_call(), history=FIRST)

    def work(unit: Transaction) -> None:
        event(unit, history=told(1, "1"))
        unit.save(change(a_call("c2"), history=told(1, "1")))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.transact(work)
    assert (store.history("c1"), store.history("c2")) == ([FIRST], [])
    store.transact(lambda unit: event(unit, history=told(3, "3")))
    assert store.history("c1") == [FIRST, told(3, "3")]


def test_it_outlives_the_process(database_url: str, opened: Callable[[str], Store]) -> None:
    first = open_store(database_url, SECRETS)
    save(first, a_call(), history=FIRST)
    first.close()
    assert opened(database_url).history("c1") == [FIRST]
