"""What `column_dress.undress` does, in one pass over the bytes, for those who installed belbaar[fast].

The loops are plain Python that numba compiles, once: the result is kept beside this file or in numba's own cache. The
invariant is that of `column_dress`, and so are the tests: what is `sure` means what `dress.undress` makes of the cell.
"""

__all__ = ["undress"]

import numpy as np
import pyarrow as pa

from belbaar.compiled import compiled
from belbaar.numbers.column_dress import (
    BEGINS_REMARK,
    DATE,
    DIGIT,
    ENDS_EXTENSION,
    HALF,
    IN_REMARK,
    IS_AFTER_LABEL,
    IS_LETTER,
    IS_QUOTE,
    IS_SPACE,
    LONGEST_CELL,
    MARK,
    MOST,
    NBSP,
    PLUS,
    SLASH,
    TWO,
    WEIGHTS,
    Bytes,
    Integers,
    Keys,
    Truths,
    bytes_of,
)

_LABELS = np.frombuffer(b"telmobgsm", np.uint8).reshape(3, 3)
_LABEL = 3
_LOWER = 32
_DATE_MARKS = 2
_ZERO, _MINUS, _DOT, _OPEN, _CLOSE, _PLUS_SIGN = b"0-.()+"
_NBSP_FIRST, _NBSP_LAST = NBSP
_NOT_SURE = (0, 0, 0, 0)


def undress(column: pa.Array) -> Keys:
    """Take off what can be taken off for sure, from a column of strings without nulls."""
    rows = len(column)
    keys = Keys(np.zeros(rows, np.int64), np.zeros(rows, np.int64), np.zeros(rows, np.bool_), np.zeros(rows, np.bool_))
    _undress(*bytes_of(column), keys.values, keys.digits, keys.abroad, keys.sure)
    return keys


@compiled
def _undress(data: Bytes, bounds: Integers, values: Integers, digits: Integers, abroad: Truths, sure: Truths) -> None:
    for row in range(len(values)):
        start, stop = _trimmed(data, bounds[row], bounds[row + 1])
        first = _behind_label(data, start, stop)
        value, count, marks, end = _counted(data, first, stop)
        if count == 0 or data[first] == _MINUS or data[first] == _NBSP_FIRST or data[end - 1] == _NBSP_LAST:
            continue
        if marks == 1 and (data[end - 2] == _DOT or data[end - 3] == _DOT):
            spotless = first == start and end == stop and end - first == count + 1
            if not spotless or data[end - 2] != _DOT or data[end - 1] != _ZERO:
                continue
            value, count = value // 10, count - 1  # 501848973.0
        elif (count <= DATE and marks == _DATE_MARKS) or (count >= TWO and end - first != count):
            continue
        values[row], digits[row], abroad[row], sure[row] = value, count, data[first] == _PLUS_SIGN, count > 0


@compiled
def _trimmed(data: Bytes, first: int, end: int) -> tuple[int, int]:
    """As dress does: spaces, then quotes, then spaces."""
    for members in (IS_SPACE, IS_QUOTE, IS_SPACE):
        while first < end and members[data[first]]:
            first += 1
        while first < end and members[data[end - 1]]:
            end -= 1
    return first, end


@compiled
def _behind_label(data: Bytes, first: int, end: int) -> int:
    if first + _LABEL >= end or not IS_LETTER[data[first]] or IS_LETTER[data[first + _LABEL]]:
        return first
    for label in _LABELS:
        same = 0
        for place in range(_LABEL):
            same += (data[first + place] | _LOWER) == label[place]
        if same == _LABEL:
            first += _LABEL
            while first < end and IS_AFTER_LABEL[data[first]]:
                first += 1
            return first
    return first


@compiled
def _counted(data: Bytes, first: int, end: int) -> tuple[int, int, int, int]:
    """Give the digits as an integer, their number, that of marks, and where the number ends; zeros when in doubt."""
    value, count, marks, slashes = 0, 0, 0, 0
    for place in range(first, min(end, first + LONGEST_CELL)):
        weight = WEIGHTS[data[place]]
        if weight == DIGIT:
            value, count = value * 10 + (int(data[place]) - _ZERO), count + 1
        elif weight in (MARK, MARK | SLASH):
            marks += 1
            slashes += 0 if weight == MARK else 1 if count < HALF else 2  # so late it may part two numbers
        elif data[place] == _OPEN and IS_LETTER[data[place + 1]]:
            return (value, count, marks, place) if _is_remark(data, place, end) else _NOT_SURE
        elif weight != 0 and (weight != PLUS or place != first):
            return _NOT_SURE
        if count > MOST or slashes > 1:
            return _NOT_SURE
    return (value, count, marks, end) if end - first <= LONGEST_CELL else _NOT_SURE


@compiled
def _is_remark(data: Bytes, first: int, end: int) -> bool:
    """Say whether a bracket that ends the cell holds words: no digits in disguise, no extension, no second number."""
    if data[end - 1] != _CLOSE or not BEGINS_REMARK[data[first + 1]] or ENDS_EXTENSION[data[end - 2]]:
        return False
    digits = 0
    for place in range(first + 1, end - 1):
        digits += WEIGHTS[data[place]] == DIGIT
        if not IN_REMARK[data[place]]:
            return False
    return digits < HALF
