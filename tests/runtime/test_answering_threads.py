"""A server whose requests wait without a thread: who is answered when, and with a place or without."""

from collections.abc import Iterator
from queue import SimpleQueue
from threading import Event, active_count, get_ident

import pytest

from callflow.runtime.capacity import HERE, AnsweringThreads, Capacity

SOON = 10.0


class Answers:
    """Notes who was answered, on which thread, and whether with a place. "slow" waits for ``go_on``."""

    def __init__(self) -> None:
        self.go_on = Event()
        self.begun: SimpleQueue[str] = SimpleQueue()
        self._ended: SimpleQueue[tuple[str, int, bool]] = SimpleQueue()

    def answer(self, request: str) -> None:
        capacity = Capacity(0, waiting=0)
        place = capacity.enter()
        self.begun.put(request)
        if request == "slow":
            self.go_on.wait(SOON)
        assert HERE.arrived is not None
        capacity.leave()
        self._ended.put((request, get_ident(), place))

    def next(self) -> tuple[str, int, bool]:
        return self._ended.get(timeout=SOON)

    def nobody(self) -> bool:
        return self._ended.empty()


@pytest.fixture
def answers() -> Iterator[Answers]:
    made = Answers()
    yield made
    made.go_on.set()


def busy(answers: Answers, waiting: int = 8, seconds: float = SOON) -> AnsweringThreads[str]:
    """One place, which is taken, and one spare thread."""
    threads = AnsweringThreads(answers.answer, 1, waiting, seconds, spare=1)
    threads.webhook("slow")
    assert answers.begun.get(timeout=SOON) == "slow"
    return threads


def test_webhooks_that_wait_take_no_thread_and_are_answered_in_turn_by_one_that_is_done(answers: Answers) -> None:
    threads = busy(answers)
    before = active_count()
    for name in ("first", "second", "third"):
        threads.webhook(name)
    assert (active_count(), answers.nobody()) == (before, True)
    answers.go_on.set()
    done = [answers.next() for _ in range(4)]
    assert [name for name, _, _ in done] == ["slow", "first", "second", "third"]
    assert len({thread for _, thread, _ in done}) == 1
    assert all(place for _, _, place in done)


def test_health_does_not_wait_behind_webhooks(answers: Answers) -> None:
    threads = busy(answers)
    threads.webhook("waiting")
    threads.other("health")
    assert answers.next()[0] == "health"


def test_webhooks_beyond_those_that_may_wait_are_answered_at_once_without_a_place(answers: Answers) -> None:
    threads = busy(answers, waiting=1)
    threads.webhook("waiting")
    threads.webhook("too many")
    name, _, place = answers.next()
    assert (name, place) == ("too many", False)
    answers.go_on.set()
    assert [answers.next()[::2] for _ in range(2)] == [("slow", True), ("waiting", True)]


def test_a_webhook_that_has_waited_too_long_is_answered_once_without_a_place(answers: Answers) -> None:
    threads = busy(answers, seconds=0)
    threads.webhook("waiting")
    threads.look()
    name, _, place = answers.next()
    assert (name, place) == ("waiting", False)
    answers.go_on.set()
    threads.webhook("later")
    assert [answers.next()[::2] for _ in range(2)] == [("slow", True), ("later", True)]


def test_a_webhook_that_has_just_come_goes_on_waiting(answers: Answers) -> None:
    threads = busy(answers)
    threads.webhook("waiting")
    threads.look()
    assert answers.nobody()
    answers.go_on.set()
    assert [answers.next()[::2] for _ in range(2)] == [("slow", True), ("waiting", True)]
