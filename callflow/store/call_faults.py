"""Verifies the chain of one call, for a page: the same as `callflow verify` says of its journal, in a millisecond."""

from typing import Any, NamedTuple

from callflow.evidence import chain
from callflow.store.call_evidence import Leaf, Proof, proof_of
from callflow.store.links import folded_links, rows_with_links
from callflow.store.log import CallLog


class Verified(NamedTuple):
    """``fault``: the first entry and field that is not as it was written, "" if all is as it was written."""

    entries: int
    fault: str
    leaf: int | None = None
    proof: Proof | None = None


def verified(store: Any, call: str) -> Verified | None:
    """``store``: an ``SqlStore``; None for one that keeps no chain, or no such call. Raises StoreUnavailable."""
    if not callable(getattr(store, "_rows", None)):
        return None
    rows = store._rows("evidence_of_call", id=call)
    if not rows:
        return None
    ((row, id, origin, head, folded, count),) = rows
    entries = rows_with_links(store._rows("entries_of_call", the_row=row), folded_links(folded))
    fault = _fault(chain.head_of(head), chain.beginning(id, origin or ""), entries, count)
    leaves = [Leaf(*found) for found in store._rows("leaves_of", the_row=row)]
    proof = proof_of(CallLog(store), leaves[-1].number) if leaves else None
    return Verified(len(entries), fault, leaves[-1].number if leaves else None, proof)


def _fault(head: "chain.Head | None", before: bytes, entries: Any, count: int) -> str:
    if head is None:
        return "it was written by a server of before, whose entries are linked when the upgrade is finished"
    if not entries and count:
        return "its entries were deleted after it was erased: `callflow db reclaim --list`"
    broken = chain.verify(before, entries, head, count)
    return "" if broken is None else f"entry {broken.seq}: {broken.what}"
