"""Arrays as PostgreSQL has them in binary, for values by the thousand.

Psycopg writes a list as text, element by element; and integers for as wide as those of the first list it saw, where a
dumper of one's own is registered for them.
"""

__all__ = ["Blobs", "Integers", "Texts", "array_of", "int8", "int8_array", "register"]

import struct
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from psycopg.adapt import AdaptersMap, Dumper
from psycopg.pq import Format

_HEAD = struct.Struct(">iiiii").pack
_LENGTH = struct.Struct(">i").pack
_EIGHT = _LENGTH(8)
int8 = struct.Struct(">q").pack
"""Write an integer."""


class Integers(tuple[int, ...]):
    """Integers that go as one array of int8."""

    __slots__ = ()


class Texts(tuple[str, ...]):
    """Texts that go as one array."""

    __slots__ = ()


class Blobs(tuple[bytes, ...]):
    """Bytes that go as one array of bytea."""

    __slots__ = ()


def int8_array(values: Sequence[int]) -> bytes:
    """Write an array of integers."""
    packed = struct.pack(f">{len(values)}q", *values)
    return _array(20, len(values), (_EIGHT + packed[start : start + 8] for start in range(0, len(packed), 8)))


def array_of(type_: str) -> Callable[[Iterable[Any]], Integers | Texts | Blobs]:
    """Give what makes an array of values of a column; integers of any width go as int8."""
    return Texts if type_ == "text" else Blobs if type_ == "bytea" else Integers


def register(adapters: AdaptersMap) -> None:
    """Have a connection write these."""
    for kind, dumper in ((Integers, _IntegersDumper), (Texts, _TextsDumper), (Blobs, _BlobsDumper)):
        adapters.register_dumper(kind, dumper)


def _array(of: int, count: int, elements: Iterable[bytes]) -> bytes:
    """Write an array: one dimension, no NULL, the type of its elements, how many there are; and each with its length."""
    return _HEAD(1, 0, of, count, 1) + b"".join(elements)


class _IntegersDumper(Dumper):
    format, oid = Format.BINARY, 1016

    def dump(self, obj: Integers) -> bytes:
        return int8_array(obj)


class _TextsDumper(Dumper):
    format, oid = Format.BINARY, 1009

    def dump(self, obj: Texts) -> bytes:
        written = [text.encode() for text in obj]
        return _array(25, len(written), (_LENGTH(len(text)) + text for text in written))


class _BlobsDumper(Dumper):
    format, oid = Format.BINARY, 1001

    def dump(self, obj: Blobs) -> bytes:
        return _array(17, len(obj), (_LENGTH(len(blob)) + blob for blob in obj))
