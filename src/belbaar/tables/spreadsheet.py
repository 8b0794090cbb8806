"""Cells that a spreadsheet would run instead of show, made harmless.

Excel and its kin take text that begins with ``=``, ``@``, ``+``, ``-``, a tab or a line end for a formula. An apostrophe
in front makes it text again. Telephone numbers may begin with ``+`` or ``-``: digits and their dress are left alone.

    >>> import pyarrow as pa
    >>> neutralise(pa.array(["=1+1", "@SUM(A1)", "+31 (0)20-123", "+A1", "-", "Jansen", ""])).to_pylist()
    ["'=1+1", "'@SUM(A1)", '+31 (0)20-123', "'+A1", '-', 'Jansen', '']
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from belbaar.tables.cell_bytes import byte_set, bytes_at, data_of

__all__ = ["neutralise", "neutralised"]

# the full-width twins of = @ + - work too
EXECUTED = r"^[=@\t\r\n\x{FF1D}\x{FF20}]|(?s:^[+\-\x{FF0B}\x{FF0D}].*[^\p{Nd}\p{Zs}().+\-])"

_BEGINS = byte_set(b"=@\t\r\n+-\xef")  # what such a cell begins with; in UTF-8 the twins begin with EF
_PLAIN = byte_set(b"0123456789 ().+-")  # a cell of these alone is none, whatever it begins with


def neutralise(cells: pa.Array) -> pa.Array:
    """Put an apostrophe before every cell that a spreadsheet would execute."""
    suspects = np.flatnonzero(bytes_at(cells, _BEGINS))
    if not len(suspects):
        return cells
    suspected = cells.take(pa.array(suspects))
    if _PLAIN[data_of(suspected)].all():
        return cells
    executed = pc.match_substring_regex(suspected, EXECUTED)
    if not pc.any(executed).as_py():
        return cells
    dangerous = np.zeros(len(cells), np.bool_)
    dangerous[suspects] = executed.to_numpy(zero_copy_only=False)
    return pc.replace_with_mask(
        cells, pa.array(dangerous), pc.binary_join_element_wise("'", suspected.filter(executed), "")
    )


def neutralised(text: str) -> str:
    """Do the same to one cell.

    >>> neutralised("=HYPERLINK(1)")
    "'=HYPERLINK(1)"
    """
    return str(neutralise(pa.array([text], pa.string()))[0].as_py())
