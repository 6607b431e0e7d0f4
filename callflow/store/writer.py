"""One thread at a time writes an SQLite file, for all who wait: group commit.

Who comes while nobody writes leads: it takes every unit of work that queued up, runs them one after the other in one
transaction and commits once, with synchronous=FULL; then the first who came meanwhile leads. Eight threads flat out
wait 16 to 33 ms at worst; with a transaction each they wait up to 2 s in SQLite's unfair lock queue, and pay one disk
flush each (perf.md 1b, 1d). A thread for nothing but writing would cost every webhook two changes of threads.
"""

import logging
import os
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Lock, get_ident
from typing import Any, Final, TypeVar

from callflow.core.call import Call
from callflow.service.faults import described
from callflow.service.ports import StoreUnavailable
from callflow.store.errors import NestedTransaction
from callflow.store.filelock import FileLock
from callflow.store.prepared import Statement
from callflow.store.transaction import Loaded, SqlTransaction

T = TypeVar("T")
log = logging.getLogger(__name__)

MOST_TOGETHER: Final = 64  # bounds the wait of the first in a batch to about 10 ms of the others' work
WAIT_SECONDS: Final = 4.0  # the provider gives up after 6 (telephony.urls): before that comes the safe document
GATHER_SECONDS: Final = 0.0001
GATHER_TIMES: Final = 3
MOST_KNOWN: Final = 8192  # live calls of a 10,000-agent centre; about 5 KB each


class SqliteTransaction(SqlTransaction):
    conflicts = (sqlite3.IntegrityError,)


class _Job:
    """A unit of work and the thread waiting for it. A lock is the cheapest thing to wait on (an Event costs 5 us)."""

    __slots__ = ("done", "error", "leads", "result", "work")

    def __init__(self, work: Callable[[SqlTransaction], Any]) -> None:
        self.work = work
        self.result: Any = None
        self.error: BaseException | None = None
        self.leads = False
        """Woken not because it is done, but to write for all who wait."""
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
        """Calls as they are in the database, by id."""
        self._fresh: dict[str, Loaded] = {}
        """Those of them that the transaction under way has read or changed, as they will be after it."""
        self._data_version = -1
        self._queue: deque[_Job] = deque()
        self._door = Lock()
        """Held for moments: over the queue, and over who leads."""
        self._led = False
        self._leader = 0
        self._together_before = 1
        self._closed = False
        self.commits = 0
        self.shorten_wal = False
        """Set by the checkpointer: finish the checkpoint between two batches, so that the log starts over."""

    def unit(self, work: Callable[[SqlTransaction], T]) -> T:
        """Run ``work`` alone in the database, return after the commit. Raises what it raised, or StoreUnavailable."""
        if get_ident() == self._leader:
            raise NestedTransaction
        job = _Job(work)
        with self._door:
            if self._closed:
                raise StoreUnavailable("the store is closed")
            self._enter(job)
        self._wait(job)
        if job.error is not None:
            raise job.error
        return job.result  # type: ignore[no-any-return]

    def known(self, call: str) -> Call | None:
        """The call as last committed here, if it was met lately. What another process wrote shows at the next write."""
        found = self._known.get(call)
        return found.call if found else None

    def close(self) -> None:
        """Finish what is queued, then close the connection."""
        last = _Job(lambda unit: None)
        with self._door:
            if self._closed:
                return
            self._closed = True
            self._enter(last)
        self._wait(last)
        self._connection.close()

    def _enter(self, job: _Job) -> None:
        """Stand in line; who finds nobody writing writes for all. The door is held."""
        self._queue.append(job)
        job.leads = not self._led
        self._led = True

    def _wait(self, job: _Job) -> None:
        """Until the job is done, by the one who leads or, when it is this job's turn, by ourselves."""
        if not job.leads and not job.done.acquire(timeout=WAIT_SECONDS):
            with self._door:
                if not job.done.acquire(blocking=False):  # else it was its turn at the last moment
                    with suppress(ValueError):  # under way: then nobody learns what becomes of it
                        self._queue.remove(job)
                    raise StoreUnavailable(f"the database did not answer within {WAIT_SECONDS:g} seconds")
        if job.leads:
            self._lead()

    def _lead(self) -> None:
        """Write for all who wait, oneself among them, then let the next one lead."""
        self._leader = get_ident()
        try:
            self._answer(self._batch())
            if self.shorten_wal:
                self._shorten_wal()
        finally:
            with self._door:
                self._leader = 0
                self._led = bool(self._queue)
                if self._led:
                    self._queue[0].leads = True
                    self._queue[0].done.release()

    def _batch(self) -> list[_Job]:
        """The jobs that wait, oldest first."""
        for _ in range(GATHER_TIMES):
            if len(self._queue) >= self._together_before:
                break
            # Whoever was answered just now comes again in a moment: together they cost one flush, not two
            # (8 threads flat out: batches of 8 instead of 4, a quarter less CPU for each unit).
            time.sleep(GATHER_SECONDS)
        with self._door:
            batch = [self._queue.popleft() for _ in range(min(len(self._queue), MOST_TOGETHER))]
        self._together_before = len(batch)
        return batch

    def _answer(self, jobs: list[_Job]) -> None:
        try:
            clean = self._together(jobs)
        except BaseException as error:
            # Nothing of this batch is stored: begin, commit or roll back went wrong (disk full, disk gone, locked).
            if not isinstance(error, sqlite3.Error | OSError):
                log.error("the writer failed: %s", described(error))
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
                    self._known.update(self._fresh)
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
        self._fresh = {}
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
            job.result = job.work(SqliteTransaction(self._cursor, self._sql, self._known, self._fresh))
        except BaseException as error:
            job.error = _as_ours(error)
            # Most failures are refusals before the first write: they cost the others nothing.
            return self._connection.in_transaction and self._connection.total_changes == before
        return True

    def _forget(self) -> None:
        """Back to what is committed, which is read anew: perhaps the commit was done before the fault came."""
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
