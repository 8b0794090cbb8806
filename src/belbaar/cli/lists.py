"""A list: which of its numbers may be called?"""

__all__ = ["screen"]

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer

from belbaar.cli.commands import Command
from belbaar.cli.options import (
    DEFAULT_STORE,
    At,
    CallerId,
    Channel,
    Delimiter,
    Encoding,
    Evidence,
    Json,
    Kind,
    Lang,
    Law,
    Presents,
    Product,
    Purpose,
    Region,
    Sheet,
    Store,
    read_instant,
    read_presents,
    same_time_on,
    spare_store,
)
from belbaar.cli.output import console, hint, print_json
from belbaar.cli.spark import Cluster
from belbaar.cli.summary import summarise
from belbaar.clock import now_us
from belbaar.errors import InputError
from belbaar.opening import lists_folder, opened
from belbaar.verdict import Call
from belbaar.verdict.hints import hints
from belbaar.verdict.levels import check_level
from belbaar.verdict.screening import ListOptions, screen_file
from belbaar.verdict.tally import as_mapping


def _screen(
    list_file: Annotated[str, typer.Argument(metavar="LIST", help="CSV, XLSX, Parquet or JSON Lines.")],
    *,
    caller: CallerId,
    product: Product,
    at: At = "",
    channel: Channel = "voice",
    kind: Kind = "marketing",
    purpose: Purpose = "",
    presents: Presents = "",
    evidence: Evidence = 0,
    compare: Annotated[
        str, typer.Option(metavar="DATE", help="Tell what changes on another day, at the same time of day.")
    ] = "",
    out: Annotated[
        str, typer.Option(metavar="FILE", show_default="LIST with .belbaar before its suffix", help="Where to.")
    ] = "",
    column: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="The column with the numbers; may be given again.")
    ] = None,
    delimiter: Delimiter = "",
    encoding: Encoding = "",
    sheet: Sheet = "",
    region: Region = "NL",
    law: Law = "",
    engine: Annotated[
        Literal["duckdb", "spark"], typer.Option(help="What judges: this machine, or Spark, for Parquet of any size.")
    ] = "duckdb",
    master: Annotated[
        str, typer.Option(metavar="URL", show_default="local[*]", help="With Spark: its cluster manager.")
    ] = "",
    remote: Annotated[str, typer.Option(metavar="URL", help="With Spark: a Spark Connect server, sc://host.")] = "",
    snapshot: Annotated[
        str,
        typer.Option(
            metavar="FOLDER",
            show_default="STORE.snapshot",
            help="With Spark: a copy of the store's snapshot that all workers can read.",
        ),
    ] = "",
    e164: Annotated[
        bool, typer.Option("--e164", help="With Spark: the numbers are E.164 in integers; take them as they are.")
    ] = False,
    lang: Lang = "en",
    store: Store = DEFAULT_STORE,
    json: Json = False,
) -> int:
    """Which numbers of a list may be called? Writes the list again, with a verdict to every row.

    All columns come back in their order, then belbaar_number, _allowed, _ground, _until, _reasons and _error. Rows
    whose number cannot be read stay, with the reason why. Spark takes a Parquet file or a folder of them, and writes a
    folder; its rows come back in any order.
    """
    now = now_us()
    call = Call(
        number=0,
        caller=caller,
        at=read_instant(at, "--at", default=now),
        product=product,
        channel=channel,
        kind=kind,
        purpose=purpose or None,
        presents=read_presents(presents, lang=lang),
    )
    options = ListOptions(
        columns=tuple(column or ()),
        delimiter=delimiter or None,
        encoding=encoding or None,
        sheet=sheet or None,
        region=region,
        law=law or None,
        evidence=check_level(evidence, "--evidence"),
    )
    compare_at = same_time_on(compare, "--compare", call.at) if compare else None
    cluster = Cluster(master, remote, snapshot, e164=e164)
    place = _place(out, store, folder=engine == "spark") if out else None
    from belbaar.proof.dossier.logged import logged  # noqa: PLC0415  cryptography loads slowly

    with opened(store) as ledger:
        ledger.caller(caller)
        if engine == "spark":
            elsewhere = "://" in f"{list_file}{out}"  # what lies on a cluster is not read back, so it is not logged
            preview = bool(law) or elsewhere
            with logged(ledger, lists_folder(store), Path(list_file), call, preview=preview) as log:
                result = cluster.screen(ledger, list_file, call, out, options, compare_at)
                entry = log.keep_parts(result)
        else:
            cluster.refuse()
            with (
                _progress() as progress,
                logged(ledger, lists_folder(store), Path(list_file), call, preview=bool(law)) as log,
            ):
                result = screen_file(
                    ledger,
                    Path(list_file),
                    call,
                    out=place,
                    options=options,
                    compare_at=compare_at,
                    progress=progress,
                    take=log.take,
                )
                entry = log.keep(result)
        notes = hints(ledger.known().products, product)
    if json:
        print_json({"list": list_file, **as_mapping(result, call), "entry": entry, "hints": notes})
    else:
        summarise(result, call, list_file, lang, today=not at)
        if entry is not None:
            typer.echo(_ENTRY[lang].format(entry=entry))
        for note in notes:
            hint(note)
    return 0


_ENTRY = {
    "en": "entry {entry} of the log; to prove it: belbaar dossier --screening {entry}",
    "nl": "regel {entry} van het logboek; bewijs ervan: belbaar dossier --screening {entry}",
}


def _place(out: str, store: str, *, folder: bool) -> Path:
    path = Path(out)
    spare_store(path, store)
    if path.exists() and not path.is_file() and not folder:
        raise InputError("this is no file that can be written.", where=out, todo="Name another file with --out.")
    return path


@contextmanager
def _progress() -> Iterator[Callable[[int], None] | None]:
    """Show on a terminal how many rows are done, and how fast; nothing where nobody looks."""
    printer = console(stderr=True)
    if not printer.is_terminal:
        yield None
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415  for terminals only

    columns = (
        BarColumn(pulse_style="cyan"),
        TextColumn("{task.completed:,.0f} rows"),
        TextColumn("{task.fields[rate]:,.0f} rows/s"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=printer, transient=True) as bar:
        task = bar.add_task("", total=None, rate=0.0)

        def done(rows: int) -> None:
            elapsed = bar.tasks[task].elapsed or 0.0
            bar.update(task, completed=rows, rate=rows / elapsed if elapsed else 0.0)

        yield done


screen = Command(
    _screen,
    (
        "belbaar screen leads.xlsx --caller voltix --product energy",
        "belbaar screen leads.csv --caller voltix --product energy --at 2026-06-30T14:00 --compare 2026-07-01",
        "belbaar screen leads.csv --caller voltix --product energy --out today.parquet --lang nl",
    ),
    "0 screened, whatever the verdicts, 2 the list or the question cannot be used, and nothing was written",
)
