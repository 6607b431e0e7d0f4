"""Calls and changes to fill a store with."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any, TypeVar

from callflow.core.call import Call, Leg, Place, Role, Search
from callflow.core.configuration import Group
from callflow.core.notes import Note
from callflow.core.stages import PlaceName, Stage
from callflow.service.people import PersonPresence, Presence
from callflow.service.ports import Change, RedirectRequest, RingRequest, Store, Transaction

T = TypeVar("T")

SECRETS = ("of a test and worth nothing",)
"""What databases of tests are sealed with."""
NOW = datetime(2026, 11, 22, 10, 0, 0, 123456, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def a_call(id: str = "c1", **changes: Any) -> Call:
    caller = Leg(id="caller", role=Role.CALLER, place=Place(PlaceName.STEP), sid=f"CA-{id}", since=NOW)
    call = Call(id=id, reference="4F7K", digest="d1", language="en", flow="front_desk", number="+15550100999",
                called="+15550100100", started_at=NOW, at=NOW, legs=(caller,))  # fmt: skip
    return call.but(**changes)


def waiting_call(id: str, *, team: str = "desk", priority: int = 0, seconds: float = 0,
                 group: Group = Group.AGENTS) -> Call:  # fmt: skip
    search = Search(group=group, team=team, priority=priority, since=after(seconds))
    return a_call(id, stage=Stage.WAITING, search=search)


def change(call: Call, before: Call | None = None, **more: Any) -> Change:
    return Change(**{"call": call, "before": before, "lease_until": NOW, **more})


def save(store: Store, call: Call, before: Call | None = None, **more: Any) -> None:
    store.transact(lambda unit: unit.save(change(call, before, **more)))


def event(unit: Transaction, id: str = "c1", **more: Any) -> Call:
    """Apply one event to a call as the service does: load, decide, save."""
    before = unit.load(id)
    assert before is not None
    call = before.but(seq=before.seq + 1, attempts=before.attempts + 1)
    unit.save(change(call, before, **more))
    return call


def note(kind: str = "told", **more: Any) -> Note:
    return Note(kind=kind, actor="ana", **more)


def order(id: str, token: int = 1) -> RedirectRequest:
    return RedirectRequest(id=id, call="c1", leg="s1", token=token, sid="CA-s1")


def ring(id: str) -> RingRequest:
    return RingRequest(id=id, call="c1", leg="s2", token=1, to="+15550100121")


def ringing(person: str, call: str = "c1") -> PersonPresence:
    return PersonPresence(person=person, presence=Presence.RUNG, call=call, since=NOW)


def together(threads: int, work: Callable[[int], T]) -> list[T]:
    """Run ``work(0)``, ``work(1)``, ... in threads that start at the same moment."""
    start = Barrier(threads)

    def one(number: int) -> T:
        start.wait()
        return work(number)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, range(threads)))
