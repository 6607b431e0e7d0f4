"""The threads of a real process: deadlines on time, whatever the provider and other calls are doing.

The regular look for due work is put off for an hour here: what happens was woken up for. How late, the benchmark says.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Thread, active_count

import pytest

from callflow.core.call import Place
from callflow.core.stages import PlaceName, Stage
from callflow.core.timer_names import Timer
from callflow.runtime.runners import ThreadRunner
from callflow.service.ports import Change, GatewayFailure, LegRequest, RedirectRequest
from callflow.store import open_store
from tests.runtime.running import SOON, Running, now
from tests.web.edge import SID


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    monkeypatch.setattr("callflow.runtime.runners.POLL_SECONDS", 3600)
    made = Running(open_store("memory:"))
    yield made
    made.provider.answering.set()
    made.runner.stop()


def test_a_deadline_set_by_a_webhook_fires_at_its_time(running: Running) -> None:
    for number in range(8):
        running.call(f"c{number}", search=0.12)
        due = running.store.read(f"c{number}").deadlines["search"]
        assert running.fired(f"c{number}") >= due


def test_a_deadline_far_ahead_is_read_from_the_store_in_time(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("callflow.runtime.runners.SOON", timedelta(0))
    monkeypatch.setattr("callflow.runtime.runners.POLL_SECONDS", 0.1)
    running.call("c0", search=0.6)
    due = running.store.read("c0").deadlines["search"]
    running.runner._schedule_timer.set(now())
    assert running.fired("c0") >= due


def test_many_deadlines_at_nearly_one_moment_all_fire(running: Running) -> None:
    for number in range(100):
        running.call(f"c{number}", search=0.2 + number / 1000)
    for number in range(100):
        running.fired(f"c{number}")


def test_a_slow_provider_delays_no_other_call_s_deadline(running: Running) -> None:
    """Twenty calls about which the provider must be asked, and does not answer; then one that needs no asking."""
    running.provider.answering.clear()
    for number in range(20):
        running.call(f"slow{number}")
        stale = running.store.read(f"slow{number}")
        running.store._calls[stale.id] = stale.but(at=now() - timedelta(seconds=90))
        running.store._due[stale.id] = now()
    running.call("quick", search=0.3)
    running.fired("quick")
    assert not running.provider.answering.is_set()
    running.provider.answering.set()


def test_a_call_that_our_code_cannot_handle_delays_nobody(running: Running, caplog: pytest.LogCaptureFixture) -> None:
    """It is left alone for seconds after each fault: nothing spins, nobody else waits."""
    running.call("bad", search=3600)
    running.store._calls["bad"] = running.store.read("bad").but(stage="no such stage", deadlines={"search": now()})
    running.store._due["bad"] = now()
    running.call("good", search=0.2)
    running.fired("good", within=3)
    time.sleep(0.6)
    faults = [one for one in caplog.records if "KeyError" in one.getMessage()]
    assert 1 <= len(faults) <= 2


def test_a_failed_order_is_tried_again_on_time(running: Running) -> None:
    order = RedirectRequest(id="o1", call="c0", leg="caller", token=99, sid=SID)
    running.call("c0")
    refusals = [GatewayFailure("busy", retry=True, after=0.15)]
    send, times = running.provider.send, []

    def sometimes(order: LegRequest) -> str:
        times.append(now())
        if refusals:
            raise refusals.pop()
        return send(order)

    running.provider.send = sometimes  # type: ignore[method-assign]
    known = running.store.read("c0")
    change = Change(call=known.but(seq=known.seq + 1), before=known, orders=[order], lease_until=now() - timedelta(1),
                    due=now() + timedelta(seconds=60))  # fmt: skip
    running.store.transact(lambda tx: tx.save(change))
    running.runner.remind(now())
    until = time.monotonic() + SOON
    while not running.provider.sent and time.monotonic() < until:
        time.sleep(0.005)
    assert [one.id for one in running.provider.sent] == ["o1"]
    assert (times[1] - times[0]).total_seconds() >= 0.15


def test_stopping_while_busy_ends_all_threads_and_loses_no_order(running: Running) -> None:
    before = active_count()
    other = Running(open_store("memory:"))
    assert active_count() > before
    other.call("c1", search=0.05)
    other.runner.stop()
    assert active_count() == before


def test_sixteen_threads_of_webhooks_and_upkeep_together(running: Running) -> None:
    """Calls begin, are looked after and end all at once; every one of them comes to its end, nothing fails."""

    def one_call(number: int) -> str:
        id = f"{number:016x}"
        running.calls.begin(id, "000000", f"CA{number}", "", "+15550100100")
        running.runner.remind(now())
        running.calls.leg_in_room(id, f"CA{number}", "")
        running.calls.leg_over(id, "caller", f"CA{number}", "completed")
        return id

    with ThreadPoolExecutor(16) as threads:
        ids = list(threads.map(one_call, range(400)))
    assert {running.store.read(id).stage for id in ids} == {Stage.ENDED}
    assert running.metrics.value("failures") == 0


def test_work_handed_over_before_the_start_is_done_after_it() -> None:
    runner = ThreadRunner(now)
    runner.remind(now())
    thread = Thread(target=runner.stop)
    thread.start()
    thread.join(SOON)
    assert not thread.is_alive(), "stopping what never started does not hang"


def test_looking_at_every_call_after_a_start_delays_no_webhook(running: Running) -> None:
    """The provider does not answer at all; webhooks of calls that need nothing from it are answered at once."""
    for number in range(50):
        running.call(f"c{number}")
    other = Running(running.store)
    other.provider.answering.clear()
    other.runner.remind(now())
    began = time.monotonic()
    for number in range(50):
        other.calls.leg_in_room(f"c{number}", f"{SID}c{number}", "")
    assert time.monotonic() - began < 1
    other.provider.answering.set()
    other.runner.stop()


def test_a_key_after_an_outage_waits_for_the_provider_but_not_long(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("callflow.runtime.runners.ASK_SECONDS", 0.1)
    running.call("c1")
    known = running.store.read("c1")
    running.store._calls["c1"] = known.moved("caller", Place(PlaceName.HOLD)).timer(Timer.HOLD, now())
    running.provider.answering.clear()
    began = time.monotonic()
    running.runner.ask_about("c1")
    assert 0.1 <= time.monotonic() - began < 1
    running.provider.answering.set()
