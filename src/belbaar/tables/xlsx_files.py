"""Excel workbooks. One worksheet is read; a title above the header is kept and written back.

Cells come as text: numbers digit by digit, dates as ISO 8601. A column of numbers, dates or truths is written as such again;
a column in which some are text is written as text, so that no telephone number becomes 3.11E+10.
"""

import contextlib
import itertools
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree.ElementTree import ParseError

import openpyxl
import pyarrow as pa
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from belbaar.errors import InputError, nearest
from belbaar.tables.cells import cell_text, kind_of_cells
from belbaar.tables.layout import HEAD_RECORDS, column_width, find_header, unique_names
from belbaar.tables.table import Batch, Dialect, Options, RowProblem, Table
from belbaar.tables.xlsx_formulas import formula_notes
from belbaar.tables.xlsx_writer import ROWS, Writer

__all__ = ["Writer", "batches", "look"]

BETWEEN_SURPLUS = ";"
CELLS = 5_000_000
"""Cells of a batch: some hundred megabytes."""
REMEDY = "Open it in Excel and save it anew, or export it again."
DAMAGE = (zipfile.BadZipFile, zlib.error, ParseError, InvalidFileException, KeyError, ValueError, TypeError, EOFError)

Row = tuple[object, ...]


def look(path: Path, options: Options) -> Table:
    """Choose the worksheet and find its header."""
    with _opened(path) as workbook:
        sheet, notes = _sheet(workbook, path, options.sheet)
        head = list(itertools.islice(_rows(sheet), HEAD_RECORDS))
    texts = [[cell_text(value) for value in row] for row in head]
    index = find_header(texts, options.header)
    header = () if index is None else tuple(texts[index])
    first = 0 if index is None else index + 1
    columns, name_notes = unique_names(header, max(len(header), column_width(texts[first:])))
    cells = itertools.zip_longest(*head[first:]) if head[first:] else ()
    kinds = {name: kind for name, column in zip(columns, cells, strict=False) if (kind := kind_of_cells(column))}
    dialect = Dialect(
        sheet=sheet.title,
        header=header,
        header_row=first,
        preamble=tuple(map(tuple, texts[:index])) if index else (),
        kinds=kinds,
        body_line=first + 1,
    )
    if index is None:
        notes = (*notes, "no header: columns are numbered")
    elif index:
        notes = (*notes, f"header found on row {index + 1}")
    return Table(path, "xlsx", columns, dialect, (*notes, *name_notes, *formula_notes(path)))


def batches(table: Table, size: int) -> Iterator[Batch]:
    """Read the worksheet's rows; rows without any cell are none."""
    with _opened(table.path) as workbook:
        numbered = enumerate(_rows(workbook[table.dialect.sheet]), 1)
        rows = itertools.islice(numbered, table.dialect.body_line - 1, None)
        filled = ((number, row) for number, row in rows if row)
        while chunk := _taken(filled, size):
            yield _batch(chunk, table.columns)


def _taken(rows: Iterator[tuple[int, Row]], size: int) -> list[tuple[int, Row]]:
    """Take rows, fewer where they are wide: an empty cell takes room too."""
    taken: list[tuple[int, Row]] = []
    cells = 0
    with warnings.catch_warnings():  # openpyxl warns of what it does not support; values are not touched by it
        warnings.simplefilter("ignore")
        for numbered in rows:
            taken.append(numbered)
            cells += len(numbered[1])
            if len(taken) == size or cells >= CELLS:
                break
    return taken


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[Workbook]:
    """Open a workbook, and say in one way what a damaged one is."""
    try:
        with path.open("rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            workbook = openpyxl.load_workbook(file, read_only=True, data_only=True)
            try:
                yield workbook
            finally:
                workbook.close()
    except DAMAGE as error:
        raise InputError("the Excel file is damaged and cannot be read", where=str(path), todo=REMEDY) from error


def _rows(sheet: ReadOnlyWorksheet) -> Iterator[Row]:
    """Yield every row up to its last filled cell."""
    sheet.reset_dimensions()  # what the file says of its size is often wrong
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):  # type: ignore[misc]  # the stub takes it for a Worksheet
        if number > ROWS:
            raise InputError(f"a sheet has at most {ROWS:,} rows, and this one says it has more", todo=REMEDY)
        end = next((n for n in range(len(row), 0, -1) if row[n - 1] not in (None, "")), 0)
        yield row[:end]


def _sheet(workbook: Workbook, path: Path, wanted: str | None) -> tuple[ReadOnlyWorksheet, tuple[str, ...]]:
    """Take the sheet that is asked for, or the only one with anything in it."""
    sheets = {sheet.title: sheet for sheet in workbook.worksheets}
    if wanted is not None:
        if wanted not in sheets:
            raise InputError(f'there is no sheet "{wanted}"', where=str(path), todo=nearest(wanted, sheets))
        return sheets[wanted], ()
    filled = [title for title, sheet in sheets.items() if any(itertools.islice(_rows(sheet), HEAD_RECORDS))]
    visible = [title for title in filled if sheets[title].sheet_state == "visible"]
    if len(visible) > 1:
        names = ", ".join(f'"{title}"' for title in visible)
        todo = f'Choose one with --sheet "{visible[0]}".'
        raise InputError(f"{len(visible)} sheets have rows: {names}", where=str(path), todo=todo)
    if not visible:
        raise InputError("no sheet has rows", where=str(path), todo="Export it again; not even a header is there.")
    hidden = tuple(f'hidden sheet "{title}" is not read' for title in filled if title not in visible)
    said = (f'sheet "{visible[0]}"',) if len(sheets) > 1 else ()
    return sheets[visible[0]], (*said, *hidden)


def _batch(chunk: Sequence[tuple[int, Row]], columns: tuple[str, ...]) -> Batch:
    width = len(columns)
    texts = [[cell_text(value) for value in row[:width]] + [""] * (width - len(row)) for _, row in chunk]
    overflow = [BETWEEN_SURPLUS.join(map(cell_text, row[width:])) for _, row in chunk]
    problems = [
        RowProblem(
            number, f"cells beyond column {width}, the last with a name; they are kept apart", "Name the columns."
        )
        for number, row in chunk
        if len(row) > width
    ]
    arrays = [pa.array(column, pa.string()) for column in zip(*texts, strict=True)]
    numbers = pa.array([number for number, _ in chunk], pa.int64())
    return Batch(
        numbers, pa.RecordBatch.from_arrays(arrays, names=list(columns)), pa.array(overflow, pa.string()), problems
    )
