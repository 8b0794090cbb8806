"""The tree: RFC 6962 (and 9162) hashes, and proofs that a leaf is in it and that it only grew.

    >>> leaves = [leaf_hash(bytes([n])) for n in range(5)]
    >>> node = perfect_nodes(leaves)
    >>> proof = inclusion_proof(3, 5, node)
    >>> check_inclusion(3, 5, leaves[3], proof, root_hash(5, node))
    >>> check_inclusion(2, 5, leaves[3], proof, root_hash(5, node))
    Traceback (most recent call last):
    belbaar.errors.ProofError: the inclusion proof leads to another root.

Proofs are made from *perfect nodes*: ``node(level, n)`` is the root of the 2^level leaves from n * 2^level on. A tree
of any size is a few perfect nodes side by side, so whatever can answer that question (a list, tiles in a database,
files) can prove.
"""

__all__ = [
    "EMPTY_ROOT",
    "HASH_BYTES",
    "NodeAt",
    "Range",
    "check_consistency",
    "check_inclusion",
    "consistency_proof",
    "inclusion_proof",
    "leaf_hash",
    "node_hash",
    "perfect_nodes",
    "root_hash",
]

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from hashlib import sha256
from typing import Self

from belbaar.errors import InputError, ProofError

NodeAt = Callable[[int, int], bytes]
"""Gives the root of a perfect subtree, by level and place."""

EMPTY_ROOT = sha256(b"").digest()
HASH_BYTES = 32


def leaf_hash(entry: bytes) -> bytes:
    """Hash an entry; the zero byte keeps leaves and nodes apart."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees."""
    return sha256(b"\x01" + left + right).digest()


class Range:
    """A compact range: the perfect nodes of the leaves so far, largest first; all that a growing tree must remember.

    >>> tree = Range(leaf_hash(bytes([n])) for n in range(5))
    >>> tree.size, len(tree.nodes), tree.root() == root_hash(5, perfect_nodes(leaf_hash(bytes([n])) for n in range(5)))
    (5, 2, True)
    """

    def __init__(self, hashes: Iterable[bytes] = ()) -> None:
        self.size = 0
        self.nodes: list[bytes] = []
        for leaf in hashes:
            self.append(leaf)

    @classmethod
    def of(cls, size: int, node: NodeAt) -> Self:
        """Give that of a tree that is there."""
        made = cls()
        made.size, made.nodes = size, _perfect(0, size, node)
        return made

    def append(self, leaf: bytes) -> None:
        """Add a leaf hash; pairs of equal nodes become one."""
        size, nodes = self.size, self.nodes
        while size & 1:
            leaf = sha256(b"\x01" + nodes.pop() + leaf).digest()
            size >>= 1
        nodes.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """Give the root of the tree so far."""
        return _joined(self.nodes)


def perfect_nodes(leaves: Iterable[bytes]) -> NodeAt:
    """Answer for perfect nodes from leaf hashes in memory."""
    held = list(leaves)

    @cache
    def node(level: int, n: int) -> bytes:
        return held[n] if level == 0 else node_hash(node(level - 1, 2 * n), node(level - 1, 2 * n + 1))

    return node


def root_hash(size: int, node: NodeAt) -> bytes:
    """Give the root of the first ``size`` leaves."""
    return _subtree(0, size, node)


def inclusion_proof(index: int, size: int, node: NodeAt) -> list[bytes]:
    """Give the hashes that lead from a leaf to the root, from the leaf upwards."""
    if not 0 <= index < size:
        raise InputError(f"there is no leaf {index} in a tree of {size}.")
    low, high, proof = 0, size, []
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            proof.append(_subtree(middle, high, node))
            high = middle
        else:
            proof.append(_subtree(low, middle, node))
            low = middle
    return proof[::-1]


def consistency_proof(old: int, new: int, node: NodeAt) -> list[bytes]:
    """Give the hashes that show a tree of ``new`` leaves to begin with the tree of ``old``; none for an empty one."""
    if not 0 <= old <= new:
        raise InputError(f"a tree of {new} leaves cannot begin with one of {old}.")
    if old in {0, new}:
        return []
    low, high, proof = 0, new, []
    while high != old:
        middle = low + _split(high - low)
        if old <= middle:
            proof.append(_subtree(middle, high, node))
            high = middle
        else:
            proof.append(_subtree(low, middle, node))
            low = middle
    if low:  # the old tree is not itself a node of the new one: begin with its last perfect part
        proof.append(_subtree(low, high, node))
    return proof[::-1]


def check_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Check that the leaf stands at this index of the tree with this size and root (RFC 9162, 2.1.3.2).

    Raises:
        ProofError: when the proof does not show it.
    """
    if not 0 <= index < size:
        raise ProofError(f"there is no leaf {index} in a tree of {size}.")
    _check_hashes([leaf, *proof, root])
    found = leaf
    for hash_, on_the_left in _upwards(index, size - 1, proof):
        found = node_hash(hash_, found) if on_the_left else node_hash(found, hash_)
    if found != root:
        raise ProofError("the inclusion proof leads to another root.")


def check_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Check that the old tree is the beginning of the new one (RFC 9162, 2.1.4.2).

    Raises:
        ProofError: when the proof does not show it: the log forked, or the proof is broken. An empty old tree is
            the beginning of any, so nothing follows from it: refused too.
    """
    if not 0 <= old <= new:
        raise ProofError(f"a tree of {new} leaves cannot begin with one of {old}.")
    if old in {0, new}:
        _check_trivial(old, new, old_root, new_root, proof)
        return
    _check_hashes([old_root, new_root, *proof])
    hashes = [*([old_root] if old & (old - 1) == 0 else []), *proof]  # a power of two is itself a node of the new tree
    if not hashes:
        raise ProofError("the proof is too short.")
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    found_old = found_new = hashes[0]
    for hash_, on_the_left in _upwards(place, last, hashes[1:]):
        if on_the_left:
            found_old, found_new = node_hash(hash_, found_old), node_hash(hash_, found_new)
        else:
            found_new = node_hash(found_new, hash_)
    if found_old != old_root or found_new != new_root:
        raise ProofError("the two trees do not share their beginning: the log was changed or split.", code="log-forked")


def _upwards(place: int, last: int, proof: Sequence[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Climb from a node to the root of a tree whose last node on that level is ``last``: each hash, and its side."""
    for hash_ in proof:
        if not last:
            raise ProofError("the proof is too long.")
        on_the_left = bool(place & 1) or place == last
        yield hash_, on_the_left
        if on_the_left:
            while not place & 1 and place:  # the last node of a level that is not full moves up alone
                place, last = place >> 1, last >> 1
        place, last = place >> 1, last >> 1
    if last:
        raise ProofError("the proof is too short.")


def _check_trivial(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    if proof:
        raise ProofError("the proof is too long.")
    if old != new:
        raise ProofError("every tree begins with an empty one: that proves nothing.")
    if old_root != new_root:
        raise ProofError("two trees of one size have different roots: the log was split.", code="log-forked")
    if old == 0 and old_root != EMPTY_ROOT:
        raise ProofError("the root of an empty tree is another.")


def _check_hashes(hashes: Iterable[bytes]) -> None:
    if any(len(hash_) != HASH_BYTES for hash_ in hashes):
        raise ProofError(f"a hash has {HASH_BYTES} bytes.")


def _split(size: int) -> int:
    """The largest power of two below a size."""
    return 1 << ((size - 1).bit_length() - 1)


def _subtree(low: int, high: int, node: NodeAt) -> bytes:
    """The root of the leaves from low to high, a subtree of the RFC: low is a multiple of a power of two ≥ its size."""
    return _joined(_perfect(low, high, node))


def _perfect(low: int, high: int, node: NodeAt) -> list[bytes]:
    """The perfect nodes side by side that make such a subtree, largest first."""
    parts = []
    while low < high:
        level = (high - low).bit_length() - 1
        parts.append(node(level, low >> level))
        low += 1 << level
    return parts


def _joined(nodes: Sequence[bytes]) -> bytes:
    if not nodes:
        return EMPTY_ROOT
    found = nodes[-1]
    for left in reversed(nodes[:-1]):
        found = sha256(b"\x01" + left + found).digest()
    return found
