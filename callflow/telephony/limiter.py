"""Limits the rate of new outgoing calls. The provider starts one per second and queues the others (twilio.md 5.0, CPS).

A queued call would ring late by an unknown time, so we keep to the rate ourselves. Nothing sleeps here: the caller of
``reserve`` schedules the request for later, and its thread does other work.
"""

from collections.abc import Callable
from threading import Lock

NOW = 0.01
"""Seconds by which a request may be early, because its time was stored and another clock may have been used."""
FORGOTTEN = 60.0
"""Seconds after which an unused slot is free again (another process sent the request, or it was dropped)."""


class Limiter:
    """Assigns slots that are at least ``1 / per_second`` apart, first come, first served. Thread-safe.

    ``clock`` returns seconds and never goes back (``time.monotonic``). Each process has its own limiter. Together they
    may exceed the rate; then the provider queues the calls.
    """

    def __init__(self, clock: Callable[[], float], per_second: float = 1.0) -> None:
        self._clock = clock
        self._interval = 1.0 / per_second
        self._next = 0.0
        self._slots: dict[str, float] = {}
        self._lock = Lock()

    def reserve(self, order: str) -> float:
        """Seconds until the request with this id may be sent. 0.0 means now, and uses the slot.

        A request that has to wait keeps its slot, so if it is tried again in time it is sent before any later one.
        """
        with self._lock:
            now = self._clock()
            self._slots = {one: at for one, at in self._slots.items() if now - at < FORGOTTEN}
            slot = self._slots.pop(order, None)
            if slot is None:
                slot = max(now, self._next)
                self._next = slot + self._interval
            if slot - now <= NOW:
                return 0.0
            self._slots[order] = slot
            return slot - now
