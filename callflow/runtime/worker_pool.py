"""Threads and sleep: a crew that carries out tasks, and an alarm clock that can be set while somebody sleeps on it."""

import heapq
import logging
import time
from collections.abc import Callable, Hashable
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count
from queue import Empty, SimpleQueue
from threading import Condition, Lock, Thread

from callflow.service.faults import described
from callflow.service.ports import StoreUnavailable

log = logging.getLogger(__name__)
Task = Callable[[], object]
LAST = 9
"""The urgency of the order to stop: after everything that waits."""


PATIENCE_SECONDS = 0.02
"""How long a task waits for the first thread of the pool before another one takes it."""


class WorkerPool:
    """``size`` threads; of the tasks that wait the most urgent goes first, then the oldest.

    One thread does all there is as long as it keeps up: eight that share an interpreter made a webhook wait 300 ms
    (tests/bench, G4). The others stand by for when it waits for the provider: they take what waits for too long.

    A task has a key. While one of this key waits, another one is refused: it is the same deed. With ``one_each`` it is
    refused while one is under way, too.
    """

    def __init__(self, name: str, size: int, *, one_each: bool = False) -> None:
        self._one_each = one_each
        self._waiting: list[tuple[int, int, Hashable, Task | None]] = []
        # One ticket for each task that waits. (queue.PriorityQueue and threading.Semaphore are written in Python, and
        # took 4 % of a busy server.)
        self._tickets: SimpleQueue[None] = SimpleQueue()
        self._backlog: SimpleQueue[None] = SimpleQueue()
        self._stopping = False
        self._at_work = 0
        self._turns = count()
        self._taken: set[Hashable] = set()
        self._lock = Lock()
        deeds = [self._work] + [self._stand_by] * (size - 1)
        self._threads = [Thread(target=deed, name=f"callflow-{name}-{n}", daemon=True) for n, deed in enumerate(deeds)]

    def __len__(self) -> int:
        """Tasks waiting or under way."""
        return len(self._taken)

    def put(self, key: Hashable, task: Task, urgency: int = 0) -> bool:
        """False if it is refused."""
        with self._lock:
            if key in self._taken:
                return False
            self._taken.add(key)
        self._put(urgency, key, task)
        return True

    def _put(self, urgency: int, key: Hashable, task: Task | None) -> None:
        with self._lock:
            heapq.heappush(self._waiting, (urgency, next(self._turns), key, task))
            busy = self._at_work > 0
        self._tickets.put(None)
        if busy:  # perhaps waiting for a slow provider: somebody else watches over this one
            self._backlog.put(None)

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self, until: float) -> None:
        """Finish what waits, but not beyond ``until`` (monotonic): what is left is taken over when its lease ends."""
        self._stopping = True
        for _ in self._threads:
            self._put(LAST, None, None)
            self._backlog.put(None)
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(max(0.0, until - time.monotonic()))

    def _work(self) -> None:
        """The first hand: everything, one after the other; with more waiting, somebody else watches over that."""
        more = True
        while more:
            self._tickets.get()
            more = self._do()

    def _stand_by(self) -> None:
        """Another hand: woken when there is a backlog, it waits a little, and takes one if one is still there."""
        while not self._stopping:
            self._backlog.get()
            time.sleep(PATIENCE_SECONDS)
            with suppress(Empty):
                self._tickets.get_nowait()
                self._do()

    def _do(self) -> bool:
        """Carry out one task, for a ticket. False for the order to stop."""
        with self._lock:
            _, _, key, task = heapq.heappop(self._waiting)
            more = bool(self._waiting)
            if task is None:
                return False
            self._at_work += 1
            if not self._one_each:
                self._taken.discard(key)
        if more:
            self._backlog.put(None)
        guarded(task)
        with self._lock:
            self._at_work -= 1
            if self._one_each:
                self._taken.discard(key)
        return True


class WakeTimer:
    """Wakes the one who sleeps on it at each moment it was set to; nothing set in between two sleeps is lost."""

    SHORTEST = timedelta(milliseconds=5)
    """Between two wakings, so that a thousand moments within a second are not a thousand wakings."""

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
        """Until the earliest moment set, but not longer than ``longest`` seconds."""
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
    """Run a task; a fault is logged and must never end the thread that other calls depend on. False for a fault."""
    try:
        task()
    except StoreUnavailable:
        log.error("store unavailable, trying again")
    except Exception as error:
        log.error("background task failed: %s", described(error))
    else:
        return True
    return False
