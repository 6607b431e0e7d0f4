"""Where calls, journals and orders are kept: SQLite (one machine), PostgreSQL (several), memory (rehearsals).

``open_store`` is the only name the rest of Callflow needs; what a store does is told by ``service.ports.Store``.
"""

from callflow.service.ports import Store
from callflow.store.errors import UnknownDatabase


def open_store(url: str) -> Store:
    """The store behind a database URL, its tables made if there are none.

    ``sqlite:///var/callflow.db`` (relative; four slashes for an absolute path; folders are made), ``postgresql://...``
    or ``memory:``. Raises UnknownDatabase, StoreUnavailable, WrongSchema.
    """
    # Each store is imported when it is asked for: psycopg is 140 ms of start-up (perf.md 4).
    scheme, _, rest = url.partition(":")
    if scheme == "memory":
        from callflow.store.memory import MemoryStore

        return MemoryStore()
    if scheme == "sqlite" and len(rest) > 3 and rest.startswith("///"):
        from callflow.store.sqlite import SqliteStore

        return SqliteStore(rest[3:])
    if scheme.partition("+")[0] in {"postgresql", "postgres"}:
        from callflow.store.postgres import PostgresStore

        return PostgresStore(f"postgresql:{rest}")
    # The URL may hold a password: only its scheme is told.
    raise UnknownDatabase(f"database URL with scheme {scheme!r}: use sqlite:///file, postgresql://host/name or memory:")
