"""Lists as an officer sees them: what was recognised in a file before it is screened, and the rows of a result.

A file that was uploaded and not queued yet is a draft: it lies in the folder that its list will have, with a note of whose
it is. A draft that nobody goes on with is removed after a day, as any upload that never came in whole.
"""

__all__ = [
    "Column",
    "Draft",
    "Filter",
    "Preview",
    "Row",
    "draft_of",
    "filtered_file",
    "keep_draft",
    "previewed",
    "rows_of",
]

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from belbaar.errors import InputError
from belbaar.law.words import NO_GROUND
from belbaar.numbers import read_many
from belbaar.tables import looks_like_objection, number_columns, open_table, write_like
from belbaar.tables.header_words import is_number_name

_DRAFT = "draft.json"
_LOOKED = 1000
"""Rows that are looked at before a list is screened."""
_SHOWN = 3
_UNREAD = 10
_ROWS = 50
"""Rows of a result that a page shows."""
_SEARCHED = 500_000
"""Rows of a result that are searched for those."""


class Draft(msgspec.Struct, frozen=True):
    """An upload that is not queued yet: whose it is (the store's integer), who sent it, and its name there."""

    organisation: int
    by: str
    name: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its first values, how many of the rows looked at hold a number, and whether it is taken for those.

    ``objects``: it looks like "do not call", which a screening does not read.
    """

    name: str
    values: Sequence[str]
    read: int
    chosen: bool
    objects: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What was recognised in the first rows: the columns; of the chosen one what could not be read: row, text, why."""

    looked: int
    columns: Sequence[Column]
    unread: Sequence[tuple[int, str, str]]


class Filter(msgspec.Struct, frozen=True):
    """Which rows of a result: ``may`` is ``yes``, ``no``, ``unknown`` or ""; a ground, a reason or a refusal, or ""."""

    may: str = ""
    ground: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a result: its number in the file, E.164 ("" where it cannot be read), and what came of it."""

    row: int
    number: str
    allowed: bool
    ground: str
    reasons: Sequence[str]
    error: str


def keep_draft(folder: Path, draft: Draft) -> None:
    """Note whose an upload is."""
    (folder / _DRAFT).write_bytes(msgspec.json.encode(draft))


def draft_of(folder: Path) -> Draft | None:
    """Tell whose an upload is; None when it is no draft, or was queued."""
    path = folder / _DRAFT
    return msgspec.json.decode(path.read_bytes(), type=Draft) if path.exists() else None


def previewed(path: Path) -> Preview:
    """Look at the first rows of a list.

    Raises:
        InputError: it is no list that belbaar reads.
    """
    table = open_table(path)
    batch = next(iter(table.batches()), None)
    data = batch.data.slice(0, _LOOKED) if batch else pa.RecordBatch.from_pylist([], pa.schema([]))
    rows = batch.rows.slice(0, _LOOKED).to_pylist() if batch else []
    try:
        chosen: Sequence[str] = number_columns(table)
    except InputError:  # none, or several: the officer chooses
        chosen = [name for name in table.columns if is_number_name(name)]
    columns, unread = [], list[tuple[int, str, str]]()
    for name in table.columns:
        texts = data.column(name) if batch else pa.array([], pa.string())
        readings = read_many(texts)
        refused = readings.column("code").to_pylist()
        filled = [text for text in texts.to_pylist() if text.strip()]
        columns.append(Column(name, filled[:_SHOWN], refused.count(""), name in chosen, looks_like_objection(name)))
        if name in chosen:
            found = zip(rows, texts.to_pylist(), refused, strict=True)
            unread += [(row, text, code) for row, text, code in found if code][:_UNREAD]
    return Preview(len(rows), columns, unread[:_UNREAD])


def rows_of(path: Path, wanted: Filter) -> list[Row]:
    """Give the first rows of a result that are wanted."""
    return list(islice(_rows(path, wanted), _ROWS))


def filtered_file(path: Path, wanted: Filter) -> Path:
    """Give a file with the rows that are wanted, as the result itself has them; it lies beside it, and goes with it."""
    if wanted == Filter():
        return path
    digest = hashlib.sha256(msgspec.json.encode(wanted)).hexdigest()[:16]
    out = path.with_name(f"filtered-{digest}{path.suffix}")
    if not out.exists():
        table = open_table(path)
        write_like(
            table, out, table.columns, (batch.data.filter(_mask(batch.data, wanted)) for batch in table.batches())
        )
    return out


def _rows(path: Path, wanted: Filter) -> Iterator[Row]:
    seen = 0
    for batch in open_table(path).batches():
        mask = _mask(batch.data, wanted)
        names = ("belbaar_number", "belbaar_allowed", "belbaar_ground", "belbaar_reasons", "belbaar_error")
        columns = [batch.data.column(name).filter(mask).to_pylist() for name in names]
        for row, number, allowed, ground, reasons, error in zip(
            batch.rows.filter(mask).to_pylist(), *columns, strict=True
        ):
            may = allowed.lower() == "true"
            why = reasons.split() or ([] if may or error else [NO_GROUND])
            yield Row(row, number.lstrip("'"), may, ground, why, error)
        seen += len(batch.rows)
        if seen >= _SEARCHED:
            return


def _mask(data: pa.RecordBatch, wanted: Filter) -> pa.Array:
    """Tell of each row whether it is wanted."""
    unread = pc.not_equal(data.column("belbaar_error"), "")
    allowed = pc.equal(pc.utf8_lower(data.column("belbaar_allowed")), "true")
    mask = {
        "yes": allowed,
        "no": pc.and_not(pc.invert(allowed), unread),
        "unknown": unread,
    }.get(wanted.may, pc.or_(allowed, pc.invert(allowed)))
    if wanted.ground:
        mask = pc.and_(mask, pc.equal(data.column("belbaar_ground"), wanted.ground))
    if wanted.reason:
        told = data.column("belbaar_reasons")
        among = [each for each in pc.unique(told).to_pylist() if wanted.reason in (each.split() or [NO_GROUND])]
        found = pc.and_not(pc.is_in(told, pa.array(among, pa.string())), pc.or_(allowed, unread))
        mask = pc.and_(mask, pc.or_(found, pc.equal(data.column("belbaar_error"), wanted.reason)))
    return mask
