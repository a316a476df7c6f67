"""Merkle trees of RFC 9162: root, inclusion and consistency proofs with their verification, and growth without the leaves.

Hashing is that of section 2.1.1: SHA-256, a leaf behind a byte 0, a node behind a byte 1. All functions take leaf hashes
where they take leaves, so that a log needs to keep no more than 32 bytes an entry.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

HASH_BYTES = 32
EMPTY = hashlib.sha256(b"").digest()
"""The root of a tree without leaves."""


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


@dataclass(slots=True)
class Frontier:
    """A tree that only grows: its ``size``, and the roots of the perfect trees it is made of, the largest first.

    That is 32 bytes for each bit that is set in the size, at most 20 of them at a million leaves.
    """

    size: int = 0
    roots: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> None:
        """Let the tree grow by a leaf's hash."""
        size, node = self.size, leaf
        while size & 1:
            node = node_hash(self.roots.pop(), node)
            size >>= 1
        self.roots.append(node)
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        for leaf in leaves:
            self.append(leaf)

    def root(self) -> bytes:
        """The Merkle tree hash of what was appended."""
        if not self.roots:
            return EMPTY
        node = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            node = node_hash(left, node)
        return node


def root(leaves: Iterable[bytes]) -> bytes:
    """The Merkle tree hash over leaf hashes."""
    tree = Frontier()
    tree.extend(leaves)
    return tree.root()


def _split(size: int) -> int:
    """The largest power of two below ``size``: what the left subtree holds."""
    return 1 << (size - 1).bit_length() - 1


class Tree:
    """A tree with the roots of its perfect subtrees: built once, and as many proofs as one likes."""

    def __init__(self, leaves: Iterable[bytes]) -> None:
        self._levels = [b"".join(leaves)]
        while len(below := self._levels[-1]) >= 2 * HASH_BYTES:
            pairs = range(0, len(below) - HASH_BYTES, 2 * HASH_BYTES)
            self._levels.append(
                b"".join(hashlib.sha256(b"\1" + below[at : at + 2 * HASH_BYTES]).digest() for at in pairs)
            )

    def __len__(self) -> int:
        return len(self._levels[0]) // HASH_BYTES

    def _root_of(self, low: int, high: int) -> bytes:
        size = high - low
        if size & (size - 1) == 0 and low % size == 0:
            at = low // size * HASH_BYTES
            return self._levels[size.bit_length() - 1][at : at + HASH_BYTES]
        middle = low + _split(size)
        return node_hash(self._root_of(low, middle), self._root_of(middle, high))

    def inclusion_proof(self, index: int) -> list[bytes]:
        """The audit path of a leaf, from its sibling up (section 2.1.3.1). Raises `IndexError`."""
        if not 0 <= index < len(self):
            raise IndexError(f"no leaf {index} in a tree of {len(self)}")
        path: list[bytes] = []
        low, high = 0, len(self)
        while high - low > 1:
            middle = low + _split(high - low)
            if index < middle:
                path.append(self._root_of(middle, high))
                high = middle
            else:
                path.append(self._root_of(low, middle))
                low = middle
        path.reverse()
        return path

    def consistency_proof(self, old: int) -> list[bytes]:
        """That the tree of the first ``old`` leaves became this one (section 2.1.4.1). Raises `IndexError`."""
        if not 0 < old <= len(self):
            raise IndexError(f"no tree of {old} leaves within one of {len(self)}")
        path: list[bytes] = []
        low, high = 0, len(self)
        known = True  # whether the old tree is this subtree from its first leaf on: its root need not be told
        while old != high - low:
            middle = low + _split(high - low)
            if old <= middle - low:
                path.append(self._root_of(middle, high))
                high = middle
            else:
                path.append(self._root_of(low, middle))
                old -= middle - low
                low, known = middle, False
        if not known:
            path.append(self._root_of(low, high))
        path.reverse()
        return path


def root_of_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that an audit path leads to; None for a path of another length (section 2.1.3.2)."""
    if not 0 <= index < size:
        return None
    at, last, node = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            node = node_hash(sibling, node)
            while not at & 1 and at:
                at >>= 1
                last >>= 1
        else:
            node = node_hash(node, sibling)
        at >>= 1
        last >>= 1
    return node if last == 0 else None


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether a proof shows the new tree to hold the old one unchanged (section 2.1.4.2)."""
    if old == new:
        return not path and old_root == new_root
    if not 0 < old < new:
        return False
    steps = list(path)
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        return False
    at, last = old - 1, new - 1
    while at & 1:
        at >>= 1
        last >>= 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not at & 1 and at:
                at >>= 1
                last >>= 1
        else:
            second = node_hash(second, step)
        at >>= 1
        last >>= 1
    return last == 0 and first == old_root and second == new_root
