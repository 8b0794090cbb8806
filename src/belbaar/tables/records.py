r"""Split text into records the tolerant way: the reference that the fast way must equal.

Quotes count where a field begins with one, doubled quotes inside are one quote, and a quoted field may run over lines.
A quote anywhere else is a character like any other. A blank line is no record.

    >>> [(record.line, record.fields) for record in Records('a;"b\nc"\n\nd;5" pijp\n', ";")]
    [(1, ['a', 'b\nc']), (4, ['d', '5" pijp'])]

A quote that never closes ends the reading *before* its record; ``unfinished`` tells that it happened.

    >>> records = Records('a;b\nc;"d\n', ";")
    >>> [record.fields for record in records], records.unfinished, records.line
    ([['a', 'b']], True, 2)
"""

import csv
import io
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["LARGEST_RECORD", "NO_DELIMITER", "Record", "Records"]

LARGEST_RECORD = 16_000_000  # characters; beyond it a quote was left open
NO_DELIMITER = "\x1f"  # for a file of one column: a character that no text holds


class Record(NamedTuple):
    """One record: the line it begins on, where it begins and ends in the text, its fields."""

    line: int
    start: int
    end: int
    fields: list[str]


class _Lines:
    """Hands out lines and knows how far it got."""

    def __init__(self, text: str) -> None:
        self.lines = io.StringIO(text, newline="")
        self.count = 0
        self.used = 0
        self.dry = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.lines.readline()
        if not line:
            self.dry = True
            raise StopIteration
        self.count += 1
        self.used += len(line)
        return line


class Records:
    """The records of a text, one by one.

    ``line`` and ``used`` tell the line and the place that the next record begins at.
    """

    def __init__(self, text: str, delimiter: str | None, first_line: int = 1) -> None:
        csv.field_size_limit(LARGEST_RECORD)
        self._lines = _Lines(text)
        self._reader = csv.reader(self._lines, delimiter=delimiter or NO_DELIMITER)
        self._first_line = first_line
        self.line = first_line
        self.used = 0
        self.unfinished = False

    def __iter__(self) -> Iterator[Record]:
        for fields in self._reader:
            if self._lines.dry:  # the reader wanted more of this record, and there was no more
                self.unfinished = True
                return
            record = Record(self.line, self.used, self._lines.used, fields)
            self.line, self.used = self._first_line + self._lines.count, self._lines.used
            if fields:
                yield record
