"""JSON Lines: one object a line. Columns are all keys that occur, in the order they first occur.

The whole file is checked before a row is read, so that one bad line among a million refuses all of it, by its number.

    >>> _object('{"a": 1, "a": 2}')
    Traceback (most recent call last):
    ValueError: the key "a" stands there twice
"""

import dataclasses
import itertools
import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from belbaar.errors import InputError
from belbaar.tables.cells import cell_text, kind_of_cells
from belbaar.tables.encoding import find_encoding
from belbaar.tables.layout import unique_names
from belbaar.tables.table import Batch, Dialect, Options, Table
from belbaar.tables.texts import as_text

__all__ = ["Writer", "batches", "look"]

MOST_DETAILS = 10


def look(path: Path, options: Options) -> Table:
    """Check every line, and collect the keys."""
    encoding = find_encoding(path, options.encoding)
    dialect = Dialect(encoding=encoding.name, bom=encoding.bom)
    seen: dict[str, set[str]] = {}
    wrong = []
    for number, line in _lines(path, dialect):
        try:
            entry = _object(line)
        except (ValueError, RecursionError) as error:
            wrong.append(f"line {number}: {error}")
            continue
        for key, value in entry.items():
            seen.setdefault(key, set()).add(_kind(value))
    if wrong:
        _refuse(path, wrong)
    if not seen:
        raise InputError("no object in it has a key", where=str(path), todo="Export it again; there are no columns.")
    columns, notes = unique_names(tuple(seen), len(seen))
    empties = {name: _empty(kinds) for name, kinds in zip(columns, seen.values(), strict=True)}
    kinds = {name: kind for name, kinds in zip(columns, seen.values(), strict=True) if (kind := _only(kinds))}
    dialect = dataclasses.replace(dialect, header=tuple(seen), header_row=1, kinds=kinds, empties=empties)
    return Table(path, "jsonl", columns, dialect, (*encoding.notes, *notes))


def batches(table: Table, size: int) -> Iterator[Batch]:
    """Read the objects, a row each; the row's number is its line."""
    lines = _lines(table.path, table.dialect)
    keys = table.dialect.header
    while chunk := list(itertools.islice(lines, size)):
        entries = [_object(line) for _, line in chunk]
        texts = [pa.array([cell_text(entry.get(key)) for entry in entries], pa.string()) for key in keys]
        data = pa.RecordBatch.from_arrays(texts, names=list(table.columns))
        yield Batch(pa.array([number for number, _ in chunk], pa.int64()), data, pa.repeat("", len(chunk)))


class Writer:
    """Writes an object a line. An empty cell of the original is null, "" or left out, as it was there; added ones stay."""

    def __init__(self, table: Table, out: Path, names: Sequence[str]) -> None:
        self.notes: list[str] = []
        same = table.format == "jsonl"
        original = dict(zip(table.columns, table.dialect.header, strict=False)) if same else {}
        self._keys = [json.dumps(original.get(name, name), ensure_ascii=False) for name in names]
        self._kinds = [table.dialect.kinds.get(name) if name in table.columns else None for name in names]
        self._empties = [table.dialect.empties.get(name, "") if name in original else '""' for name in names]
        self._file = out.open("w", encoding="utf-8", newline="")

    def write(self, data: pa.Table) -> None:
        """Append rows."""
        columns = [_values(column, kind) for column, kind in zip(data.columns, self._kinds, strict=True)]
        for row in zip(*columns, strict=True):
            pairs = zip(
                self._keys, (value or empty for value, empty in zip(row, self._empties, strict=True)), strict=True
            )
            shown = ", ".join(f"{key}: {value}" for key, value in pairs if value)
            self._file.write(f"{{{shown}}}\n")

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


def _values(column: pa.Array, kind: str | None) -> list[str]:
    """Render cells as JSON, empty ones not: typed columns as they are, columns that were typed once as they were, the rest as text."""
    plain = kind in ("number", "bool", "json") or not pa.types.is_string(column.type)
    texts = as_text(column).to_pylist()
    return [text if not text or (plain and _is_json(text)) else json.dumps(text, ensure_ascii=False) for text in texts]


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _lines(path: Path, dialect: Dialect) -> Iterator[tuple[int, str]]:
    """Yield lines that are not blank, with their number."""
    with path.open(encoding=dialect.encoding, newline="\n") as file:
        for number, line in enumerate(file, 1):
            bare = line.removeprefix("\ufeff") if number == 1 else line
            if bare.strip():
                yield number, bare


def _object(line: str) -> dict[str, object]:
    try:
        entry = json.loads(line, object_pairs_hook=_pairs, parse_float=Decimal)
    except json.JSONDecodeError as error:
        raise ValueError(f"no JSON: {error.msg} at character {error.pos + 1}") from error
    if not isinstance(entry, dict):
        raise ValueError("no object: it must begin with { and end with }")  # noqa: TRY004  the line's value is wrong
    if "\\ud" in line.lower() and not _whole(entry):
        raise ValueError("half a character: a lone surrogate such as \\ud83d")
    return entry


def _whole(entry: dict[str, object]) -> bool:
    try:
        json.dumps(entry, ensure_ascii=False, default=float).encode()
    except UnicodeEncodeError:
        return False
    return True


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    entry = dict(pairs)
    if len(entry) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f'the key "{twice}" stands there twice')
    return entry


def _kind(value: object) -> str:
    if value is None:
        return "null"
    return kind_of_cells([value]) or ("text" if value else "empty")


def _only(kinds: set[str]) -> str | None:
    """Tell the one kind that a column's values have; None for text and for a mixture."""
    typed = kinds - {"null"}
    kind = next(iter(typed)) if len(typed) == 1 else None
    return None if kind in ("text", "empty") else kind


def _empty(kinds: set[str]) -> str:
    """Tell how an empty cell is written: as it was seen in the file, else not at all."""
    if "null" in kinds:
        return "null"
    return '""' if "empty" in kinds else ""


def _refuse(path: Path, wrong: Sequence[str]) -> None:
    more = [f"and {len(wrong) - MOST_DETAILS:,} more"] if len(wrong) > MOST_DETAILS else []
    raise InputError(
        f"{len(wrong):,} of its lines cannot be read",
        where=str(path),
        todo="Write one JSON object a line; nothing was read from the file.",
        details=[*wrong[:MOST_DETAILS], *more],
    )
