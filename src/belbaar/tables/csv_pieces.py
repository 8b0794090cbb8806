"""Read the body of a CSV file as pieces of a few megabytes: fast where it is regular, tolerant where it is not.

The tolerant way is ``Records``. The fast way is Arrow's parser, taken only for text on which both must agree: every quote
opens and closes a field, no blank lines, every record as long as the header. A test draws random files to prove it.
"""

import re
import sys
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from belbaar.errors import InputError
from belbaar.tables.encoding import utf8_blocks
from belbaar.tables.records import LARGEST_RECORD, NO_DELIMITER, Records
from belbaar.tables.table import Batch, RowProblem, Table

__all__ = ["pieces"]

BLANK_LINES = (b"\n\n", b"\n\r", b"\r\r")
BOM = "\ufeff".encode()


class Piece(NamedTuple):
    """Rows, and how many bytes and lines of the text they took."""

    batch: Batch | None
    used: int
    lines: int


def pieces(table: Table) -> Iterator[Batch]:
    """Yield the rows of a CSV file in the sizes they come in."""
    dialect = table.dialect
    parse = Parser(table.columns, dialect.delimiter or NO_DELIMITER)
    line, rest = dialect.body_line, b""
    for block, last in _with_last(_skip(utf8_blocks(table.path, dialect.encoding, bom=dialect.bom), dialect.body_at)):
        rest += block
        while rest:
            batch, used, lines = parse(rest, line, last=last)
            if not used:
                break
            rest, line = rest[used:], line + lines
            if batch is not None:
                yield batch
        if rest and (last or len(rest) > LARGEST_RECORD):
            opened = parse.first_odd_quote(rest)
            raise InputError(
                "the quote that opens here is never closed",
                where=f"{table.path}, line {line + _count_lines(rest[:opened])}",
                todo="Close the quote or remove it; nothing after it can be read.",
            )


class Parser:
    """Cuts text into rows of the columns given."""

    def __init__(self, columns: tuple[str, ...], delimiter: str) -> None:
        self.delimiter = delimiter
        self.schema = pa.schema([(name, pa.string()) for name in columns])
        self.fast = delimiter.isascii()
        sign = re.escape(delimiter.encode())
        field = rb'(?<![^%b\r\n])"(?:[^"]++|"")*+"(?![^%b\r\n])' % (sign, sign)
        self.regular = re.compile(rb'(?:[^"]++|%b)*+' % field)

    def first_odd_quote(self, text: bytes, end: int = sys.maxsize) -> int:
        """Find the first quote that does not open or close a field as it should; else the end."""
        match = self.regular.match(text, 0, end)
        return match.end() if match else 0

    def __call__(self, text: bytes, line: int, *, last: bool) -> Piece:
        """Take as many whole records off the front as one way of reading can."""
        whole = len(text) if last else 1 + max(text.rfind(b"\n"), text.rfind(b"\r", 0, len(text) - 1))
        regular = self._regular_end(text, whole)
        if not regular:
            return self._tolerant(text[:whole], line)
        if self.fast and not text.startswith((BOM, b"\n", b"\r")) and not _has_blank_line(text, regular):
            data = self._arrow(text[:regular])
            if data is not None:
                return self._located(data, text[:regular], line)
        return self._tolerant(text[:regular], line)

    def _regular_end(self, text: bytes, whole: int) -> int:
        """Find where the last record ends before the first quote that is out of place."""
        if text.find(b'"', 0, whole) < 0:
            return whole
        end = self.first_odd_quote(text, whole)
        while 0 < end < whole:
            end = 1 + max(text.rfind(b"\n", 0, end), text.rfind(b"\r", 0, end))
            if text.count(b'"', 0, end) % 2 == 0:
                break
            end = text.rfind(b'"', 0, end)  # a line end inside quotes: look before them
        return end

    def _arrow(self, text: bytes) -> pa.RecordBatch | None:
        quoted = b'"' in text
        try:
            table = arrow_csv.read_csv(
                pa.BufferReader(text),
                read_options=arrow_csv.ReadOptions(column_names=self.schema.names),
                parse_options=arrow_csv.ParseOptions(
                    delimiter=self.delimiter,
                    quote_char='"' if quoted else False,
                    newlines_in_values=quoted,
                    ignore_empty_lines=False,
                ),
                convert_options=arrow_csv.ConvertOptions(
                    column_types=self.schema, strings_can_be_null=False, null_values=[], check_utf8=False
                ),
            )
        except pa.ArrowInvalid:  # a ragged row, or a field larger than Arrow's block
            return None
        return table.combine_chunks().to_batches()[0]

    def _located(self, data: pa.RecordBatch, text: bytes, line: int) -> Piece:
        """Number rows by the line each begins on; quoted line ends make some rows longer than a line."""
        lines = _count_lines(text)
        lines += not text.endswith((b"\n", b"\r"))
        if lines == data.num_rows:
            rows = pa.array(np.arange(line, line + lines))
        else:
            extra = [0, *map(sum, zip(*map(_line_ends, data.columns), strict=True))]
            before = pc.cumulative_sum(pa.array(extra, pa.int64()))[:-1]
            rows = pc.add(pa.array(np.arange(line, line + data.num_rows)), before)
        return Piece(Batch(rows, data, pa.repeat("", data.num_rows)), len(text), lines)

    def _tolerant(self, text: bytes, line: int) -> Piece:
        width = len(self.schema)
        decoded = text.decode()
        records = Records(decoded, self.delimiter, line)
        numbers, fields, overflow, problems = [], [], [], []
        for record in records:
            if len(record.fields) != width:
                problems.append(_ragged(record.line, len(record.fields), width))
            numbers.append(record.line)
            fields.append(record.fields[:width] + [""] * (width - len(record.fields)))
            overflow.append(self.delimiter.join(record.fields[width:]))
        used = len(decoded[: records.used].encode()) if records.unfinished else len(text)
        if not numbers:
            return Piece(None, used, records.line - line)
        arrays = [pa.array(column, pa.string()) for column in zip(*fields, strict=True)]
        data = pa.RecordBatch.from_arrays(arrays, schema=self.schema)
        batch = Batch(pa.array(numbers, pa.int64()), data, pa.array(overflow, pa.string()), problems)
        return Piece(batch, used, records.line - line)


def _has_blank_line(text: bytes, end: int) -> bool:
    """Look for two line ends in a row; three plain searches are far faster than one expression."""
    return any(text.find(pair, 0, end) >= 0 for pair in BLANK_LINES)


def _ragged(row: int, seen: int, width: int) -> RowProblem:
    todo = "Check for a delimiter inside a field without quotes." if seen > width else "Check for a broken row."
    kept = "the surplus is kept apart" if seen > width else "the missing ones are empty"
    return RowProblem(row, f"{seen} field{'s' * (seen != 1)} where the header has {width}; {kept}", todo)


def _count_lines(text: bytes) -> int:
    return text.count(b"\n") + text.count(b"\r") - text.count(b"\r\n")


def _line_ends(column: pa.Array) -> list[int]:
    counts = [pc.count_substring(column, end) for end in ("\n", "\r", "\r\n")]
    result: list[int] = pc.subtract(pc.add(counts[0], counts[1]), counts[2]).to_pylist()
    return result


def _skip(blocks: Iterator[bytes], count: int) -> Iterator[bytes]:
    for block in blocks:
        yield block[count:]
        count = max(0, count - len(block))


def _with_last(blocks: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Tell of each block whether it is the last one."""
    held = next(blocks, None)
    for block in blocks:
        if held is not None:
            yield held, False
        held = block
    if held is not None:
        yield held, True
