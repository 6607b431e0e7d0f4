"""Erasing a call: what identifies or quotes people is gone for good, and everything else goes on working."""

from collections.abc import Callable

import pytest

from callflow.core.evidence import CallBack
from callflow.core.notes import NoteKind
from callflow.core.stages import Stage
from callflow.service.ports import Store
from callflow.store.errors import CannotErase
from tests.contracts.sample import a_call, after, event, note, ring, save

PROMISE = CallBack(owner="sam", due=after(60), number="+15550100999")
ENDED = a_call(stage=Stage.ENDED, variables={"account": "4711"}, call_token="proof", call_back=PROMISE)


def fill(store: Store) -> None:
    said = note(NoteKind.MESSAGE_LEFT, outcome="RE1", details={"seconds": 9})
    save(store, ENDED, notes=[note("answered"), said], orders=[ring("o1")])
    save(store, a_call("c2", reference="2222", variables={"account": "4712"}))


def test_an_erased_call_has_nothing_of_the_caller(store: Store) -> None:
    fill(store)
    assert store.erase("c1")
    left = ENDED.but(number="", variables={}, call_token="", call_back=CallBack(owner="sam", due=after(60), number=""))
    assert store.read("c1") == store.recent("c1") == store.find("4F7K") == left
    assert left in store.calls(live=False)
    assert store.transact(lambda unit: unit.load("c1")) == left
    assert [one.note.kind for one in store.journal("c1")] == ["answered", "message_left"]
    assert [one.note.outcome for one in store.journal("c1")] == ["", ""]
    assert [one.note.details for one in store.journal("c1")] == [{}, {"seconds": 9}]
    assert store.lease_orders(after(99), after(100)) == []


def test_other_calls_keep_theirs(store: Store) -> None:
    fill(store)
    store.erase("c1")
    kept = store.read("c2")
    assert kept is not None
    assert (kept.number, kept.variables) == ("+15550100999", {"account": "4712"})


def test_a_call_that_is_not_over_is_not_erased(store: Store) -> None:
    fill(store)
    with pytest.raises(CannotErase, match="call 2222 is not over"):
        store.erase("c2")


def test_erasing_an_unknown_call(store: Store) -> None:
    assert not store.erase("c9")


def test_erasing_twice_does_no_harm(store: Store) -> None:
    fill(store)
    assert store.erase("c1")
    assert store.erase("c1")
    assert len(store.journal("c1")) == 2


def test_what_is_reported_late_is_not_kept(database_url: str, opened: Callable[[str], Store]) -> None:
    store = opened(database_url)
    fill(store)
    store.erase("c1")
    late = note(NoteKind.SPOKEN_NOTE, outcome="RE2")
    store.transact(lambda unit: event(unit, notes=[late]))
    assert [one.note.outcome for one in store.journal("c1")] == ["", "", ""]
    assert opened(database_url).read("c1") == store.read("c1")
