"""One new call per second, first come, first served, without sleeping."""

import threading

import pytest

from callflow.telephony.limiter import FORGOTTEN, Limiter


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_first_goes_at_once_and_the_others_wait_in_line() -> None:
    clock = Clock()
    limiter = Limiter(clock)
    assert [limiter.reserve(order) for order in "abc"] == [0.0, 1.0, 2.0]
    clock.now += 1.0
    assert limiter.reserve("c") == 1.0
    assert limiter.reserve("d") == 2.0
    assert limiter.reserve("b") == 0.0
    clock.now += 1.0
    assert limiter.reserve("c") == 0.0
    assert limiter.reserve("d") == 1.0


def test_a_slot_is_used_up_by_being_sent() -> None:
    limiter = Limiter(Clock())
    assert limiter.reserve("a") == 0.0
    assert limiter.reserve("a") == 1.0, "sending the same order again is another call for the provider"


def test_after_a_quiet_time_nobody_waits() -> None:
    clock = Clock()
    limiter = Limiter(clock, per_second=5)
    assert limiter.reserve("a") == 0.0
    assert limiter.reserve("b") == pytest.approx(0.2)
    clock.now += 10
    assert limiter.reserve("c") == 0.0


def test_a_moment_early_is_in_time() -> None:
    clock = Clock()
    limiter = Limiter(clock)
    limiter.reserve("a")
    limiter.reserve("b")
    clock.now += 0.995
    assert limiter.reserve("b") == 0.0


def test_orders_that_never_come_back_are_forgotten() -> None:
    clock = Clock()
    limiter = Limiter(clock)
    for n in range(100):
        limiter.reserve(f"lost {n}")
    clock.now += 100 + FORGOTTEN
    limiter.reserve("z")
    assert limiter._slots == {}


def test_threads_share_it() -> None:
    limiter = Limiter(Clock())
    waits: list[float] = []
    threads = [threading.Thread(target=lambda n=n: waits.append(limiter.reserve(f"{n}"))) for n in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(waits) == [float(n) for n in range(50)]
