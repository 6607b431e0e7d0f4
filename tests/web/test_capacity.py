"""More webhooks at once than the server can answer: they are answered at once all the same, and nobody is cut off."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from threading import Event
from typing import Any

import pytest
from werkzeug.test import TestResponse

from callflow.runtime.capacity import AT_ONCE, HERE, SPARE, WAITING, Capacity
from callflow.service.ports import Transaction
from callflow.web import create_app
from tests.e2e.servers import COMMANDS
from tests.web.edge import SPARE as NODE
from tests.web.edge import Edge, verbs


@contextmanager
def full() -> Iterator[Edge]:
    """A call in progress, and a server whose only place is taken by a webhook that waits for the database."""
    edge = Edge().talking()
    parts = replace(edge.web.application.extensions["callflow"], capacity=Capacity(1, waiting=0))
    edge.web = create_app(parts).test_client()
    inside, go_on, transact = Event(), Event(), edge.store.transact

    def slow(work: Callable[[Transaction], Any]) -> Any:
        inside.set()
        go_on.wait(10)
        return transact(work)

    edge.store.transact = slow
    try:
        with ThreadPoolExecutor(1) as one:
            waiting = one.submit(edge.rings, "CA" + "d" * 32)
            assert inside.wait(10)
            try:
                yield edge
            finally:
                go_on.set()
            assert verbs(waiting.result(10))
    finally:
        edge.store.transact = transact


def room_of(reply: TestResponse) -> str:
    assert "Conference" in verbs(reply)
    return reply.text.partition("<Conference")[2].partition(">")[2].partition("<")[0]


def test_the_people_of_a_call_stay_together_when_the_server_is_full() -> None:
    with full() as edge:
        for leg in ("caller", edge.lead):
            assert room_of(edge.answers(leg)) == edge.call.room
        assert edge.callflow.metrics.value("shed_webhooks") == 2


def test_a_phone_that_may_be_a_voicemail_is_asked_for_a_key_when_the_server_is_full() -> None:
    with full() as edge:
        assert verbs(edge.enters(edge.lead))[0] == "Gather"


def test_a_new_caller_is_told_to_wait_when_the_server_is_full() -> None:
    with full() as edge:
        assert verbs(edge.rings("CA" + "e" * 32))[-1] == "Redirect"


def test_reports_come_again_when_the_server_was_full() -> None:
    with full() as edge:
        assert edge.joins("caller").status_code == 503
        assert edge.post("/voice/status", edge.form(CallStatus="completed")).status_code == 503


def test_the_fallback_needs_no_place() -> None:
    with full() as edge:
        target = edge.callflow.urls.fallback(edge.call.id).partition(NODE)[2].partition("#")[0]
        assert room_of(edge.post(target, edge.form())) == edge.call.room


def test_strangers_get_nothing_from_a_full_server() -> None:
    with full() as edge:
        assert edge.post("/voice/inbound", edge.form(), signed="").status_code == 403


def test_health_needs_no_place() -> None:
    with full() as edge:
        assert edge.web.get("/healthz").status_code == 200


def test_a_short_rush_waits_for_its_turn() -> None:
    capacity = Capacity(1, waiting=1, seconds=10)
    assert capacity.enter()
    with ThreadPoolExecutor(1) as one:
        second = one.submit(capacity.enter)
        while not capacity._waiting:
            pass
        assert not capacity.enter(), "too many wait already"
        capacity.leave()
        assert second.result(10)
    capacity.leave()
    assert capacity.enter(), "the place is free again"


def test_who_waits_too_long_is_told_so_and_takes_no_place() -> None:
    capacity = Capacity(1, waiting=1, seconds=0.01)
    assert capacity.enter()
    assert not capacity.enter()
    assert not capacity.enter(), "the first one waits no longer"
    capacity.leave()
    assert capacity.enter()
    assert not capacity.enter()


def test_gunicorn_has_threads_for_all_that_wait_and_for_health() -> None:
    assert f"--threads {AT_ONCE + WAITING + SPARE} " in COMMANDS["gunicorn"]


def test_a_server_that_lets_webhooks_wait_itself_decides_who_has_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """On its threads no webhook takes a place or waits for one; without a place it is answered without the database."""
    with full() as edge:
        monkeypatch.setattr(HERE, "place", False)
        assert room_of(edge.answers("caller")) == edge.call.room
        assert edge.callflow.metrics.value("shed_webhooks") == 1
    edge.web = create_app(replace(edge.web.application.extensions["callflow"], capacity=Capacity(0))).test_client()
    monkeypatch.setattr(HERE, "place", True)
    decided = edge.callflow.metrics.value("webhooks")
    edge.answers("caller")
    assert (edge.callflow.metrics.value("webhooks"), edge.callflow.metrics.value("shed_webhooks")) == (decided + 1, 1)
