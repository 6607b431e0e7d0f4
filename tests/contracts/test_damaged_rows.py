"""One row that is damaged harms one call: everything of all the others goes on."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from callflow.core.call import Call
from callflow.core.configuration import Configuration
from callflow.core.follow_ups import FollowUp, FollowUpKind, follow_up_id
from callflow.service.configurations import Configurations
from callflow.service.follow_up_keeper import FollowUpKeeper
from callflow.service.follow_ups import FollowUpChange
from callflow.service.ports import Store
from callflow.store import open_store
from tests.contracts.sample import NOW, SECRETS, a_call, after, save
from tests.core.example import CONFIGURATION
from tests.web.edge import SID, Edge

OTHER = "CA" + "d" * 32
DAMAGES = {
    "a sealed value": lambda state: state.replace("sealed:", "sealed:AAAA", 1),
    "an unknown layout": lambda state: '{"version":0}',
}
Damage = Callable[[str], str]


def damaged(path: Path, id: str, damage: Damage) -> Store:
    """The database opened again, with the state of this call changed."""
    with sqlite3.connect(path) as database:
        ((state,),) = database.execute("SELECT state FROM calls WHERE id = ?", (id,)).fetchall()
        assert damage(state) != state
        database.execute("UPDATE calls SET state = ? WHERE id = ?", (damage(state), id))
    return open_store(f"sqlite:///{path}", SECRETS)


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=list(DAMAGES))
def test_after_a_start_the_agent_of_another_caller_is_rung(damage: Damage, tmp_path: Path) -> None:
    path = tmp_path / "calls.db"
    store = open_store(f"sqlite:///{path}", SECRETS)
    edge = Edge(store=store)
    edge.rings(OTHER)
    (bad,) = [one.id for one in store.calls()]
    edge.later(1).rings(SID)
    edge.later(2).answers()
    edge.later(2).answers(Digits="1")
    edge.runner._tasks.clear()  # the server dies before it has rung the agent
    store.close()
    again = Edge(store=damaged(path, bad, damage))
    again.now = edge.now + timedelta(seconds=200)
    for _ in range(30):
        for id in again.runner.reconciler.due(8):
            if id != bad:  # the runner leaves the one alone that fails
                again.runner.reconciler.reconcile(id)
        again.runner.dispatcher.send_due()
        again.later(1)
    assert [one.kind for one in again.provider.sent] == ["ring"]


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=list(DAMAGES))
def test_the_promises_of_other_calls_are_kept(damage: Damage, tmp_path: Path) -> None:
    path = tmp_path / "calls.db"
    store = open_store(f"sqlite:///{path}", SECRETS)
    for n in range(3):
        save(store, a_call(f"c{n}"), follow_ups=[promise(f"c{n}", n)])
    store.close()
    handled: list[str] = []

    def decide(one: FollowUp, call: Call, configuration: Configuration, at: datetime) -> FollowUpChange:
        handled.append(call.id)
        return FollowUpChange(follow_up=replace(one, due=None))

    store = damaged(path, "c0", damage)
    keeper = FollowUpKeeper(store, Configurations(CONFIGURATION), lambda: after(9), {FollowUpKind.PROMISE: decide})
    keeper.look()
    assert handled == ["c1", "c2"]
    assert store.due_follow_ups(after(9)) == [follow_up_id("c0", FollowUpKind.PROMISE)]


def promise(call: str, seconds: int) -> FollowUp:
    kind = FollowUpKind.PROMISE
    return FollowUp(id=follow_up_id(call, kind), kind=kind, call=call, person="ana", state="open", at=NOW,
                    due=after(seconds), body={"x": 1})  # fmt: skip
