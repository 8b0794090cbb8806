"""Write CSV a batch at a time, in the dialect of the file that was read.

    >>> render(["Jansen; Co", "Utrecht", ""], ";", quote_all=False)
    '"Jansen; Co";Utrecht;'

Fields are quoted where they must be, or all when the original did so. Cells that a spreadsheet would run are neutralised.
"""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

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
        cells = [self._quoted(neutralise(as_text(column))) for column in data.columns]
        records = cells[0] if len(cells) == 1 else pc.binary_join_element_wise(*cells, self._delimiter)
        lines = pc.binary_join_element_wise(records, self._line_end, "")
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

    def _quoted(self, cells: pa.Array) -> pa.Array:
        """Put quotes around the cells that need them."""
        sign = rf"\x{{{ord(self._delimiter):x}}}" if self._delimiter else ""
        must = rf"[{sign}\"\r\n]" + ("|^$" if len(self.names) == 1 else "")  # a lone empty cell would be a blank line
        needs = pc.match_substring_regex(cells, "(?s:.*)" if self._quote_all else must)
        if not pc.any(needs).as_py():
            return cells
        doubled = pc.replace_substring(cells, '"', '""')
        return pc.if_else(needs, pc.binary_join_element_wise('"', doubled, '"', ""), cells)

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
