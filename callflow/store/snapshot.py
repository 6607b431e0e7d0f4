"""Reads a database as it is at one moment, for as long as it takes, beside running servers."""

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from callflow.service.ports import StoreUnavailable
from callflow.store.errors import UnknownDatabase, WrongSchema, no_database
from callflow.store.schema import META_QUERY, Levels, levels, problem


class Snapshot(ABC):
    """``rows`` runs a query with values for its ``?``; it raises StoreUnavailable."""

    @abstractmethod
    def rows(self, query: str, *values: Any) -> list[Any]: ...

    @abstractmethod
    def has_table(self, name: str) -> bool: ...

    def levels(self) -> Levels:
        """Raises WrongSchema."""
        found = levels(self.rows(META_QUERY))
        if found is None or problem(found):
            raise WrongSchema(problem(found))
        return found


@contextmanager
def snapshot(url: str) -> Iterator[Snapshot]:
    """Raises StoreUnavailable or UnknownDatabase."""
    scheme, _, rest = url.partition(":")
    if scheme == "sqlite" and rest.startswith("///"):
        with _sqlite(Path(rest[3:])) as found:
            yield found
    elif scheme.partition("+")[0] in {"postgresql", "postgres"}:
        with _postgresql(f"postgresql:{rest}") as found:
            yield found
    else:
        raise UnknownDatabase(f"a database with scheme {scheme!r} is not kept: only sqlite and postgresql are")


class _Sqlite(Snapshot):
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, query: str, *values: Any) -> list[Any]:
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise StoreUnavailable(f"the database cannot be read: {error}") from error

    def has_table(self, name: str) -> bool:
        return bool(self.rows("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", name))


@contextmanager
def _sqlite(path: Path) -> Iterator[Snapshot]:
    if not path.exists():
        raise StoreUnavailable(no_database(path))
    connection = sqlite3.connect(path, timeout=5, isolation_level=None)
    try:
        connection.execute("PRAGMA query_only=ON")
        connection.execute("BEGIN")
        # A text that is no UTF-8 any more is a finding, not an error.
        connection.text_factory = lambda raw: raw.decode("utf-8", "backslashreplace")
        yield _Sqlite(connection)
    finally:
        connection.close()


class _Postgresql(Snapshot):
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def rows(self, query: str, *values: Any) -> list[Any]:
        import psycopg

        from callflow.store.postgres import unavailable

        try:
            text = query.replace("?", "%s") if values else query
            found: list[Any] = self._connection.execute(text, values or None).fetchall()
        except psycopg.Error as error:
            raise unavailable(error) from None
        return found

    def has_table(self, name: str) -> bool:
        return self.rows("SELECT to_regclass(?)", name) != [(None,)]


@contextmanager
def _postgresql(url: str) -> Iterator[Snapshot]:
    import psycopg

    from callflow.store.postgres import unavailable

    try:
        connection = psycopg.connect(url, autocommit=True, connect_timeout=5)
    except psycopg.Error as error:
        raise unavailable(error) from None
    with connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield _Postgresql(connection)
