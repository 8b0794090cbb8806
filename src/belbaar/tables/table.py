"""What a file holds once it is open: a table of text that remembers how it was written.

    >>> Dialect(delimiter=";", encoding="cp1252", header=("Naam", "Telefoon"), header_row=1).has_header
    True

Invariant: every record of the file is one row of one batch, in order, and its text is the file's own text. A record of
another length than the header is padded, or its surplus kept in ``overflow``; either way there is a ``RowProblem``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Batch", "Dialect", "Options", "RowProblem", "Table"]


@dataclass(frozen=True)
class Options:
    """What the sender says about the file; what is None is found out."""

    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    header: bool | None = None


@dataclass(frozen=True)
class Dialect:
    """How the file was written: all that ``write_like`` needs to write another one like it.

    Args:
        delimiter: between two fields; None when the file has one column.
        encoding: of the text, as Python names it.
        bom: whether the text began with a byte order mark.
        quote_all: whether every field stands in quotes, not only those that need them.
        line_end: what closes a record.
        sheet: name of the worksheet that was read.
        header: names as they stand in the file, before they were made unique.
        header_row: the row they stand on, counted from 1; 0 when there is none.
        preamble: rows above the header, such as a title.
        kinds: column → ``number``, ``date``, ``bool``, ``json`` where the file itself is typed (XLSX, JSON Lines).
        empties: column → how JSON Lines writes an empty cell: ``null``, ``""``, or not at all.
        schema: the Arrow schema of a Parquet file.
        body_at: where the first data record begins, in bytes of the text as UTF-8.
        body_line: the line that record begins on.
    """

    delimiter: str | None = None
    encoding: str = "utf-8"
    bom: bool = False
    quote_all: bool = False
    line_end: str = "\n"
    sheet: str = ""
    header: tuple[str, ...] = ()
    header_row: int = 0
    preamble: tuple[tuple[str, ...], ...] = ()
    kinds: dict[str, str] = field(default_factory=dict)
    empties: dict[str, str] = field(default_factory=dict)
    schema: pa.Schema | None = None
    body_at: int = 0
    body_line: int = 1

    @property
    def has_header(self) -> bool:
        """Whether the file names its columns."""
        return self.header_row > 0


@dataclass(frozen=True)
class RowProblem:
    """A row that is kept, but was not as it should be."""

    row: int
    what: str
    todo: str = ""


@dataclass(frozen=True)
class Batch:
    """Some consecutive rows.

    Args:
        rows: each row's number in the file as a person counts it (int64).
        data: every column of the table, as text; nothing there is the empty text.
        overflow: fields beyond the last column, joined by the delimiter; normally empty.
        problems: what was wrong with rows of this batch.
    """

    rows: pa.Array
    data: pa.RecordBatch
    overflow: pa.Array
    problems: list[RowProblem] = field(default_factory=list)

    def split(self, size: int) -> Iterator[Batch]:
        """Yield the same rows in batches of at most ``size``."""
        for start in range(0, len(self.rows), size):
            rows = self.rows.slice(start, size)
            first, last = rows[0].as_py(), rows[-1].as_py()
            problems = [problem for problem in self.problems if first <= problem.row <= last]
            yield Batch(rows, self.data.slice(start, size), self.overflow.slice(start, size), problems)


@dataclass(frozen=True)
class Table:
    """A file that was looked at and found readable.

    Args:
        path: the file.
        format: ``csv``, ``xlsx``, ``parquet`` or ``jsonl``.
        columns: names in order, unique.
        dialect: how it was written.
        notes: what was noticed on the way, a phrase each, for the report.
    """

    path: Path
    format: str
    columns: tuple[str, ...]
    dialect: Dialect
    notes: tuple[str, ...] = ()

    def batches(self, size: int = 100_000) -> Iterator[Batch]:
        """Read the file from its first data row, at most ``size`` rows at a time; can be asked again."""
        from belbaar.tables.formats import load  # noqa: PLC0415  formats know tables

        return load(self.format).batches(self, size)
