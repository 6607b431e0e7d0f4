"""What every store does, one unit of work at a time. test_store_races.py tests concurrent ones."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from callflow.core.call import Leg, Place, Role
from callflow.core.configuration import Group
from callflow.core.follow_ups import FollowUp, FollowUpKind
from callflow.core.stages import PlaceName, Stage
from callflow.service.ports import Store, StoreUnavailable, Transaction
from callflow.store import open_store
from callflow.store.errors import NestedTransaction, StaleCall, UnknownDatabase
from tests.contracts.sample import NOW, a_call, after, change, event, note, order, ring, ringing, save, waiting_call


class Refused(Exception):
    pass


class TestCalls:
    def test_a_saved_call_comes_back_whole(self, store: Store) -> None:
        call = waiting_call("c1", priority=3).but(deadlines={"hold_end": after(30)}, hold_refused_at=after(1))
        save(store, call)
        assert store.read("c1") == call
        assert store.transact(lambda unit: unit.load("c1")) == call

    def test_an_unknown_call_is_none(self, store: Store) -> None:
        assert store.read("c1") is None
        assert store.transact(lambda unit: unit.load("c1")) is None
        assert store.journal("c1") == []

    def test_a_unit_sees_what_it_wrote(self, store: Store) -> None:
        def work(unit: Transaction) -> int:
            unit.save(change(a_call()))
            event(unit)
            return event(unit, notes=[note()]).seq

        assert store.transact(work) == 2
        assert store.read("c1") == a_call(seq=2, attempts=2)
        assert [entry.seq for entry in store.journal("c1")] == [1]

    def test_a_failing_unit_leaves_nothing(self, store: Store) -> None:
        save(store, a_call(), due=after(5), notes=[note("first")])
        promise = FollowUp(id="p1", kind=FollowUpKind.PROMISE, call="c1", person="sam", state="open", at=NOW)

        def work(unit: Transaction) -> None:
            event(unit, notes=[note("second")], orders=[order("o1")], people=[ringing("sam")], follow_ups=[promise])
            unit.save(change(waiting_call("c2"), due=after(1)))
            raise Refused

        with pytest.raises(Refused):
            store.transact(work)
        assert store.read("c1") == a_call()
        assert store.transact(lambda unit: unit.load("c1")) == a_call()
        assert (store.read("c2"), store.waiting(), store.people(NOW), store.follow_ups()) == (None, [], [], [])
        assert store.lease_orders(after(99), after(100)) == []
        assert [entry.note.kind for entry in store.journal("c1")] == ["first"]
        assert store.next_due() == after(5)
        save(store, a_call("c2"))

    def test_a_change_from_an_old_state_is_refused(self, store: Store) -> None:
        save(store, a_call())
        store.transact(event)
        with pytest.raises(StaleCall):
            save(store, a_call(seq=1, attempts=9), a_call())
        with pytest.raises(StaleCall):
            save(store, a_call())
        with pytest.raises(StaleCall):
            save(store, a_call("c9", seq=1), a_call("c9"))
        assert store.read("c1") == a_call(seq=1, attempts=1)

    def test_two_calls_never_have_one_caller_leg(self, store: Store) -> None:
        save(store, a_call())
        with pytest.raises(StaleCall):
            save(store, a_call("c2", legs=a_call("c1").legs))
        no_sid = tuple(replace(leg, sid="") for leg in a_call().legs)
        save(store, a_call("c3", legs=no_sid))
        save(store, a_call("c4", legs=no_sid))
        save(store, a_call("c3", legs=a_call("c3").legs), a_call("c3", legs=no_sid))
        with pytest.raises(StaleCall):
            save(store, a_call("c4", legs=a_call("c1").legs), a_call("c4", legs=no_sid))
        assert store.read("c3") == a_call("c3")

    def test_live_calls_are_listed_newest_first(self, store: Store) -> None:
        for number in range(4):
            save(store, a_call(f"c{number}", started_at=after(number)))
        for number in (0, 2):
            before = a_call(f"c{number}", started_at=after(number))
            save(store, before.but(stage=Stage.ENDED, seq=1), before)
        assert [call.id for call in store.calls()] == ["c3", "c1"]
        assert [call.id for call in store.calls(live=False)] == ["c3", "c2", "c1", "c0"]
        assert [call.id for call in store.calls(live=False, limit=2)] == ["c3", "c2"]

    def test_a_call_is_found_by_its_reference_however_old(self, store: Store) -> None:
        for number in range(3):
            save(store, a_call(f"c{number}", reference=f"47350{number}", started_at=after(number)))
        save(store, a_call("c9", reference="473500", started_at=after(9)))
        assert [found and found.id for found in map(store.find, ("473501", "473500", "47350", "999999"))] == [
            "c1", "c9", None, None,
        ]  # fmt: skip
        for odd in ("", "%", "47350_", "4735%", '"', "\x00"):
            assert store.find(odd) is None

    def test_due_calls(self, store: Store) -> None:
        assert (store.next_due(), store.due_calls(NOW)) == (None, [])
        for number, seconds in enumerate((20, 10, None)):
            save(store, a_call(f"c{number}"), due=None if seconds is None else after(seconds))
        assert store.next_due() == after(10)
        assert [store.next_due(after(past)) for past in (9, 10, 20)] == [after(10), after(20), None]
        assert store.due_calls(after(9)) == []
        assert store.due_calls(after(10)) == ["c1"]
        assert store.due_calls(after(99)) == ["c1", "c0"]
        assert store.due_calls(after(99), limit=1) == ["c1"]
        store.transact(lambda unit: event(unit, "c1", due=after(30)))
        assert (store.next_due(), store.due_calls(after(20))) == (after(20), ["c0"])
        store.transact(lambda unit: event(unit, "c0"))
        store.transact(lambda unit: event(unit, "c1"))
        assert store.next_due() is None

    def test_nested_transactions_are_refused(self, store: Store) -> None:
        with pytest.raises(NestedTransaction):
            store.transact(lambda _: store.transact(lambda unit: unit.load("c1")))
        assert store.transact(lambda unit: unit.load("c1")) is None

    def test_a_closed_store_is_unavailable(self, store: Store) -> None:
        store.ping()
        store.close()
        store.close()
        for use in (store.ping, store.next_due, lambda: store.transact(lambda unit: None)):
            with pytest.raises(StoreUnavailable):
                use()

    def test_what_is_stored_outlives_the_process(self, database_url: str, opened: Callable[[str], Store]) -> None:
        store = opened(database_url)
        save(store, a_call(), notes=[note()], orders=[order("o1")])
        store.close()
        again = opened(database_url)
        assert again.read("c1") == a_call()
        assert len(again.journal("c1")) == len(again.lease_orders(NOW, after(1))) == 1


class TestJournal:
    def test_entries_are_numbered_without_a_gap(self, store: Store) -> None:
        save(store, a_call(), notes=[note("a"), note("b")])
        save(store, a_call("c2"), notes=[note("x")])
        store.transact(event)
        store.transact(lambda unit: event(unit, notes=[note("c")]))
        assert [(entry.seq, entry.note.kind) for entry in store.journal("c1")] == [(1, "a"), (2, "b"), (3, "c")]
        assert [entry.note.kind for entry in store.journal("c2")] == ["x"]

    def test_an_entry_keeps_everything(self, store: Store) -> None:
        full = note("warned", key="3", script="warning_final", version="v7", language="es", outcome="heard",
                    details={"seconds": 8.4, "conduct": "insults", "asks": 2})  # fmt: skip
        save(store, a_call(at=after(7)), notes=[full])
        (entry,) = store.journal("c1")
        assert (entry.note, entry.at) == (full, after(7))


class TestWaiting:
    def test_higher_priority_first_then_first_come(self, store: Store) -> None:
        for id, priority, seconds in (("a", 0, 2), ("b", 0, 1), ("c", 5, 9), ("d", 5, 8), ("e", 0, 2)):
            save(store, waiting_call(id, priority=priority, seconds=seconds))
        save(store, waiting_call("z", team="other"))
        assert store.waiting("desk") == ["d", "c", "b", "a", "e"]
        assert store.waiting("other") == ["z"]
        assert store.waiting() == ["d", "c", "z", "b", "a", "e"]
        for number, id in enumerate(store.waiting("desk")):
            assert store.transact(lambda unit, id=id: unit.waiting_before(unit.load(id))) == number

    def test_a_call_not_saved_yet_knows_its_place(self, store: Store) -> None:
        save(store, waiting_call("a"))
        place = store.transact(lambda unit: unit.waiting_before(waiting_call("b", seconds=1)))
        assert place == 1
        assert store.transact(lambda unit: unit.waiting_before(a_call("b"))) == 0

    def test_agents_and_supervisors_have_their_own_queues(self, store: Store) -> None:
        save(store, waiting_call("a"))
        save(store, waiting_call("s", group=Group.SUPERVISORS, seconds=1))
        talking = waiting_call("t", group=Group.SUPERVISORS).but(stage=Stage.TALKING)
        save(store, talking)
        assert store.waiting("desk") == ["a", "s"]
        third = waiting_call("b", group=Group.SUPERVISORS, seconds=2)
        assert store.transact(lambda unit: unit.waiting_before(third)) == 1

    def test_only_one_call_is_first_in_line(self, store: Store) -> None:
        """Those for whom somebody is being rung keep their place in line, and both groups are one line."""
        rung = Leg(id="a1", role=Role.CANDIDATE, place=Place(PlaceName.RINGING), person="ana", since=NOW)
        first = waiting_call("a")
        save(store, first.but(legs=(*first.legs, rung)))
        save(store, waiting_call("b", seconds=1))
        save(store, waiting_call("s", group=Group.SUPERVISORS, seconds=2))
        save(store, waiting_call("z", team="other"))
        assert store.waiting("desk") == ["b", "s"]
        line = {
            id: store.transact(lambda unit, id=id: unit.ahead_in_line(unit.load(id))) for id in ("a", "b", "s", "z")
        }
        assert line == {"a": 0, "b": 1, "s": 2, "z": 0}
        assert store.transact(lambda unit: unit.waiting_before(unit.load("b"))) == 0
        assert store.transact(lambda unit: unit.ahead_in_line(a_call("new"))) == 0

    def test_a_call_leaves_the_queue_with_its_search(self, store: Store) -> None:
        save(store, waiting_call("c1"))
        store.transact(lambda unit: unit.save(change(a_call(seq=1), unit.load("c1"))))
        assert store.waiting() == []


class TestOrders:
    def test_a_new_order_is_ours_until_its_lease_ends(self, store: Store) -> None:
        save(store, a_call(), orders=[order("o1"), ring("o2")], lease_until=after(10))
        assert store.lease_orders(after(9), after(19)) == []
        (first,) = store.lease_orders(after(10), after(20), limit=1)
        assert (first.order, first.tries) == (order("o1"), 0)
        (second,) = store.lease_orders(after(10), after(20))
        assert second.order == ring("o2")
        assert second.row > first.row
        assert store.lease_orders(after(19), after(29)) == []

    def test_done_and_again(self, store: Store) -> None:
        save(store, a_call(), orders=[order("o1"), order("o2")])
        store.orders_done(["o1", "nobody"])
        store.orders_done(["o1"])
        store.order_again("o2", after(5))
        store.order_again("nobody", after(5))
        assert store.lease_orders(after(4), after(9)) == []
        (found,) = store.lease_orders(after(5), after(9))
        assert (found.order.id, found.tries) == ("o2", 1)

    def test_the_same_order_twice_is_one(self, store: Store) -> None:
        save(store, a_call(), orders=[order("o1")])
        store.transact(lambda unit: event(unit, orders=[order("o1", token=9), order("o2"), order("o2")]))
        assert [found.order.id for found in store.lease_orders(NOW, after(1))] == ["o1", "o2"]


def test_an_unknown_database_is_refused_without_its_password() -> None:
    with pytest.raises(UnknownDatabase, match="mysql") as caught:
        open_store("mysql://user:secret@host/name")
    assert "secret" not in str(caught.value)
