"""Leaves and tiles in a database: the tree 256 hashes at a time, as C2SP tlog-tiles lays it out.

    >>> from belbaar.ledger import memory_store
    >>> connection = memory_store().connection
    >>> grown = append(connection, [Leaf(n.to_bytes(16, "big"), b"entry %d" % n, b"") for n in range(273)])
    >>> grown.size, len(inclusion(connection, 5, grown.size))
    (273, 9)

A tile holds the hashes of 256 neighbours; each hash at a level is the root of a full tile of the level below. The last
tile of a level is partial and written over as it grows; a smaller tree's partial tile is its beginning.

Every function works inside the caller's transaction and never commits: an event, its standing and its leaf become
durable together or not at all. One writer at a time; readers of a given size need no lock, for nothing before that
size ever changes. The connection is sqlite3's, or any with ``execute``, ``executemany`` and ``?`` for values.
"""

__all__ = [
    "TILE_BYTES",
    "WIDTH",
    "Database",
    "Edge",
    "Grown",
    "TileAt",
    "append",
    "check",
    "consistency",
    "folded",
    "inclusion",
    "leaves",
    "nodes",
    "root",
    "shred_bodies",
    "size_of",
    "stored_tiles",
]

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple, Protocol

from belbaar.errors import ProofError
from belbaar.proof.entries.commit import ERASED, Leaf
from belbaar.proof.log.tree import HASH_BYTES, NodeAt, Range, consistency_proof, inclusion_proof, root_hash

WIDTH = 256
"""Hashes of a full tile."""
TILE_BYTES = WIDTH * HASH_BYTES
_LEVEL_BITS = 8
_AT_ONCE = 256 * WIDTH
_REMEMBERED = 64

TileAt = Callable[[int, int], bytes]
"""Gives the hashes of a tile, by level and place; fewer than 256 when it is partial, none when it is not there."""


class Database(Protocol):
    """What is asked of a connection."""

    def execute(self, query: str, values: Any = ..., /) -> Any: ...  # noqa: ANN401, D102  whatever the driver gives
    def executemany(self, query: str, values: Any, /) -> Any: ...  # noqa: ANN401, D102


class Grown(NamedTuple):
    """What an append made of the log: index of the first new leaf, size and root afterwards."""

    first: int
    size: int
    root: bytes


def size_of(connection: Database) -> int:
    """Give the number of leaves."""
    return int(connection.execute("SELECT coalesce(max(ix) + 1, 0) FROM leaf").fetchone()[0])


class Edge:
    """Guards the last tile of each level of a log of ``size`` leaves, and its compact range, for who appends again and again.

    Who finds the log at another size, for somebody else appended, reads the tiles again.
    """

    def __init__(self) -> None:
        self.size = 0
        self._tiles: dict[int, tuple[int, bytes]] = {}
        self._range: Range | None = Range()

    def tiles(self, connection: Database, size: int) -> TileAt:
        """Answer for tiles of a log of this size."""
        stored = stored_tiles(connection)
        if size != self.size:
            self._tiles.clear()
            self.size, self._range = size, None

        def tile(level: int, n: int) -> bytes:
            place, hashes = self._tiles.get(level, (-1, b""))
            if place != n:
                hashes = stored(level, n)
                self._tiles[level] = n, hashes
            return hashes

        return tile

    def grown(self, tile: TileAt, new: Sequence[bytes], written: Iterable[tuple[int, int, bytes]]) -> tuple[int, bytes]:
        """Remember what was appended; give the size and the root.

        Args:
            tile: answers for tiles.
            new: the hashes of the new leaves.
            written: level, place and hashes of the tiles that hold them now, in order.
        """
        self.size += len(new)
        self._tiles |= {level: (n, hashes) for level, n, hashes in written}
        if self._range is None or len(new) > WIDTH:  # of many leaves the tiles have most nodes already
            self._range = Range.of(self.size, nodes(tile))
        else:
            for leaf in new:
                self._range.append(leaf)
        return self.size, self._range.root()


def append(connection: Database, new: Sequence[Leaf], *, first: int | None = None, edge: Edge | None = None) -> Grown:
    """Add leaves at the end, and the tiles above them.

    Args:
        connection: the database, in a write transaction.
        new: the leaves.
        first: the size of the log, where that is known.
        edge: what is remembered of it.

    Raises:
        ProofError: when the tiles do not fit the leaves that are there: nothing may be built on a damaged log.
    """
    first, edge = size_of(connection) if first is None else first, edge or Edge()
    tile = edge.tiles(connection, first)
    connection.executemany(
        "INSERT INTO leaf (ix, id, entry, sealed, handle, about) VALUES (?, ?, ?, ?, ?, ?)",
        [(ix, *leaf) for ix, leaf in enumerate(new, first)],
    )
    written: list[tuple[int, int, bytes]] = []
    new_hashes = hashes = [sha256(b"\x00" + leaf.entry).digest() for leaf in new]
    level, start = 0, first
    while hashes:
        n, held = divmod(start, WIDTH)
        joined = _partial(tile, level, n, held) + b"".join(hashes)
        pieces = [joined[at : at + TILE_BYTES] for at in range(0, len(joined), TILE_BYTES)]
        written += [(level, n + place, piece) for place, piece in enumerate(pieces)]
        hashes = [folded(piece) for piece in pieces if len(piece) == TILE_BYTES]
        level, start = level + 1, start // WIDTH
    connection.executemany(
        "INSERT INTO tile (level, n, hashes) VALUES (?, ?, ?) "
        "ON CONFLICT (level, n) DO UPDATE SET hashes = excluded.hashes",
        written,
    )
    return Grown(first, *edge.grown(tile, new_hashes, written))


def shred_bodies(connection: Database, indices: Iterable[int]) -> None:
    """Delete sealed bodies, and what ties the leaves of a key together; the entries, and every proof, stay."""
    connection.executemany("UPDATE leaf SET sealed = ?, handle = 0 WHERE ix = ?", [(ERASED, ix) for ix in indices])


def leaves(connection: Database, first: int = 0, end: int | None = None) -> Iterator[tuple[int, Leaf]]:
    """Give leaves with their indices, in order, from first up to end.

    Raises:
        ProofError: when one is missing.
    """
    end = size_of(connection) if end is None else end
    expected = first
    query = "SELECT ix, id, entry, sealed, handle, about FROM leaf WHERE ix >= ? AND ix < ? ORDER BY ix"
    for low in range(first, end, _AT_ONCE):
        for ix, id_, entry, sealed, handle, about in connection.execute(query, (low, min(low + _AT_ONCE, end))):
            if ix != expected:
                break
            yield ix, Leaf(bytes(id_), bytes(entry), bytes(sealed), handle, about)
            expected += 1
    if expected < end:
        raise ProofError(f"leaf {expected} is missing from the log.", code="log-damaged")


def stored_tiles(connection: Database) -> TileAt:
    """Answer for tiles from the database."""

    def tile(level: int, n: int) -> bytes:
        row = connection.execute("SELECT hashes FROM tile WHERE level = ? AND n = ?", (level, n)).fetchone()
        return bytes(row[0]) if row else b""

    return tile


def nodes(tile: TileAt) -> NodeAt:
    """Answer for perfect nodes from tiles, wherever these are kept."""
    remembered = lru_cache(maxsize=_REMEMBERED)(tile)

    def node(level: int, n: int) -> bytes:
        tile_level, height = divmod(level, _LEVEL_BITS)
        place, offset = divmod(n << height, WIDTH)
        piece = remembered(tile_level, place)[offset * HASH_BYTES : (offset + (1 << height)) * HASH_BYTES]
        if len(piece) != HASH_BYTES << height:
            raise ProofError(f"tile {place} of level {tile_level} is missing or too short.", code="log-damaged")
        return folded(piece)

    return node


def root(connection: Database, size: int) -> bytes:
    """Give the root of the first ``size`` leaves."""
    return root_hash(size, nodes(stored_tiles(connection)))


def inclusion(connection: Database, index: int, size: int) -> list[bytes]:
    """Prove that a leaf is among the first ``size``."""
    return inclusion_proof(index, size, nodes(stored_tiles(connection)))


def consistency(connection: Database, old: int, new: int) -> list[bytes]:
    """Prove that the first ``new`` leaves begin with the first ``old``."""
    return consistency_proof(old, new, nodes(stored_tiles(connection)))


def check(connection: Database) -> Grown:
    """Compute the whole tree anew from the entries, and compare every tile; compare the root with a signed checkpoint.

    Raises:
        ProofError: names the first leaf or tile that was changed, or is missing or too many.
    """
    size = size_of(connection)
    hashes: Iterable[bytes] = (sha256(b"\x00" + leaf.entry).digest() for _, leaf in leaves(connection))
    level, count, total = 0, size, 0
    while count:
        hashes = _checked(connection, level, count, hashes)
        total += -(-count // WIDTH)
        level, count = level + 1, count // WIDTH
    stored = connection.execute("SELECT count(*) FROM tile").fetchone()[0]
    if stored != total:
        raise ProofError(f"there are {stored} tiles where {total} belong.", code="log-damaged")
    return Grown(0, size, root(connection, size))


def _checked(connection: Database, level: int, count: int, hashes: Iterable[bytes]) -> list[bytes]:
    """Compare the tiles of a level with its hashes; give the hashes of the level above."""
    above, tile, iterator = [], stored_tiles(connection), iter(hashes)
    for n in range(-(-count // WIDTH)):
        width = min(WIDTH, count - n * WIDTH)
        found, piece = tile(level, n), b"".join(next(iterator) for _ in range(width))
        if found != piece:
            _tell_difference(level, n, piece, found)
        if width == WIDTH:
            above.append(folded(piece))
    return above


def _tell_difference(level: int, n: int, piece: bytes, found: bytes) -> None:
    for offset in range(0, len(piece), HASH_BYTES):
        if found[offset : offset + HASH_BYTES] != piece[offset : offset + HASH_BYTES]:
            place = n * WIDTH + offset // HASH_BYTES
            what = f"leaf {place}" if level == 0 else f"hash {place} of level {level}"
            raise ProofError(f"{what} is not what the log once held, or its tile was changed.", code="log-damaged")
    raise ProofError(f"tile {n} of level {level} is longer than the log.", code="log-damaged")


def _partial(tile: TileAt, level: int, n: int, held: int) -> bytes:
    if not held:
        return b""
    found = tile(level, n)
    if len(found) != held * HASH_BYTES:
        raise ProofError(
            f"tile {n} of level {level} has {len(found) // HASH_BYTES} hashes where {held} belong.",
            todo="Look what happened to the log with: belbaar log check",
            code="log-damaged",
        )
    return found


def folded(hashes: bytes) -> bytes:
    """Hash the neighbours in a piece of a tile to their common root; a power of two of them."""
    while len(hashes) > HASH_BYTES:
        hashes = b"".join([sha256(b"\x01" + hashes[at : at + 64]).digest() for at in range(0, len(hashes), 64)])
    return hashes
