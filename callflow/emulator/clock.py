"""The emulator's scheduler, virtual (deterministic, instant) or real (a thread).

Emulator state only changes while `Clock.lock` is held: by the scheduler, by a REST request or by a phone action.
Requests to the app are sent without the lock, so the app may call the REST API from inside a webhook.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TypeVar

T = TypeVar("T")
Action = Callable[[], None]

log = logging.getLogger(__name__)


FEW = 100
"""Timers."""


def _nothing() -> None:
    """The action of a cancelled timer."""


class Timer:
    """A callback due at `when` (clock seconds). `cancel()` turns it into a no-op."""

    __slots__ = ("action", "cancelled", "locked", "when")

    def __init__(self, when: float, action: Action, locked: bool = True) -> None:
        self.when = when
        self.action = action
        self.locked = locked
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True
        self.action = _nothing  # frees what the action refers to before it is due


class Clock(ABC):
    """The scheduler interface. `monotonic()` is in seconds since the clock was created."""

    real: bool
    reply_seconds: float
    """Seconds added to every request to the app, for its answer."""

    def __init__(self) -> None:
        self.lock = threading.RLock()

    @abstractmethod
    def now(self) -> datetime:
        """The time of day, aware, UTC."""

    @abstractmethod
    def monotonic(self) -> float:
        """Seconds since this clock was created."""

    @abstractmethod
    def after(self, seconds: float, action: Action) -> Timer:
        """Run `action` under the lock after `seconds`."""

    @abstractmethod
    def fetch(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        """Run `work` outside the lock, then `done(result)` under it."""

    def post(self, action: Action) -> None:
        """Run `action` under the lock once the current callback has finished."""
        self.after(0.0, action)

    def close(self) -> None:  # noqa: B027 (a virtual clock has nothing to stop)
        """Stop. Nothing runs afterwards."""


class VirtualClock(Clock):
    """A clock that moves only when a `run_` method is called. Callbacks due at one time run in order of creation."""

    real = False

    def __init__(self, start: datetime | None = None, reply_seconds: float = 0.05) -> None:
        super().__init__()
        self._start = start or datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
        if self._start.tzinfo is None:
            raise ValueError("start must be an aware datetime")
        self._seconds = 0.0
        self._now: datetime | None = self._start
        """The time of day at ``_seconds``, once somebody has asked for it."""
        self._heap: list[tuple[float, int, Timer]] = []
        self._most = FEW
        """How long the heap may become until cancelled timers are removed: a call leaves some for hours to come."""
        self._soon: deque[Timer] = deque()
        """What is due at the present time and was added at it: after all in the heap that is due by now."""
        self._sequence = itertools.count()
        self._running = False
        self.reply_seconds = reply_seconds

    def now(self) -> datetime:
        moment = self._now
        if moment is None:
            moment = self._now = self._start + timedelta(seconds=self._seconds)
        return moment

    def monotonic(self) -> float:
        return self._seconds

    def after(self, seconds: float, action: Action) -> Timer:
        with self.lock:
            timer = Timer(self._seconds + seconds, action)
            if seconds > 0:
                heapq.heappush(self._heap, (timer.when, next(self._sequence), timer))
                if len(self._heap) > self._most:
                    self._tidy()
            else:
                self._soon.append(timer)
            return timer

    def _tidy(self) -> None:
        self._heap[:] = [one for one in self._heap if not one[2].cancelled]
        heapq.heapify(self._heap)
        self._most = max(FEW, 2 * len(self._heap))

    def fetch(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        def run() -> None:
            result = work()
            with self.lock:
                done(result)

        with self.lock:
            self.after(0.0, run).locked = False

    def run_for(self, seconds: float) -> None:
        """Let `seconds` pass."""
        self._run(self._seconds + seconds, None)

    def run_until(self, moment: datetime | float) -> None:
        """Let time pass until `moment` (a datetime, or clock seconds)."""
        seconds = moment if isinstance(moment, int | float) else (moment - self._start).total_seconds()
        self._run(max(seconds, self._seconds), None)

    def run_until_true(self, condition: Callable[[], bool], limit: float = 600.0) -> bool:
        """Let time pass until `condition()` is true (checked after every step), at most `limit` seconds. Returns
        whether it became true."""
        return condition() or self._run(self._seconds + limit, condition)

    def run_until_idle(self, limit: float = 600.0) -> bool:
        """Let time pass until nothing is due, at most `limit` seconds. Returns whether nothing is left to do.

        A live call always has something due (a Dial's time limit is 4 hours). Then the limit ends the run, and the
        clock stays at the time of the last callback.
        """
        end = self._seconds + limit
        self._guarded(lambda: self._steps(end, None))
        return self.next_due() is None

    def next_due(self) -> float | None:
        """When the next callback is due, in clock seconds; None if there is none."""
        while self._heap and self._heap[0][2].cancelled:
            heapq.heappop(self._heap)
        if any(not timer.cancelled for timer in self._soon):
            return self._seconds
        return self._heap[0][0] if self._heap else None

    def _run(self, end: float, condition: Callable[[], bool] | None) -> bool:
        held = self._guarded(lambda: self._steps(end, condition))
        if not held:
            self._move(end)
        return held

    def _move(self, seconds: float) -> None:
        if seconds > self._seconds:
            self._seconds, self._now = seconds, None

    def _guarded(self, steps: Callable[[], bool]) -> bool:
        if self._running:
            raise RuntimeError(
                "the virtual clock is already running: do not run it from inside a callback or a webhook"
            )
        self._running = True
        try:
            return steps()
        finally:
            self._running = False

    def _steps(self, end: float, condition: Callable[[], bool] | None) -> bool:
        heap, soon = self._heap, self._soon
        while soon or (heap and heap[0][0] <= end):
            with self.lock:
                if soon and not (heap and heap[0][0] <= self._seconds):
                    timer = soon.popleft()
                else:
                    timer = heapq.heappop(heap)[2]
                if timer.cancelled:
                    continue
                if timer.when > self._seconds:
                    self._seconds, self._now = timer.when, None
                if timer.locked:
                    timer.action()
            if not timer.locked:
                timer.action()
            if condition is not None and condition():
                return True
        return False


class RealClock(Clock):
    """Real time: one scheduler thread, and a thread pool for requests to the app."""

    real = True

    def __init__(self, threads: int = 64) -> None:
        super().__init__()
        self.reply_seconds = 0.0
        self._zero = time.monotonic()
        self._due = threading.Condition()
        self._heap: list[tuple[float, int, Timer]] = []
        self._sequence = itertools.count()
        self._closed = False
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="emulator-fetch")
        self._thread = threading.Thread(target=self._loop, name="emulator-clock", daemon=True)
        self._thread.start()

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time(), UTC)

    def monotonic(self) -> float:
        return time.monotonic() - self._zero

    def after(self, seconds: float, action: Action) -> Timer:
        timer = Timer(self.monotonic() + max(0.0, seconds), action)
        with self._due:
            heapq.heappush(self._heap, (timer.when, next(self._sequence), timer))
            self._due.notify()
        return timer

    def fetch(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        def run() -> None:
            try:
                result = work()
            except Exception:
                log.exception("a fetch failed inside the emulator")
                return
            self.post(lambda: done(result))

        if not self._closed:
            self._pool.submit(run)

    def close(self) -> None:
        with self._due:
            self._closed = True
            self._due.notify()
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout=5)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _next(self) -> Timer | None:
        with self._due:
            while not self._closed:
                if not self._heap:
                    self._due.wait()
                    continue
                wait = self._heap[0][0] - self.monotonic()
                if wait <= 0:
                    return heapq.heappop(self._heap)[2]
                self._due.wait(wait)
        return None

    def _loop(self) -> None:
        while (timer := self._next()) is not None:
            if timer.cancelled:
                continue
            try:
                with self.lock:
                    timer.action()
            except Exception:  # one broken call must not stop the emulator for all others
                log.exception("a scheduled step failed inside the emulator")
