"""Read a whole column of numbers as `read` would, one by one, but a million in well under a second.

    >>> import pyarrow as pa
    >>> read_many(pa.array(["020-1234567", "onbekend"])).to_pylist()[1]
    {'number': None, 'code': 'not-a-number', 'extension': ''}

What is surely an ordinary number in ordinary dress is found with a few operations on whole columns; every other cell is
read by `read`, once per distinct text. So whatever the fast way does not know is slow, never different.
"""

__all__ = ["compiled_undress", "read_many"]

from collections.abc import Callable, Iterator
from functools import cache

import numpy as np
import pyarrow as pa

from belbaar.compiled import can_compile
from belbaar.numbers import column_dress
from belbaar.numbers.column_dress import Integers, Keys
from belbaar.numbers.column_plan import CODES, UNKNOWN, judged
from belbaar.numbers.judgement import check_region, tables
from belbaar.numbers.reading import as_text, read

_WORTH_COMPILING = 100_000  # rows; numba takes half a second to load
_SLICE = 1 << 15  # rows at a time: what is worked on stays in the processor's cache

_Undress = Callable[[pa.Array], Keys]


def read_many(raw: pa.ChunkedArray | pa.Array, region: str = "NL", *, more: bool = False) -> pa.Table:
    """Read a column: number (null when refused), code ("" when readable) and extension, row by row.

    Args:
        raw: the cells.
        region: the ISO region to assume for a number without country code.
        more: many such columns follow, so that loading the compiled way pays, even for a short one.

    Raises:
        InputError: there is no such region.
    """
    check_region(region)
    undress = (compiled_undress() if more or len(raw) >= _WORTH_COMPILING else None) or column_dress.undress
    parts = [_read_slice(texts, region, undress) for texts in _slices(raw)]
    return pa.concat_tables(parts) if parts else _read_slice(pa.array([], pa.string()), region, undress)


@cache
def compiled_undress() -> _Undress | None:
    """Give the compiled way of undressing, when belbaar[fast] is installed."""
    if not can_compile():
        return None
    from belbaar.numbers import column_kernel  # noqa: PLC0415  loads slowly

    return column_kernel.undress


def _slices(raw: pa.ChunkedArray | pa.Array) -> Iterator[pa.Array]:
    for chunk in raw.chunks if isinstance(raw, pa.ChunkedArray) else [raw]:
        texts = _as_texts(chunk)
        for start in range(0, len(texts), _SLICE):
            yield texts.slice(start, _SLICE)


def _as_texts(chunk: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(chunk.type):
        chunk = chunk.dictionary_decode()
    if pa.types.is_string(chunk.type) or pa.types.is_large_string(chunk.type):
        return chunk.fill_null("")
    if pa.types.is_string_view(chunk.type):
        return chunk.cast(pa.large_string()).fill_null("")
    return pa.array([as_text(value) for value in chunk.to_pylist()], pa.large_string())


def _read_slice(texts: pa.Array, region: str, undress: _Undress) -> pa.Table:
    numbers, codes = _judged(texts, region, undress)
    hard = np.flatnonzero(codes == UNKNOWN)
    distinct = texts.take(pa.array(hard)).dictionary_encode()
    readings = [read(text, region) for text in distinct.dictionary.to_pylist()]
    rows = len(CODES) + distinct.indices.to_numpy()  # the readings stand behind the codes that need none
    codes[hard] = rows
    numbers[hard] = np.array([0] * len(CODES) + [reading.number or 0 for reading in readings], np.int64)[rows]
    return pa.table(
        {
            "number": pa.array(numbers, pa.int64(), mask=numbers == 0),
            "code": pa.array([*CODES, *(reading.code for reading in readings)], pa.string()).take(pa.array(codes)),
            "extension": pa.array([""] * len(CODES) + [reading.extension for reading in readings], pa.string()).take(
                pa.array(codes)
            ),
        }
    )


def _judged(texts: pa.Array, region: str, undress: _Undress) -> tuple[Integers, Integers]:
    if tables() is None or not len(texts):
        return np.zeros(len(texts), np.int64), np.full(len(texts), UNKNOWN)
    return judged(undress(texts), region)
