"""Threads that carry out tasks, and the timer they sleep on. A real clock, with room for a busy machine."""

import time
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest

from callflow.runtime.worker_pool import WakeTimer, WorkerPool, guarded
from callflow.service.ports import StoreUnavailable

SOON = 5.0


def now() -> datetime:
    return datetime.now(UTC)


def slept(wake_timer: WakeTimer, longest: float) -> float:
    begun = time.monotonic()
    wake_timer.sleep(longest)
    return time.monotonic() - begun


def test_a_task_that_comes_while_another_one_waits_for_somebody_is_done_beside_it() -> None:
    """A slow answer to one request does not delay another, even one that is put later."""
    pool, inside, release, done = WorkerPool("test", 3), Event(), Event(), [Event(), Event()]
    pool.start()
    try:
        pool.put("slow", lambda: (inside.set(), release.wait(SOON)))
        assert inside.wait(SOON)
        for number, event in enumerate(done):
            pool.put(number, event.set)
            assert event.wait(SOON)
        assert not release.is_set()
    finally:
        release.set()
        pool.stop(time.monotonic() + SOON)
    assert len(pool) == 0


def test_the_alarm_wakes_at_its_moment() -> None:
    wake_timer = WakeTimer(now)
    wake_timer.set(now() + timedelta(seconds=0.1))
    assert 0.095 <= slept(wake_timer, 10) < 1


def test_a_moment_set_while_somebody_sleeps_wakes_at_that_moment() -> None:
    wake_timer, woken = WakeTimer(now), Event()
    wake_timer.set(now() + timedelta(hours=1))
    sleeper = Thread(target=lambda: (wake_timer.sleep(600), woken.set()))
    sleeper.start()
    wake_timer.set(now() + timedelta(seconds=0.05))
    assert woken.wait(SOON)
    sleeper.join()


def test_a_moment_set_between_two_sleeps_is_not_lost() -> None:
    wake_timer = WakeTimer(now)
    wake_timer.set(now() - timedelta(seconds=1))
    assert slept(wake_timer, 10) < 1
    assert slept(wake_timer, 0.05) >= 0.045, "and it wakes once"


def test_moments_are_kept_in_order_and_those_reached_together_wake_once() -> None:
    wake_timer, begun = WakeTimer(now), now()
    for milliseconds in (190, 30, 110, 30, 110):
        wake_timer.set(begun + timedelta(milliseconds=milliseconds))
    for wanted in (0.03, 0.11, 0.19):
        wake_timer.sleep(10)
        assert (now() - begun).total_seconds() >= wanted
    assert slept(wake_timer, 0.02) >= 0.015


def test_without_a_moment_the_longest_sleep_ends_it_and_stopping_ends_every_sleep() -> None:
    wake_timer = WakeTimer(now)
    assert 0.015 <= slept(wake_timer, 0.02) < 1
    wake_timer.stop()
    assert slept(wake_timer, 60) < 1


def test_the_most_urgent_task_is_done_first_then_the_oldest() -> None:
    pool, done, last = WorkerPool("test", 1), list[str](), Event()
    for key, urgency in (("later", 1), ("now", 0), ("now too", 0)):
        assert pool.put(key, lambda key=key: done.append(key), urgency)
    assert pool.put("end", last.set, 8)
    pool.start()
    assert last.wait(SOON)
    assert done == ["now", "now too", "later"]
    pool.stop(time.monotonic() + SOON)


@pytest.mark.parametrize("one_each", [True, False])
def test_a_task_that_waits_is_not_taken_twice_nor_one_under_way_if_so_wanted(one_each: bool) -> None:
    pool, begun, go_on = WorkerPool("test", 2, one_each=one_each), Event(), Event()
    assert pool.put("a", lambda: (begun.set(), go_on.wait(SOON)))
    assert not pool.put("a", begun.set)
    pool.start()
    assert begun.wait(SOON)
    assert pool.put("a", lambda: None) is not one_each
    go_on.set()
    pool.stop(time.monotonic() + SOON)
    assert len(pool) == 0


def test_a_fault_does_not_end_a_thread_and_its_words_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    def fault() -> None:
        raise ValueError("+15550100199 said no") from KeyError("4711")

    def away() -> None:
        raise StoreUnavailable("password=secret")

    pool, after = WorkerPool("test", 1), Event()
    for task in (fault, away, after.set):
        pool.put(task, task)
    pool.start()
    assert after.wait(SOON)
    pool.stop(time.monotonic() + SOON)
    assert "ValueError at test_worker_pool.py" in caplog.text
    assert "caused by KeyError" in caplog.text
    for secret in ("5550100199", "4711", "secret"):
        assert secret not in caplog.text
    assert not guarded(fault)
    assert guarded(after.is_set)


def test_stopping_a_busy_pool_finishes_what_waits_but_not_for_ever() -> None:
    pool, done = WorkerPool("test", 2), list[int]()
    for number in range(50):
        pool.put(number, lambda number=number: done.append(number))
    pool.start()
    pool.stop(time.monotonic() + SOON)
    assert sorted(done) == list(range(50))
    stuck, release = WorkerPool("stuck", 1), Event()
    stuck.put("x", lambda: release.wait(60))
    stuck.start()
    begun = time.monotonic()
    stuck.stop(begun + 0.1)
    assert time.monotonic() - begun < SOON
    release.set()


def test_a_pool_that_never_started_stops_at_once() -> None:
    WorkerPool("idle", 3).stop(time.monotonic() + SOON)
