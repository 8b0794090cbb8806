"""Read files into the ledger: every row is checked, then all are recorded, or none.

JSON Lines hold events as they are (``belbaar.ledger.json_lines``); tables are read by their headers
(``belbaar.ledger.rows``). A file read twice changes nothing: events are known by their content, and a row without a
date happened, at the latest, when this very file was first read.
"""

__all__ = ["ColumnReport", "ImportOptions", "ImportReport", "import_file"]

import gc
import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from belbaar.errors import InputError
from belbaar.law import PACKS
from belbaar.ledger.events import Event
from belbaar.ledger.record import Source, first_read, record
from belbaar.ledger.store import Store
from belbaar.ledger.wordings import check_text, own_numbers
from belbaar.tables.values import Order

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the sender says about a file, beside what stands in it.

    ``event``, ``caller`` and ``product`` fill what rows leave out; ``mapping`` is column → field, where the fields
    ``objection`` (a "yes" is an objection too) and ``ignore`` exist beside those of events; ``at`` dates undated rows
    (UTC microseconds); ``leave_out_unreadable`` goes on without the rows whose number cannot be read.
    """

    event: str = ""
    caller: str = ""
    product: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    at: int | None = None
    dates: Order | None = None
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    columns: tuple[str, ...] = ()
    region: str = "NL"
    leave_out_unreadable: bool = False


@dataclass(frozen=True, slots=True)
class ColumnReport:
    """What a column became: a field of the event, or "" when it was left out; ``note`` says why."""

    name: str
    field: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What came of a file."""

    path: str
    rows: int
    new: int
    known: int
    left_out_rows: tuple[str, ...]
    columns: tuple[ColumnReport, ...]
    notes: tuple[str, ...]
    events: Mapping[str, int]
    callers: int


@dataclass(slots=True)
class Batch:
    """What a file holds, while it is read: pairs of row and event, what else it registers, what is wrong with it."""

    rows: int = 0
    events: list[tuple[int, Event]] = field(default_factory=list)
    registrations: list[tuple[int, Mapping[str, object]]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    columns: tuple[ColumnReport, ...] = ()
    notes: tuple[str, ...] = ()


def import_file(store: Store, path: Path, options: ImportOptions, *, now: int, by: str) -> ImportReport:
    """Record the events of a file.

    Args:
        store: where to.
        path: CSV, XLSX, Parquet or JSON Lines.
        options: what the file does not say itself.
        now: the instant of recording, UTC microseconds.
        by: who records.

    Raises:
        InputError: the file cannot be read as events; ``details`` has a line for each row. Nothing is recorded.
        StoreUnavailable: nothing is recorded either.
    """
    from belbaar.ledger import json_lines, rows  # noqa: PLC0415  tables load slowly

    pack = PACKS["NL"]
    digest = _digest(path)
    undated = options.at if options.at is not None else first_read(store, digest) or now
    reader = json_lines.read if path.suffix.lower() in (".jsonl", ".ndjson") else rows.read
    with _uncollected():
        batch = reader(path, options, zone=pack.zone, now=now, undated=undated)
        own = own_numbers(store.callers().values()) | json_lines.registered_numbers(batch.registrations)
        batch.problems += dict.fromkeys(_numbers_in_wordings(batch, own))  # a row with two numbers is told of once
        if batch.problems:
            raise _refused(path, batch)
        _check_callers(store, batch, str(path))
        with store.writing():
            callers = json_lines.register(store, batch.registrations, path=str(path), now=now, by=by)
            recorded = record(store, batch.events, Source(path.name, digest, now, by), pack)
    return ImportReport(
        path=str(path),
        rows=batch.rows,
        new=recorded.new,
        known=recorded.known,
        left_out_rows=tuple(batch.left_out),
        columns=batch.columns,
        notes=batch.notes,
        events=Counter(event.kind for _, event in batch.events),
        callers=callers,
    )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let Python not look for circles among millions of events, which have none: it would take a sixth of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"the file cannot be read: {error.strerror}.", where=str(path)) from error


def _refused(path: Path, batch: Batch) -> InputError:
    shown = batch.problems[:_SHOWN]
    if len(batch.problems) > _SHOWN:
        shown.append(f"… and {len(batch.problems) - _SHOWN} more.")
    count = len(batch.problems)
    return InputError(
        f"{count} {'row' if count == 1 else 'rows'} of {batch.rows} cannot be recorded, so nothing of this file was.",
        where=str(path),
        todo="Mend these rows and record the file again"
        + ("; rows without a readable number can be left out with --leave-out-unreadable." if _numbers(batch) else "."),
        details=shown,
        code="rows-refused",
    )


def _numbers(batch: Batch) -> bool:
    return any("unreadable number" in problem for problem in batch.problems)


def _numbers_in_wordings(batch: Batch, own: Collection[int]) -> Iterator[str]:
    """Tell of each row in whose wording somebody's number stands; a text that many saw is looked at once."""
    row = "row" if batch.columns else "line"
    column = next((column.name for column in batch.columns if column.field == "wording"), "wording")
    told = dict[str, str]()
    for place, event in batch.events:
        text = str(event.fields.get("wording", ""))
        if text not in told:
            told[text] = _complaint(text, own)
        if told[text]:
            yield f"{row} {place}, {column}: {told[text]}"


def _complaint(text: str, own: Collection[int]) -> str:
    try:
        check_text(text, own)
    except InputError as error:
        return f"{error.what} {error.todo}"
    return ""


def _check_callers(store: Store, batch: Batch, path: str) -> None:
    first_row: dict[str, int] = {}
    for row, event in batch.events:
        if event.caller:
            first_row.setdefault(event.caller, row)
    for _, data in batch.registrations:
        first_row.pop(str(data.get("caller")), None)
    for caller, row in first_row.items():
        try:
            store.caller(caller)
        except InputError as error:
            raise InputError(
                error.what, where=f"{path}, row {row}, caller", todo=error.todo, code=error.code
            ) from error
