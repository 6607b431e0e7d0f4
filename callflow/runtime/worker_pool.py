"""A pool of threads that carries out tasks, and a timer that wakes a sleeping thread.

The pool (``PoolState``): NEW -> RUNNING by ``start``; NEW or RUNNING -> STOPPING by ``stop``. Tasks can be put while it
is NEW; they are run after the start.

A task: refused by ``put``, or WAITING -> UNDER WAY (``_begin``) -> over (``_end``). While a task waits, others with
its key are refused, because they would do the same. With ``one_each`` they are also refused while one is under way.

A thread: IDLE (waiting on ``_tickets`` or ``_backlog``) -> UNDER WAY with a task -> IDLE, until the pool stops.
- The first thread gets a ticket for each waiting task, and runs all of them as long as it keeps up. Eight threads that
  share an interpreter delayed a webhook by 300 ms (tests/bench, G4).
- The others are woken for a backlog: a task waits while another one is under way, perhaps for a slow provider. One of
  them goes from IDLE to PATIENT for ``PATIENCE_SECONDS``, and runs a task if one still waits.
"""

import heapq
import logging
import time
from collections.abc import Callable, Hashable
from contextlib import suppress
from datetime import datetime, timedelta
from enum import Enum, auto
from itertools import count
from queue import Empty, SimpleQueue
from threading import Condition, Lock, Thread

from callflow.service.faults import CALL, described
from callflow.service.ports import StoreUnavailable

log = logging.getLogger(__name__)
Task = Callable[[], object]
LAST = 9
"""The urgency of the entry that stops a thread: after all tasks."""
PATIENCE_SECONDS = 0.02
"""How long a task waits for the first thread before another one runs it."""


class PoolState(Enum):
    NEW = auto()
    RUNNING = auto()
    STOPPING = auto()


class WorkerPool:
    """``size`` threads. Of the waiting tasks, the one with the lowest ``urgency`` is run first, then the oldest."""

    def __init__(self, name: str, size: int, *, one_each: bool = False) -> None:
        self._state = PoolState.NEW
        self._one_each = one_each
        self._starting = Lock()
        """Protects ``_threads``."""
        self._lock = Lock()
        """Protects the following three attributes."""
        self._waiting: list[tuple[int, int, Hashable, Task | None]] = []
        self._under_way = 0
        self._refused: set[Hashable] = set()
        """The keys of the waiting tasks, and with ``one_each`` of those under way."""
        self._order = count()
        # SimpleQueue, because queue.PriorityQueue and threading.Semaphore are written in Python: 4 % of a busy server.
        self._tickets: SimpleQueue[None] = SimpleQueue()
        self._backlog: SimpleQueue[None] = SimpleQueue()
        self._name, self._size = name, size
        self._threads: list[Thread] = []

    def __len__(self) -> int:
        """The number of keys that are refused: of waiting tasks, and with ``one_each`` of those under way."""
        return len(self._refused)

    def put(self, key: Hashable, task: Task, urgency: int = 0) -> bool:
        """Add a task, which is WAITING then. Returns False if it is refused because of its key."""
        with self._lock:
            if key in self._refused:
                return False
            self._refused.add(key)
        self._put(urgency, key, task)
        return True

    def _put(self, urgency: int, key: Hashable, task: Task | None) -> None:
        with self._lock:
            heapq.heappush(self._waiting, (urgency, next(self._order), key, task))
            backlog = self._under_way > 0
        self._tickets.put(None)
        if backlog:
            self._for_backlog()

    def start(self) -> None:
        """NEW -> RUNNING, with the first thread. The others are started when they are needed first."""
        self._state = PoolState.RUNNING
        self._add_thread(self._work)

    def _add_thread(self, target: Callable[[], None]) -> None:
        thread = Thread(target=target, name=f"callflow-{self._name}-{len(self._threads)}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _for_backlog(self) -> None:
        """Wake one of the other threads, after adding one while there are fewer than ``size``."""
        self._backlog.put(None)
        with self._starting:
            if self._state is PoolState.RUNNING and len(self._threads) < self._size:
                with suppress(RuntimeError):  # no more threads: those that there are have more to do
                    self._add_thread(self._stand_by)

    def stop(self, until: float) -> None:
        """NEW or RUNNING -> STOPPING. Wait for the waiting tasks, but not beyond ``until`` (``time.monotonic``)."""
        started, self._state = self._state is PoolState.RUNNING, PoolState.STOPPING
        if not started:
            return
        with self._starting:
            threads = list(self._threads)
        for _ in threads:
            self._put(LAST, None, None)
            self._backlog.put(None)
        for thread in threads:
            if thread.ident is not None:  # not started if the start of another one failed
                thread.join(max(0.0, until - time.monotonic()))

    def _work(self) -> None:
        """The first thread: IDLE, then UNDER WAY, until the pool is STOPPING."""
        going_on = True
        while going_on:
            self._tickets.get()
            going_on = self._do()

    def _stand_by(self) -> None:
        """Another thread: IDLE, PATIENT, then UNDER WAY if a task still waits, until the pool is STOPPING."""
        while self._state is not PoolState.STOPPING:
            self._backlog.get()
            time.sleep(PATIENCE_SECONDS)
            with suppress(Empty):
                self._tickets.get_nowait()
                self._do()

    def _do(self) -> bool:
        """Run one task, for a ticket. Returns False if it was the entry that stops the thread."""
        key, task = self._begin()
        if task is None:
            return False
        guarded(task)
        self._end(key)
        return True

    def _begin(self) -> tuple[Hashable, Task | None]:
        """WAITING -> UNDER WAY: the most urgent task and its key. The task is None if the thread has to stop."""
        with self._lock:
            _, _, key, task = heapq.heappop(self._waiting)
            if task is None:
                return key, None
            self._under_way += 1
            if not self._one_each:
                self._refused.discard(key)
            backlog = bool(self._waiting)
        if backlog:
            self._for_backlog()
        return key, task

    def _end(self, key: Hashable) -> None:
        """UNDER WAY -> over, for the task with this key."""
        with self._lock:
            self._under_way -= 1
            if self._one_each:
                self._refused.discard(key)


class WakeTimer:
    """Wakes the thread that sleeps on it at each time that was set, also if it was set between two sleeps.

    A time is SET (in ``_moments``) until a sleep ends at or after it. Once ``stopped``, ``sleep`` returns at once.
    """

    SHORTEST = timedelta(milliseconds=5)
    """The shortest sleep, so that a thousand times within a second do not wake the thread a thousand times."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._moments: list[datetime] = []
        self._changed = Condition()
        self.stopped = False

    def set(self, at: datetime) -> None:
        with self._changed:
            if not self._moments or at < self._moments[0]:
                heapq.heappush(self._moments, at)
                self._changed.notify()
            elif at > self._moments[0]:
                heapq.heappush(self._moments, at)

    def sleep(self, longest: float) -> None:
        """Sleep until the earliest time set, but not longer than ``longest`` seconds."""
        with self._changed:
            now = self._clock()
            latest, earliest = now + timedelta(seconds=longest), now + self.SHORTEST
            while not self.stopped and (left := self._left(earliest, latest)) > 0:
                self._changed.wait(left)
            now = self._clock()
            while self._moments and self._moments[0] <= now:
                heapq.heappop(self._moments)

    def _left(self, earliest: datetime, latest: datetime) -> float:
        until = min(latest, max(earliest, self._moments[0])) if self._moments else latest
        return (until - self._clock()).total_seconds()

    def stop(self) -> None:
        with self._changed:
            self.stopped = True
            self._changed.notify_all()


def guarded(task: Task) -> bool:
    """Run a task and log its exception, so that the thread, which other calls need, goes on. False if it failed."""
    CALL.set("")
    try:
        task()
    except StoreUnavailable:
        log.error("store unavailable, trying again")
    except Exception as error:
        log.error("background task failed: %s", described(error))
    else:
        return True
    return False
