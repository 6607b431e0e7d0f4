"""How many webhooks are answered at once. More of them wait for a moment; the rest is answered without the database.

With more threads at work each webhook only takes longer, until the provider gives up on all of them (after 6 s,
``telephony.urls``), and whoever was speaking is cut off.
"""

from collections import deque
from threading import Lock
from typing import Final

AT_ONCE: Final = 16
WAITING: Final = 32
WAIT_SECONDS: Final = 1.0
"""A webhook may also wait 4 s for the database (``store.writer``), and the provider waits 6 s in all."""
SPARE: Final = 16
"""Threads for everything else: health, recordings, the answers of webhooks that found no place."""


class Capacity:
    """Places for webhooks, given in the order of arrival. Thread-safe. A Semaphore takes three times as long."""

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING, seconds: float = WAIT_SECONDS) -> None:
        self._free, self._most_waiting, self._seconds = at_once, waiting, seconds
        self._mutex = Lock()
        self._waiting: deque[Lock] = deque()
        """A lock for each webhook that waits, released when it gets a place."""

    def enter(self) -> bool:
        """Take a place, waiting for one if not too many wait already. Returns False if there is none."""
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


def threads(at_once: int) -> int:
    """How many threads a server needs so that webhooks without a place are answered at once, too."""
    return at_once + WAITING + SPARE
