"""Files that people send, read into rows of text without losing anything, and written back the way they came.

    >>> from zoneinfo import ZoneInfo
    >>> parse_instant("1-7-2021 14:05", ZoneInfo("Europe/Amsterdam")).isoformat()
    '2021-07-01T14:05:00+02:00'

``open_table`` finds out what a file is and tells its columns; ``Table.batches`` reads its rows; ``write_like`` writes
others like it. ``number_columns`` and ``recognise`` read headers, ``parse_instant`` and its kin read cells. The room
knows nothing of what telephone numbers mean, of law or ledger.
"""

from belbaar.tables.ahead import read_ahead
from belbaar.tables.header_words import looks_like_objection
from belbaar.tables.headers import Recognised, number_columns, parse_map, recognise
from belbaar.tables.opening import open_table
from belbaar.tables.table import Batch, Dialect, RowProblem, Table
from belbaar.tables.values import parse_day, parse_instant, parse_yes_no
from belbaar.tables.write import write_like

__all__ = [
    "Batch",
    "Dialect",
    "Recognised",
    "RowProblem",
    "Table",
    "looks_like_objection",
    "number_columns",
    "open_table",
    "parse_day",
    "parse_instant",
    "parse_map",
    "parse_yes_no",
    "read_ahead",
    "recognise",
    "write_like",
]
