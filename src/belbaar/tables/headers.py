"""Which column holds what: the telephone number of a list, the fields of an event.

    >>> found = recognise(["Telefoon", "Datum", "Bron", "Niet bellen"], {"Bron": "wording"})
    >>> found.fields
    {'Telefoon': 'number', 'Datum': 'at', 'Bron': 'wording'}
    >>> found.objections
    ('Niet bellen',)

A column that looks like an objection and is not mapped is named in ``objections``; whoever reads events must stop there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from belbaar.errors import InputError, nearest
from belbaar.tables.header_words import FIELDS, bare, field_of, is_number_name, looks_like_objection
from belbaar.tables.values import shown

if TYPE_CHECKING:
    from belbaar.tables.table import Table

__all__ = ["Recognised", "number_columns", "parse_map", "recognise"]


@dataclass(frozen=True)
class Recognised:
    """What was made of a table's columns.

    Args:
        fields: column → event field, in the order of the columns. Only ``number`` may stand there twice:
            ``number_columns`` decides between those by looking at the rows.
        left_out: columns that mean nothing to belbaar, objections not among them.
        objections: columns that look like "do not call me" and were not mapped.
    """

    fields: dict[str, str]
    left_out: tuple[str, ...]
    objections: tuple[str, ...]

    def column(self, field: str) -> str | None:
        """Give the (first) column of a field."""
        return next((column for column, its in self.fields.items() if its == field), None)


def parse_map(text: str) -> dict[str, str]:
    """Read ``--map``: column=field, separated by commas.

    >>> parse_map("Telefoon=number, Datum=at")
    {'Telefoon': 'number', 'Datum': 'at'}
    """
    pairs = {}
    for part in filter(None, map(str.strip, text.split(","))):
        column, equals, field = part.rpartition("=")
        if not equals or not column.strip() or not field.strip():
            raise InputError(f'"{part}" is no pair', where="--map", todo='Write column=field, such as "Datum=at".')
        pairs[column.strip()] = field.strip()
    return pairs


def recognise(columns: Iterable[str], wanted: Mapping[str, str] | None = None) -> Recognised:
    """Recognise columns by their header; what is ``wanted`` (column → field) goes before."""
    columns = tuple(columns)
    fields = {_column(name, columns, "--map"): _field(field) for name, field in (wanted or {}).items()}
    decided = set(fields.values())
    for column in columns:
        field = field_of(column)
        if field and column not in fields and field not in decided:
            fields[column] = field
    fields = {column: fields[column] for column in _without_loose_numbers(columns, fields, wanted or {})}
    _refuse_doubles(fields)
    rest = [column for column in columns if column not in fields]
    objections = tuple(filter(looks_like_objection, rest))
    return Recognised(fields, tuple(column for column in rest if column not in objections), objections)


def number_columns(table: Table, *, wanted: Sequence[str] = ()) -> tuple[str, ...]:
    """Find the column (or, if ``wanted`` names more, the columns) with the telephone numbers of a list."""
    where = str(table.path)
    if wanted:
        return tuple(dict.fromkeys(_column(name, table.columns, where) for name in wanted))
    if len(table.columns) == 1 and not table.dialect.has_header:
        return table.columns
    named = [column for column in table.columns if is_number_name(column)]
    candidates = named or [column for column in table.columns if field_of(column) == "number"]
    if not candidates:
        raise InputError(
            f"no column with telephone numbers; the columns are {_listed(table.columns)}",
            where=where,
            todo="Name it with --column NAME.",
        )
    if len(candidates) == 1:
        return tuple(candidates)
    filled = _filled(table, candidates)
    if len(filled) > 1:
        options = " ".join(f'--column "{name}"' for name in filled)
        raise InputError(
            f"{len(filled)} columns hold telephone numbers: {_listed(filled)}",
            where=where,
            todo=f'Choose with --column "{filled[0]}", or take all: {options}.',
        )
    return tuple(filled) or (candidates[0],)


def _filled(table: Table, candidates: Sequence[str]) -> list[str]:
    """Find which columns have something in some row; stop reading once all have."""
    import pyarrow.compute as pc  # noqa: PLC0415  loads only to look into rows

    filled: set[str] = set()
    for batch in table.batches():
        for name in set(candidates) - filled:
            if pc.any(pc.not_equal(pc.utf8_trim_whitespace(batch.data.column(name)), "")).as_py():
                filled.add(name)
        if len(filled) == len(candidates):
            break
    return [name for name in candidates if name in filled]


def _without_loose_numbers(columns: Iterable[str], fields: Mapping[str, str], wanted: Collection[str]) -> Iterable[str]:
    """Drop "Nummer", which may be any number, where a column says that it is a telephone number."""
    sure = any(fields.get(column) == "number" and is_number_name(column) for column in columns)
    for column in columns:
        loose = fields.get(column) == "number" and not is_number_name(column) and column not in wanted
        if column in fields and not (sure and loose):
            yield column


def _refuse_doubles(fields: Mapping[str, str]) -> None:
    for field in set(fields.values()) - {"number"}:
        columns = [column for column, its in fields.items() if its == field]
        if len(columns) > 1:
            raise InputError(
                f'{len(columns)} columns could be "{field}": {_listed(columns)}',
                todo=f'Choose with --map "{columns[0]}={field}".',
            )


def _column(name: str, columns: Sequence[str], where: str) -> str:
    """Find a column by its name, or by the same name written otherwise."""
    if name in columns:
        return name
    alike = [column for column in columns if bare(column) == bare(name)]
    if len(alike) != 1:
        raise InputError(f'there is no column "{name}"', where=where, todo=nearest(name, columns))
    return alike[0]


def _field(name: str) -> str:
    if name not in FIELDS:
        raise InputError(f'there is no field "{name}"', where="--map", todo=nearest(name, FIELDS))
    return name


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{shown(name)}"' for name in names)
