"""Write an Excel workbook row by row, columns of numbers and dates as such, text as text."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from belbaar.errors import InputError
from belbaar.tables.cells import Cell, typed
from belbaar.tables.spreadsheet import neutralise, neutralised
from belbaar.tables.table import Table
from belbaar.tables.texts import as_text

__all__ = ["ROWS", "Writer"]

ROWS = 1_048_576  # Excel's own limits
CHARACTERS = 32_767


class Writer:
    """Writes a workbook with one sheet, like the one that was read."""

    def __init__(self, table: Table, out: Path, names: Sequence[str]) -> None:
        same = table.format == "xlsx"
        self.notes: list[str] = []
        self._out = out
        self._kinds = [table.dialect.kinds.get(name) if name in table.columns else None for name in names]
        self._row = 0
        self._workbook = Workbook(write_only=True)
        self._sheet = self._workbook.create_sheet((same and table.dialect.sheet) or "belbaar")
        original = dict(zip(table.columns, table.dialect.header, strict=False))
        for row in table.dialect.preamble if same else ():
            self._append(map(neutralised, row))
        if table.dialect.has_header or not same or tuple(names) != table.columns:
            self._append(neutralised(original.get(name, name)) for name in names)

    def write(self, data: pa.Table) -> None:
        """Append rows."""
        kinds = [_kind(column.type) or kind for column, kind in zip(data.columns, self._kinds, strict=True)]
        cells = [_cells(column, kind) for column, kind in zip(data.columns, kinds, strict=True)]
        for row in zip(*cells, strict=True):
            self._append(row)

    def close(self) -> None:
        """Finish the file."""
        self._workbook.save(self._out)

    def _append(self, cells: Iterable[Cell]) -> None:
        self._row += 1
        if self._row > ROWS:
            todo = "Write to a .csv file instead."
            raise InputError(f"an Excel sheet holds {ROWS:,} rows and no more", where=str(self._out.parent), todo=todo)
        self._sheet.append([self._safe(cell) for cell in cells])

    def _safe(self, cell: Cell) -> Cell:
        """Refuse what Excel would cut off, and replace control characters, which XML cannot hold."""
        if not isinstance(cell, str):
            return cell
        if len(cell) > CHARACTERS:
            what = f"a cell of {len(cell):,} characters, where Excel holds {CHARACTERS:,}"
            raise InputError(what, where=f"row {self._row}", todo="Write to a .csv file instead.")
        if not ILLEGAL_CHARACTERS_RE.search(cell):
            return cell or None
        self.notes.append(f"row {self._row}: control characters became \ufffd, as Excel cannot hold them")
        return ILLEGAL_CHARACTERS_RE.sub("\ufffd", cell)


def _kind(kind: pa.DataType) -> str | None:
    """Tell how a typed Arrow column is written; text has no kind of its own."""
    if pa.types.is_boolean(kind):
        return "bool"
    return "number" if pa.types.is_integer(kind) or pa.types.is_floating(kind) else None


def _cells(column: pa.Array, kind: str | None) -> list[Cell]:
    texts = as_text(column)
    if kind is None:
        safe: list[Cell] = neutralise(texts).to_pylist()
        return safe
    values = (typed(text, kind) for text in texts.to_pylist())
    return [neutralised(value) if isinstance(value, str) and value else value for value in values]
