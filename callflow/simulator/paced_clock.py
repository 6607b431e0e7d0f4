"""A virtual clock that goes on like a real one, faster, slower, or step by step: for a page that shows a scenario."""

import math
import time
from datetime import datetime
from threading import Condition

from callflow.emulator import VirtualClock
from callflow.emulator.clock import Action, Timer

TICK_SECONDS = 0.02


class Stopped(Exception):
    """The clock was stopped: whoever waits for it is to give up."""


class PacedClock(VirtualClock):
    """``speed`` seconds of this clock pass in a second: 1 at first, 0 to stand still, ``math.inf`` to skip what nobody
    waits for. Set with ``pace`` by any thread, while another one runs the clock.
    """

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self.speed = 1.0
        self._stopped = False
        self._changed = Condition()

    def pace(self, speed: float) -> None:
        with self._changed:
            self.speed = speed
            self._changed.notify_all()

    def stop(self) -> None:
        """Whoever runs the clock gets ``Stopped``."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def _steps(self, end: float, condition: "object | None") -> bool:
        """Like those of the virtual clock, but each callback waits until its time has come."""
        while True:
            due = self._next()
            if due is None or due > end:
                if self._seconds >= end:
                    return False
                self._pass(end)
            elif due > self._seconds:
                self._pass(due)
            elif super()._steps(due, condition):  # type: ignore[arg-type]
                return True

    def _next(self) -> float | None:
        with self.lock:
            return self.next_due()

    def after(self, seconds: float, action: Action) -> Timer:
        timer = super().after(seconds, action)
        with self._changed:
            self._changed.notify_all()
        return timer

    def _pass(self, target: float) -> None:
        """Let real time pass until ``target``, or for one tick."""
        with self._changed:
            if self._stopped:
                raise Stopped
            if self.speed == math.inf:
                passed = math.inf
            else:
                begun, speed = time.perf_counter(), self.speed
                left = (target - self._seconds) / speed if speed else math.inf
                self._changed.wait(max(0.001, min(TICK_SECONDS, left)))
                passed = (time.perf_counter() - begun) * speed
            if self._stopped:
                raise Stopped
        with self.lock:
            due = self.next_due()
            self._move(min(target, self._seconds + passed, math.inf if due is None else due))
