"""The time of day of a server: it follows the machine's clock, but never jumps.

A clock that is stepped (by hand, by NTP after a long time, by a virtual machine that was paused) would let every
deadline pass at once, or an hour late, and the grace after a warning be over before it was heard. Here a step is made
up for slowly, as NTP does with small ones.
"""

from collections.abc import Callable
from datetime import UTC, datetime

PACE = 0.02
"""The most by which a second may be longer or shorter: a hold of 30 s stays within 0.6 s, and half a minute is made up
for in 25 minutes."""
SMALL = 0.001
"""Seconds that nobody makes up for, because every reading takes some microseconds."""


class SteadyClock:
    """A clock for all threads of a process. ``wall`` is the time of day, ``steady`` runs evenly; both in seconds."""

    def __init__(self, wall: Callable[[], float], steady: Callable[[], float]) -> None:
        self._wall, self._steady = wall, steady
        self._looked = steady()
        self._offset = wall() - self._looked

    def __call__(self) -> datetime:
        now = self._steady()
        wrong = self._wall() - now - self._offset
        if not -SMALL < wrong < SMALL:
            most = PACE * (now - self._looked)
            self._offset += max(-most, min(most, wrong))
        self._looked = now
        return datetime.fromtimestamp(now + self._offset, UTC)
