"""Upgrades of a database: which versions it has, and the migrations that it lacks, each in one transaction."""

import logging
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from callflow import private_files
from callflow.service.ports import StoreUnavailable
from callflow.store.errors import UnknownDatabase, WrongSchema, no_database
from callflow.store.filelock import FileLock
from callflow.store.prepared import SCHEMA_VERSION, prepared
from callflow.store.schema import META_QUERY, Levels, Migration, levels, pending, problem

log = logging.getLogger(__name__)
LOCK_TIMEOUT: Final = "SET lock_timeout TO '5s'"

Run = Callable[..., list[Any]]


class Tables(ABC):
    """The tables of one database. Use ``opened``."""

    database: str

    @abstractmethod
    def levels(self) -> Levels | None:
        """The versions; None for a database without Callflow's tables."""

    @abstractmethod
    def transaction(self) -> AbstractContextManager[Run]:
        """A transaction. Gives a function that runs a statement with values for its ``?``, and returns the rows."""

    @abstractmethod
    def clock(self) -> datetime:
        """The time of the clock of the database, UTC."""

    def run(self, migration: Migration) -> None:
        """Run a migration in one transaction, and record it. Does nothing if another process did meanwhile."""
        with self.transaction() as run:
            if self._lacks(migration):
                for statement in (*migration.statements, migration.record()):
                    run(statement)

    def create(self) -> None:
        """Make the tables in a database without any. Raises WrongSchema if there are some."""
        with self.transaction() as run:
            if (found := self.levels()) is not None:
                raise WrongSchema(problem(found) or "the tables are there already")
            for statement in prepared(self.database).creation:
                run(statement)

    def upgrade(self, *, finish: bool) -> Iterator[Migration]:
        """Run what is missing; yields each migration that was run. Raises WrongSchema."""
        found = self.levels()
        if found is None or found.oldest > SCHEMA_VERSION:
            raise WrongSchema(problem(found))
        for migration in pending(self.database, found, finish=finish):
            self.run(migration)
            yield migration

    def _lacks(self, migration: Migration) -> bool:
        found = self.levels()
        return found is not None and migration in pending(self.database, found, finish=True)


@contextmanager
def opened(url: str) -> Iterator[Tables]:
    """The tables of the database at this URL, which must exist. Raises StoreUnavailable or UnknownDatabase."""
    scheme, _, rest = url.partition(":")
    if scheme == "sqlite" and rest.startswith("///"):
        with _sqlite(Path(rest[3:])) as tables:
            yield tables
    elif scheme.partition("+")[0] in {"postgresql", "postgres"}:
        with _postgresql(f"postgresql:{rest}") as tables:
            yield tables
    else:
        raise UnknownDatabase(f"a database with scheme {scheme!r} has no versions: only sqlite and postgresql have")


class SqliteTables(Tables):
    database = "sqlite"

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def levels(self) -> Levels | None:
        try:
            return levels(self._connection.execute(META_QUERY).fetchall())
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                return None
            raise

    def clock(self) -> datetime:
        (text,) = self._connection.execute("SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00')").fetchone()
        return datetime.fromisoformat(text)

    @contextmanager
    def transaction(self) -> Iterator[Run]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield lambda statement, *values: self._connection.execute(statement, values).fetchall()
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")


@contextmanager
def _sqlite(path: Path) -> Iterator[SqliteTables]:
    if not path.exists():
        raise StoreUnavailable(no_database(path))
    try:
        lock = FileLock(path.with_name(f"{path.name}-lock"))
        with lock:
            connection = sqlite3.connect(path, timeout=5, isolation_level=None)
            try:
                yield SqliteTables(connection)
            finally:
                connection.close()
        lock.close()
    except sqlite3.Error as error:
        raise StoreUnavailable(f"the database cannot be upgraded: {error}") from error


class PostgresTables(Tables):
    database = "postgresql"

    def __init__(self, connection: Any, lock: int) -> None:
        self._connection, self._lock = connection, lock

    def levels(self) -> Levels | None:
        if self._connection.execute("SELECT to_regclass('meta') IS NULL").fetchone()[0]:
            return None
        return levels(self._connection.execute(META_QUERY).fetchall())

    def clock(self) -> datetime:
        (at,) = self._connection.execute("SELECT clock_timestamp()").fetchone()
        found: datetime = at
        return found.astimezone(UTC)

    @contextmanager
    def transaction(self) -> Iterator[Run]:
        with self._connection.transaction():
            self._connection.execute("SELECT pg_advisory_xact_lock(%s)", (self._lock,))
            yield self._run

    def _run(self, statement: str, *values: Any) -> list[Any]:
        cursor = self._connection.execute(statement.replace("?", "%s") if values else statement, values or None)
        return list(cursor.fetchall()) if cursor.description else []


@contextmanager
def _postgresql(url: str) -> Iterator[PostgresTables]:
    import psycopg

    from callflow.store.postgres import SCHEMA_LOCK, unavailable

    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
            connection.execute(LOCK_TIMEOUT)
            yield PostgresTables(connection, SCHEMA_LOCK)
    except psycopg.Error as error:
        raise unavailable(error) from None


def upgrade_file(url: str, secrets: tuple[str, ...]) -> Path | None:
    """Upgrade an SQLite file for the only server on it, after a copy of the file; the path of the copy.

    Calls that are not sealed yet are sealed with the first of ``secrets``.

    None if there was nothing to do: it is up to date, does not exist yet, or is of another kind. Raises WrongSchema or
    StoreUnavailable; then the migration that failed has changed nothing.
    """
    path = Path(url.removeprefix("sqlite:///"))
    from callflow.store import keys_of

    if not url.startswith("sqlite:///") or not path.exists() or not path.stat().st_size:
        return None
    with _sqlite(path) as tables:
        found = tables.levels()
        if found is None or not pending("sqlite", found, finish=True):
            return None
        copy = _copied(path, found)
        keys_of(secrets)  # before anything is changed
        for _ in tables.upgrade(finish=True):
            pass
    seal_calls(url, secrets)
    chain_calls(url, secrets)
    log.warning("the database was upgraded; a copy of it as it was before is %s", copy)
    return copy


def seal_calls(url: str, secrets: tuple[str, ...]) -> int:
    """Seal the calls that servers of before began, after the upgrade is finished. Returns their number."""
    from callflow.store import open_store
    from callflow.store.resealing import seal_all
    from callflow.store.sql import SqlStore

    with closing(open_store(url, secrets)) as store:
        return seal_all(store) if isinstance(store, SqlStore) else 0


def chain_calls(url: str, secrets: tuple[str, ...]) -> int:
    """Fold in the entries of servers of before, after the upgrade is finished. Returns the number of calls."""
    from callflow.store import open_store
    from callflow.store.links import fold_all
    from callflow.store.sql import SqlStore

    with closing(open_store(url, secrets)) as store:
        return fold_all(store) if isinstance(store, SqlStore) else 0


def _copied(path: Path, found: Levels) -> Path:
    """A copy of the database beside it. An earlier copy is not overwritten."""
    names = (f"{path.name}.schema-{found.oldest}{f'-{n}' if n else ''}" for n in range(1000))
    copy = next(one for name in names if not (one := path.with_name(name)).exists())
    private_files.file(copy)
    source, target = sqlite3.connect(path), sqlite3.connect(copy)
    try:
        source.backup(target)
    except sqlite3.Error:
        copy.unlink()
        raise
    finally:
        source.close()
        target.close()
    return copy
