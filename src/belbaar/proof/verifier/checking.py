"""Checking: proofs of RFC 9162 trees, and Ed25519 signatures in whole numbers.

>>> check_inclusion(0, 1, sha256(b"leaf"), [], sha256(b"leaf"))
>>> ed25519_fits(bytes(32), b"", bytes(64))
False

Part of verify.py: imports nothing but the standard library, of Python 3.9 or later.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

from belbaar.proof.verifier.reading import HASH_BYTES, Stop, need, sha256


def climb(place: int, last: int, proof: list[bytes]) -> list[tuple[bytes, bool]]:
    """Climb a tree of RFC 9162 from a node to the root: each hash of the proof, and whether it stands on the left."""
    steps = []
    for hash_ in proof:
        need(last and len(hash_) == HASH_BYTES, "a proof is too long, or has a hash of another length")
        left = bool(place & 1) or place == last
        steps.append((hash_, left))
        while left and not place & 1 and place:
            place, last = place >> 1, last >> 1
        place, last = place >> 1, last >> 1
    need(not last, "a proof is too short")
    return steps


def check_inclusion(index: int, size: int, leaf: bytes, proof: list[bytes], root: bytes) -> None:
    """Check that a leaf stands at an index of a tree."""
    need(0 <= index < size and len(leaf) == HASH_BYTES, "the index lies outside the tree, or the leaf is no hash")
    for hash_, left in climb(index, size - 1, proof):
        leaf = sha256(b"\1", hash_, leaf) if left else sha256(b"\1", leaf, hash_)
    need(leaf == root, "the inclusion proof leads to another root")


def check_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: list[bytes]) -> None:
    """Check that one tree is the beginning of another, larger one."""
    hashes = ([old_root] if old & (old - 1) == 0 else []) + proof
    need(0 < old < new and hashes, "a proof is too short")
    place, last, was, now = old - 1, new - 1, hashes[0], hashes[0]
    while place & 1:
        place, last = place >> 1, last >> 1
    for hash_, left in climb(place, last, hashes[1:]):
        was = sha256(b"\1", hash_, was) if left else was
        now = sha256(b"\1", hash_, now) if left else sha256(b"\1", now, hash_)
    need(was == old_root and now == new_root, "two heads do not share their beginning: the log was split or changed")


P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
Point = tuple[int, int, int, int]


def add(a: Point, b: Point) -> Point:
    """Add two points of Ed25519: X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiplied(factor: int, point: Point) -> Point:
    """Multiply a point."""
    total = (0, 1, 1, 0)
    while factor:
        total = add(total, point) if factor & 1 else total
        point, factor = add(point, point), factor >> 1
    return total


def point_of(data: bytes) -> Point:
    """Read a point in its one spelling, not of small order."""
    y, sign = int.from_bytes(data, "little") & (2**255 - 1), data[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * pow(2, (P - 1) // 4, P) % P
    x = P - x if x & 1 != sign else x
    point = (x, y, 1, x * y % P)
    need(y < P and (x * x - square) % P == 0 and multiplied(8, point)[0], "no point that signs")
    return point


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


@lru_cache(maxsize=1024)  # each leaf brings its head, mostly the same one
def ed25519_fits(public: bytes, message: bytes, signature: bytes) -> bool:
    """Check a signature (RFC 8032), strictly: one spelling of S and of each point, none of small order."""
    s = int.from_bytes(signature[32:], "little")
    if len(public) != HASH_BYTES or len(signature) != 2 * HASH_BYTES or s >= ORDER:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    try:
        left, right = multiplied(s, BASE), add(point_of(signature[:32]), multiplied(k, point_of(public)))
    except Stop:
        return False
    return all((left[n] * right[2] - right[n] * left[2]) % P == 0 for n in (0, 1))
