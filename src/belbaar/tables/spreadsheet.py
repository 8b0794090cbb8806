"""Cells that a spreadsheet would run instead of show, made harmless.

Excel and its kin take text that begins with ``=``, ``@``, ``+``, ``-``, a tab or a line end for a formula. An apostrophe
in front makes it text again. Telephone numbers may begin with ``+`` or ``-``: digits and their dress are left alone.

    >>> import pyarrow as pa
    >>> neutralise(pa.array(["=1+1", "@SUM(A1)", "+31 (0)20-123", "+A1", "-", "Jansen", ""])).to_pylist()
    ["'=1+1", "'@SUM(A1)", '+31 (0)20-123', "'+A1", '-', 'Jansen', '']
"""

import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["neutralise", "neutralised"]

# the full-width twins of = @ + - work too
EXECUTED = r"^[=@\t\r\n\x{FF1D}\x{FF20}]|(?s:^[+\-\x{FF0B}\x{FF0D}].*[^\p{Nd}\p{Zs}().+\-])"


def neutralise(cells: pa.Array) -> pa.Array:
    """Put an apostrophe before every cell that a spreadsheet would execute."""
    dangerous = pc.match_substring_regex(cells, EXECUTED)
    if not pc.any(dangerous).as_py():
        return cells
    return pc.if_else(dangerous, pc.binary_join_element_wise("'", cells, ""), cells)


def neutralised(text: str) -> str:
    """Do the same to one cell.

    >>> neutralised("=HYPERLINK(1)")
    "'=HYPERLINK(1)"
    """
    return str(neutralise(pa.array([text], pa.string()))[0].as_py())
