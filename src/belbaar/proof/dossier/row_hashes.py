"""The rows of a list as leaves of its tree, and the roots of the tiles that they fill.

    >>> answers = [Answer(error="too-short"), Answer(True, "nl.consent", "2027-03-02T00:00:00+01:00")]
    >>> row_body(31201000007, answers[1])
    {'allowed': True, 'ground': 'nl.consent', 'number': 31201000007, 'until': '2027-03-02T00:00:00+01:00'}
    >>> row_body(0, answers[0])
    {'allowed': False, 'error': 'too-short'}

Of each answer the bytes are written once; in a row's there is only its number besides. ``leaf_hashes`` is the
definition; whole tiles of a long list are hashed by ``row_kernel`` where belbaar[fast] is installed.
"""

__all__ = ["FEW", "Numbers", "Places", "hashed", "leaf_hashes", "row_body", "tiles_of", "written"]

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

import numpy as np
import numpy.typing as npt

from belbaar.compiled import can_compile
from belbaar.proof.entries.commit import KEY_BYTES, ROWS, row_keys
from belbaar.proof.entries.jcs import Value, encode
from belbaar.proof.log.tiles import TILE_BYTES, TileAt, folded
from belbaar.proof.log.tree import HASH_BYTES
from belbaar.verdict.views import Answer

Numbers = npt.NDArray[np.int64]
Places = npt.NDArray[np.int32]

FEW = 1024 * ROWS
"""Rows that are hashed sooner than numba is loaded."""


def row_body(number: int, answer: Answer) -> dict[str, Value]:
    """Say what a row's verdict is; the number is 0 when it could not be read."""
    body: dict[str, Value] = {"allowed": answer.allowed}
    if answer.error:
        body["error"] = answer.error
    if answer.ground:
        body["ground"] = answer.ground
    if number:
        body["number"] = number
    if answer.reasons:
        body["reasons"] = list(answer.reasons)
    if answer.until:
        body["until"] = answer.until
    return body


def written(answers: Iterable[Answer]) -> list[bytes]:
    """Write answers, three texts of each: without a number, before the place of one, and behind it."""
    texts = []
    for answer in answers:
        before, _, behind = encode(row_body(1, answer)).partition(b'"number":1')
        texts += [encode(row_body(0, answer)), before + b'"number":', behind]
    return texts


def leaf_hashes(secret: bytes, tile: int, numbers: Numbers, places: Places, texts: Sequence[bytes]) -> bytes:
    """Hash the rows of one tile, or of its beginning."""
    keys, hashes = row_keys(secret, tile), []
    for at, (number, place) in enumerate(zip(numbers.tolist(), places.tolist(), strict=True)):
        text = 3 * place
        content = b"%b%d%b" % (texts[text + 1], number, texts[text + 2]) if number else texts[text]
        entry = sha256(keys[at * KEY_BYTES : (at + 1) * KEY_BYTES] + content).digest()
        hashes.append(sha256(b"\0" + entry).digest())
    return b"".join(hashes)


def hashed(
    secret: bytes, first: int, numbers: Numbers, places: Places, texts: Sequence[bytes], *, listed: int
) -> bytes:
    """Hash rows: of each full tile its root, of a last one that is not full its leaves.

    Args:
        secret: the list's key.
        first: the tile that begins with these rows.
        numbers: of the rows; 0 where there is none.
        places: of each row's answer.
        texts: the answers as ``written``.
        listed: how many rows the list has: of a few, all are hashed sooner than the compiled way is loaded.
    """
    full = len(numbers) // ROWS * ROWS if listed > FEW and can_compile() else 0
    pieces = []
    if full:
        from belbaar.proof.dossier.row_kernel import tile_roots  # noqa: PLC0415  numba loads slowly

        keys = b"".join(row_keys(secret, tile) for tile in range(first, first + full // ROWS))
        pieces.append(tile_roots(keys, numbers[:full], places[:full], texts))
    for at in range(full, len(numbers), ROWS):
        tile = leaf_hashes(secret, first + at // ROWS, numbers[at : at + ROWS], places[at : at + ROWS], texts)
        pieces.append(folded(tile) if len(tile) == TILE_BYTES else tile)
    return b"".join(pieces)


def tiles_of(rows: int, hashes: bytes, shown: Mapping[int, bytes]) -> TileAt:
    """Answer for the tiles of a list.

    Args:
        rows: how many.
        hashes: the roots of all full tiles, then the leaves of the last one.
        shown: the leaves of those full tiles of which a row is to be proven.
    """
    full = rows // ROWS
    levels = {1: hashes[: full * HASH_BYTES]}

    def level(n: int) -> bytes:
        if n not in levels:
            below = level(n - 1)
            whole = range(0, len(below) // TILE_BYTES * TILE_BYTES, TILE_BYTES)
            levels[n] = b"".join(folded(below[at : at + TILE_BYTES]) for at in whole)
        return levels[n]

    def tile(height: int, n: int) -> bytes:
        if height:
            return level(height)[n * TILE_BYTES : (n + 1) * TILE_BYTES]
        return shown.get(n, b"") if n < full else hashes[full * HASH_BYTES :]

    return tile
