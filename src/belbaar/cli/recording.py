"""Recording files in the ledger, and writing the whole ledger out."""

__all__ = ["export", "record"]

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO, Annotated, Any, Literal

import typer

from belbaar.cli.commands import Command
from belbaar.cli.errors import as_mapping, translated
from belbaar.cli.errors import told as error_told
from belbaar.cli.options import (
    DEFAULT_STORE,
    By,
    Delimiter,
    Encoding,
    Json,
    Region,
    Sheet,
    Store,
    read_instant,
    spare_store,
    whoever,
)
from belbaar.cli.output import count, hint, print_json_line, show, table
from belbaar.clock import now_us
from belbaar.errors import BelbaarError, InputError, nearest
from belbaar.law.products import check_product
from belbaar.ledger import EVENTS
from belbaar.ledger.exporting import export as lines_of
from belbaar.ledger.exporting import left_behind
from belbaar.ledger.importing import ImportOptions, ImportReport, import_file
from belbaar.opening import opened
from belbaar.tables import parse_map

_STDIN = "-"


def _record(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="CSV, XLSX, Parquet or JSON Lines; - reads JSON Lines.")
    ],
    *,
    event: Annotated[
        str, typer.Option(metavar="NAME", help="What the rows tell, where they do not say, such as consent.given.")
    ] = "",
    caller: Annotated[str, typer.Option(metavar="ID", help="Whom it concerns, where rows do not say.")] = "",
    product: Annotated[str, typer.Option(metavar="PATH", help="What it is about, where rows do not say.")] = "",
    map: Annotated[
        str,
        typer.Option(
            metavar="PAIRS",
            help="What columns are: Telefoon=number,Datum=at. The field ignore leaves a column out; in one that is "
            "objection, a yes is an objection too.",
        ),
    ] = "",
    at: Annotated[
        str, typer.Option(metavar="INSTANT", show_default="now", help="When it happened, in rows without a date.")
    ] = "",
    dates: Annotated[
        Literal["dmy", "mdy"] | None, typer.Option(help="Which comes first in 03/04/2025, day or month.")
    ] = None,
    column: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="The column with the numbers; may be given again.")
    ] = None,
    leave_out_unreadable: Annotated[
        bool, typer.Option("--leave-out-unreadable", help="Go on without the rows whose number cannot be read.")
    ] = False,
    delimiter: Delimiter = "",
    encoding: Encoding = "",
    sheet: Sheet = "",
    region: Region = "NL",
    by: By = "",
    store: Store = DEFAULT_STORE,
    json: Json = False,
) -> int:
    """Record consents, objections and other events from files.

    Each file is recorded whole or not at all, after every row has been checked; recording it again changes nothing.
    """
    now = now_us()
    options = ImportOptions(
        event=_event(event),
        caller=caller,
        product=_product(product),
        mapping=parse_map(map),
        at=read_instant(at, "--at", default=now) if at else None,
        dates=dates,
        delimiter=delimiter or None,
        encoding=encoding or None,
        sheet=sheet or None,
        columns=tuple(column or ()),
        region=region,
        leave_out_unreadable=leave_out_unreadable,
    )
    refused = False
    with opened(store) as ledger:
        if caller:
            ledger.caller(caller)
        for name in files:
            try:
                with _named(name) as path:
                    report = import_file(ledger, path, options, now=now, by=whoever(by))
            except (BelbaarError, OSError) as error:
                refused = True
                _tell_refusal(_of_stdin(translated(error), name), name, as_json=json)
                continue
            _tell(replace(report, path=name), as_json=json)
    return 2 if refused else 0


def _event(name: str) -> str:
    if name and name not in EVENTS:
        raise InputError(f'"{name}" is not an event.', where="--event", todo=f"{nearest(name, EVENTS)} {_ALL_EVENTS}")
    return name


_ALL_EVENTS = "All events and their fields: belbaar law events"


def _product(path: str) -> str:
    try:
        return check_product(path) if path else path
    except InputError as error:
        raise InputError(error.what, where="--product", todo=error.todo) from error


@contextmanager
def _named(name: str) -> Iterator[Path]:
    """Give the path of a file; of standard input, that of a copy which lives as long as it is read."""
    if name != _STDIN:
        yield Path(name)
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "standard-input.jsonl"
        copy.write_bytes(sys.stdin.buffer.read())
        yield copy


def _of_stdin(error: BelbaarError, name: str) -> BelbaarError:
    """Let no error name the copy of standard input."""
    if name == _STDIN and "standard-input.jsonl" in error.where:
        error.where = f"standard input{error.where.partition('standard-input.jsonl')[2]}"
    return error


def _tell_refusal(error: BelbaarError, name: str, *, as_json: bool) -> None:
    if as_json:
        print_json_line({"file": name, **as_mapping(error)})
    typer.echo(error_told(error), err=True)


def _tell(report: ImportReport, *, as_json: bool) -> None:
    if as_json:
        print_json_line(_mapping(report))
        return
    events = ", ".join(f"{name} {count(number)}" for name, number in sorted(report.events.items()))
    callers = f", {count(report.callers)} callers" if report.callers else ""
    name = "standard input" if report.path == _STDIN else report.path
    typer.echo(f"{name}: {count(report.rows)} rows{f' ({events})' if events else ''}{callers}")
    if report.columns:
        rows = ([f"  {column.name}", column.field or "left out", column.note] for column in report.columns)
        show(table(rows, header=("  column", "became", "")))
    for note in (*report.notes, *report.left_out_rows):
        typer.echo(f"  {note}")
    typer.echo(f"  {count(report.new)} events recorded, {count(report.known)} were known already.")


def _mapping(report: ImportReport) -> dict[str, Any]:
    told = asdict(report) | {"events": dict(report.events)}
    return {"file": told.pop("path"), **told}


def _export(
    *,
    out: Annotated[str, typer.Option(metavar="FILE", show_default="standard output", help="Where to.")] = "",
    store: Store = DEFAULT_STORE,
    json: Json = False,
) -> int:
    """Write all callers and events as JSON Lines. Recorded in an empty store, they give the same verdicts."""
    with opened(store) as ledger, ledger.reading():
        if left := left_behind(ledger):
            hint(
                f"objections of erased persons that this export cannot hold, for their numbers are gone: {count(left)}. "
                "In a new store they would not count; to keep them, copy the store itself."
            )
        if out in ("", _STDIN):
            for line in lines_of(ledger):
                typer.echo(line)
            return 0
        path = Path(out)
        spare_store(path, store)
        with _whole(path) as file:
            lines = sum(1 for line in lines_of(ledger) if file.write(f"{line}\n"))
    if json:
        print_json_line({"out": out, "lines": lines, "objections_left_behind": left})
    else:
        typer.echo(f"{out}: {count(lines)} lines.")
    return 0


@contextmanager
def _whole(path: Path) -> Iterator[IO[str]]:
    """Write a file that appears when it is whole and durable, and not before; a pipe or device is written as it is."""
    if path.exists() and not path.is_file():
        with path.open("w", encoding="utf-8") as device:
            yield device
        return
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
        temporary = Path(file.name)
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


record = Command(
    _record,
    (
        "belbaar record opt-ins.csv --event consent.given --caller voltix --product energy",
        "belbaar record verzet.txt --event objection.made --caller voltix",
        "belbaar record klanten.jsonl",
        'belbaar record gifts.xlsx --map "Mobiel=number,Sinds=at" --event relation.started --caller fonds',
    ),
    "0 all recorded, 2 a file was refused, and nothing of it recorded",
)
export = Command(
    _export, ("belbaar export --out ledger.jsonl", "belbaar export | gzip > ledger.jsonl.gz"), "0 done, 2 it failed"
)
