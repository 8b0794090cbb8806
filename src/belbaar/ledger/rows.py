"""Events from the rows of a table: columns recognised by their headers, cells read by what the field is.

No objection is lost on the way: a column that looks like one and is not mapped stops the import.
"""

__all__ = ["read"]

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from belbaar.errors import InputError
from belbaar.ledger.alike import Instants, alike
from belbaar.ledger.cells import read_cell
from belbaar.ledger.events import ENVELOPE, EVENTS, Event, read_event
from belbaar.ledger.importing import Batch, ColumnReport, ImportOptions
from belbaar.ledger.json_lines import completed, undated_at
from belbaar.ledger.values import read_instant
from belbaar.numbers import read_many
from belbaar.tables import Batch as Rows
from belbaar.tables import Table, number_columns, open_table, recognise

OBJECTION, IGNORE = "objection", "ignore"


@dataclass(frozen=True, slots=True)
class _Layout:
    """Which column is which field; ``objections`` are columns in which a yes is an objection too."""

    numbers: tuple[str, ...]
    fields: Mapping[str, str]
    objections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Reading:
    """What every row of a file is read by, and what came of it so far."""

    layout: _Layout
    options: ImportOptions
    zone: ZoneInfo
    now: int
    undated: int
    batch: Batch
    instants: Instants = field(init=False)

    def __post_init__(self) -> None:
        def instant(text: str) -> int:
            return read_instant(read_cell("at", text, self.zone, self.options.dates), self.zone)

        object.__setattr__(self, "instants", Instants(instant))


def read(path: Path, options: ImportOptions, *, zone: ZoneInfo, now: int, undated: int) -> Batch:
    """Read events from a table; every row is looked at, and what is wrong with any is told."""
    table = open_table(path, delimiter=options.delimiter, encoding=options.encoding, sheet=options.sheet)
    layout, columns = _layout(table, options)
    batch = Batch(columns=columns, notes=table.notes)
    reading = _Reading(layout, options, zone, now, undated, batch)
    for rows in table.batches():
        batch.rows += len(rows.rows)
        batch.problems += [f"row {problem.row}: {problem.what}. {problem.todo}".strip() for problem in rows.problems]
        for column in layout.numbers:
            _read_rows(rows, column, reading)
    return batch


def _layout(table: Table, options: ImportOptions) -> tuple[_Layout, tuple[ColumnReport, ...]]:
    special = {column: field for column, field in options.mapping.items() if field in (OBJECTION, IGNORE)}
    for column in special:
        if column not in table.columns:
            raise InputError(
                f'there is no column "{column}".', where=str(table.path), todo="Columns: " + ", ".join(table.columns)
            )
    wanted = {column: field for column, field in options.mapping.items() if column not in special}
    found = recognise([column for column in table.columns if column not in special], wanted)
    mapped = tuple(column for column, field in wanted.items() if field == "number")
    numbers = number_columns(table, wanted=options.columns or mapped)
    fields = {column: field for column, field in found.fields.items() if field != "number" and column not in numbers}
    spec = EVENTS.get(options.event)
    if not options.event and "event" not in fields.values():
        raise InputError(
            "the file does not say what happened.",
            where=str(table.path),
            todo="Say it: --event consent.given, or another of: " + ", ".join(EVENTS) + ".",
        )
    if options.event and spec is None:
        raise InputError(
            f'"{options.event}" is not an event.', where="--event", todo="Known: " + ", ".join(EVENTS) + "."
        )
    strangers = _strangers(fields, options.event)
    lost = [*found.objections, *(column for column in strangers if fields[column] == "opted_out")]
    if lost:
        raise _objections_lost(table, lost)
    used = {column: field for column, field in fields.items() if column not in strangers}
    report = [
        ColumnReport(column, *_fate(column, numbers, used, special, strangers, options.event))
        for column in table.columns
    ]
    objections = tuple(column for column, field in special.items() if field == OBJECTION)
    return _Layout(numbers, used, objections), tuple(report)


def _strangers(fields: Mapping[str, str], event: str) -> set[str]:
    """Columns that are recognised, but mean nothing for this event."""
    if not event:
        return set()
    own = {*ENVELOPE, *EVENTS[event].required, *EVENTS[event].optional}
    if "channel" in own:
        own.add("channels")  # one header stands for both; ``_one_channel`` puts the event's own name
    if EVENTS[event].caller == "none":
        own -= {"caller"}
    return {column for column, field in fields.items() if field not in own}


def _fate(
    column: str,
    numbers: Iterable[str],
    used: Mapping[str, str],
    special: Mapping[str, str],
    strangers: Iterable[str],
    event: str,
) -> tuple[str, str]:
    if column in numbers:
        return "number", ""
    if column in special:
        return (OBJECTION, "yes is an objection") if special[column] == OBJECTION else ("", "ignored, as asked")
    if column in used:
        return used[column], ""
    return "", f"{event} has no such field" if column in strangers else "not recognised"


def _objections_lost(table: Table, columns: list[str]) -> InputError:
    named = ", ".join(f'"{column}"' for column in columns)
    first = columns[0]
    return InputError(
        f"{named} looks like an objection, and an objection may not get lost in an import.",
        where=str(table.path),
        todo=f'Say what it is: --map "{first}={OBJECTION}" (a yes there is an objection too), another field, '
        f'or --map "{first}={IGNORE}" if it is none.',
        code="objection-unmapped",
    )


def _read_rows(rows: Rows, column: str, reading: _Reading) -> None:
    """Read the rows of a batch with the numbers of one column, in their order."""
    readings = read_many(rows.data.column(column), reading.options.region)
    numbers, places = readings.column("number").to_pylist(), rows.rows.to_pylist()
    events = _alike(rows, numbers, places, reading)
    alone = [row for row, event in enumerate(events) if event is None]
    codes = readings.column("code").take(pa.array(alone, pa.int64())).to_pylist()
    cells = rows.data.take(pa.array(alone, pa.int64())).to_pylist()
    found = dict(zip(alone, zip(codes, cells, strict=True), strict=True))
    for row, (place, number, event) in enumerate(zip(places, numbers, events, strict=True)):
        if event is not None:
            reading.batch.events.append((place, event))
        elif number is not None:
            for told in _told(found[row][1], reading.layout):
                _append(place, number, told, reading)
        else:
            _tell_unreadable(place, column, found[row][0], reading)


def _alike(rows: Rows, numbers: list[int | None], places: list[int], reading: _Reading) -> list[Event | None]:
    """Give the events of rows that are like others; with columns of objections each row is read by itself."""
    layout = reading.layout
    if layout.objections:
        return [None] * len(numbers)

    def example(row: int) -> Event | None:
        (told,) = _told(rows.data.slice(row, 1).to_pylist()[0], layout)
        try:
            return _event(places[row], 0, told, reading)
        except InputError:
            return None

    return alike(rows.data, layout.fields, numbers, reading.instants, example)


def _tell_unreadable(place: int, column: str, code: str, reading: _Reading) -> None:
    options, batch = reading.options, reading.batch
    if code != "empty" or options.columns == () or len(options.columns) == 1:
        problem = f"row {place}, {column}: unreadable number ({code})."
        (batch.left_out if options.leave_out_unreadable else batch.problems).append(problem)


def _told(cells: Mapping[str, str], layout: _Layout) -> Iterator[dict[str, tuple[str, str]]]:
    """Give what a row tells, as field → (column, text): its own event, and an objection where it says so."""
    own = {field: (column, cells[column]) for column, field in layout.fields.items() if cells[column].strip()}
    yield own
    for column in layout.objections:
        if cells[column].strip():
            told = {"event": ("", "objection.made"), OBJECTION: (column, cells[column])}
            # The row's date is that of its own event: with it, a later consent would lift an objection made after both.
            yield told | {field: text for field, text in own.items() if field == "caller"}


def _append(place: int, number: int, told: dict[str, tuple[str, str]], reading: _Reading) -> None:
    try:
        event = _event(place, number, told, reading)
    except InputError as error:
        remedy = f" {error.todo}" if error.todo else ""
        what = error.what if error.what.endswith((".", "?")) else f"{error.what}."
        reading.batch.problems.append(f"{error.where}: {what}{remedy}")
        return
    if event is not None:
        reading.batch.events.append((place, event))


def _event(place: int, number: int, told: dict[str, tuple[str, str]], reading: _Reading) -> Event | None:
    """Read the event that a row tells; None where its cell says that it made no objection."""
    options, zone, where = reading.options, reading.zone, f"row {place}"
    data: dict[str, Any] = {}
    for name, (column, text) in told.items():
        data[name] = _cell(name, text, column, place, zone, options)
    if data.pop(OBJECTION, True) is False:
        return None
    data = _one_channel(completed(data, options), place)
    if not data.get("at"):
        data["at"] = undated_at(str(data.get("event")), options, reading.undated, where)
    return read_event(data, number=number, zone=zone, where=where, recorded_at=reading.now)


def _one_channel(data: dict[str, Any], place: int) -> dict[str, Any]:
    """A consent has channels, a call has one."""
    spec = EVENTS.get(str(data.get("event")))
    if spec is None or "channels" not in data or "channel" not in spec.optional:
        return data
    first, *others = data.pop("channels")
    if others:
        raise InputError("a call has one channel.", where=f"row {place}, channel")
    return {**data, "channel": first}


def _cell(field: str, text: str, column: str, place: int, zone: ZoneInfo, options: ImportOptions) -> object:
    try:
        return read_cell(field, text, zone, options.dates)
    except InputError as error:
        raise InputError(error.what, where=f"row {place}, {column}", todo=error.todo) from error
