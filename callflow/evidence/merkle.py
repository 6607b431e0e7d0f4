"""The Merkle tree of RFC 6962, section 2.1: one hash for any number of leaves, and short proofs about it.

A log only grows. A proof of inclusion shows that a leaf is in it; a proof of consistency shows that an earlier log is
the beginning of a later one. Hashes are SHA-256, as bytes. To verify a proof needs only this module.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

Node = Callable[[int, int], bytes]
"""From a level and the number of a node on it to the hash of that node. Level 0 are the leaves. Only whole subtrees,
those whose 2**level leaves are all in the log, are asked for."""
EMPTY = sha256().digest()
"""The root of a log without leaves."""


def leaf_hash(leaf: bytes) -> bytes:
    return sha256(b"\0" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def new_nodes(size: int, leaf: bytes, node: Node) -> list[tuple[int, int, bytes]]:
    """The whole subtrees that a leaf hash completes as leaf number ``size``: level, number, hash. The leaf comes first.

    To store them makes every root and proof a matter of reading a few nodes.
    """
    level, number, found = 0, size, leaf
    nodes = [(level, number, found)]
    while number % 2:
        found = node_hash(node(level, number - 1), found)
        level, number = level + 1, number // 2
        nodes.append((level, number, found))
    return nodes


def root(size: int, node: Node) -> bytes:
    """The hash of the tree of the first ``size`` leaves."""
    return _hash(0, size, node) if size else EMPTY


def _hash(first: int, end: int, node: Node) -> bytes:
    """The hash of the leaves from ``first`` to before ``end``, as a tree of their own."""
    count = end - first
    level = count.bit_length() - 1
    if count == 1 << level and first % count == 0:
        return node(level, first >> level)
    split = first + _split(count)
    return node_hash(_hash(first, split, node), _hash(split, end, node))


def _split(count: int) -> int:
    """The largest power of two that is smaller than ``count``."""
    return 1 << (count - 1).bit_length() - 1


def inclusion(index: int, size: int, node: Node) -> list[bytes]:
    """The audit path for leaf ``index`` in the tree of ``size`` leaves (RFC 6962, 2.1.1)."""
    if not 0 <= index < size:
        raise ValueError(f"there is no leaf {index} among {size}")
    path, first, end = [], 0, size
    while end - first > 1:
        split = first + _split(end - first)
        if index < split:
            path.append(_hash(split, end, node))
            end = split
        else:
            path.append(_hash(first, split, node))
            first = split
    return path[::-1]


def consistency(before: int, size: int, node: Node) -> list[bytes]:
    """The proof that the tree of ``before`` leaves is the beginning of that of ``size`` (RFC 6962, 2.1.2)."""
    if not 0 < before <= size:
        raise ValueError(f"a log of {before} leaves is no beginning of one with {size}")
    path: list[bytes] = []
    first, end, whole = 0, size, True
    while before != end:
        split = first + _split(end - first)
        if before <= split:
            path.append(_hash(split, end, node))
            end = split
        else:
            path.append(_hash(first, split, node))
            first, whole = split, False
    return [*([] if whole else [_hash(first, end, node)]), *path[::-1]]


def root_of_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that a proof of inclusion leads to (RFC 9162, 2.1.3.2). Raises ValueError for one of a wrong length."""
    if not 0 <= index < size:
        raise ValueError(f"there is no leaf {index} among {size}")
    number, last, found = index, size - 1, leaf
    for step in path:
        if not last:
            raise ValueError("the proof of inclusion is too long")
        if number % 2 or number == last:
            found = node_hash(step, found)
            while number % 2 == 0 and number:
                number, last = number >> 1, last >> 1
        else:
            found = node_hash(found, step)
        number, last = number >> 1, last >> 1
    if last:
        raise ValueError("the proof of inclusion is too short")
    return found


def is_consistent(before: int, root_before: bytes, size: int, root_now: bytes, path: Sequence[bytes]) -> bool:
    """Whether a proof shows that the log only grew (RFC 9162, 2.1.4.2)."""
    if before == size:
        return not path and root_before == root_now
    if not path or not 0 < before < size:
        return False
    steps = [root_before, *path] if before & (before - 1) == 0 else list(path)
    number, last = before - 1, size - 1
    while number % 2:
        number, last = number >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if not last:
            return False
        if number % 2 or number == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while number % 2 == 0 and number:
                number, last = number >> 1, last >> 1
        else:
            new = node_hash(new, step)
        number, last = number >> 1, last >> 1
    return not last and old == root_before and new == root_now
