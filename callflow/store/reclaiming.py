"""Deletes the journal and the history of calls that were erased. Nobody can read them, but they take space. And it
deletes old entries of the list of accesses, which are about our own people.

The one way to delete entries of the journal. The database refuses it for any call without a row in ``reclaimed``, which
says who did it and when, cannot be changed, and is only accepted for a call that was erased. The call itself is kept.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final, NamedTuple

from callflow.core.codec import from_micros, to_micros
from callflow.service.accounts import AccessKind
from callflow.store.errors import WrongSchema
from callflow.store.schema import problem
from callflow.store.upgrades import Tables, opened

BATCH: Final = 100
"""Calls in one transaction, for which servers on an SQLite file wait."""
_FIND: Final = """
SELECT "row", (SELECT count(*) FROM journal WHERE journal.call = calls."row"),
    (SELECT count(*) FROM history WHERE history.call = calls."row")
FROM calls
WHERE "key" IS NULL AND ended_at < ? AND "row" > ?
    AND NOT EXISTS (SELECT 1 FROM reclaimed WHERE reclaimed.call = calls."row")
ORDER BY "row" LIMIT ?"""
_RECORD: Final = 'INSERT INTO reclaimed (call, at, "by", entries, moments) VALUES (?, ?, ?, ?, ?)'
_DELETE: Final = ("DELETE FROM journal WHERE call = ?", "DELETE FROM history WHERE call = ?")
_OLD_ACCESSES: Final = "SELECT count(*) FROM access_entries WHERE at < ?"
_DELETE_ACCESSES: Final = "DELETE FROM access_entries WHERE at < ?"
_ACCESSES_DELETED: Final = (
    "INSERT INTO access_entries (at, kind, person, way, network, subject) VALUES (?, ?, '', '', '', ?)"
)
_LIST: Final = """
SELECT calls.reference, reclaimed.at, reclaimed."by", reclaimed.entries, reclaimed.moments
FROM reclaimed JOIN calls ON calls."row" = reclaimed.call
ORDER BY reclaimed.at DESC, calls."row" DESC"""


class Reclaimed(NamedTuple):
    """A call whose entries were deleted, by whom, and how many there were."""

    reference: str
    at: datetime
    by: str
    entries: int
    moments: int


def reclaim(url: str, *, ended_before: datetime, at: datetime, by: str) -> int:
    """Delete what is left of calls that were erased and had ended before that time. Returns the number of calls.

    On PostgreSQL ``url`` is that of the maintenance role (``roles``). Raises StoreUnavailable or WrongSchema.
    """
    done, found = 0, [(0, 0, 0)]
    while found:
        with _usable(url) as tables, tables.transaction() as run:  # servers on a file go on between two batches
            found = run(_FIND, to_micros(ended_before), found[-1][0], BATCH)
            for call, entries, moments in found:
                run(_RECORD, call, to_micros(at), by, entries, moments)
                for statement in _DELETE:
                    run(statement, call)
        done += len(found)
    return done


def forget_accesses(url: str, *, before: datetime, at: datetime, by: str) -> int:
    """Delete the entries of before from the list of accesses, and add one that says so. Returns how many it were.

    On PostgreSQL ``url`` is that of the maintenance role: servers can only add to the list. Raises StoreUnavailable or
    WrongSchema.
    """
    with _usable(url) as tables, tables.transaction() as run:
        ((count,),) = run(_OLD_ACCESSES, to_micros(before))
        if count:
            run(_DELETE_ACCESSES, to_micros(before))
            told = f"{count} accesses of before {before:%Y-%m-%d}, by {by}"
            run(_ACCESSES_DELETED, to_micros(at), AccessKind.REMOVED.value, told)
    return int(count)


def reclaimed(url: str) -> list[Reclaimed]:
    """Which calls were reclaimed, the latest first. Raises StoreUnavailable or WrongSchema."""
    with _usable(url) as tables, tables.transaction() as run:
        return [Reclaimed(reference, from_micros(at), *rest) for reference, at, *rest in run(_LIST)]


@contextmanager
def _usable(url: str) -> Iterator[Tables]:
    with opened(url) as tables:
        if wrong := problem(tables.levels()):
            raise WrongSchema(wrong)
        yield tables
