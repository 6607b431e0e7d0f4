"""Verifies one call as it is stored: the chain over its journal, and its leaves in the log."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from callflow.evidence import chain, leaves
from callflow.evidence.chain import DIGEST_BYTES, Head, Link, Row
from callflow.evidence.faults import Fault
from callflow.evidence.merkle import leaf_hash


class StoredLeaf(NamedTuple):
    number: int
    call: int
    body: str
    nodes: bytes

    @property
    def whole(self) -> bool:
        """Whether its text is as it was hashed."""
        return leaf_hash(self.body.encode()) == self.nodes[:DIGEST_BYTES]


class StoredCall(NamedTuple):
    """``columns``: those of ``leaves.COLUMNS`` and ``logged``. ``reclaimed``: how many entries were deleted after the
    call was erased. ``unlinked``: servers of before may have written entries without a link."""

    columns: Mapping[str, Any]
    entries: Sequence[tuple[Row, Link | None]]
    leaves: Sequence[StoredLeaf] = ()
    folded: frozenset[int] = frozenset()
    reclaimed: int | None = None
    unlinked: bool = False

    @property
    def waits(self) -> bool:
        """Whether it is over, and not in the log yet as it is now."""
        return self.columns["ended_at"] is not None and self.columns["logged"] is None

    def fault(self, field: str, what: str, entry: int | None = None) -> Fault:
        table = "calls" if entry is None else "journal"
        name = self.columns["reference"] or self.columns["id"]
        return Fault(table, self.columns["row"], field, what, name, entry)


LeafOf = Callable[[int], StoredLeaf | None]


def faults(call: StoredCall, leaf_of: LeafOf) -> Iterator[Fault]:
    """What is not as it was. At most one fault of the journal, because what follows depends on it."""
    broken = _journal(call)
    if broken:
        yield broken
    yield from _leaves(call, leaf_of, sound=broken is None)


def _journal(call: StoredCall) -> Fault | None:
    columns, head = call.columns, chain.head_of(call.columns["head"])
    if head is None:
        if columns["head"] is None and call.unlinked:
            return None
        return call.fault("head", "was added, or changed in head: it is no head of a chain")
    before = chain.beginning(columns["id"], columns["origin"] or "")
    if call.reclaimed is not None:
        return _reclaimed(call, head, before)
    entries, rows = columns["entries"], call.entries
    if call.unlinked and head.entries < entries == len(rows):
        entries, rows = head.entries, rows[: head.entries]
    broken = chain.verify(before, rows, head, entries)
    if broken is None:
        return None
    if broken.field == "link" and broken.seq in call.folded:
        return call.fault("folded", f"was changed in folded: in the link of entry {broken.seq}")
    return call.fault(broken.field, broken.what, broken.seq)


def _reclaimed(call: StoredCall, head: Head, before: bytes) -> Fault | None:
    if call.entries:
        return call.fault("", "was added: the entries of this call were reclaimed", int(call.entries[0][0][0]))
    if call.columns["key"] is not None:
        return call.fault("key", "was changed in key: it was reclaimed, which only an erased call can be")
    if not call.columns["entries"] == head.entries == call.reclaimed:
        return call.fault("entries", f"was changed in entries or head: {call.reclaimed} were reclaimed")
    if not head.entries and head.digest != before:
        return call.fault("head", "was changed in head, id or origin")
    return None


def _leaves(call: StoredCall, leaf_of: LeafOf, *, sound: bool) -> Iterator[Fault]:
    """Only leaves that are whole say something of the call; the others are named with the log."""
    logged, numbers = call.columns["logged"], [leaf.number for leaf in call.leaves]
    known = [found for leaf in call.leaves if leaf.whole and (found := leaves.read(leaf.body))
             and found["number"] == leaf.number and found["id"] == call.columns["id"]]  # fmt: skip
    if logged is not None and logged not in numbers and not (known and _is_latest(call, known[-1])):
        yield from _another(call, logged, leaf_of(logged))
        return
    for earlier, later in pairwise(known):
        if not _goes_on(earlier, later):
            yield Fault("log_leaves", later["number"], "", "was added: nothing had happened on its call")
            return
        yield from _rewritten(call, earlier, sound=sound)
    if known and len(known) == len(call.leaves):
        yield from _latest(call, known[-1], sound=sound)


def _another(call: StoredCall, number: int, leaf: StoredLeaf | None) -> Iterator[Fault]:
    """A call that names a leaf which is not one of its own."""
    if leaf is None:
        name = call.columns["reference"] or call.columns["id"]
        yield Fault("log_leaves", number, "", f"was removed: it was the latest one of call {name}")
        return
    found = leaves.read(leaf.body)
    if not leaf.whole or found is None or found["number"] != number:
        return
    if found["id"] == call.columns["id"]:
        yield Fault("log_leaves", number, "call", "was changed in call")
    else:
        yield call.fault("logged", f"was changed in logged: leaf {number} is of another call")


def _latest(call: StoredCall, leaf: Mapping[str, Any], *, sound: bool) -> Iterator[Fault]:
    columns = call.columns
    if columns["logged"] is not None and columns["logged"] != leaf["number"]:
        yield call.fault("logged", f"was changed in logged: its latest leaf is {leaf['number']}")
    elif columns["logged"] is not None:
        if call.unlinked and columns["seq"] > leaf["seq"]:
            return  # a server of before has written to it
        different = leaves.changed(leaf, columns)
        if different and sound:
            yield call.fault(different[0], f"was changed in {' and '.join(different)} since it was over")
    elif _is_latest(call, leaf):
        yield call.fault("logged", "was changed in logged: nothing has happened since its latest leaf")
    else:
        yield from _rewritten(call, leaf, sound=sound)


def _rewritten(call: StoredCall, leaf: Mapping[str, Any], *, sound: bool) -> Iterator[Fault]:
    if sound and call.reclaimed is None and not _continues(call, leaf):
        yield call.fault("head", f"was made again: leaf {leaf['number']} of the log has another beginning of it")


def _is_latest(call: StoredCall, leaf: Mapping[str, Any]) -> bool:
    """Whether nothing has happened on the call since the leaf."""
    return bool(call.columns["seq"] == leaf["seq"] and leaves.sealing(call.columns["key"]) == leaf["sealing"])


def _goes_on(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> bool:
    steps = leaves.STEPS
    return bool(later["seq"] > earlier["seq"] or steps.index(later["sealing"]) > steps.index(earlier["sealing"]))


def _continues(call: StoredCall, leaf: Mapping[str, Any]) -> bool:
    """Whether the journal begins with the entries that it had when the leaf was made."""
    head = chain.head_of(leaf["head"])
    if head is None or head.entries > len(call.entries):
        return head is None
    if not head.entries:
        return head.digest == chain.beginning(call.columns["id"], call.columns["origin"] or "")
    link = call.entries[head.entries - 1][1]
    return link is None or link[:DIGEST_BYTES] == head.digest
