"""What proves the journal of one call to somebody without the database: its rows as they are hashed, its leaf in the
log, the path from the leaf to a checkpoint, and who has seen that checkpoint."""

from typing import Any, NamedTuple

from callflow.evidence import merkle
from callflow.evidence.chain import DIGEST_BYTES, canonical
from callflow.store.links import folded_links, rows_with_links
from callflow.store.log import CallLog, Kept, Seen


class ChainedEntry(NamedTuple):
    """``text``: the row as it is hashed (``chain.canonical``), ``digest``: hex."""

    text: str
    digest: str


class Leaf(NamedTuple):
    """``body``: what is hashed as leaf ``number``."""

    number: int
    body: str


class Proof(NamedTuple):
    """``path``: from the leaf to the root of the checkpoint (``merkle.root_of_inclusion``)."""

    checkpoint: Kept
    path: tuple[bytes, ...]
    seen: tuple[Seen, ...]


class CallEvidence(NamedTuple):
    """``origin``: what the chain begins with, beside the id of the call. ``leaves``: all of the call, the latest last;
    ``proof``: of the latest one, None before the next checkpoint."""

    call: str
    origin: str
    head: str
    entries: tuple[ChainedEntry, ...]
    leaves: tuple[Leaf, ...]
    proof: Proof | None

    def as_fields(self) -> dict[str, Any]:
        """As JSON values; hashes are hex."""
        proof = self.proof
        return {
            "call": self.call, "origin": self.origin, "head": self.head,
            "entries": [one._asdict() for one in self.entries], "leaves": [one._asdict() for one in self.leaves],
            "checkpoint": proof and proof.checkpoint.note, "path": proof and [one.hex() for one in proof.path],
            "seen": proof and [{"witness": one.witness, "at": one.at.isoformat(), "proof": one.proof}
                               for one in proof.seen],
        }  # fmt: skip


def evidence_of(store: Any, call: str) -> CallEvidence | None:
    """``store``: an ``SqlStore``; ``call``: its id. None if there is no such call. Raises StoreUnavailable."""
    rows = store._rows("evidence_of_call", id=call)
    if not rows:
        return None
    ((row, id, origin, head, folded, _),) = rows
    entries = rows_with_links(store._rows("entries_of_call", the_row=row), folded_links(folded))
    leaves = tuple([Leaf(*found) for found in store._rows("leaves_of", the_row=row)])
    chained = tuple([ChainedEntry(canonical(entry).decode(), (link or b"")[:DIGEST_BYTES].hex())
                     for entry, link in entries])  # fmt: skip
    proof = proof_of(CallLog(store), leaves[-1].number) if leaves else None
    return CallEvidence(id, origin or "", head or "", chained, leaves, proof)


def proof_of(log: CallLog, leaf: int) -> Proof | None:
    """That a leaf is in the first checkpoint after it; None before there is one."""
    point = log.checkpoint_over(leaf)
    if point is None:
        return None
    path = merkle.inclusion(leaf, point.size, log.node)
    return Proof(point, tuple(path), tuple(log.seen(point.number)))
