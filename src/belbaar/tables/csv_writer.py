"""Write CSV a batch at a time, in the dialect of the file that was read.

    >>> render(["Jansen; Co", "Utrecht", ""], ";", quote_all=False)
    '"Jansen; Co";Utrecht;'

Fields are quoted where they must be, or all when the original did so. Cells that a spreadsheet would run are neutralised.
"""

import re
import shutil
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from belbaar.tables.cell_bytes import Truths, byte_set, cells_with
from belbaar.tables.spreadsheet import neutralise, neutralised
from belbaar.tables.table import Dialect, Table
from belbaar.tables.texts import as_text

__all__ = ["Writer", "render"]

FOR_EXCEL = Dialect(delimiter=";", bom=True, line_end="\r\n", header_row=1)  # what a Dutch Excel opens well


def render(fields: Sequence[str], delimiter: str | None, *, quote_all: bool) -> str:
    """Write one record, without its line end."""
    must = re.compile(f'[{re.escape(delimiter or "")}"\r\n]')
    lonely = len(fields) == 1 and not fields[0]  # else it would be a blank line
    quoted = (
        f'"{field.replace(chr(34), 2 * chr(34))}"' if quote_all or lonely or must.search(field) else field
        for field in fields
    )
    return (delimiter or "").join(quoted)


class Writer:
    """Writes a file like ``table``, or one that Excel opens when the table was no CSV."""

    def __init__(self, table: Table, out: Path, names: Sequence[str]) -> None:
        self.names = list(names)
        self.notes: list[str] = []
        same = table.format == "csv"
        dialect = table.dialect if same else FOR_EXCEL
        usual = "\t" if out.suffix.lower() in (".tsv", ".tab") else ";"
        self._delimiter = (dialect.delimiter if same else None) or (usual if len(self.names) > 1 else None)
        self._quote_all, self._line_end, self._encoding = dialect.quote_all, dialect.line_end, dialect.encoding
        self._signs = byte_set((self._delimiter or "").encode() + b'"\r\n')
        self._out = out
        self._file = out.open("wb")
        if dialect.bom:
            self._file.write("\ufeff".encode(self._encoding))
        original = dict(zip(table.columns, dialect.header, strict=False)) if same else {}
        for row in dialect.preamble if same else ():
            self._put(row[0] if row[:1] and row[0].lower().startswith("sep=") else self._line(row))
        if dialect.has_header or tuple(names) != table.columns:
            self._put(self._line([original.get(name, name) for name in self.names]))

    def write(self, data: pa.Table) -> None:
        """Append rows."""
        if not data.num_rows:  # Arrow gives texts of no rows a buffer of some bytes
            return
        cells = [
            text for _, alike in groupby(map(_whole, data.columns), key=_indices) for text in self._written(list(alike))
        ]
        ends = pc.binary_join_element_wise(cells.pop(), self._line_end, "")
        lines = pc.binary_join_element_wise(*cells, ends, self._delimiter) if cells else ends
        text = lines.buffers()[2]
        if text is None:
            return
        if self._encoding == "utf-8":
            self._file.write(text)
        else:
            self._encode(bytes(text).decode())

    def close(self) -> None:
        """Finish the file."""
        self._file.close()

    def _line(self, fields: Sequence[str]) -> str:
        safe = [neutralised(field) for field in fields]
        return render(safe, self._delimiter, quote_all=self._quote_all) if safe else ""

    def _put(self, line: str) -> None:
        self._encode(line + self._line_end)

    def _written(self, columns: Sequence[pa.Array]) -> Sequence[pa.Array]:
        """Give columns as they are written. Of those with few values, as the verdict's are, only these are looked at."""
        if not pa.types.is_dictionary(columns[0].type):
            return [self._quoted(neutralise(as_text(column))) for column in columns]
        texts = [self._quoted(neutralise(as_text(column.dictionary))) for column in columns]
        joined = pc.binary_join_element_wise(*texts, self._delimiter) if len(texts) > 1 else texts[0]
        return [joined.take(columns[0].indices).fill_null("")]

    def _quoted(self, cells: pa.Array) -> pa.Array:
        """Put quotes around the cells that need them."""
        needs = self._need_quotes(cells)
        if not needs.any():
            return cells
        mask = pa.array(needs)
        doubled = pc.replace_substring(cells.filter(mask), '"', '""')
        return pc.replace_with_mask(cells, mask, pc.binary_join_element_wise('"', doubled, '"', ""))

    def _need_quotes(self, cells: pa.Array) -> Truths:
        if self._quote_all:
            return np.ones(len(cells), np.bool_)
        if self._delimiter and not self._delimiter.isascii():
            must = rf"[\x{{{ord(self._delimiter):x}}}\"\r\n]"
            return np.asarray(pc.match_substring_regex(cells, must).to_numpy(zero_copy_only=False))
        needs = cells_with(cells, self._signs)
        if len(self.names) == 1:  # a lone empty cell would be a blank line
            needs |= pc.equal(cells, "").to_numpy(zero_copy_only=False)
        return needs

    def _encode(self, text: str) -> None:
        try:
            self._file.write(text.encode(self._encoding))
        except UnicodeEncodeError as error:
            self.notes.append(f'written as UTF-8: {self._encoding} has no "{text[error.start]}"')
            self._turn_to_utf8()
            self._file.write(text.encode())

    def _turn_to_utf8(self) -> None:
        """Write anew as UTF-8 what stands there, with the mark by which Excel knows it."""
        self._file.close()
        before = self._out.with_name(self._out.name + ".before")
        self._out.rename(before)
        try:
            with (
                before.open(encoding=self._encoding, newline="") as old,
                self._out.open("w", encoding="utf-8-sig", newline="") as new,
            ):
                shutil.copyfileobj(old, new)
        finally:
            before.unlink()
        self._encoding = "utf-8"
        self._file = self._out.open("ab")


def _whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    if not isinstance(column, pa.ChunkedArray):
        return column
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _indices(column: pa.Array) -> tuple[int, int]:
    """Tell columns of few values by where their indices lie: those of a verdict lie in one place."""
    if not pa.types.is_dictionary(column.type):
        return (0, 0)
    return (column.indices.buffers()[1].address, column.offset)
