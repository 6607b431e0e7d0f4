"""``service.page_versions`` for each store.

Measured with eight threads that write like webhooks, on one machine with two busy cores: 1,700 to 1,900 transactions a
second without NOTIFY, 440 to 660 with ``pg_notify`` in each, because PostgreSQL commits these one after the other.
"""

import sqlite3
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from threading import Lock
from typing import Any, Final

CHANNEL: Final = "callflow_pages"
MOST_AGE_SECONDS: Final = 2.0
"""After this time the version is read again although nobody told of a change: who changed something may have died."""
RETRY_SECONDS: Final = 2.0
HEAR_SECONDS: Final = 0.01  # with 0, what has arrived is not read


class MemoryPageVersions:
    """Changes come through this process only. ``_version`` counts them."""

    _version = 0

    def page_version(self) -> str:
        return str(self._version)

    def share_changes(self) -> None:
        """There is nobody to tell."""


class SqlPageVersions(ABC):
    """Remembers the version until ``_outdated``. Uses ``_rows`` of ``sql.SqlStore``."""

    def __init__(self) -> None:
        self._page_version = ""
        self._reading = Lock()

    @abstractmethod
    def _rows(self, name: str, **values: Any) -> list[Any]: ...

    @abstractmethod
    def _outdated(self) -> bool:
        """Whether something may have changed since this was called last. Called by one thread at a time."""

    def page_version(self) -> str:
        with self._reading:
            if self._outdated() or not self._page_version:
                self._page_version = ""
                (row,) = self._rows("page_version")
                self._page_version = "-".join([str(one or 0) for one in row])
            return self._page_version


class SqliteChanges:
    """Whether any connection, of whichever process, has changed the file since it was asked last: 3 us."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._connection: sqlite3.Connection | None = None
        self._seen = -1

    def any(self) -> bool:
        self._connection = self._connection or self._connect()
        (found,) = self._connection.execute("PRAGMA data_version").fetchone()
        changed, self._seen = found != self._seen, found
        return bool(changed)

    def close(self) -> None:
        if self._connection:
            self._connection.close()


class PostgresChanges:
    """The changes of this node and of others. ``mine`` is set after a commit; that is all it costs a webhook."""

    def __init__(self, connect: Callable[[], Any], monotonic: Callable[[], float] = time.monotonic) -> None:
        """``connect`` makes a connection in autocommit mode. It is used by the thread of ``share`` only."""
        self.mine = False
        self._connect, self._monotonic = connect, monotonic
        self._connection: Any = None
        self._untold, self._heard = False, True
        self._again, self._read_at = float("-inf"), float("-inf")

    def any(self) -> bool:
        now = self._monotonic()
        if not (self.mine or self._heard or now > self._read_at + MOST_AGE_SECONDS):
            return False
        if self.mine:
            self._untold = True
        self.mine = self._heard = False
        self._read_at = now
        return True

    def share(self) -> None:
        """Tell of our changes since the last time, and see whether others told of theirs."""
        if self._connection is None and self._monotonic() < self._again:
            return
        try:
            if self._connection is None:
                self._connection = self._connect()
                self._connection.execute(f"LISTEN {CHANNEL}")
                self._heard = True
            if self.mine or self._untold:
                self._untold, self._heard, self.mine = False, True, False
                self._connection.execute(f"NOTIFY {CHANNEL}")
            for _ in self._connection.notifies(timeout=HEAR_SECONDS):
                self._heard = True
        except Exception:  # whatever it is, the version is read again after MOST_AGE_SECONDS
            self.close()
            self._untold = True
            self._again = self._monotonic() + RETRY_SECONDS

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
