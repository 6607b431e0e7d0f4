"""Verifies the log as it is stored: its leaves one after the other, the tree over them, and its checkpoints."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from callflow.evidence import leaves, merkle
from callflow.evidence.checkpoint import Checkpoint, NotACheckpoint, PublicKey, Verify, opened, time_of
from callflow.evidence.faults import Fault
from callflow.evidence.stored_calls import StoredLeaf

HASH = 32


class Tree:
    """Takes the leaves in the order of their numbers. After a leaf that is missing or changed, hashes that cannot be
    known are left out, so that no other leaf is accused."""

    def __init__(self, sizes: Collection[int] = ()) -> None:
        self.size = 0
        self._sizes = frozenset(sizes)
        self._left: dict[int, bytes | None] = {}
        """By level, the last whole subtree that is not part of a larger one; None if its hash is not known."""
        self.roots: dict[int, bytes | None] = {}
        """By size, for the sizes that were asked for."""

    def take(self, leaf: StoredLeaf, following: StoredLeaf | None = None) -> Iterator[Fault]:
        body = leaves.read(leaf.body)
        if leaf.number > self.size and leaf.whole and body and body["number"] != leaf.number:
            yield _misplaced(leaf, body["number"])
            return
        if leaf.number > self.size:
            yield Fault("log_leaves", self.size, "", f"was removed: leaf {leaf.number} follows")
            while self.size < leaf.number:
                self._add(None)
        yield from self._take(leaf, following)

    def _take(self, leaf: StoredLeaf, following: StoredLeaf | None) -> Iterator[Fault]:
        hash, body = merkle.leaf_hash(leaf.body.encode()), leaves.read(leaf.body)
        if hash == leaf.nodes[:HASH] and body and body["number"] != leaf.number:
            yield _misplaced(leaf, body["number"])
            self._add(None)
        elif hash != leaf.nodes[:HASH]:
            field = self._which(leaf, following)
            yield Fault("log_leaves", leaf.number, field, f"was changed in {field or 'body or nodes'}")
            self._add({"body": leaf.nodes[:HASH], "nodes": hash}.get(field))
        elif not _same(self._add(hash), leaf.nodes):
            yield Fault("log_leaves", leaf.number, "nodes", "was changed in nodes")

    def _which(self, leaf: StoredLeaf, following: StoredLeaf | None) -> str:
        """Of a leaf whose text does not fit its hash: which of both was changed. Its parent tells."""
        hash, stored = merkle.leaf_hash(leaf.body.encode()), leaf.nodes[:HASH]
        if leaf.number % 2:
            left, parent = self._left.get(0), leaf.nodes[HASH : 2 * HASH]
            if left is None:
                return ""
            pairs = {merkle.node_hash(left, stored): "body", merkle.node_hash(left, hash): "nodes"}
        elif following and following.number == leaf.number + 1:
            right, parent = following.nodes[:HASH], following.nodes[HASH : 2 * HASH]
            pairs = {merkle.node_hash(stored, right): "body", merkle.node_hash(hash, right): "nodes"}
        else:
            return ""
        return pairs.get(parent, "")

    def _add(self, hash: bytes | None) -> list[bytes | None]:
        """Add a leaf; returns the subtrees that it completes."""
        level, found, nodes = 0, hash, [hash]
        while self.size >> level & 1:
            left = self._left.pop(level)
            found = merkle.node_hash(left, found) if left is not None and found is not None else None
            level += 1
            nodes.append(found)
        self._left[level] = found
        self.size += 1
        if self.size in self._sizes:
            self.roots[self.size] = self._root()
        return nodes

    def _root(self) -> bytes | None:
        found: bytes | None = None
        for level in sorted(self._left):
            left = self._left[level]
            if left is None:
                return None
            found = merkle.node_hash(left, found) if found is not None else left
        return found


def _misplaced(leaf: StoredLeaf, number: int) -> Fault:
    return Fault("log_leaves", leaf.number, "number", f"was reordered or added: leaf {number} is here")


def _same(nodes: Sequence[bytes | None], stored: bytes) -> bool:
    """Whether these are the stored nodes, as far as they are known."""
    found = [stored[at : at + HASH] for at in range(0, len(stored), HASH)]
    return len(stored) == HASH * len(nodes) and all(one in (None, kept) for one, kept in zip(nodes, found, strict=True))


class StoredCheckpoint(NamedTuple):
    number: int
    size: int
    at: int
    note: str


def checkpoints(rows: Sequence[StoredCheckpoint], count: int, tree: Tree, keys: Mapping[PublicKey, Verify]
                ) -> Iterator[Fault]:  # fmt: skip
    """``count``: how many there should be. ``keys``: those of the log; without any, signatures are not verified."""
    expected, before = 1, ""
    for row in rows:
        counted = 0 < row.number <= count
        if counted and row.number > expected:
            yield Fault("checkpoints", expected, "", f"was removed: checkpoint {row.number} follows")
        expected = row.number + 1 if counted else expected
        if not counted or row.note == before:
            yield Fault("checkpoints", row.number, "", f"was added: there were {count}")
        else:
            yield from _checkpoint(row, tree, keys)
        before = row.note
    if expected <= count:
        yield Fault("checkpoints", expected, "", f"was removed: there were {count}")


def _checkpoint(row: StoredCheckpoint, tree: Tree, keys: Mapping[PublicKey, Verify]) -> Iterator[Fault]:
    try:
        point, signers = opened(row.note, keys)
        at = time_of(row.note)
    except NotACheckpoint as error:
        yield Fault("checkpoints", row.number, "note", f"was changed in note: it {error}")
        return
    if keys and len(signers) < len(keys):
        yield Fault("checkpoints", row.number, "note", "was changed in note: it is not signed by the key of the log")
    elif at is None or row.at != at * 1_000_000:
        yield Fault("checkpoints", row.number, "at", "was changed in at: it was signed at another time")
    elif point.size != row.size:
        yield Fault("checkpoints", row.number, "size", f"was changed in size: its note says {point.size}")
    else:
        yield from compared(point, tree, f"checkpoint {row.number}", row.number)


def compared(point: Checkpoint, tree: Tree, name: str, number: int = 0) -> Iterator[Fault]:
    """Whether the log begins with what a checkpoint says. One without leaves is always right."""
    if point.size > tree.size:
        yield Fault("log_leaves", tree.size, "", f"was removed: {name} is over {point.size} leaves")
    elif point.size and (root := tree.roots.get(point.size)) is not None and root != point.root:
        yield Fault("checkpoints", number, "", f"the log was changed before {name}: its first {point.size} leaves have "
                                               "another root")  # fmt: skip
