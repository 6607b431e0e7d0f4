"""Follow-ups of calls, the same in every store."""

from dataclasses import replace

import pytest

from callflow.core.follow_ups import FollowUp, FollowUpKind, follow_up_id
from callflow.core.stages import Stage
from callflow.service.ports import Store
from tests.contracts.sample import NOW, a_call, after, change, save

PROMISE = FollowUp(id=follow_up_id("c1", FollowUpKind.PROMISE), kind=FollowUpKind.PROMISE, call="c1", person="sam",
                   state="open", at=NOW, due=after(60), body={"number": "+15550100999"})  # fmt: skip
INCIDENT = replace(PROMISE, id=follow_up_id("c1", FollowUpKind.INCIDENT), kind=FollowUpKind.INCIDENT, person="sky",
                   due=None, body={})  # fmt: skip


def put(store: Store, one: FollowUp) -> None:
    store.transact(lambda unit: unit.put_follow_up(one))


def test_what_is_due_first_comes_first(store: Store) -> None:
    save(store, a_call(), follow_ups=[INCIDENT, PROMISE])
    assert store.follow_ups() == [PROMISE, INCIDENT]
    assert store.follow_ups(FollowUpKind.INCIDENT) == [INCIDENT]
    assert store.follow_ups(person="sam") == [PROMISE]
    assert store.follow_ups(call="c2") == []
    assert store.follow_up(PROMISE.id) == PROMISE
    assert store.follow_up("c9-promise-1") is None


def test_one_that_is_done_is_left_out_but_not_lost(store: Store) -> None:
    save(store, a_call(), follow_ups=[PROMISE])
    assert store.due_follow_ups(after(59)) == []
    assert store.due_follow_ups(after(60)) == [PROMISE.id]
    kept = replace(PROMISE, state="kept", due=None, closed=True, person="")
    put(store, kept)
    assert (store.follow_ups(), store.due_follow_ups(after(99))) == ([], [])
    assert store.follow_ups(closed=True, call="c1") == [kept]


def test_those_that_are_over_are_listed_newest_first(store: Store) -> None:
    over = [replace(PROMISE, id=f"c1-promise-{n}", at=after(n), state="kept", due=None, closed=True) for n in range(4)]
    save(store, a_call(), follow_ups=[*over, INCIDENT])
    assert store.closed_follow_ups(FollowUpKind.PROMISE, limit=3) == over[:0:-1]
    assert store.closed_follow_ups(FollowUpKind.PROMISE, after(1)) == over[:1]
    assert store.closed_follow_ups(FollowUpKind.INCIDENT) == []


def test_a_unit_that_fails_leaves_it_as_it_was(store: Store) -> None:
    save(store, a_call(), follow_ups=[PROMISE])

    def work(unit: object) -> None:
        assert unit.locked_follow_up(PROMISE.id) == PROMISE  # type: ignore[attr-defined]
        unit.put_follow_up(replace(PROMISE, state="kept"))  # type: ignore[attr-defined]
        raise KeyError

    with pytest.raises(KeyError):
        store.transact(work)
    assert store.follow_up(PROMISE.id) == PROMISE


def test_an_erased_call_keeps_no_words_of_it_and_gets_none(store: Store) -> None:
    save(store, a_call(), follow_ups=[PROMISE])
    save(store, a_call(stage=Stage.ENDED), store.read("c1"))
    assert store.erase("c1")
    assert store.follow_ups(closed=True) == [replace(PROMISE, due=None, closed=True, body={})]
    put(store, replace(INCIDENT, body={"words": "too late"}))
    assert "too late" not in str(store.follow_ups(closed=True))


def test_it_is_written_with_the_call_or_not_at_all(store: Store) -> None:
    save(store, a_call())
    with pytest.raises(Exception, match="c1"):
        store.transact(lambda unit: unit.save(change(a_call(), None, follow_ups=[PROMISE])))
    assert store.follow_ups() == []
