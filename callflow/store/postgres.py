"""The PostgreSQL store, for several machines. Each unit of work is a transaction on a pooled connection.

A unit locks the call that it loads (SELECT ... FOR UPDATE), so two nodes never decide on one call at the same time. A
change is written with one statement, so a unit takes four round trips: begin, load, write, commit.
"""

import logging
import re
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache, partial
from itertools import groupby
from typing import Any, Final, TypeVar

import psycopg
from psycopg import errors
from psycopg_pool import ConnectionPool, PoolTimeout

from callflow.service.ports import StoreUnavailable
from callflow.store.errors import NestedTransaction, StaleCall
from callflow.store.jobs import SqlJobs
from callflow.store.keys import Keys
from callflow.store.page_versions import PostgresChanges
from callflow.store.prepared import Statement, prepared
from callflow.store.schema import META_QUERY, levels, sealed
from callflow.store.sql import SqlStore
from callflow.store.transaction import SqlTransaction, Step

T = TypeVar("T")

ATTEMPTS: Final = 5
CONNECTIONS: Final = 20  # 16 webhook threads and some for the workers
WAIT_SECONDS: Final = 3  # for a connection; the provider gives up after 6 (telephony.urls)
LOCK_SECONDS: Final = 3  # for another node's transaction on the same call
NO_CONNECTION: Final = (
    "Connection refused", "password authentication failed", "does not exist", "failed to resolve host",
    "timeout expired", "no pg_hba.conf entry", "too many clients", "is starting up", "certificate verify failed",
)  # fmt: skip
"""Parts of what PostgreSQL and its driver say, which quote nothing."""
_SETTINGS: Final = (
    f"SET synchronous_commit TO on; SET lock_timeout TO '{LOCK_SECONDS}s'; SET statement_timeout TO '4s';"
    # A node that lost power during a unit must not keep a call locked.
    "SET idle_in_transaction_session_timeout TO '10s'"
)
SILENCE: Final = {
    # If the server disappears without closing the connection, the kernel gives up after 4 s instead of 15 minutes.
    "tcp_user_timeout": 4000, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 2,
}  # fmt: skip
_CONNECTION: Final[dict[str, Any]] = {
    "autocommit": True, "client_encoding": "utf8", "connect_timeout": WAIT_SECONDS, **SILENCE
}  # fmt: skip
SCHEMA_LOCK: Final = 0x63616C6C666C6F77
# Advisory locks, because an unknown person has no row that could be locked.
_LOCK_PEOPLE: Final = "SELECT pg_advisory_xact_lock(hashtextextended(name, 1)) FROM unnest(%s::text[]) AS name"
_LOCK_JOB: Final = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 2))"
_PEOPLE_NAMED: Final = "SELECT person, presence, call, since, until, missed FROM people WHERE person = ANY(%s::text[])"
_ROW: Final = re.compile(r"VALUES (\([^)]*\))")
_LOST_RACE: Final = (errors.DeadlockDetected, errors.SerializationFailure, StaleCall)


@cache
def _joined(texts: tuple[str, ...], checked: bool) -> str:
    """Combine these statements into one that returns the row count of the first (psycopg prepares each shape once).

    PostgreSQL runs the parts of a WITH in any order. Consecutive statements with the same text become one INSERT of
    several rows, so that orders get their row numbers in the given order.
    """
    parts = []
    for number, (text, same) in enumerate(groupby(texts)):
        rows = len(list(same))
        whole = _ROW.sub("VALUES " + ", ".join([r"\1"] * rows), text, count=1)
        parts.append(f"s{number} AS ({whole}{' RETURNING 1' if checked and not number else ''})")
    return f"WITH {', '.join(parts)} SELECT {'count(*) FROM s0' if checked else '1'}"


class PostgresTransaction(SqlTransaction):
    conflicts = (errors.UniqueViolation,)

    def __init__(self, statements: Mapping[str, Statement], keys: Keys, cursor: Any) -> None:
        super().__init__(statements, keys, cursor, {}, {})
        self._locked: set[str] = set()

    def _write(self, steps: list[Step], checked: bool) -> bool:
        values = [value for statement, named in steps for value in statement.bind(named)]
        self._cursor.execute(_joined(tuple([statement.text for statement, _ in steps]), checked), values)
        return bool(self._cursor.fetchone()[0])

    def _people_locked(self, names: Iterable[str]) -> None:
        # Always in the same order, so that two searches of one team cannot deadlock.
        if wanted := sorted(set(names) - self._locked):
            self._cursor.execute(_LOCK_PEOPLE, (wanted,))
            self._locked.update(wanted)

    def _alone(self, name: str) -> None:
        self._cursor.execute(_LOCK_JOB, (name,))

    def _rows_of(self, names: list[str]) -> list[Any]:
        self._cursor.execute(_PEOPLE_NAMED, (names,))
        return list(self._cursor.fetchall())


class PostgresStore(SqlJobs, SqlStore):
    """Implements ``ports.Store`` on the database of a libpq URL. Thread-safe. Must be opened again after a fork."""

    def __init__(self, url: str, keys: Keys) -> None:
        super().__init__(prepared("postgresql").statements, keys)
        self._inside = threading.local()
        self._changes = PostgresChanges(partial(_connected, url))
        # The pool logs libpq's messages, which contain the URL with its password. Errors are raised anyway.
        logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)
        self._pool: ConnectionPool[psycopg.Connection[Any]] = ConnectionPool(
            url,
            min_size=1,
            max_size=CONNECTIONS,
            timeout=WAIT_SECONDS,
            kwargs=_CONNECTION,
            configure=_configure,
            open=False,
            name="store",
        )
        try:
            self._pool.open(wait=True, timeout=WAIT_SECONDS)
            with self._pool.connection() as connection, connection.transaction():
                keys.sealed = _make_tables(connection)
        except psycopg.Error as error:
            self._pool.close()
            if isinstance(error, PoolTimeout):
                raise StoreUnavailable(f"the database cannot be used: {_why(url)}") from error
            raise unavailable(error) from error
        except BaseException:
            self._pool.close()
            raise

    def _unit(self, work: Callable[[SqlTransaction], T]) -> T:
        if getattr(self._inside, "flag", False):
            raise NestedTransaction
        self._inside.flag = True
        try:
            return self._attempts(work)
        finally:
            self._inside.flag = False

    def _attempts(self, work: Callable[[SqlTransaction], T]) -> T:
        for left in reversed(range(ATTEMPTS)):
            try:
                return self._once(work)
            except _LOST_RACE as error:
                # Two nodes created the same call or deadlocked: run the unit again.
                if not left:
                    raise error if isinstance(error, StaleCall) else unavailable(error) from error
                time.sleep(0.01 * (ATTEMPTS - left))  # lets the other node finish
            except _Cut as error:
                # The server restarted while the pool was idle. Nothing was committed, and another connection may work.
                if not left:
                    raise unavailable(error.cause) from error.cause
                self._pool.check()
            except (psycopg.IntegrityError, psycopg.ProgrammingError, psycopg.DataError):
                raise
            except psycopg.Error as error:
                raise unavailable(error) from error
        raise AssertionError

    def _once(self, work: Callable[[SqlTransaction], T]) -> T:
        with self._pool.connection() as connection:
            cursor = connection.cursor()
            try:
                cursor.execute("BEGIN")
                result = work(PostgresTransaction(self._sql, self._keys, cursor))
            except BaseException as error:
                if connection.broken:
                    raise (_Cut(error) if isinstance(error, psycopg.Error) else error) from error
                cursor.execute("ROLLBACK")
                raise
            # Outside of the try: a commit without an answer may have happened, so it is never repeated.
            cursor.execute("COMMIT")
            self._changes.mine = True
            return result

    def _outdated(self) -> bool:
        return self._changes.any()

    def share_changes(self) -> None:
        self._changes.share()

    def _rows(self, name: str, **values: Any) -> list[Any]:
        statement = self._sql[name]
        return self._look(statement.text, statement.bind(values))

    def _look(self, text: str, values: tuple[Any, ...] = ()) -> list[Any]:
        for left in (1, 0):
            try:
                with self._pool.connection() as connection:
                    return connection.execute(text.encode(), values).fetchall()
            except psycopg.OperationalError as error:
                # As in ``_attempts``: idle connections do not survive a restart of the server.
                if not left or isinstance(error, PoolTimeout):
                    raise unavailable(error) from error
                self._pool.check()
        raise AssertionError

    def job_error(self, id: int, error: str) -> None:
        """Keep the reason why a job has failed, for the list."""
        self._unit(lambda unit: unit.run("job_error", {"id": id, "error": error}))

    def job_uncounted(self, id: int) -> None:
        """Do not count the try of a job that is about to be given back."""
        self._unit(lambda unit: unit.run("job_uncounted", {"id": id}))

    def rescue_jobs(self, silent_seconds: float) -> None:
        """Have the jobs run again whose workers were silent for so long."""
        self._unit(lambda unit: unit.rows("rescue_jobs", {"silent": round(silent_seconds * 1_000_000)}))

    def clock(self) -> datetime | None:
        ((at,),) = self._look("SELECT clock_timestamp()")
        found: datetime = at
        return found.astimezone(UTC)

    def ping(self) -> None:
        if self._look("SELECT pg_is_in_recovery()") != [(False,)]:
            raise StoreUnavailable("the database is a standby: it takes no writes")
        self._unit(lambda unit: unit.run("probe", {}))

    def close(self) -> None:
        self._changes.close()
        self._pool.close()


class _Cut(Exception):
    """The connection broke before the commit was sent."""

    def __init__(self, cause: BaseException) -> None:
        super().__init__()
        self.cause = cause


def _why(url: str) -> str:
    """Why no connection can be made. In words of ours, because those of the driver may quote the password."""
    try:
        psycopg.connect(url, connect_timeout=round(WAIT_SECONDS)).close()
    except psycopg.OperationalError as error:
        return next((why for why in NO_CONNECTION if why in str(error)), type(error).__name__)
    except psycopg.Error:
        return "its URL is no address; in a password, %, /, # and blanks are %25, %2F, %23 and %20"
    return f"no connection within {WAIT_SECONDS} s"


def unavailable(error: BaseException) -> StoreUnavailable:
    # Only the first line, because the others may contain values.
    lines = str(error).splitlines()
    return StoreUnavailable(f"the database cannot be used: {type(error).__name__} {lines[0] if lines else ''}".strip())


def _connected(url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(url, **_CONNECTION)


def _configure(connection: psycopg.Connection[Any]) -> None:
    connection.execute(_SETTINGS)


def _make_tables(connection: psycopg.Connection[Any]) -> bool:
    # If two nodes start at once, the second waits here until the tables exist.
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (SCHEMA_LOCK,))
    found = connection.execute("SELECT to_regclass('meta') IS NOT NULL, to_regclass('calls') IS NOT NULL").fetchone()
    if found == (False, False):
        for statement in prepared("postgresql").creation:
            connection.execute(statement.encode())
    meta = connection.execute(META_QUERY).fetchall() if found != (False, True) else []
    return sealed(levels(meta))
