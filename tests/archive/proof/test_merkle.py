"""Trees and proofs against the reference vectors of Certificate Transparency (RFC 6962, whose hashing RFC 9162 keeps)."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.proof import merkle

# The eight entries and the roots of their trees, as the reference implementation's test data has them.
ENTRIES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# (leaf counted from 0, size, path) of the same test data
PATHS = [
    (0, 8, ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"]),
    (5, 8, ["bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"]),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (1, 5, ["6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"]),
]  # fmt: skip
GROWN = [
    (1, 8, ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"]),
    (6, 8, ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"]),
    (2, 5, ["5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"]),
]  # fmt: skip
LEAVES = [merkle.leaf_hash(entry) for entry in ENTRIES]


def _hex(path: list[bytes]) -> list[str]:
    return [node.hex() for node in path]


def test_the_tree_without_leaves_has_the_hash_of_nothing():
    assert merkle.root([]) == hashlib.sha256(b"").digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_the_reference(size):
    assert merkle.root(LEAVES[:size]).hex() == ROOTS[size - 1]


@pytest.mark.parametrize(("index", "size", "path"), PATHS)
def test_audit_paths_are_those_of_the_reference(index, size, path):
    assert _hex(merkle.Tree(LEAVES[:size]).inclusion_proof(index)) == path


@pytest.mark.parametrize(("old", "new", "path"), GROWN)
def test_consistency_proofs_are_those_of_the_reference(old, new, path):
    assert _hex(merkle.Tree(LEAVES[:new]).consistency_proof(old)) == path


def _leaves(count: int) -> list[bytes]:
    return [merkle.leaf_hash(b"%d" % number) for number in range(count)]


@given(st.data(), st.integers(1, 70))
def test_every_leaf_is_proven_and_no_other_in_its_place(data, size):
    leaves, index = _leaves(size), data.draw(st.integers(0, size - 1))
    path, root = merkle.Tree(leaves).inclusion_proof(index), merkle.root(leaves)
    assert merkle.root_of_inclusion(leaves[index], index, size, path) == root
    assert merkle.root_of_inclusion(merkle.leaf_hash(b"another"), index, size, path) != root
    assert merkle.root_of_inclusion(leaves[index], index, size, [*path, root]) is None
    if path:
        at = data.draw(st.integers(0, len(path) - 1))
        swapped = [*path[:at], merkle.leaf_hash(b"another"), *path[at + 1 :]]
        assert merkle.root_of_inclusion(leaves[index], index, size, swapped) != root
        assert merkle.root_of_inclusion(leaves[index], index, size, path[1:]) != root


@given(st.data(), st.integers(1, 70))
def test_every_earlier_tree_is_proven_and_no_other(data, size):
    leaves, old = _leaves(size), data.draw(st.integers(1, size))
    before, after, path = merkle.root(leaves[:old]), merkle.root(leaves), merkle.Tree(leaves).consistency_proof(old)
    assert merkle.is_consistent(old, size, before, after, path)
    rewritten = [merkle.leaf_hash(b"another"), *leaves[1:]]
    assert not merkle.is_consistent(old, size, merkle.root(rewritten[:old]), after, path)
    assert not merkle.is_consistent(old, size, before, merkle.root(rewritten), path)
    assert not merkle.is_consistent(old, size, before, after, [*path, after])


@given(st.integers(0, 70), st.integers(0, 70))
def test_growing_needs_the_frontier_alone(before, more):
    leaves = _leaves(before + more)
    tree = merkle.Frontier()
    tree.extend(leaves[:before])
    again = merkle.Frontier(tree.size, list(tree.roots))
    again.extend(leaves[before:])
    assert again.root() == merkle.root(leaves)
    assert len(again.roots) == again.size.bit_count()


@pytest.mark.slow
def test_at_a_million_leaves_a_proof_is_short_and_growth_needs_little():
    leaves = _leaves(1_000_000)
    path, tree = merkle.Tree(leaves).inclusion_proof(777_777), merkle.Frontier()
    tree.extend(leaves)
    assert merkle.root_of_inclusion(leaves[777_777], 777_777, len(leaves), path) == tree.root()
    assert len(" ".join(_hex(path))) <= 2048 and len(tree.roots) <= 20
