"""What every store does with concurrent threads and processes."""

import subprocess
import sys
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from random import Random
from threading import Event

from callflow.service.people import Presence
from callflow.service.ports import Store, Transaction
from tests.contracts.sample import NOW, a_call, after, change, event, note, order, ringing, save, together


class TestRaces:
    def test_no_update_is_lost(self, store: Store) -> None:
        save(store, a_call())

        def take_events(_: int) -> None:
            for _ in range(200):
                store.transact(lambda unit: event(unit, notes=[note()]))

        together(2, take_events)
        assert store.read("c1") == a_call(seq=400, attempts=400)
        assert [entry.seq for entry in store.journal("c1")] == list(range(1, 401))

    def test_people_are_claimed_once(self, store: Store) -> None:
        names = [f"p{number}" for number in range(10)]
        for number in range(8):
            save(store, a_call(f"c{number}"))

        def claim(number: int) -> list[str]:
            call, dice, mine = f"c{number}", Random(number), []

            def work(unit: Transaction) -> str | None:
                free = [one.person for one in unit.presence(dice.sample(names, 10), NOW)
                        if one.presence is Presence.FREE]  # fmt: skip
                event(unit, call, people=[ringing(person, call) for person in free[:1]])
                return free[0] if free else None

            while (person := store.transact(work)) is not None:
                mine.append(person)
            return mine

        claimed = together(8, claim)
        assert sorted(chain(*claimed)) == sorted(names)
        assert {one.person: one.call for one in store.people(NOW)} == {
            person: f"c{number}" for number, people in enumerate(claimed) for person in people
        }

    def test_a_call_is_started_once(self, store: Store) -> None:
        def start(number: int) -> str:
            def work(unit: Transaction) -> str:
                known = unit.load("one")
                if known:
                    return known.number
                unit.save(change(a_call("one", number=f"+1555010010{number}")))
                return f"+1555010010{number}"

            return store.transact(work)

        assert len(set(together(8, start))) == 1
        assert len(store.calls()) == 1

    def test_orders_are_leased_once(self, store: Store) -> None:
        save(store, a_call(), orders=[order(f"o{number}") for number in range(100)])

        def lease(_: int) -> list[str]:
            mine: list[str] = []
            while found := store.lease_orders(NOW, after(60), limit=5):
                store.orders_done([one.order.id for one in found])
                mine += [one.order.id for one in found]
            return mine

        leased = chain(*together(8, lease))
        assert sorted(leased) == sorted(f"o{number}" for number in range(100))
        assert store.lease_orders(after(99), after(100)) == []

    def test_only_the_guilty_unit_fails(self, store: Store) -> None:
        for number in range(8):
            save(store, a_call(f"c{number}"))

        def take_events(number: int) -> int:
            failures = 0
            for turn in range(50):

                def work(unit: Transaction, turn: int = turn) -> None:
                    event(unit, f"c{number}", notes=[note()])
                    if number == 0 and turn % 5 == 0:
                        raise KeyError("guilty")

                try:
                    store.transact(work)
                except KeyError:
                    failures += 1
            return failures

        assert together(8, take_events) == [10, 0, 0, 0, 0, 0, 0, 0]
        assert [len(store.journal(f"c{number}")) for number in range(8)] == [40, *[50] * 7]

    def test_calls_loaded_crosswise_do_not_block_each_other(self, store: Store) -> None:
        for id in ("c0", "c1"):
            save(store, a_call(id))

        def cross(number: int) -> None:
            for _ in range(3):

                def work(unit: Transaction) -> None:
                    for id in (f"c{number}", f"c{1 - number}"):
                        event(unit, id)

                store.transact(work)

        together(2, cross)
        assert [call.seq for call in store.calls()] == [6, 6]

    def test_readers_see_whole_units_only(self, store: Store) -> None:
        save(store, a_call())
        over = Event()

        def work(number: int) -> int:
            if number == 0:
                for _ in range(200):
                    store.transact(lambda unit: event(unit, notes=[note()]))
                over.set()
                return 0
            torn = 0
            while not over.is_set():
                call, length = store.read("c1"), len(store.journal("c1"))
                torn += call is None or length < call.seq or call.seq != call.attempts
            return torn

        assert together(3, work) == [0, 0, 0]


PROCESS = """
import sys
from callflow.store import open_store
from tests.contracts.sample import SECRETS, event, note, order
store = open_store(sys.argv[1], SECRETS)
for number in range(200):
    store.transact(lambda unit: event(unit, notes=[note()], orders=[order(f"{sys.argv[2]}-{number}")]))
store.close()
"""


def test_several_processes_lose_nothing(database_url: str, opened: Callable[[str], Store]) -> None:
    store = opened(database_url)
    save(store, a_call())
    root = Path(__file__).parents[2]
    others = [subprocess.Popen([sys.executable, "-c", PROCESS, database_url, name], cwd=root) for name in ("a", "b")]
    for _ in range(50):
        store.transact(event)
    assert [other.wait(60) for other in others] == [0, 0]
    assert store.transact(lambda unit: unit.load("c1")) == store.read("c1") == a_call(seq=450, attempts=450)
    assert [entry.seq for entry in store.journal("c1")] == list(range(1, 401))
    assert len(store.lease_orders(NOW, after(1), limit=1000)) == 400


def test_processes_that_start_together_make_the_tables_once(database_url: str) -> None:
    start = "import sys; from callflow.store import open_store; open_store(sys.argv[1], ('sixteen letters!',)).close()"
    root = Path(__file__).parents[2]
    starting = [subprocess.Popen([sys.executable, "-c", start, database_url], cwd=root) for _ in range(4)]
    assert [one.wait(60) for one in starting] == [0] * 4
