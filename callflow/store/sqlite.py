"""The SQLite store, for one machine: one file, one writer at a time, concurrent readers. Fastest with one process."""

import os
import sqlite3
from collections import deque
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final, TypeVar

from callflow import private_files
from callflow.core.call import Call
from callflow.service.ports import StoreUnavailable
from callflow.store.filelock import FileLock
from callflow.store.jobs import SqlLeasedJobs
from callflow.store.keys import Keys
from callflow.store.page_versions import SqliteChanges
from callflow.store.prepared import prepared
from callflow.store.schema import META_QUERY, levels, sealed
from callflow.store.sql import SqlStore
from callflow.store.sqlite_rights import restrict
from callflow.store.transaction import SqlTransaction
from callflow.store.writer import SqliteTransaction, Writer

T = TypeVar("T")

CHECKPOINT_SECONDS: Final = 0.5
LONG_WAL_PAGES: Final = 4_000  # 16 MB: from here on the writer itself finishes a checkpoint, see Checkpointer
IDLE_READERS: Final = 8
FREE_BYTES: Final = 1 << 20  # for about a hundred calls
BUSY_SECONDS: Final = 1.5  # for another program's transaction; see writer.WAIT_SECONDS


def _connect(path: Path) -> sqlite3.Connection:
    # isolation_level None, because we send BEGIN ourselves. With Python's deferred BEGIN the first write failed with
    # "database is locked" in 1,400 of 2,000 transactions (libs.md 4).
    return sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)


def _open(path: Path) -> tuple[sqlite3.Connection, bool]:
    """The writing connection, with the tables created if needed, and whether calls are sealed. Raises WrongSchema."""
    connection = _connect(path)
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # an incident record survives a power cut
        "wal_autocheckpoint=0",  # else a webhook's commit does the checkpoint: p99 8-12 ms instead of 3
        "journal_size_limit=67108864",
        "cache_size=-16000",
        # No erased key stays in a page: with FAST, wrapped keys of 40 of 40 erased calls were found in freed ones.
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    try:
        return connection, _make_tables(connection)
    except BaseException:
        connection.close()
        raise


def _make_tables(connection: sqlite3.Connection) -> bool:
    connection.execute("BEGIN IMMEDIATE")
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables:
        for statement in prepared("sqlite").creation:
            connection.execute(statement)
    meta = connection.execute(META_QUERY).fetchall() if "meta" in tables or not tables else []
    connection.execute("COMMIT")
    return sealed(levels(meta))


class SqliteStore(SqlLeasedJobs, SqlStore):
    """Implements ``ports.Store`` on the file at ``path``. Thread-safe. Must be opened again after a fork."""

    def __init__(self, path: str, keys: Keys) -> None:
        super().__init__(prepared("sqlite").statements, keys)
        self._path = Path(path)
        self._readers: deque[sqlite3.Connection] = deque()
        self._changes = SqliteChanges(self._reader)
        self._closed = False
        try:
            private_files.folder(self._path.parent)
            private_files.file(self._path)  # SQLite gives its other files the same mode
            self._lock = FileLock(self._path.with_name(f"{self._path.name}-lock"))
            with self._lock:
                connection, keys.sealed = _open(self._path)
                restrict(connection)
        except (OSError, sqlite3.Error) as error:
            raise StoreUnavailable(f"the database cannot be opened: {error}") from error
        transaction = partial(SqliteTransaction, self._sql, keys)
        self._writer = Writer(connection, self._path, self._lock, transaction)
        self._checkpointer = Checkpointer(_connect(self._path), self._writer)

    def _unit(self, work: Callable[[SqlTransaction], T]) -> T:
        return self._writer.unit(work)

    def recent(self, call: str) -> Call | None:
        known = None if self._closed else self._writer.known(call)
        return known or self.read(call)

    def _rows(self, name: str, **values: Any) -> list[Any]:
        if self._closed:
            raise StoreUnavailable("the store is closed")
        statement = self._sql[name]
        try:
            reader = self._reader()
            rows = reader.execute(statement.text, statement.bind(values)).fetchall()
        except sqlite3.Error as error:
            raise StoreUnavailable(f"the database cannot be read: {error}") from error
        # Each connection is used by one thread at a time, so there are as many as have ever read at once.
        if len(self._readers) < IDLE_READERS and not self._closed:
            self._readers.append(reader)
        else:
            reader.close()
        return rows

    def share_changes(self) -> None:
        """There is nobody to tell: other processes see the file."""

    def forget_freed(self) -> bool:
        """Copy the write-ahead log into the file and empty it. Freed pages are overwritten already."""
        try:
            with closing(_connect(self._path)) as connection:
                busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.Error as error:
            raise StoreUnavailable(f"the database cannot be written: {error}") from error
        return not busy

    def _outdated(self) -> bool:
        if self._closed:
            raise StoreUnavailable("the store is closed")
        try:
            return self._changes.any()
        except sqlite3.Error as error:
            raise StoreUnavailable(f"the database cannot be read: {error}") from error

    def _reader(self) -> sqlite3.Connection:
        try:
            return self._readers.pop()
        except IndexError:
            reader = _connect(self._path)
            reader.execute("PRAGMA query_only=ON")
            restrict(reader)
            return reader

    def ping(self) -> None:
        # Through the writer, which webhooks need, and which notices a file that was removed or stays locked.
        self._unit(lambda unit: unit.run("probe", {}))
        try:
            self._room_on_the_disk()
        except OSError as error:
            raise StoreUnavailable(f"the database cannot be written: {error}") from error

    def _room_on_the_disk(self) -> None:
        """Raise OSError if the files cannot grow. The write-ahead log is written over and over, so a commit succeeds
        for a while on a full disk."""
        probe = os.open(self._path.with_name(f"{self._path.name}-probe"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(probe, 0, FREE_BYTES)
            os.truncate(probe, 0)
        finally:
            os.close(probe)

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._checkpointer.close()
        self._writer.close()
        while self._readers:
            self._readers.pop().close()
        self._changes.close()
        self._lock.close()


class Checkpointer:
    """Copies the write-ahead log into the database twice a second, on its own thread and not in a webhook's commit.

    The log only starts over when all of it was copied, which never happens while the writer does not pause. So when
    the log is long, the writer is asked to copy the remaining pages between two of its batches.
    """

    def __init__(self, connection: sqlite3.Connection, writer: Writer) -> None:
        self._connection, self._writer = connection, writer
        self._stop = Event()
        self._thread = Thread(target=self._serve, name="store-checkpoint", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        seen = -1
        while not self._stop.wait(CHECKPOINT_SECONDS):
            commits = self._writer.commits
            if commits == seen:
                continue
            try:
                _, pages, copied = self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            except sqlite3.Error:
                continue  # the next writer meets the same error and reports it
            seen = commits if copied == pages else -1
            if pages > LONG_WAL_PAGES:
                self._writer.shorten_wal = True
        self._connection.close()

    def close(self) -> None:
        self._stop.set()
        self._thread.join()
