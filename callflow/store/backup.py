"""A copy of a running SQLite database, and whether a copy is whole."""

import sqlite3
from pathlib import Path

from callflow import private_files
from callflow.service.ports import StoreUnavailable
from callflow.store.errors import UnknownDatabase, no_database


def backup(url: str, target: Path) -> int:
    """Copy the database at ``url`` to a new file, readable for its owner only, while servers go on. Returns how many
    calls it has. Raises UnknownDatabase for one that is not SQLite, FileExistsError, and StoreUnavailable.

    The copy is of one moment: SQLite's backup begins again if another process writes meanwhile.
    """
    path = Path(url.removeprefix("sqlite:///"))
    if not url.startswith("sqlite:///"):
        raise UnknownDatabase("only an SQLite database is copied; for PostgreSQL use pg_dump (docs/operations.md)")
    if not path.exists():
        raise StoreUnavailable(no_database(path))
    if target.exists():
        raise FileExistsError(17, "is there already; choose another name", str(target))
    private_files.folder(target.parent)
    private_files.file(target)
    source, copy = sqlite3.connect(path, timeout=5), sqlite3.connect(target)
    try:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE").fetchone()  # one file, without the log beside it
        return _whole(copy)
    except sqlite3.Error as error:
        target.unlink()
        raise StoreUnavailable(f"the database cannot be copied: {error}") from error
    finally:
        source.close()
        copy.close()


def _whole(copy: sqlite3.Connection) -> int:
    """The number of calls in a copy. Raises sqlite3.DatabaseError if the file is damaged."""
    (state,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    if state != "ok":
        raise sqlite3.DatabaseError(state)
    return int(copy.execute("SELECT count(*) FROM calls").fetchone()[0])
