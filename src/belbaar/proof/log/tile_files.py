"""The log as static files, for anybody to fetch: ``checkpoint``, ``tile/…`` and, for auditors, ``tile/entries/…``.

    >>> tile_path(0, 1234067), tile_path(1, 5, 17), tile_path("entries", 0, 3)
    ('tile/0/x001/x234/067', 'tile/1/005.p/17', 'tile/entries/000.p/3')

Each file is written beside its place and renamed, the checkpoint last: whoever reads a checkpoint finds all its tiles.
There is nothing in them but hashes; entries are opaque, but how many there are per day is for auditors only.
"""

__all__ = ["export", "file_tiles", "tile_path"]

from collections.abc import Iterator
from pathlib import Path

from belbaar.errors import InputError, ProofError, StoreUnavailable
from belbaar.files import write_whole
from belbaar.proof.log.tiles import TILE_BYTES, WIDTH, Database, TileAt, leaves, size_of, stored_tiles
from belbaar.proof.log.tree import HASH_BYTES


def export(connection: Database, folder: Path, size: int, checkpoint: str, *, entries: bool = False) -> int:
    """Write the tree of a checkpoint as files; full tiles that are there already are left alone.

    Args:
        connection: the log's database.
        folder: made when it is not there.
        size: of the tree that the checkpoint signs.
        checkpoint: the signed note.
        entries: the entries too.

    Returns:
        How many files were written, the checkpoint included.
    """
    if size > size_of(connection):
        raise InputError(f"the log has {size_of(connection)} leaves, not {size}.")
    tile, written = stored_tiles(connection), 1
    try:
        for level, n, width in _tiles(size):
            target = folder / tile_path(level, n, width)
            if width == WIDTH and target.is_file():
                continue
            hashes = tile(level, n)[: width * HASH_BYTES]
            if len(hashes) != width * HASH_BYTES:
                raise ProofError(f"tile {n} of level {level} is missing or too short.", code="log-damaged")
            _write(target, hashes)
            written += 1
            if entries and level == 0:
                _write(folder / tile_path("entries", n, width), _bundle(connection, n, width))
                written += 1
        _write(folder / "checkpoint", checkpoint.encode())
    except OSError as error:
        raise StoreUnavailable(f"the log cannot be written: {error.strerror}.", where=str(folder)) from error
    return written


def tile_path(level: int | str, n: int, width: int = WIDTH) -> str:
    """Give a tile's path: three digits a folder, all but the last after an x."""
    digits = f"{n:03}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    name = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
    return f"tile/{level}/{name}" + ("" if width == WIDTH else f".p/{width}")


def file_tiles(folder: Path, size: int) -> TileAt:
    """Answer for the tiles of a tree of this size from files, full or partial."""

    def tile(level: int, n: int) -> bytes:
        width = min(WIDTH, (size >> 8 * level) - n * WIDTH)
        for wanted in (WIDTH, width):  # a log may drop a partial tile once the full one is there
            path = folder / tile_path(level, n, wanted)
            if path.is_file():
                return path.read_bytes()[:TILE_BYTES]
        return b""

    return tile


def _tiles(size: int) -> Iterator[tuple[int, int, int]]:
    level = 0
    while count := size >> 8 * level:
        for n in range(-(-count // WIDTH)):
            yield level, n, min(WIDTH, count - n * WIDTH)
        level += 1


def _bundle(connection: Database, n: int, width: int) -> bytes:
    found = leaves(connection, n * WIDTH, n * WIDTH + width)
    return b"".join(len(leaf.entry).to_bytes(2, "big") + leaf.entry for _, leaf in found)


def _write(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, content, synced=True)
