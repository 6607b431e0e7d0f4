"""The live view of a node reads only what has changed, and sees what time alone changes."""

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from callflow.core.opening_hours import Hours
from callflow.core.stages import Stage
from callflow.service.configurations import Configurations
from callflow.service.live_calls import MANY, LiveCalls
from callflow.service.people import PersonPresence, Presence
from callflow.service.ports import Change
from callflow.store import open_store
from tests.core.example import CONFIGURATION
from tests.playbook import START, talking
from tests.web.pages import board_scenes as scenes
from tests.web.pages.board_scenes import put

NOW = START + timedelta(hours=1)


class Watched:
    """A store that counts what is asked of it."""

    def __init__(self) -> None:
        self.store: Any = open_store("memory:")
        self.asked: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:
        self.asked[name] += 1
        return getattr(self.store, name)


class Node:
    def __init__(self, store: Any = None, **changes: Any) -> None:
        self.now = NOW
        self.store = store or Watched()
        self.configurations = Configurations(replace(CONFIGURATION, **changes))
        self.live = LiveCalls(self.store, self.configurations, lambda: self.now, least_seconds=0)

    def put(self, id: str, scene: Any = talking) -> None:
        put(self.store.store, scene(), self.now, id=id, reference=id.upper())

    def asked(self) -> Counter[str]:
        """What the store was asked since the last time."""
        found, self.store.asked = self.store.asked, Counter()
        return found


def change(store: Any, id: str, at: datetime = NOW, **changes: Any) -> None:
    def work(unit: Any) -> None:
        before = unit.load(id)
        unit.save(Change(call=before.but(seq=before.seq + 1, **changes), before=before, lease_until=at))

    store.transact(work)


def test_while_nothing_changes_only_the_version_is_asked_for() -> None:
    node = Node()
    node.put("c1")
    first = node.live.now()
    node.asked()
    assert node.live.now() is first
    assert node.asked() == {"page_version": 1}


def test_only_the_call_that_changed_is_read_again() -> None:
    node = Node()
    for number in range(5):
        node.put(f"c{number}")
    before = node.live.now()
    change(node.store.store, "c3", reason="a refund")
    node.asked()
    after = node.live.now()
    assert node.asked()["read"] == 1
    assert after.views["c3"].reason == "a refund"
    assert all(after.views[id] is before.views[id] for id in ("c0", "c1", "c2", "c4"))


def test_a_journal_is_read_once_for_a_call_that_has_something_of_it() -> None:
    node = Node()
    node.put("c1", scenes.locked)
    node.put("c2")
    assert node.live.now().views["c1"].cards[0].since
    change(node.store.store, "c1")
    node.live.now()
    assert node.asked()["journal"] == 1


def test_a_call_that_has_ended_is_gone() -> None:
    node = Node()
    node.put("c1")
    node.live.now()
    change(node.store.store, "c1", stage=Stage.ENDED)
    assert node.live.now().views == {}


def test_many_calls_are_read_at_once() -> None:
    node = Node()
    for number in range(MANY + 1):
        node.put(f"c{number}")
    assert len(node.live.now().views) == MANY + 1
    asked = node.asked()
    assert (asked["calls"], asked["read"]) == (1, 0)


@pytest.mark.parametrize("others", [1, MANY])
@pytest.mark.parametrize("state", ["sealed:nonsense", '{"v": 999}', "nonsense"])
def test_a_call_that_cannot_be_read_hides_no_other_and_is_counted(state: str, others: int, tmp_path: Path) -> None:
    with closing(open_store(f"sqlite:///{tmp_path}/calls.db", ("a secret of sixteen",))) as store:
        node = Node(SimpleNamespace(store=store))
        node.live = LiveCalls(store, node.configurations, lambda: NOW, least_seconds=0)
        node.put("c0")
        assert (len(node.live.now().views), node.live.now().unreadable) == (1, 0)
        for number in range(others):
            node.put(f"d{number}")
        with closing(sqlite3.connect(tmp_path / "calls.db")) as file, file:
            file.execute("UPDATE calls SET state = ?, seq = seq + 1 WHERE id = 'c0'", [state])
        change(store, "d0", reason="a refund")
        for _ in range(2):
            found = node.live.now(fresh=True)
            assert (len(found.views), len(found.calls), found.unreadable) == (others, others, 1)
            change(store, "d0")


def test_a_promise_that_is_over_is_another_version_although_nothing_is_stored() -> None:
    node = Node()
    node.put("c1", scenes.holding)
    before = node.live.now()
    node.now += timedelta(seconds=30)
    after = node.live.now()
    assert after.stored == before.stored
    assert after.version != before.version
    assert [card.need.word for card in after.views["c1"].cards] == ["hold"]
    assert node.live.now() is after


def test_two_nodes_that_know_the_same_have_the_same_version_whenever_they_looked() -> None:
    one = Node()
    one.put("c1", scenes.holding)
    resting = PersonPresence(person="ben", presence=Presence.COOL_DOWN, since=NOW, until=NOW + timedelta(minutes=5))
    before = one.store.store.read("c1")
    saved = Change(call=before.but(seq=before.seq + 1), before=before, people=[resting], lease_until=NOW)
    one.store.store.transact(lambda unit: unit.save(saved))
    one.live.now()
    for seconds in (1, 30, 299, 301, 900):
        one.now = NOW + timedelta(seconds=seconds)
        other = Node(one.store)
        other.now = one.now
        assert other.live.now().version == one.live.now().version


def test_hours_of_duty_are_looked_at_each_minute() -> None:
    agents = {
        name: replace(one, on_duty=Hours(timezone="UTC", weekly=((),) * 7))
        for name, one in CONFIGURATION.agents.items()
    }
    node = Node(agents=agents)
    before = node.live.now()
    node.now += timedelta(seconds=61)
    assert node.live.now().version != before.version


def test_beside_many_calls_it_is_read_a_few_times_a_second_and_at_once_for_who_has_acted() -> None:
    node = Node()
    node.put("c1")
    node.live.least_seconds = 3600.0
    before = node.live.now()
    change(node.store.store, "c1", reason="a refund")
    assert node.live.now() is before
    assert node.live.now(fresh=True).views["c1"].reason == "a refund"


def test_the_last_help_is_looked_up_once_for_each_change() -> None:
    node = Node()
    node.put("c1", lambda: scenes.consulting().supervisor("sam").star().presses("1"))
    node.live.now()
    node.asked()
    assert node.live.last_help() == node.live.last_help() == NOW
    assert node.asked()["last_help"] == 1


def test_those_that_have_lasted_longest_come_first() -> None:
    node = Node()
    for id in ("young", "old"):
        node.put(id)
        node.now -= timedelta(minutes=5)
    assert list(node.live.now().views) == ["old", "young"]
