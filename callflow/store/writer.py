"""Group commit: one of the threads that wait to write runs the units of work of all of them, one transaction per batch.

The states of the writer (``State``):

    IDLE -> TURN_GIVEN        _enter        a thread arrives while nobody writes: it is its turn
    TURN_GIVEN -> WRITING     _write        the thread whose turn it is runs all units of work in the queue
    WRITING -> TURN_GIVEN     _pass_on      others have queued up meanwhile: the first of them is woken, to write
    WRITING -> IDLE           _pass_on      the queue is empty

The states of a unit of work (``JobState``):

    QUEUED -> ITS_TURN        _give_turn    its thread writes the next batch, which includes it
    QUEUED -> DONE            _finish       another thread has written it, or failed to
    ITS_TURN -> DONE          _finish       its own thread has written it, or failed to
    QUEUED -> ABANDONED       _give_up      not written within WAIT_SECONDS; if its batch has begun, it may be stored

A batch is one transaction, which is committed or rolled back as a whole. If one of its units fails after a write, each
unit is run again in its own transaction (``_write_all``), so that only this one fails.

With synchronous=FULL, eight threads under full load wait 16 to 33 ms at most. With a transaction for each unit they
wait up to 2 s in SQLite's unfair lock queue, and for a disk flush each (perf.md 1b, 1d). A separate thread for writing
would cost every webhook two context switches.
"""

import logging
import os
import sqlite3
import time
from collections import deque
from collections.abc import Callable
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
from callflow.store.transaction import Loaded, SqlTransaction

T = TypeVar("T")
log = logging.getLogger(__name__)

MOST_TOGETHER: Final = 64  # so that the first in a batch waits about 10 ms at most for the others
WAIT_SECONDS: Final = 4.0  # the provider gives up after 6 (telephony.urls); before that the safe document is sent
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
    """A unit of work that a thread waits for. A lock is the cheapest way to wait (an Event costs 5 us)."""

    __slots__ = ("error", "result", "state", "woken", "work")

    def __init__(self, work: Callable[[SqlTransaction], Any]) -> None:
        self.work = work
        self.state = JobState.QUEUED
        self.result: Any = None
        self.error: BaseException | None = None
        self.woken = Lock()
        """Released once, when the state changes from QUEUED."""
        self.woken.acquire()


class Writer:
    """Owns the writing connection. Checks before each batch that the file at ``path`` was not removed or replaced."""

    def __init__(
        self, connection: sqlite3.Connection, path: Path, lock: FileLock, transaction: Callable[..., SqliteTransaction]
    ) -> None:
        self._connection, self._path, self._lock, self._transaction = connection, path, lock, transaction
        self._cursor = connection.cursor()
        self._inode = os.stat(path).st_ino
        self._known: dict[str, Loaded] = {}
        """By id, calls as they are in the database."""
        self._fresh: dict[str, Loaded] = {}
        """By id, calls that the current transaction has read or changed, as they will be after the commit."""
        self._data_version = -1
        self._mutex = Lock()
        """Protects the queue, the state and ``_closed``. Never held for long."""
        self._state = State.IDLE
        self._queue: deque[_Job] = deque()
        self._closed = False
        self._writing_thread = 0
        """The identifier of the writing thread while the state is WRITING, else 0."""
        self._last_batch = 1
        self.commits = 0
        self.shorten_wal = False
        """Set by the checkpointer to have the checkpoint finished between two batches, so that the log starts over."""

    def unit(self, work: Callable[[SqlTransaction], T]) -> T:
        """Run ``work`` as the only writer and return after the commit. Raises what it raises, or StoreUnavailable."""
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
        """The call as last committed here, or None. Writes of another process are noticed by the next batch."""
        found = self._known.get(call)
        return found.call if found else None

    def close(self) -> None:
        """Refuse further units of work, finish those in the queue, then close the connection."""
        last = _Job(lambda unit: None)
        with self._mutex:
            if self._closed:
                return
            self._closed = True
            self._enter(last)
        self._wait(last)
        self._connection.close()

    # -- turns

    def _enter(self, job: _Job) -> None:
        """Add a job to the queue. IDLE -> TURN_GIVEN if nobody writes. The mutex is held."""
        self._queue.append(job)
        if self._state is State.IDLE:
            self._give_turn(job)

    def _give_turn(self, job: _Job) -> None:
        """IDLE or WRITING -> TURN_GIVEN, and the first of the queue QUEUED -> ITS_TURN. The mutex is held."""
        self._state = State.TURN_GIVEN
        job.state = JobState.ITS_TURN

    def _wait(self, job: _Job) -> None:
        """Wait until the job is DONE. If it is ITS_TURN, write on this thread. Raises StoreUnavailable."""
        if job.state is JobState.QUEUED and not job.woken.acquire(timeout=WAIT_SECONDS):
            self._give_up(job)
        if job.state is JobState.ITS_TURN:
            self._write()

    def _give_up(self, job: _Job) -> None:
        """QUEUED -> ABANDONED, and raise StoreUnavailable, unless the state has changed just now."""
        with self._mutex:
            if job.state is not JobState.QUEUED:
                return
            job.state = JobState.ABANDONED
            with suppress(ValueError):  # if it is in a batch already, its result is lost
                self._queue.remove(job)
        raise StoreUnavailable(f"the database did not answer within {WAIT_SECONDS:g} seconds")

    def _write(self) -> None:
        """TURN_GIVEN -> WRITING, on the thread whose turn it is: write one batch, which includes its own job."""
        self._state, self._writing_thread = State.WRITING, get_ident()
        try:
            self._write_all(self._batch())
            if self.shorten_wal:
                self._shorten_wal()
        finally:
            self._pass_on()

    def _pass_on(self) -> None:
        """WRITING -> TURN_GIVEN, waking the first thread in the queue, or WRITING -> IDLE if the queue is empty."""
        with self._mutex:
            self._state, self._writing_thread = State.IDLE, 0
            if self._queue:
                self._give_turn(self._queue[0])
                self._queue[0].woken.release()

    def _batch(self) -> list[_Job]:
        """The jobs to write now, oldest first."""
        for _ in range(GATHER_TIMES):
            if len(self._queue) >= self._last_batch:
                break
            # The threads of the last batch return soon. Together they need one flush instead of two (8 threads under
            # full load: batches of 8 instead of 4, and a quarter less CPU for each unit).
            time.sleep(GATHER_SECONDS)
        with self._mutex:
            batch = [self._queue.popleft() for _ in range(min(len(self._queue), MOST_TOGETHER))]
        self._last_batch = len(batch)
        return batch

    # -- a batch: in one transaction, or if a unit fails, each unit in its own

    def _write_all(self, jobs: list[_Job]) -> None:
        """Run the jobs and finish each of them, also after an error."""
        try:
            stored = self._commit(jobs)
        except BaseException as error:
            # Nothing of this batch is stored: begin, commit or rollback failed (disk full, disk gone, locked).
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
        """QUEUED or ITS_TURN -> DONE. The threads of the queued ones are woken; the other one is this thread."""
        for job in jobs:
            waits = job.state is JobState.QUEUED
            job.state = JobState.DONE
            if waits:
                job.woken.release()

    def _commit(self, jobs: list[_Job]) -> bool:
        """Run the jobs in one transaction. Returns False if it was rolled back because a job failed after a write."""
        with self._lock:
            try:
                self._begin()
                # Stops at the first one that failed after a write.
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
        # ``_known`` is valid until another connection writes (another process, the sqlite3 shell).
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
        """Run one unit. Returns False if it failed after a write, so that the transaction must be rolled back."""
        before = self._connection.total_changes
        try:
            job.result = job.work(self._transaction(self._cursor, self._known, self._fresh))
        except BaseException as error:
            job.error = _translated(error)
            # Most units that fail do so before their first write, so the rest of the batch can go on.
            return self._connection.in_transaction and self._connection.total_changes == before
        return True

    def _forget(self) -> None:
        """Roll back and forget the known calls, because the commit may have been done before the error."""
        self._known.clear()
        if self._connection.in_transaction:
            with suppress(sqlite3.Error):
                self._cursor.execute("ROLLBACK")

    def _shorten_wal(self) -> None:
        self.shorten_wal = False
        with suppress(sqlite3.Error), self._lock:
            self._cursor.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()


def _translated(error: BaseException) -> BaseException:
    """StoreUnavailable for an error of the database; other errors, such as a violated constraint, unchanged."""
    if not isinstance(error, sqlite3.Error) or isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
        return error
    unavailable = StoreUnavailable(f"the database cannot be used: {error}")
    unavailable.__cause__ = error
    return unavailable
