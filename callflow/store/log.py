"""The log of finished calls: a leaf for each time that a call was over, and checkpoints over all leaves.

Leaves are appended in small units of work, one server at a time, and never in a webhook. Nothing is ever changed.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, NamedTuple

from callflow.core.codec import from_micros, to_micros
from callflow.core.notes import NoteKind
from callflow.evidence import merkle
from callflow.evidence.checkpoint import Checkpoint, signed
from callflow.evidence.keys import SigningKey
from callflow.evidence.leaves import COLUMNS, body
from callflow.service.jobs import NewJob
from callflow.store import call_search
from callflow.store.transaction import SqlTransaction

ALONE: Final = "log"
HASH_BYTES: Final = 32
STEP: Final = 25
"""Calls in one unit of work, for which webhooks wait a few milliseconds on SQLite."""
INCIDENTS: Final = frozenset(
    {NoteKind.WARNING, NoteKind.CLOSING, NoteKind.THREAT, NoteKind.SAFEGUARDING, NoteKind.RELIEF}
)
"""The kinds of entries of a call whose leaf is followed by a checkpoint at once."""


class Appended(NamedTuple):
    leaves: int
    incident: bool


class Kept(NamedTuple):
    """A stored checkpoint. ``note`` is signed by the log only."""

    number: int
    size: int
    at: datetime
    note: str


class Seen(NamedTuple):
    """That somebody has seen a checkpoint. ``proof``: the line of a witness, a time stamp in base64, or ""."""

    witness: str
    at: datetime
    proof: str


class CallLog:
    """``store``: an ``SqlStore``, or what stands for one."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def append(self, limit: int = STEP) -> Appended:
        """Append the next finished calls that are not in the log, or have gone on since."""
        if not self._store._rows("unlogged"):  # usually, and then no transaction is needed
            return Appended(0, False)
        found: Appended = self._store._unit(lambda unit: _append(unit, limit))
        return found

    def size(self) -> int:
        ((size,),) = self._store._rows("log_size")
        return int(size)

    def node(self, level: int, number: int) -> bytes:
        """See ``merkle.Node``."""
        return _node(self._store._rows("log_node", number=_leaf_of(level, number)), level)

    def checkpoint(self, key: SigningKey, at: datetime, then: Iterable[NewJob] = (), since: datetime | None = None
                   ) -> Kept | None:  # fmt: skip
        """Sign and store what the log is now, with jobs that follow. None if there is nothing new in it, or another
        server has signed one after ``since``."""

        def work(unit: SqlTransaction) -> Kept | None:
            unit._alone(ALONE)
            last = next(map(_kept, unit.rows("last_checkpoint", {})), None)
            ((size,),) = unit.rows("log_size", {})
            if size == (last.size if last else 0) or (since and last and last.at > since):
                return None
            return _checkpoint(unit, key, at, size, then)

        found: Kept | None = self._store._unit(work)
        return found

    def last_checkpoint(self) -> Kept | None:
        return next(map(_kept, self._store._rows("last_checkpoint")), None)

    def checkpoint_number(self, number: int) -> Kept | None:
        return next(map(_kept, self._store._rows("checkpoint", number=number)), None)

    def checkpoint_over(self, leaf: int) -> Kept | None:
        """The first checkpoint with this leaf."""
        return next(map(_kept, self._store._rows("checkpoint_over", leaf=leaf)), None)

    def seen(self, checkpoint: int) -> list[Seen]:
        """Who has seen this checkpoint."""
        rows = self._store._rows("witnessed", checkpoint=checkpoint)
        return [Seen(witness, from_micros(at), proof) for witness, at, proof in rows]

    def last_seen(self) -> dict[str, tuple[int, datetime]]:
        """By witness, the number of the last checkpoint that it has seen, and when it saw one last."""
        return {witness: (number, from_micros(at)) for witness, number, at in self._store._rows("last_witnessed")}

    def keep_seen(self, checkpoint: int, seen: Seen) -> None:
        """Once for each witness; a second time changes nothing."""

        def work(unit: SqlTransaction) -> None:
            unit._alone(ALONE)
            if all(row[0] != seen.witness for row in unit.rows("witnessed", {"checkpoint": checkpoint})):
                unit.run("add_witnessed", {"checkpoint": checkpoint, "witness": seen.witness,
                                           "at": to_micros(seen.at), "proof": seen.proof})  # fmt: skip

        self._store._unit(work)


def _append(unit: SqlTransaction, limit: int) -> Appended:
    unit._alone(ALONE)
    rows = unit.rows("unlogged_calls", {"limit": limit})
    call_search.index(unit, [dict(zip(COLUMNS, row, strict=True)) for row in rows])
    ((size,),) = unit.rows("log_size", {})
    added: dict[tuple[int, int], bytes] = {}
    incident = False
    for number, row in enumerate(rows, size):
        call = dict(zip(COLUMNS, row, strict=True))
        text = body(number, call)
        nodes = merkle.new_nodes(number, merkle.leaf_hash(text.encode()), lambda *at: added.get(at) or _read(unit, *at))
        added.update({(level, place): found for level, place, found in nodes})
        unit.run("add_leaf", {"number": number, "the_row": call["row"], "body": text,
                              "nodes": b"".join(found for *_, found in nodes)})  # fmt: skip
        unit.run("logged", {"number": number, "the_row": call["row"], "seq": call["seq"]})
        incident = incident or _is_incident(unit, call["row"])
    return Appended(len(rows), incident)


def _is_incident(unit: SqlTransaction, row: int) -> bool:
    return any(kind in INCIDENTS for (kind,) in unit.rows("kinds_of_entries", {"the_row": row}))


def _checkpoint(unit: SqlTransaction, key: SigningKey, at: datetime, size: int, then: Iterable[NewJob]) -> Kept:
    ((count,),) = unit.rows("checkpoint_count", {})
    root = merkle.root(size, lambda level, number: _read(unit, level, number))
    seconds = int(at.timestamp())
    note = signed(Checkpoint(key.public.name, size, root), key.public, key.sign, seconds)
    number = int(count) + 1
    unit.run("add_checkpoint", {"number": number, "size": size, "at": seconds * 1_000_000, "note": note})
    unit.run("count_checkpoint", {"count": str(number)})
    for job in then:
        unit.defer(job)
    return Kept(number, size, from_micros(seconds * 1_000_000), note)


def _kept(row: Any) -> Kept:
    number, size, at, note = row
    return Kept(number, size, from_micros(at), note)


def _read(unit: SqlTransaction, level: int, number: int) -> bytes:
    return _node(unit.rows("log_node", {"number": _leaf_of(level, number)}), level)


def _leaf_of(level: int, number: int) -> int:
    """The leaf that completes a subtree."""
    return ((number + 1) << level) - 1


def _node(rows: list[Any], level: int) -> bytes:
    ((nodes,),) = rows
    return bytes(nodes[level * HASH_BYTES : (level + 1) * HASH_BYTES])
