"""What the server's connections to an SQLite file may do. SQLite has no roles, so this stands for PostgreSQL's
(``roles``): whoever makes the server run a statement of his own cannot remove the triggers of the journal with it.

It does not bind another program that opens the file.
"""

import sqlite3
from typing import Final

_CHANGES_TABLES: Final = frozenset(
    getattr(sqlite3, name)
    for name in dir(sqlite3)
    if name.startswith(("SQLITE_CREATE_", "SQLITE_DROP_"))
    or name in ("SQLITE_ALTER_TABLE", "SQLITE_ATTACH", "SQLITE_DETACH", "SQLITE_REINDEX", "SQLITE_ANALYZE")
)
_APPENDED: Final = ("journal", "reclaimed", "log_leaves", "checkpoints", "witnessed", "caller_record_entries",
                    "erasures", "access_entries")  # fmt: skip
_REFUSED: Final = frozenset([
    *((sqlite3.SQLITE_UPDATE, table) for table in (*_APPENDED, "sqlite_master")),
    *((sqlite3.SQLITE_DELETE, table) for table in (*_APPENDED, "meta", "sqlite_master", "calls",
                                                   "caller_records")),
    *((sqlite3.SQLITE_INSERT, table) for table in ("reclaimed", "meta", "sqlite_master")),
])  # fmt: skip
_PRAGMAS: Final = frozenset({"data_version", "wal_checkpoint"})


def restrict(connection: sqlite3.Connection) -> None:
    """From now on the connection reads, appends to the journal, and changes what a call changes.

    It is asked when a statement is prepared, which happens once for each statement of a connection.
    """
    # SQLite makes this table of its own at the first use, as if it were created, and keeps it for the connection.
    connection.execute("SELECT value FROM json_each('[]')").fetchall()
    connection.set_authorizer(_decide)


def _decide(action: int, first: str | None, second: str | None, database: str | None, trigger: str | None) -> int:
    refused = (
        action in _CHANGES_TABLES
        or (action, first) in _REFUSED
        or (action == sqlite3.SQLITE_PRAGMA and first not in _PRAGMAS)
    )
    return sqlite3.SQLITE_DENY if refused else sqlite3.SQLITE_OK
