"""How many webhooks are answered at once. More of them wait for a moment; the rest is answered without the database.

With more threads at work each webhook only takes longer, until the provider gives up on all of them (after 6 s,
``telephony.urls``), and whoever was speaking is cut off.

A webhook waits on its thread where each request has one (``Capacity``, gunicorn). ``callflow serve`` reads requests
without a thread, so they wait without one as well (``AnsweringThreads``), and cost no thread switch.
"""

import time
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from threading import Lock, Thread, local
from typing import Final, Generic, TypeVar

T = TypeVar("T")
AT_ONCE: Final = 16
WAITING: Final = 32
WAIT_SECONDS: Final = 1.0
"""A webhook may also wait 4 s for the database (``store.writer``), and the provider waits 6 s in all."""
SPARE: Final = 16
"""Threads for everything else: health, recordings, the answers of webhooks that found no place."""


class OfThread(local):
    """What ``AnsweringThreads`` have decided about the webhook of this thread: whether it has a place, and when it
    arrived (``perf_counter``). None on the threads of other servers."""

    place: bool | None = None
    arrived: float | None = None


HERE: Final = OfThread()


class Capacity:
    """Places for webhooks, given in the order of arrival. Thread-safe. A Semaphore takes three times as long."""

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING, seconds: float = WAIT_SECONDS) -> None:
        self.at_once = at_once
        self._free, self._most_waiting, self._seconds = at_once, waiting, seconds
        self._mutex = Lock()
        self._waiting: deque[Lock] = deque()
        """A lock for each webhook that waits, released when it gets a place."""

    def enter(self) -> bool:
        """Take a place, waiting for one if not too many wait already. Returns False if there is none."""
        if HERE.place is not None:
            return HERE.place
        with self._mutex:
            if self._free:
                self._free -= 1
                return True
            if len(self._waiting) >= self._most_waiting:
                return False
            turn = Lock()
            turn.acquire()
            self._waiting.append(turn)
        return turn.acquire(timeout=self._seconds) or not self._given_up(turn)

    def leave(self) -> None:
        if HERE.place is not None:
            return
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1

    def _given_up(self, turn: Lock) -> bool:
        """Wait no longer. Returns False if a place was given just now."""
        with self._mutex:
            if turn not in self._waiting:
                return False
            self._waiting.remove(turn)
            return True


class AnsweringThreads(Generic[T]):
    """``at_once`` threads that answer webhooks, and ``spare`` ones for everything else, which never waits for those.

    A thread that has answered a webhook goes on with the one that waits longest. ``answer`` never raises. Webhooks
    arrive on one thread; each use of the collections is atomic.
    """

    def __init__(self, answer: Callable[[T], None], at_once: int = AT_ONCE, waiting: int = WAITING,
                 seconds: float = WAIT_SECONDS, spare: int = SPARE) -> None:  # fmt: skip
        self._answer, self._most, self._seconds = answer, at_once + waiting, seconds
        self._webhooks: SimpleQueue[T] = SimpleQueue()
        self._others: SimpleQueue[tuple[T, float]] = SimpleQueue()
        self._waiting: dict[T, float] = {}
        """The webhooks that no thread has begun to answer, with their times of arrival, the earliest first."""
        self._begun: set[T] = set()
        for number in range(at_once):
            Thread(target=self._answer_webhooks, name=f"callflow-webhook-{number}", daemon=True).start()
        for number in range(spare):
            Thread(target=self._answer_others, name=f"callflow-spare-{number}", daemon=True).start()

    def webhook(self, request: T) -> None:
        """Have a webhook answered, without a place if too many wait already."""
        now = time.perf_counter()
        if len(self._waiting) + len(self._begun) >= self._most:
            return self._others.put((request, now))
        self._waiting[request] = now
        return self._webhooks.put(request)

    def other(self, request: T) -> None:
        self._others.put((request, time.perf_counter()))

    def look(self) -> None:
        """Have those that have waited for too long answered without a place."""
        until = time.perf_counter() - self._seconds
        for request, arrived in list(self._waiting.items()):
            if arrived > until:
                return
            if self._waiting.pop(request, None) is not None:
                self._others.put((request, arrived))

    def _answer_webhooks(self) -> None:
        HERE.place = True
        while True:
            request = self._webhooks.get()
            HERE.arrived = self._waiting.pop(request, None)
            if HERE.arrived is not None:
                self._begun.add(request)
                self._answer(request)
                self._begun.discard(request)
            del request

    def _answer_others(self) -> None:
        HERE.place = False
        while True:
            request, HERE.arrived = self._others.get()
            self._answer(request)
            del request
