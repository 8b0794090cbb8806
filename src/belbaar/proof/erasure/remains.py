"""Searching files for what is left of a number: in every way in which it could be written there.

    >>> sought = Sought.of(31201000007)
    >>> [how for how, piece in sought.pieces if piece in b"bel 0031201000007 niet"]
    ['as digits']
    >>> [bool(sought.dressed.search(text)) for text in (b"020-100 00 07", b"+31 (0)20 1000007", b"020-100 00 08")]
    [True, True, False]
    >>> (31201000007).to_bytes(6, "big") in {piece for _, piece in sought.pieces}
    True

A file is read as it is, and also unpacked or read by columns where a raw search would miss what is compressed: gzip,
zip (so XLSX), Parquet. In all but SQLite files digits may have blanks and signs between. What is encrypted is not found.
"""

__all__ = ["Remain", "Sought", "remains"]

import gzip
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from belbaar.errors import InputError
from belbaar.law import PACKS

_CHUNK = 1 << 22
_CODES = tuple(str(pack.calling_code) for pack in PACKS.values())
"""Calling codes of the countries whose law is known; within them a number begins with 0."""
_SMALL, _LARGE = 2**31, 2**47
_WIDE = 8
_BETWEEN = r"[ ()./\xa0-]{0,3}"
_OVERLAP = 80
"""Bytes of the end of a piece that are looked at again with the next: more than a number takes."""
_PAGES = (b"SQLite format 3\0", b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")
"""How a SQLite file and its write-ahead log begin: large, and written by belbaar, which writes digits in a row."""


class _Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Remain:
    """Something found: in which file, and how it is written there."""

    path: Path
    how: str


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: the number, and the pieces of bytes that tell of it, each with how it is written.

    ``dressed`` finds it as people write it, with blanks and signs between the digits.
    """

    number: int
    pieces: Sequence[tuple[str, bytes]]
    dressed: re.Pattern[bytes]

    @classmethod
    def of(cls, number: int, digests: Iterable[bytes] = ()) -> "Sought":
        """Say what to look for: a number, and the digests by which its events were known.

        SQLite writes integers big-endian in 4, 6 or 8 bytes, and a key of a table as its own varint; PostgreSQL, Parquet
        and Arrow write 8 bytes little-endian.
        """
        texts = [str(number), *(f"0{str(number)[len(code) :]}" for code in _CODES if str(number).startswith(code))]
        width = 4 if number < _SMALL else 6 if number < _LARGE else _WIDE
        integers = [
            number.to_bytes(width, "big"),
            number.to_bytes(_WIDE, "little"),
            b"\x02%b\x02\x00" % _varint(number),
        ]
        return cls(
            number,
            [
                *(("as digits", text.encode()) for text in texts),
                *(("as digits", text.encode("utf-16-le")) for text in texts),
                *(("as an integer", piece) for piece in integers),
                *(("by an event's digest", digest) for digest in digests),
            ],
            re.compile(b"|".join(_dressed(text) for text in texts)),
        )


def remains(paths: Iterable[Path], sought: Sought) -> tuple[list[Path], list[Remain]]:
    """Search files, and all files of folders; give which, and what was found there.

    Raises:
        InputError: when one cannot be read: then nobody knows what is in it.
    """
    searched: list[Path] = []
    found: list[Remain] = []
    for path in paths:
        for file in sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]:
            try:
                found += [Remain(file, how) for how in sorted(set(_in_file(file, sought)))]
            except FileNotFoundError:
                continue  # it went while we looked: a log that was emptied, a copy that was finished
            except OSError as error:
                raise InputError(
                    f"this file cannot be searched: {error.strerror}.", where=str(file), todo="Mend its permissions."
                ) from error
            searched.append(file)
    return searched, found


def _in_file(path: Path, sought: Sought) -> Iterator[str]:
    with path.open("rb") as file:
        yield from _in_bytes(file, sought)
    if path.suffix == ".gz":
        with suppress(gzip.BadGzipFile, EOFError, zlib.error), gzip.open(path) as unpacked:
            yield from _in_bytes(unpacked, sought)
    elif zipfile.is_zipfile(path):
        with (
            suppress(zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError),
            zipfile.ZipFile(path) as archive,
        ):
            for name in archive.namelist():
                with archive.open(name) as member:
                    yield from _in_bytes(member, sought)
    elif path.suffix in (".parquet", ".pq"):
        yield from _in_parquet(path, sought)


def _in_bytes(file: _Stream, sought: Sought) -> Iterator[str]:
    """Search a stream piece by piece, each with the end of the one before."""
    tail, pages = b"", False
    while chunk := file.read(_CHUNK):
        window = tail + chunk
        pages = pages or (not tail and chunk.startswith(_PAGES))
        yield from (how for how, piece in sought.pieces if piece in window)
        if not pages and sought.dressed.search(window):
            yield "as digits"
        tail = window[-_OVERLAP:]


def _in_parquet(path: Path, sought: Sought) -> Iterator[str]:
    """Look in every column of numbers or texts; a broken file was searched as it is."""
    import pyarrow as pa  # noqa: PLC0415  loads slowly
    import pyarrow.compute as pc  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    texts = [piece.decode() for how, piece in sought.pieces if how == "as digits" and b"\0" not in piece]
    with suppress(pa.ArrowInvalid):
        for batch in pq.ParquetFile(path).iter_batches():
            for column in batch.columns:
                of = column.type
                if pa.types.is_integer(of) and sought.number in pc.unique(pc.cast(column, pa.int64())).to_pylist():
                    yield "as an integer in a column"
                named = pa.types.is_string(of) or pa.types.is_large_string(of)
                if named and any(pc.any(pc.match_substring(column, text)).as_py() for text in texts):
                    yield "as digits in a column"


def _dressed(text: str) -> bytes:
    """Write the pattern of digits with signs between; behind a calling code a 0 may stand in brackets."""
    code = next((code for code in _CODES if text.startswith(code)), "")
    parts = [*code, "(?:0)?", *text[len(code) :]] if code else [*text]
    return _BETWEEN.join(parts).encode()


def _varint(number: int) -> bytes:
    """Write a number as SQLite writes the key of a row: seven bits a byte, the greatest first."""
    groups = [number & 127]
    while number := number >> 7:
        groups.append(number & 127 | 128)
    return bytes(reversed(groups))
