"""A store whose database could not be reached when the server started. It is opened when the database is back.

Until then every use raises StoreUnavailable, so webhooks are answered with safe documents and the stateless fallback
works. A server can be started during an outage of the database (design, section 3).
"""

import time
from collections.abc import Callable
from threading import Lock
from typing import Any

from callflow.service.ports import Store, StoreUnavailable

PAUSE_SECONDS = 2.0
"""Between two attempts, so that not every webhook waits for one."""


class ReconnectingStore:
    """Implements ``ports.Store`` by delegating to the store that ``make()`` opens. Thread-safe."""

    def __init__(self, make: Callable[[], Store]) -> None:
        self._make = make
        self._made: Store | None = None
        self._opening = Lock()
        self._problem = ""
        self._again = time.monotonic() + PAUSE_SECONDS

    def __getattr__(self, name: str) -> Any:
        return getattr(self._opened(), name)

    def _opened(self) -> Store:
        if self._made is None:
            if time.monotonic() < self._again or not self._opening.acquire(blocking=False):
                raise StoreUnavailable(self._problem or "the database could not be opened yet")
            try:
                self._made = self._made or self._make()
            except StoreUnavailable as error:
                self._problem = str(error)
                self._again = time.monotonic() + PAUSE_SECONDS
                raise
            finally:
                self._opening.release()
        return self._made

    def share_changes(self) -> None:
        """Without a database there are none. Several times a second, so it is no reason to open it, nor for the log."""
        if self._made is not None:
            self._made.share_changes()

    def close(self) -> None:
        if self._made is not None:
            self._made.close()
