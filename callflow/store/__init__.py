"""Stores for calls, journals and orders: SQLite (one machine), PostgreSQL (several), memory (simulations, tests).

The rest of Callflow only needs ``open_store``; ``service.ports.Store`` describes the interface.
"""

from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from callflow import private_files
from callflow.service.ports import Store, StoreUnavailable
from callflow.store.errors import UnknownDatabase, no_database

if TYPE_CHECKING:
    from callflow.store.keys import Keys
    from callflow.store.sql import SqlStore

S = TypeVar("S", bound="SqlStore")


def open_store(url: str, secrets: tuple[str, ...] = ()) -> Store:
    """Open the store with this database URL, creating the tables if there are none.

    ``sqlite:///var/callflow.db`` (relative; four slashes for an absolute path; folders are created),
    ``postgresql://...`` or ``memory:``. ``secrets`` (``Settings.secrets``): what a database is sealed with, the current
    one first. Raises UnknownDatabase, StoreUnavailable, WrongSchema, WrongSecret.
    """
    # Each store is imported when it is asked for: psycopg is 140 ms of start-up (perf.md 4).
    scheme, _, rest = url.partition(":")
    if scheme == "memory":
        from callflow.store.memory import MemoryStore

        return MemoryStore()
    if scheme == "sqlite" and len(rest) > 3 and rest.startswith("///"):
        from callflow.store.sqlite import SqliteStore

        return _with_secret(SqliteStore(rest[3:], keys_of(secrets)))
    if scheme.partition("+")[0] in {"postgresql", "postgres"}:
        from callflow.store.postgres import PostgresStore

        return _with_secret(PostgresStore(f"postgresql:{rest}", keys_of(secrets)))
    # Only the scheme is shown, because the URL may contain a password.
    raise UnknownDatabase(f"database URL with scheme {scheme!r}: use sqlite:///file, postgresql://host/name or memory:")


def open_existing(url: str, secrets: tuple[str, ...] = ()) -> Store:
    """``open_store`` for programs that are no server: an SQLite file that is not there is not made.

    It would be empty, and say of everything that there is none. Raises StoreUnavailable besides.
    """
    if url.startswith("sqlite:///") and not (path := Path(url.removeprefix("sqlite:///"))).exists():
        raise StoreUnavailable(no_database(path))
    return open_store(url, secrets)


def keys_of(secrets: tuple[str, ...]) -> "Keys":
    from callflow.store.keys import Keys  # 40 ms, which a simulation does not need

    return Keys(secrets)


def _with_secret(store: S) -> S:
    try:
        store.check_secret()
    except BaseException:
        store.close()
        raise
    return store


def server_lock(url: str, worker: bool = False) -> AbstractContextManager[object]:
    """Take the place of the only server on this database, where there may be only one, until the context is left.

    ``worker``: see ``ServerLock``. Raises DatabaseInUse with the reason, or StoreUnavailable.
    """
    if not url.startswith("sqlite:///"):
        return nullcontext()
    from callflow.store.serverlock import ServerLock

    path = Path(url.removeprefix("sqlite:///"))
    try:
        private_files.folder(path.parent)
        return closing(ServerLock(path, worker))
    except OSError as error:
        raise StoreUnavailable(f"the database cannot be opened: {error}") from error
