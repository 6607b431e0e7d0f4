"""The tree of RFC 6962, compared with its definition, its published values, and attempts to deceive it."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callflow.evidence import merkle


class Log:
    """A log in memory that only keeps whole subtrees, as the database does."""

    def __init__(self, *leaves: bytes) -> None:
        self.nodes: dict[tuple[int, int], bytes] = {}
        self.size = 0
        for leaf in leaves:
            self.add(leaf)

    def node(self, level: int, number: int) -> bytes:
        return self.nodes[level, number]

    def add(self, leaf: bytes) -> None:
        for level, number, found in merkle.new_nodes(self.size, merkle.leaf_hash(leaf), self.node):
            self.nodes[level, number] = found
        self.size += 1


def defined(leaves: list[bytes]) -> bytes:
    """The root by the definition in RFC 6962, 2.1."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\0" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\1" + defined(leaves[:split]) + defined(leaves[split:])).digest()


LEAVES = [bytes.fromhex(one) for one in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""Of the reference implementation of Certificate Transparency (google/certificate-transparency, merkle_tree_test)."""


def test_the_roots_are_those_of_certificate_transparency() -> None:
    for size, published in enumerate(ROOTS, 1):
        log = Log(*LEAVES[:size])
        assert merkle.root(size, log.node).hex() == published


@pytest.mark.parametrize("size", range(40))
def test_every_leaf_is_proved_to_be_in_every_log(size: int) -> None:
    leaves = [bytes([n]) for n in range(size)]
    log = Log(*leaves)
    assert merkle.root(size, log.node) == defined(leaves)
    for index, leaf in enumerate(leaves):
        path = merkle.inclusion(index, size, log.node)
        assert merkle.root_of_inclusion(merkle.leaf_hash(leaf), index, size, path) == defined(leaves)


@pytest.mark.parametrize("size", range(1, 40))
def test_every_log_is_proved_to_be_the_beginning_of_every_later_one(size: int) -> None:
    leaves = [bytes([n]) for n in range(size)]
    log = Log(*leaves)
    for before in range(1, size + 1):
        path = merkle.consistency(before, size, log.node)
        assert merkle.is_consistent(before, defined(leaves[:before]), size, defined(leaves), path)


@given(st.integers(2, 200), st.data())
def test_no_other_leaf_place_or_path_leads_to_the_root(size: int, data: st.DataObject) -> None:
    leaves = [n.to_bytes(2, "big") for n in range(size)]
    log, index = Log(*leaves), data.draw(st.integers(0, size - 1))
    path, right = merkle.inclusion(index, size, log.node), defined(leaves)
    assert merkle.root_of_inclusion(merkle.leaf_hash(b"forged"), index, size, path) != right
    other = data.draw(st.integers(0, size - 1).filter(lambda one: one != index))
    assert _leads(leaves[index], other, size, path) != right
    bent = list(path)
    bent[data.draw(st.integers(0, len(path) - 1))] = bytes(32)
    assert _leads(leaves[index], index, size, bent) != right
    for wrong in (path[:-1], [*path, bytes(32)]):
        assert _leads(leaves[index], index, size, wrong) is None


def _leads(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    try:
        return merkle.root_of_inclusion(merkle.leaf_hash(leaf), index, size, path)
    except ValueError:
        return None


@given(st.integers(2, 120), st.data())
def test_a_log_whose_past_was_changed_is_not_consistent(size: int, data: st.DataObject) -> None:
    leaves = [n.to_bytes(2, "big") for n in range(size)]
    before, changed = data.draw(st.integers(1, size - 1)), data.draw(st.integers(0, size - 2))
    forged = [*leaves]
    forged[min(changed, before - 1)] = b"forged"
    path = merkle.consistency(before, size, Log(*forged).node)
    assert not merkle.is_consistent(before, defined(leaves[:before]), size, defined(forged), path)
    assert not merkle.is_consistent(before, defined(leaves[:before]), size, defined(leaves), [*path, bytes(32)])
