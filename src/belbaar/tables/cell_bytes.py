"""The bytes of a column of text, looked at all at once: where most cells need nothing, that is seen in one pass.

>>> import pyarrow as pa
>>> cells = pa.array(["a;b", "", "c", ";"])
>>> bytes_at(cells, byte_set(b";")).tolist(), cells_with(cells, byte_set(b";")).tolist()
([False, False, False, True], [True, False, False, True])
"""

__all__ = ["Truths", "byte_set", "bytes_at", "cells_with", "data_of"]

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Truths = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]


def byte_set(members: bytes) -> Truths:
    """Make a table that tells of each byte whether it is a member."""
    found = np.zeros(256, np.bool_)
    found[list(members)] = True
    return found


def data_of(cells: pa.Array) -> Bytes:
    """Give the bytes of all cells of a column of strings, one cell behind the other."""
    bounds = _bounds(cells)
    data = cells.buffers()[2]
    return np.frombuffer(data, np.uint8)[bounds[0] : bounds[-1]] if data is not None else np.zeros(0, np.uint8)


def bytes_at(cells: pa.Array, members: Truths) -> Truths:
    """Tell of each cell whether it begins with a member; an empty one does not."""
    bounds = _bounds(cells)
    found = np.zeros(len(cells), np.bool_)
    filled = np.flatnonzero(np.diff(bounds))
    found[filled] = members[data_of(cells)[bounds[filled] - bounds[0]]]
    return found


def cells_with(cells: pa.Array, members: Truths) -> Truths:
    """Tell of each cell whether a member is in it."""
    bounds = _bounds(cells)
    found = np.zeros(len(cells), np.bool_)
    places = np.flatnonzero(members[data_of(cells)])
    found[np.searchsorted(bounds, places + bounds[0], side="right") - 1] = True
    return found


def _bounds(cells: pa.Array) -> npt.NDArray[np.int32]:
    """Give where each cell begins, and where the last one ends."""
    offsets = cells.buffers()[1]
    if offsets is None:
        return np.zeros(1, np.int32)
    return np.frombuffer(offsets, np.int32)[cells.offset : cells.offset + len(cells) + 1]
