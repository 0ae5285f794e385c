"""The append-only tree, beside somebody else's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from consultation.lib import merkle

ENTRIES = st.lists(st.binary(max_size=40), min_size=1, max_size=70)


def oracle(entries: list[bytes]) -> InmemoryTree:
    tree = InmemoryTree(algorithm="sha256")
    for entry in entries:
        tree.append_entry(entry)
    return tree


def hashes(entries: list[bytes]) -> list[bytes]:
    return [merkle.leaf_hash(entry) for entry in entries]


def test_a_tree_without_leaves_has_the_root_of_the_rfc() -> None:
    assert merkle.root([]).hex().startswith("e3b0c44298fc1c149afb")


@given(ENTRIES)
def test_the_root_is_the_one_another_implementation_finds(entries: list[bytes]) -> None:
    assert merkle.root(hashes(entries)) == oracle(entries).get_root()


@given(ENTRIES, st.data())
def test_every_leaf_can_be_proved_and_no_other(entries: list[bytes], data: st.DataObject) -> None:
    leaves, size = hashes(entries), len(entries)
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(merkle.ranged(leaves), index, size)
    top = merkle.root(leaves)

    assert proof == oracle(entries).prove_inclusion(index + 1).path[1:]
    assert merkle.includes(top, size, index, leaves[index], proof)
    assert not merkle.includes(top, size, index, merkle.leaf_hash(b"another"), proof)
    assert not merkle.includes(top, size, index, leaves[index], [*proof, top])


@given(ENTRIES, st.data())
def test_a_flipped_bit_anywhere_in_a_proof_is_caught(
    entries: list[bytes], data: st.DataObject
) -> None:
    leaves, size = hashes(entries), len(entries)
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(merkle.ranged(leaves), index, size)
    if proof:
        place = data.draw(st.integers(0, len(proof) * 256 - 1))
        broken = list(proof)
        flipped = bytearray(broken[place // 256])
        flipped[place % 256 // 8] ^= 1 << place % 8
        broken[place // 256] = bytes(flipped)

        assert not merkle.includes(merkle.root(leaves), size, index, leaves[index], broken)


@given(ENTRIES, st.data())
def test_a_longer_tree_proves_that_it_only_added(entries: list[bytes], data: st.DataObject) -> None:
    leaves, new = hashes(entries), len(entries)
    old = data.draw(st.integers(1, new))
    proof = merkle.consistency_proof(merkle.ranged(leaves), old, new)
    before, after = merkle.root(leaves[:old]), merkle.root(leaves)

    assert merkle.extends(before, old, after, new, proof)
    if old < new:
        assert not merkle.extends(merkle.leaf_hash(b"rewritten"), old, after, new, proof)
        assert not merkle.extends(before, old, merkle.leaf_hash(b"rewritten"), new, proof)


@given(ENTRIES)
def test_adding_one_leaf_at_a_time_gives_the_same_root(entries: list[bytes]) -> None:
    pending: list[tuple[int, bytes]] = []
    for leaf in hashes(entries):
        pending = merkle.append(pending, leaf)

    assert merkle.close(pending) == merkle.root(hashes(entries))


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_a_leaf_that_is_not_there_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion_proof(merkle.ranged([]), index, size)
    assert not merkle.includes(merkle.EMPTY, size, index, merkle.EMPTY, [])
