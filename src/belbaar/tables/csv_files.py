r"""Text files of records: CSV and its kin, with any delimiter, or one field a line.

>>> import tempfile
>>> with tempfile.TemporaryDirectory() as folder:
...     path = Path(folder) / "lijst.csv"
...     _ = path.write_bytes("Naam;Telefoon\r\nÖzdemir;020-1136469\r\n".encode("cp1252"))
...     table = look(path, Options())
...     table.columns, table.notes, [batch.data.to_pylist() for batch in batches(table, 10)]
(('Naam', 'Telefoon'), ('encoding cp1252',), [[{'Naam': 'Özdemir', 'Telefoon': '020-1136469'}]])
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from belbaar.errors import InputError
from belbaar.tables.csv_pieces import pieces
from belbaar.tables.csv_writer import Writer, render
from belbaar.tables.encoding import Encoding, find_encoding, line_at, utf8_blocks
from belbaar.tables.layout import HEAD_RECORDS, column_width, find_delimiter, find_header, unique_names
from belbaar.tables.records import Record, Records
from belbaar.tables.table import Batch, Dialect, Options, Table

__all__ = ["Writer", "batches", "look"]

HEAD = 1 << 20  # characters of text that the layout is judged by
NAMED_DELIMITERS = {"tab": "\t", "\\t": "\t", "semicolon": ";", "comma": ",", "pipe": "|"}


def look(path: Path, options: Options) -> Table:
    """Find encoding, delimiter and header of a text file."""
    encoding = find_encoding(path, options.encoding)
    text = _head(path, encoding)
    announced = _announced(text)
    delimiter = _checked(options.delimiter, path) or announced or find_delimiter(text)
    records = list(itertools.islice(Records(text, delimiter), HEAD_RECORDS))
    if not records:
        _refuse_unreadable(path, text)
    shown = records[1:] if announced else records
    found = find_header([record.fields for record in shown], options.header)
    index = None if found is None else found + len(records) - len(shown)
    header = () if index is None else tuple(records[index].fields)
    body = _body(records, index, announced)
    columns, notes = unique_names(header, max(len(header), column_width([record.fields for record in body])))
    start = body[0].start if body else (records[-1].end if records else 0)
    dialect = Dialect(
        delimiter=delimiter,
        encoding=encoding.name,
        bom=encoding.bom,
        quote_all=_quotes_all(text, records, delimiter),
        line_end=_line_end(text, records),
        header=header,
        header_row=0 if index is None else records[index].line,
        preamble=_preamble(text, records, index, announced),
        body_at=len(text[:start].encode()),
        body_line=body[0].line if body else records[-1].line + 1,
    )
    return Table(path, "csv", columns, dialect, (*encoding.notes, *_header_notes(dialect), *notes, *_nul_notes(path)))


def batches(table: Table, size: int) -> Iterator[Batch]:
    """Read the records, at most ``size`` at a time."""
    for piece in pieces(table):
        yield from piece.split(size)


def _head(path: Path, encoding: Encoding) -> str:
    """Read the first whole lines."""
    text = next(utf8_blocks(path, encoding.name, bom=encoding.bom), b"").decode("utf-8", "ignore")
    return text if len(text) <= HEAD else text[: text.rfind("\n", 0, HEAD) + 1] or text


def _announced(text: str) -> str | None:
    """Read Excel's own first line ``sep=;``."""
    match = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)
    return match[1] if match else None


def _checked(delimiter: str | None, path: Path) -> str | None:
    if delimiter is None:
        return None
    sign = NAMED_DELIMITERS.get(delimiter.lower(), delimiter)
    if len(sign) != 1 or sign in '"\r\n':
        todo = 'Give one character, such as --delimiter ";", or --delimiter tab.'
        raise InputError(f'"{delimiter}" cannot be a delimiter', where=str(path), todo=todo)
    return sign


def _body(records: Sequence[Record], index: int | None, announced: str | None) -> Sequence[Record]:
    if index is not None:
        return records[index + 1 :]
    return records[1:] if announced else records


def _preamble(
    text: str, records: Sequence[Record], index: int | None, announced: str | None
) -> tuple[tuple[str, ...], ...]:
    """Keep what stands above the header, blank lines included, so that rows keep their number when written."""
    rows: list[tuple[str, ...]] = []
    end = 0
    for position, record in enumerate(records[: 1 + (int(bool(announced)) if index is None else index)]):
        rows += [()] * len(text[end : record.start].splitlines())
        end = record.end
        rows.append((f"sep={announced}",) if announced and not position else tuple(record.fields))
    return tuple(rows[:-1])  # the last one is the header, or the first record


def _quotes_all(text: str, records: Sequence[Record], delimiter: str | None) -> bool:
    """Tell whether quoting everything gives the file's own text more often than quoting what needs it."""
    votes: Counter[bool] = Counter()
    for record in records:
        raw = text[record.start : record.end].strip("\r\n")
        for quote_all in (True, False):
            votes[quote_all] += render(record.fields, delimiter, quote_all=quote_all) == raw
    return votes[True] > votes[False]


def _line_end(text: str, records: Sequence[Record]) -> str:
    ends = Counter("\r\n" if (tail := text[r.end - 2 : r.end]) == "\r\n" else tail[-1:] for r in records)
    return next((end for end, _ in ends.most_common() if end in ("\r\n", "\n", "\r")), "\n")


def _header_notes(dialect: Dialect) -> tuple[str, ...]:
    if not dialect.has_header:
        return ("no header: columns are numbered",)
    return (f"header found on row {dialect.header_row}",) if dialect.header_row > 1 else ()


def _nul_notes(path: Path) -> tuple[str, ...]:
    """Say where the first NUL character stands; UTF-16 is full of zero bytes and says nothing."""
    done = 0
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 22), b""):
            if done == 0 and (block[:2] in (b"\xff\xfe", b"\xfe\xff") or block.count(0) > len(block) // 10):
                return ()
            if (place := block.find(0)) >= 0:
                at = done + place
                return (f"NUL character at byte {at + 1:,} on line {line_at(path, at):,}; kept",)
            done += len(block)
    return ()


def _refuse_unreadable(path: Path, text: str) -> None:
    if text.strip():
        todo = "Close the quote, or remove it."
        raise InputError("the quote that opens on line 1 is never closed", where=str(path), todo=todo)
    raise InputError("it is empty", where=str(path), todo="Export it again; not even a header is there.")
