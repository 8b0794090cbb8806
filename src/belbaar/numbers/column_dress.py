"""Take the common dress off a whole column at once: the bytes of the cells become integer keys.

    >>> import pyarrow as pa
    >>> keys = undress(pa.array(["Tel. 020-1234567 (na 18u)", "+31 20 1234567", "06 of 020"]))
    >>> keys.digits.tolist(), keys.abroad.tolist(), keys.sure.tolist()
    ([10, 11, 5], [False, True, False], [True, True, False])

One pass of lookups and one running sum over the bytes; after that only rows are worked on. The running sum counts, packed
into one integer, the digits, pluses, marks and strange bytes before each place, so that any stretch of any cell is
counted by one subtraction.

Invariant: what is `sure` means the same as `dress.undress` makes of the cell. All doubt is left to it, so every
condition here may be stricter than needed and none laxer.
"""

__all__ = ["POWERS", "Integers", "Keys", "undress"]  # and for column_kernel the tables of bytes

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Integers = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]
_Counts = npt.NDArray[np.uint64]

DIGIT, PLUS, _STRANGE, MARK, SLASH = (1 << shift for shift in (0, 32, 40, 48, 56))
_LOW = np.uint64(0xFFFFFFFF)
NBSP = "\u00a0".encode()
MOST = 18  # digits that fit an integer with a 1 in front
TWO = 18  # digits of two numbers, when there is anything between them
LONGEST_CELL = 250  # a count is a byte
_FRONT, _BACK = 24, 16  # room before and behind the bytes, so that a look beside a cell finds something
HALF = 6  # digits before a slash that may make it two numbers, as in dress
DATE = 8  # digits of a date, at most


class Keys(NamedTuple):
    """For each row: the digits as an integer, how many, whether behind a plus, and whether all this is sure."""

    values: Integers
    digits: Integers
    abroad: Truths
    sure: Truths


class _Cells(NamedTuple):
    """The bytes of a column, the running counts, and of each cell the stretch that is still looked at."""

    data: Bytes
    counts: _Counts
    first: Integers
    end: Integers


def _weights() -> _Counts:
    weights = np.full(256, _STRANGE, np.uint64)
    weights[list(b" ()'\"\xc2\xa0")] = (
        0  # in UTF-8 these two bytes make the non-breaking space, or lie beside a strange one
    )
    weights[list(b"0123456789")] = DIGIT
    weights[list(b"-.")] = MARK
    weights[list(b"/")] = MARK | SLASH
    weights[list(b"+")] = PLUS
    return weights


def _set(members: bytes) -> Truths:
    found = np.zeros(256, np.bool_)
    found[list(members)] = True
    return found


WEIGHTS = _weights()
IS_SPACE, IS_QUOTE, IS_AFTER_LABEL = _set(b" "), _set(b"'\""), _set(b" .:")
IS_LETTER = _set(bytes(range(65, 91)) + bytes(range(97, 123)))
BEGINS_REMARK = IS_LETTER & ~_set(b"OoIilSBZQD")  # a letter that stands for no digit
IN_REMARK = IS_LETTER | _set(b"0123456789 .:'")
ENDS_EXTENSION = _set(b"0123456789 ")
_REMARK_PLACES = np.arange(32)
_LABELS = (b"tel", b"mob", b"telefoon", b"mobiel", b"gsm")
POWERS = 10 ** np.arange(19, dtype=np.int64)


def undress(column: pa.Array) -> Keys:
    """Take off what can be taken off for sure, from a column of strings without nulls."""
    cells = _trimmed(_opened(column))
    counted = _counted(cells)
    plain = (counted >> 40) & 255 == 0
    cells = _without_float(cells, counted, plain)
    dressed = np.flatnonzero(~plain)
    if len(dressed):
        first, end = _without_words(_Cells(cells.data, cells.counts, cells.first[dressed], cells.end[dressed]))
        cells.first[dressed], cells.end[dressed] = first, end
    return _keys(cells)


def bytes_of(column: pa.Array) -> tuple[Bytes, Integers]:
    """Give the bytes of a column of strings, with room around them, and the bounds of its cells among them."""
    wide = column.type == pa.large_string()
    _, offsets, data = column.buffers()
    places = np.frombuffer(offsets, np.int64 if wide else np.int32)[column.offset : column.offset + len(column) + 1]
    start, stop = int(places[0]), int(places[-1])
    padded = np.zeros(_FRONT + stop - start + _BACK, np.uint8)
    if stop > start:
        padded[_FRONT:-_BACK] = np.frombuffer(data, np.uint8)[start:stop]
    return padded, places.astype(np.int64) - (start - _FRONT)


def _opened(column: pa.Array) -> _Cells:
    data, bounds = bytes_of(column)
    counts = np.zeros(len(data) + 1, np.uint64)
    np.cumsum(np.take(WEIGHTS, data), out=counts[1:])
    return _Cells(data, counts, bounds[:-1].copy(), bounds[1:].copy())


def _trimmed(cells: _Cells) -> _Cells:
    """As dress does: spaces, then quotes, then spaces."""
    for members in (IS_SPACE, IS_QUOTE, IS_SPACE):
        _skip(cells.first, cells, members, step=1)
        _skip(cells.end, cells, members, step=-1)
    return cells


def _skip(edge: Integers, cells: _Cells, members: Truths, step: int) -> None:
    """Move an edge of the cells inward, in place, as long as a member lies there."""
    beside = 0 if step > 0 else -1
    rows = np.flatnonzero(members[cells.data[edge + beside]] & (cells.first < cells.end))
    while len(rows):
        edge[rows] += step
        rows = rows[members[cells.data[edge[rows] + beside]] & (cells.first[rows] < cells.end[rows])]


def _counted(cells: _Cells) -> _Counts:
    return cells.counts[cells.end] - cells.counts[cells.first]


def _without_float(cells: _Cells, counted: _Counts, plain: Truths) -> _Cells:
    """Cut `.0` off a number that a spreadsheet made a float, when there is nothing but digits before it."""
    one_mark = ((counted >> 48) & 255 == 1) & plain
    digits = (counted & _LOW).astype(np.int64)
    bare = one_mark & (cells.end - cells.first == digits + 1)
    float_like = bare & (cells.data[cells.end - 2] == ord(".")) & (cells.data[cells.end - 1] == ord("0"))
    return cells._replace(end=cells.end - 2 * float_like)


def _without_words(cells: _Cells) -> tuple[Integers, Integers]:
    """Cut a label in front and a remark in brackets behind."""
    first, end = cells.first.copy(), cells.end.copy()
    for label in _LABELS:
        here = cells.first
        rows = np.flatnonzero(first == here)
        for place, letter in enumerate(label):
            rows = rows[(cells.data[here[rows] + place] | 32) == letter]
        rows = rows[~IS_LETTER[cells.data[here[rows] + len(label)]]]
        first[rows] = here[rows] + len(label)
    labelled = cells._replace(first=first)
    _skip(first, labelled, IS_AFTER_LABEL, step=1)
    return first, _before_remark(labelled, end)


def _before_remark(cells: _Cells, end: Integers) -> Integers:
    """Give the ends, before a last bracket with words of a certain kind in it."""
    opens = np.flatnonzero(cells.data == ord("("))
    if not len(opens):
        return end
    last = opens[np.maximum(np.searchsorted(opens, end) - 1, 0)]
    rows = np.flatnonzero((cells.data[end - 1] == ord(")")) & (last > cells.first) & (last < end))
    inside, close = last[rows] + 1, end[rows] - 1
    text = cells.data[np.minimum(inside[:, None] + _REMARK_PLACES, len(cells.data) - 1)]
    surely = BEGINS_REMARK[text[:, 0]] & (close - inside <= len(_REMARK_PLACES))
    surely &= (IN_REMARK[text] | ((close - inside)[:, None] <= _REMARK_PLACES)).all(axis=1)
    surely &= _digits_between(cells, inside, close) < HALF
    surely &= ~ENDS_EXTENSION[cells.data[close - 1]]
    end[rows[surely]] = last[rows[surely]]
    return end


def _keys(cells: _Cells) -> Keys:
    counted = _counted(cells)
    digits = (counted & _LOW).astype(np.int64)
    pluses, strange, marks, slashes = ((counted >> shift) & 255 for shift in (32, 40, 48, 56))
    begin, last = cells.data[cells.first], cells.data[cells.end - 1]
    abroad = begin == ord("+")
    sure = (strange == 0) & (pluses == abroad) & (digits > 0) & (digits <= MOST)
    sure &= (digits < TWO) | (cells.end - cells.first == digits)
    sure &= (cells.end - cells.first <= LONGEST_CELL) & (begin != ord("-")) & (begin != NBSP[0]) & (last != NBSP[1])
    sure &= (digits > DATE) | (marks != 2)  # noqa: PLR2004  a date has two
    sure &= (slashes == 0) | ((slashes == 1) & _few_before_slash(cells))
    sure &= ~(
        (marks == 1) & ((cells.data[cells.end - 2] == ord(".")) | (cells.data[cells.end - 3] == ord(".")))
    )  # a float
    return Keys(_values(cells, digits), digits, abroad, sure)


def _few_before_slash(cells: _Cells) -> Truths:
    slashes = np.flatnonzero(cells.data == ord("/"))
    if not len(slashes):
        return np.zeros(len(cells.first), np.bool_)
    found = slashes[np.minimum(np.searchsorted(slashes, cells.first), len(slashes) - 1)]
    return _digits_between(cells, cells.first, np.maximum(found, cells.first)) < HALF


def _digits_between(cells: _Cells, first: Integers, end: Integers) -> Integers:
    return ((cells.counts[end] - cells.counts[first]) & _LOW).astype(np.int64)


def _values(cells: _Cells, digits: Integers) -> Integers:
    """Make integers of the digits: those of all cells in a row, seen eight at a time."""
    read = cells.data - np.uint8(ord("0"))
    ones = np.concatenate([np.zeros(_FRONT, np.uint8), read[read < 10]])  # noqa: PLR2004  other bytes wrap round
    twos = ones[:-1] * np.uint8(10) + ones[1:]
    fours = twos[:-2] * np.uint16(100) + twos[2:]
    eights = fours[:-4] * np.uint32(10000) + fours[4:]
    behind = (cells.counts[cells.end] & _LOW).astype(np.int64) + _FRONT
    values = (
        eights[behind - 8] + eights[behind - 16].astype(np.int64) * 10**8 + twos[behind - 18].astype(np.int64) * 10**16
    )
    kept: Integers = values % POWERS[np.minimum(digits, MOST)]
    return kept
