"""Group commit: of the threads that have something to write, one writes for all of them, one batch a transaction.

The writer (``State``) is always in one of these, and changes as follows:

    IDLE -> TURN_GIVEN        _enter        a thread comes while nobody writes: it is its turn at once
    TURN_GIVEN -> WRITING     _write        the thread whose turn it is runs every unit of work that has queued up
    WRITING -> TURN_GIVEN     _pass_on      others have queued up meanwhile: the first of them is woken, to write
    WRITING -> IDLE           _pass_on      nobody waits

A unit of work (``JobState``) changes as follows:

    QUEUED -> ITS_TURN        _give_turn    its thread writes the next batch, itself among it
    QUEUED -> DONE            _finish       another thread has written it, or failed to
    ITS_TURN -> DONE          _finish       its own thread has
    QUEUED -> ABANDONED       _give_up      nobody did within WAIT_SECONDS; if its batch was begun, it may yet be stored

A batch is one transaction: committed whole, or rolled back. If it was one of its units that failed after a write, each
is run again in a transaction of its own (``_write_all``), so that this one fails alone.

With synchronous=FULL, eight threads flat out wait 16 to 33 ms at worst; with a transaction each they wait up to 2 s in
SQLite's unfair lock queue, and pay one disk flush each (perf.md 1b, 1d). A thread for nothing but writing would cost
every webhook two changes of threads.
"""

import logging
import os
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from enum import Enum, auto
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


class State(Enum):
    IDLE = auto()
    TURN_GIVEN = auto()
    WRITING = auto()


class JobState(Enum):
    QUEUED = auto()
    ITS_TURN = auto()
    DONE = auto()
    ABANDONED = auto()


class _Job:
    """A unit of work and the thread waiting for it. A lock is the cheapest thing to wait on (an Event costs 5 us)."""

    __slots__ = ("error", "result", "state", "woken", "work")

    def __init__(self, work: Callable[[SqlTransaction], Any]) -> None:
        self.work = work
        self.state = JobState.QUEUED
        self.result: Any = None
        self.error: BaseException | None = None
        self.woken = Lock()
        """Released once, when the state is no longer QUEUED."""
        self.woken.acquire()


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
        self._mutex = Lock()
        """Held for moments, to change the queue, the state or who may enter."""
        self._state = State.IDLE
        self._queue: deque[_Job] = deque()
        self._closed = False
        self._writing_thread = 0
        """Its identifier while the state is WRITING, else 0."""
        self._last_batch = 1
        self.commits = 0
        self.shorten_wal = False
        """Set by the checkpointer: finish the checkpoint between two batches, so that the log starts over."""

    def unit(self, work: Callable[[SqlTransaction], T]) -> T:
        """Run ``work`` alone in the database, return after the commit. Raises what it raised, or StoreUnavailable."""
        if get_ident() == self._writing_thread:
            raise NestedTransaction
        job = _Job(work)
        with self._mutex:
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
        """Let nobody enter any more, finish what is queued, then close the connection."""
        last = _Job(lambda unit: None)
        with self._mutex:
            if self._closed:
                return
            self._closed = True
            self._enter(last)
        self._wait(last)
        self._connection.close()

    # -- whose turn it is

    def _enter(self, job: _Job) -> None:
        """Queue up. IDLE -> TURN_GIVEN: a thread that finds nobody writing writes. The mutex is held."""
        self._queue.append(job)
        if self._state is State.IDLE:
            self._give_turn(job)

    def _give_turn(self, job: _Job) -> None:
        """IDLE or WRITING -> TURN_GIVEN, and the first of the queue QUEUED -> ITS_TURN. The mutex is held."""
        self._state = State.TURN_GIVEN
        job.state = JobState.ITS_TURN

    def _wait(self, job: _Job) -> None:
        """Until the job is DONE: by another thread or, when it is ITS_TURN, by this one."""
        if job.state is JobState.QUEUED and not job.woken.acquire(timeout=WAIT_SECONDS):
            self._give_up(job)
        if job.state is JobState.ITS_TURN:
            self._write()

    def _give_up(self, job: _Job) -> None:
        """QUEUED -> ABANDONED, unless the state has changed at the last moment."""
        with self._mutex:
            if job.state is not JobState.QUEUED:
                return
            job.state = JobState.ABANDONED
            with suppress(ValueError):  # in a batch already: then nobody learns what becomes of it
                self._queue.remove(job)
        raise StoreUnavailable(f"the database did not answer within {WAIT_SECONDS:g} seconds")

    def _write(self) -> None:
        """TURN_GIVEN -> WRITING, by the thread whose turn it is: one batch, its own job among it."""
        self._state, self._writing_thread = State.WRITING, get_ident()
        try:
            self._write_all(self._batch())
            if self.shorten_wal:
                self._shorten_wal()
        finally:
            self._pass_on()

    def _pass_on(self) -> None:
        """WRITING -> TURN_GIVEN: the first who came meanwhile is woken; WRITING -> IDLE if there is nobody."""
        with self._mutex:
            self._state, self._writing_thread = State.IDLE, 0
            if self._queue:
                self._give_turn(self._queue[0])
                self._queue[0].woken.release()

    def _batch(self) -> list[_Job]:
        """The jobs that wait, oldest first."""
        for _ in range(GATHER_TIMES):
            if len(self._queue) >= self._last_batch:
                break
            # The threads answered just now come again in a moment: together they cost one flush, not two
            # (8 threads flat out: batches of 8 instead of 4, a quarter less CPU for each unit).
            time.sleep(GATHER_SECONDS)
        with self._mutex:
            batch = [self._queue.popleft() for _ in range(min(len(self._queue), MOST_TOGETHER))]
        self._last_batch = len(batch)
        return batch

    # -- a batch: all of it or, if one of its units spoils it, one after the other

    def _write_all(self, jobs: list[_Job]) -> None:
        """Run the jobs and finish each of them, whatever happens."""
        try:
            stored = self._commit(jobs)
        except BaseException as error:
            # Nothing of this batch is stored: begin, commit or roll back went wrong (disk full, disk gone, locked).
            if not isinstance(error, sqlite3.Error | OSError):
                log.error("the writer failed: %s", described(error))
            for job in jobs:
                job.error = StoreUnavailable(f"the database cannot be written: {error}")
            return self._finish(jobs)
        if stored or len(jobs) == 1:
            return self._finish(jobs)
        for job in jobs:
            job.error = None
            self._write_all([job])
        return None

    def _finish(self, jobs: list[_Job]) -> None:
        """QUEUED or ITS_TURN -> DONE. The thread whose turn it was is this one: it needs no waking."""
        for job in jobs:
            waits = job.state is JobState.QUEUED
            job.state = JobState.DONE
            if waits:
                job.woken.release()

    def _commit(self, jobs: list[_Job]) -> bool:
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
