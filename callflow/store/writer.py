"""The one thread that writes an SQLite file, with group commit.

It takes every unit of work that queued up during the last commit, runs them one after the other in one transaction and
commits once, with synchronous=FULL. Eight threads flat out then wait 16 to 33 ms at worst; with a transaction each they
wait up to 2 s in SQLite's unfair lock queue, and pay one disk flush each (perf.md 1b, 1d).
"""

import logging
import os
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread, get_ident
from typing import Any, Final, TypeVar

from callflow.service.ports import StoreUnavailable
from callflow.store.errors import NestedTransaction
from callflow.store.filelock import FileLock
from callflow.store.prepared import Statement
from callflow.store.transaction import Loaded, SqlTransaction

T = TypeVar("T")
log = logging.getLogger(__name__)

MOST_TOGETHER: Final = 64  # bounds the wait of the first in a batch to about 10 ms of the others' work
WAIT_SECONDS: Final = 10.0  # the provider gives up after 15: before that the caller must hear the safe document
GATHER_SECONDS: Final = 0.0001
GATHER_TIMES: Final = 3
MOST_KNOWN: Final = 8192  # live calls of a 10,000-agent centre; about 5 KB each


class SqliteTransaction(SqlTransaction):
    conflicts = (sqlite3.IntegrityError,)


class _Job:
    """A unit of work and the thread waiting for it. A lock is the cheapest thing to wait on (an Event costs 5 us)."""

    __slots__ = ("abandoned", "done", "error", "result", "work")

    def __init__(self, work: Callable[[SqlTransaction], Any]) -> None:
        self.work = work
        self.result: Any = None
        self.error: BaseException | None = None
        self.abandoned = False
        self.done = Lock()
        self.done.acquire()


class Writer:
    """Owns the writing connection. ``path`` is watched: a file that was removed or replaced takes no more writes."""

    def __init__(
        self, connection: sqlite3.Connection, path: Path, lock: FileLock, statements: Mapping[str, Statement]
    ) -> None:
        self._connection, self._path, self._lock, self._sql = connection, path, lock, statements
        self._cursor = connection.cursor()
        self._inode = os.stat(path).st_ino
        self._known: dict[str, Loaded] = {}
        self._data_version = -1
        self._queue: SimpleQueue[_Job | None] = SimpleQueue()
        self._door = Lock()
        self._closed = False
        self.commits = 0
        self.shorten_wal = False
        """Set by the checkpointer: finish the checkpoint between two batches, so that the log starts over."""
        self._thread = Thread(target=self._serve, name="store-writer", daemon=True)
        self._thread.start()

    def unit(self, work: Callable[[SqlTransaction], T]) -> T:
        """Run ``work`` on the writer thread and return after the commit. Raises what it raised, or StoreUnavailable."""
        if get_ident() == self._thread.ident:
            raise NestedTransaction
        job = _Job(work)
        with self._door:
            if self._closed:
                raise StoreUnavailable("the store is closed")
            self._queue.put(job)
        if not job.done.acquire(timeout=WAIT_SECONDS):
            job.abandoned = True
            raise StoreUnavailable(f"the database did not answer within {WAIT_SECONDS:g} seconds")
        if job.error is not None:
            raise job.error
        return job.result  # type: ignore[no-any-return]

    def close(self) -> None:
        """Finish what is queued, then stop and close the connection."""
        with self._door:
            if self._closed:
                return
            self._closed = True
            self._queue.put(None)
        self._thread.join(WAIT_SECONDS)

    def _serve(self) -> None:
        more, before = True, 1
        while more:
            batch = [self._queue.get()]
            for _ in range(GATHER_TIMES):
                if self._queue.qsize() + 1 >= before:
                    break
                # Whoever was answered just now comes again in a moment: together they cost one flush, not two
                # (8 threads flat out: batches of 8 instead of 4, a quarter less CPU for each unit).
                time.sleep(GATHER_SECONDS)
            batch += [self._queue.get() for _ in range(min(self._queue.qsize(), MOST_TOGETHER - 1))]
            more = None not in batch  # the last thing ever put, so nothing is behind it
            before = len(batch)
            jobs = [job for job in batch if job is not None and not job.abandoned]
            if jobs:
                self._answer(jobs)
            if self.shorten_wal:
                self._shorten_wal()
        self._connection.close()

    def _answer(self, jobs: list[_Job]) -> None:
        try:
            clean = self._together(jobs)
        except BaseException as error:
            # Nothing of this batch is stored: begin, commit or roll back went wrong (disk full, disk gone, locked).
            if not isinstance(error, sqlite3.Error):
                log.exception("the writer failed")
            for job in jobs:
                job.error = StoreUnavailable(f"the database cannot be written: {error}")
            clean = True
        if clean or len(jobs) == 1:
            for job in jobs:
                job.done.release()
            return
        # One of them failed after it had written: all start again, each alone, so that only the guilty one fails.
        for job in jobs:
            job.error = None
            self._answer([job])

    def _together(self, jobs: list[_Job]) -> bool:
        """Run the jobs in one transaction; False when it was rolled back because one of them failed half-way."""
        with self._lock:
            try:
                self._begin()
                # Stops at the first that spoils the transaction.
                if all(self._run(job) for job in jobs):
                    self._cursor.execute("COMMIT")
                    self.commits += 1
                    return True
            except BaseException:
                self._forget()
                raise
            self._forget()
        return False

    def _begin(self) -> None:
        if not self._in_place():
            raise sqlite3.OperationalError("the database file was removed or replaced")
        self._cursor.execute("BEGIN IMMEDIATE")
        # What we know of calls holds as long as no other connection has written (another process, the sqlite3 shell).
        (version,) = self._cursor.execute("PRAGMA data_version").fetchone()
        if version != self._data_version or len(self._known) > MOST_KNOWN:
            self._known.clear()
            self._data_version = version

    def _in_place(self) -> bool:
        try:
            return os.stat(self._path).st_ino == self._inode
        except OSError:
            return False

    def _run(self, job: _Job) -> bool:
        """Run one unit; False when it failed and left something to roll back."""
        before = self._connection.total_changes
        try:
            job.result = job.work(SqliteTransaction(self._cursor, self._sql, self._known))
        except BaseException as error:
            job.error = _as_ours(error)
            # Most failures are refusals before the first write: they cost the others nothing.
            return self._connection.in_transaction and self._connection.total_changes == before
        return True

    def _forget(self) -> None:
        """Back to what is committed, in the database and in what we know."""
        self._known.clear()
        if self._connection.in_transaction:
            with suppress(sqlite3.Error):
                self._cursor.execute("ROLLBACK")

    def _shorten_wal(self) -> None:
        self.shorten_wal = False
        with suppress(sqlite3.Error), self._lock:
            self._cursor.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()


def _as_ours(error: BaseException) -> BaseException:
    if not isinstance(error, sqlite3.Error) or isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
        return error
    ours = StoreUnavailable(f"the database cannot be used: {error}")
    ours.__cause__ = error
    return ours
