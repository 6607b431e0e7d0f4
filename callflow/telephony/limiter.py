"""The provider starts one outgoing call a second, and queues what is more (twilio.md 5.0, CPS).

A queued call rings late and nobody knows how late, so we keep the pace ourselves and know it. Nothing sleeps here:
who is told to wait schedules the order for then, and its thread does other work.
"""

from collections.abc import Callable
from threading import Lock

NOW = 0.01
"""Seconds by which an order may be early: its time went through a database and another clock."""
FORGOTTEN = 60.0
"""Seconds after which a slot is given up whose order never came back (another process sent it, or it was dropped)."""


class Limiter:
    """Hands out slots at least ``1 / per_second`` apart, first come first served; shared by threads.

    ``clock`` counts seconds and never goes back (``time.monotonic``). Each process has its own: several together may
    be faster than the provider likes, which then queues the calls as it does anyway.
    """

    def __init__(self, clock: Callable[[], float], per_second: float = 1.0) -> None:
        self._clock = clock
        self._interval = 1.0 / per_second
        self._next = 0.0
        self._slots: dict[str, float] = {}
        self._lock = Lock()

    def reserve(self, order: str) -> float:
        """Seconds until the order with this id may be sent: 0.0 for "now", and the slot is used up.

        An order that has to wait keeps its slot: asked again in time, it is let through before any later one.
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
