"""How many webhooks are answered at once. More of them wait for a moment; the rest is answered without the database.

With more threads at work each webhook only takes longer, until the provider gives up on all of them (after 6 s,
``telephony.urls``), and whoever was speaking is cut off.
"""

from threading import Lock, Semaphore
from typing import Final

AT_ONCE: Final = 16
WAITING: Final = 32
WAIT_SECONDS: Final = 1.0
"""A webhook may also wait 4 s for the database (``store.writer``), and the provider waits 6 s in all."""
SPARE: Final = 16
"""Threads for everything else: health, recordings, the answers of webhooks that found no place."""


class Capacity:
    """Places for webhooks. Thread-safe."""

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING, seconds: float = WAIT_SECONDS) -> None:
        self._places, self._most_waiting, self._seconds = Semaphore(at_once), waiting, seconds
        self._mutex, self._waiting = Lock(), 0

    def enter(self) -> bool:
        """Take a place, waiting for one if not too many wait already. Returns False if there is none."""
        return self._places.acquire(blocking=False) or self._wait()

    def leave(self) -> None:
        self._places.release()

    def _wait(self) -> bool:
        with self._mutex:
            if self._waiting >= self._most_waiting:
                return False
            self._waiting += 1
        try:
            return self._places.acquire(timeout=self._seconds)
        finally:
            with self._mutex:
                self._waiting -= 1


def threads(at_once: int) -> int:
    """How many threads a server needs so that webhooks without a place are answered at once, too."""
    return at_once + WAITING + SPARE
