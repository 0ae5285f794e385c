"""The append-only Merkle tree of RFC 6962, section 2.1, over SHA-256.

Indexes count from 0, sizes are numbers of leaves, hashes are 32 bytes. A proof is a list of
hashes from the leaf towards the root. Verification needs nothing but this file and ``hashlib``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

Ranged = Callable[[int, int], bytes]
"""The tree hash of the leaves from the first index, included, to the second, excluded."""

EMPTY = sha256(b"").digest()
"""The root of a tree without leaves."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a leaf that holds ``entry``."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node over two hashes."""
    return sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """Return the largest power of two smaller than ``size``, which is at least 2."""
    return 1 << ((size - 1).bit_length() - 1)


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes, in one pass with a logarithmic number of pending nodes."""
    pending: list[tuple[int, bytes]] = []
    for leaf in leaves:
        pending = append(pending, leaf)
    return close(pending)


def append(pending: list[tuple[int, bytes]], leaf: bytes) -> list[tuple[int, bytes]]:
    """Add a leaf hash to the perfect subtrees ``(level, hash)`` of a tree, largest first."""
    level, top = 0, leaf
    pending = list(pending)
    while pending and pending[-1][0] == level:
        top = node_hash(pending.pop()[1], top)
        level += 1
    return [*pending, (level, top)]


def close(pending: Sequence[tuple[int, bytes]]) -> bytes:
    """Return the root of the tree made of these perfect subtrees."""
    if not pending:
        return EMPTY
    top = pending[-1][1]
    for _, left in reversed(pending[:-1]):
        top = node_hash(left, top)
    return top


def ranged(leaves: Sequence[bytes]) -> Ranged:
    """Return the range hash of a tree whose leaf hashes are all at hand."""
    return lambda first, last: root(leaves[first:last])


def inclusion_proof(hash_of: Ranged, index: int, size: int) -> list[bytes]:
    """Return the proof that the leaf ``index`` is in the tree of ``size`` leaves (RFC 6962 2.1.1).

    Raises:
        ValueError: there is no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    proof, first, last = [], 0, size
    while last - first > 1:
        middle = first + split(last - first)
        if index < middle:
            proof.append(hash_of(middle, last))
            last = middle
        else:
            proof.append(hash_of(first, middle))
            first = middle
    return proof[::-1]


def consistency_proof(hash_of: Ranged, old: int, new: int) -> list[bytes]:
    """Return the proof that the tree of ``old`` leaves is a prefix of that of ``new`` (2.1.2).

    Raises:
        ValueError: the sizes are not ``0 < old <= new``.
    """
    if not 0 < old <= new:
        raise ValueError(f"no consistency from {old} to {new}")
    proof, first, last, whole = [], 0, new, True
    while old != last:
        middle = first + split(last - first)
        if old <= middle:
            proof.append(hash_of(middle, last))
            last = middle
        else:
            proof.append(hash_of(first, middle))
            first, whole = middle, False
    if not whole:
        proof.append(hash_of(first, last))
    return proof[::-1]


def includes(top: bytes, size: int, index: int, leaf: bytes, proof: Sequence[bytes]) -> bool:
    """Say whether ``proof`` shows ``leaf`` at ``index`` under ``top`` (RFC 9162 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, result = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            result = node_hash(sibling, result)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            result = node_hash(result, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and result == top


def extends(old_top: bytes, old: int, new_top: bytes, new: int, proof: Sequence[bytes]) -> bool:
    """Say whether ``proof`` shows that the new tree only adds to the old (RFC 9162 2.1.4.2)."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not proof and old_top == new_top
    path = [old_top, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        return False
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and first == old_top and second == new_top
