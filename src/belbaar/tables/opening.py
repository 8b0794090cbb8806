"""Open a file that somebody sent: find out what it is, then let its format look at it."""

from pathlib import Path

from belbaar.errors import InputError
from belbaar.tables.formats import load
from belbaar.tables.sniff import sniff
from belbaar.tables.table import Options, Table

__all__ = ["MOST_COLUMNS", "open_table"]

MOST_COLUMNS = 16_384
"""As many as a sheet of Excel has."""


def open_table(
    path: Path,
    *,
    delimiter: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    header: bool | None = None,
) -> Table:
    """Look at a file and tell its columns; its rows are read by ``Table.batches``.

    Args:
        path: the file.
        delimiter: one character, or ``tab``; found out if None. Only for text.
        encoding: such as ``cp1252``; found out if None. Only for text.
        sheet: name of the worksheet. Only for Excel files.
        header: whether there is a row of column names; found out if None.

    Raises:
        InputError: it is no table, or not what its name says; it says which, and what to do.
    """
    path = Path(path)
    name = sniff(path)
    if sheet is not None and name != "xlsx":
        raise InputError("it has no worksheets", where=str(path), todo="Leave out --sheet.")
    table = load(name).look(path, Options(delimiter, encoding, sheet, header))
    if len(table.columns) > MOST_COLUMNS:
        what = f"it has {len(table.columns):,} columns; a list has {MOST_COLUMNS:,} at most"
        raise InputError(what, where=str(path), todo="Export only the columns that you need.", code="too-wide")
    return table
