"""Screen a list that somebody sent: every row comes back with its verdict, in the same dress as it came.

A list that fits in memory is judged for its own numbers. A larger one streams past the verdicts on all standing of the
caller, in bounded memory, and its progress is kept (``belbaar.verdict.parts``): killed half-way and started again it
goes on where it was. Rows whose number cannot be read stay, with the refusal's code, so no row is ever lost.
"""

__all__ = ["COLUMNS", "ListOptions", "Screening", "screen_file"]

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from belbaar import __version__
from belbaar.errors import InputError
from belbaar.law import PACKS, Law, ruleset
from belbaar.law.calendar import local_day
from belbaar.ledger import Store
from belbaar.ledger.details import evidence_demanded
from belbaar.numbers import metadata_version, read_many
from belbaar.tables import Batch, Table, number_columns, open_table, read_ahead, write_like
from belbaar.verdict.evidence import demand_on
from belbaar.verdict.laws import installed_laws
from belbaar.verdict.lookup import Lookup, Places, columns_of, make_lookup
from belbaar.verdict.parts import Part, Parts, open_parts
from belbaar.verdict.question import Call
from belbaar.verdict.standing_view import load_asked, load_for
from belbaar.verdict.tally import Comparison, Screening, count, hours_note
from belbaar.verdict.views import Answer, View, make_view
from belbaar.verdict.weighing import Demand

COLUMNS = (
    "belbaar_number",
    "belbaar_allowed",
    "belbaar_ground",
    "belbaar_until",
    "belbaar_reasons",
    "belbaar_error",
)
"""What a screening adds, after all original columns."""

_IN_MEMORY = 100_000_000
"""Bytes of a list file up to which its rows are held, and only its own numbers judged."""
_HELD_AHEAD = 16
"""Batches to read ahead where all are held anyway: reading goes on while numba is loaded."""
_LONG = 16_000_000
"""Bytes of a list file from which on it pays to load what reads numbers the compiled way."""
_MEMORY_LIMIT = "1GB"
"""What DuckDB may hold; beyond it, it goes to disk."""


@dataclass(frozen=True, slots=True)
class ListOptions:
    """What the sender says about a list.

    ``columns`` name those with telephone numbers; ``law`` an announced law; ``moment_given`` is false when the call's
    moment is merely now: a screening that goes on then keeps the moment of its first start. ``evidence`` is the level
    that this question demands of a consent, beside its caller's and the law's own demands. ``in_memory``: bytes of a list
    up to which its rows are held; None: 100 MB.
    """

    columns: tuple[str, ...] = ()
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    region: str = "NL"
    law: str | None = None
    moment_given: bool = True
    evidence: int = 0
    in_memory: int | None = None


@dataclass(frozen=True, slots=True)
class _Job:
    """One screening: what is asked of which list."""

    store: Store
    table: Table
    columns: tuple[str, ...]
    call: Call
    compare_at: int | None
    options: ListOptions
    laws: Mapping[str, Law]
    out: Path
    take: "Take | None"

    def calls(self) -> list[Call]:
        """The call, and the same one at the other instant that was asked for."""
        return [self.call] + ([] if self.compare_at is None else [replace(self.call, at=self.compare_at)])

    def columns_of_batches(self, depth: int = 2) -> Iterator[tuple[Batch, str]]:
        """Each batch of the list with each of its number columns; so many batches are read ahead."""
        return ((batch, column) for batch in read_ahead(self.table.batches(), depth) for column in self.columns)


Take = Callable[[npt.NDArray[np.int64], Places, Sequence[Answer]], None]
"""Takes rows: their numbers (0: unreadable), the place of each one's answer, and the answers."""
_Judged = Iterator[tuple[Batch, str, Part]]


def screen_file(
    store: Store,
    path: Path,
    call: Call,
    *,
    out: Path | None = None,
    options: ListOptions | None = None,
    compare_at: int | None = None,
    progress: Callable[[int], None] | None = None,
    take: Take | None = None,
) -> Screening:
    """Judge every number of a list for one caller, product and moment, and write the list back with the verdicts.

    Args:
        store: the ledger.
        path: CSV, XLSX, Parquet or JSON Lines.
        call: the question; its number plays no part.
        out: where to; default beside the list, as ``name.belbaar.suffix``.
        options: what the file does not say itself.
        compare_at: another instant, to tell what changes (UTC microseconds).
        progress: called with the number of rows done so far.
        take: is given the rows in order, with their answers: what proves a screening later.

    Raises:
        InputError: the list or the question cannot be used; nothing is written.
        LawUnknown: the law of that moment is not known; nothing is written.
        StoreUnavailable: the ledger cannot be read; nothing is written.
    """
    options = options or ListOptions()
    table = open_table(path, delimiter=options.delimiter, encoding=options.encoding, sheet=options.sheet)
    columns = number_columns(table, wanted=options.columns)
    out = out or path.with_name(f"{path.stem}.belbaar{path.suffix}")
    if out.exists() and out.samefile(path):
        raise InputError("the output would overwrite the list.", where=str(out), todo="Name another file with --out.")
    laws = installed_laws(off=store.known().switched_off, preview=options.law)
    job = _Job(store, table, columns, call, compare_at, options, laws, out, take)
    with duckdb.connect(config={"memory_limit": _MEMORY_LIMIT, "temp_directory": f"{out}.spill"}) as database:
        database.execute("SET enable_progress_bar = false")  # it would write on standard output, which is not DuckDB's
        if path.stat().st_size <= (_IN_MEMORY if options.in_memory is None else options.in_memory):
            return _held(job, database, progress)
        return _streamed(job, database, progress)


def _held(job: _Job, database: duckdb.DuckDBPyConnection, progress: Callable[[int], None] | None) -> Screening:
    """Hold the rows, and judge their numbers only."""
    more = job.table.path.stat().st_size > _LONG
    rows = [
        (batch, column, read_many(batch.data.column(column), job.options.region, more=more))
        for batch, column in job.columns_of_batches(_HELD_AHEAD)
    ]
    load_asked(database, (readings.column("number") for _, _, readings in rows))
    position = load_for(job.store, database, job.call, held=True)
    views = _views(job, database, position)
    lookups = [make_lookup(database, view) for view in views]
    judged = ((batch, column, _part(readings, lookups)) for batch, column, readings in rows)
    return _write(job, judged, [lookup.view for lookup in lookups], position, progress)


def _streamed(job: _Job, database: duckdb.DuckDBPyConnection, progress: Callable[[int], None] | None) -> Screening:
    """Read the list twice: once to judge it part by part, once to write it with the answers."""
    question = _question(job)
    fixed = frozenset() if job.options.moment_given else frozenset({"at"})
    parts, kept = open_parts(Path(f"{job.out}.progress"), question, fixed=fixed)
    if kept:
        job = replace(job, call=replace(job.call, at=kept["at"]))
        views = [parts.load_view(database, f"view_{index}") for index in range(len(job.calls()))]
    else:
        listed = (
            read_many(batch.data.column(column), job.options.region) for batch, column in job.columns_of_batches()
        )
        numbers = (readings.column("number") for readings in listed)
        position = load_for(job.store, database, job.call, held=False, listed=numbers)
        views = _views(job, database, position)
        for view in views:
            parts.save_view(database, view)
        parts.begin(question, position)
    lookups = [make_lookup(database, view) for view in views]
    _judge_parts(job, parts, lookups, progress)
    judged = ((batch, column, parts.read(index)) for index, (batch, column) in enumerate(job.columns_of_batches()))
    result = _write(job, judged, [lookup.view for lookup in lookups], parts.position, None, within=parts.folder)
    if kept:
        result.notes += ("went on where an earlier start had stopped",)
    parts.remove()
    return result


def _judge_parts(job: _Job, parts: Parts, lookups: list[Lookup], progress: Callable[[int], None] | None) -> None:
    done, rows = parts.done, 0
    for index, (batch, column) in enumerate(job.columns_of_batches()):
        if index >= done:
            parts.add(_part(read_many(batch.data.column(column), job.options.region, more=True), lookups))
        rows += len(batch.rows)
        if progress:
            progress(rows)


def _question(job: _Job) -> dict[str, Any]:
    """What makes two screenings the same one, as plain values."""
    stat = job.table.path.stat()
    return {
        "list": str(job.table.path.resolve()),
        "size": stat.st_size,
        "modified": stat.st_mtime_ns,
        "columns": list(job.columns),
        "compare_at": job.compare_at,
        "law": job.options.law,
        "off": sorted(job.store.known().switched_off),
        "region": job.options.region,
        "evidence": max(job.options.evidence, evidence_demanded(job.store, job.call.caller)),
        "metadata": metadata_version(),
        "belbaar": __version__,
        **{name: value for name, value in asdict(job.call).items() if name not in ("number", "heard")},
    }


def _views(job: _Job, database: duckdb.DuckDBPyConnection, position: int) -> list[View]:
    demand = Demand(job.options.evidence, position)
    return [
        make_view(database, job.store, call, job.laws, f"view_{index}", demand=demand)
        for index, call in enumerate(job.calls())
    ]


def _part(readings: pa.Table, lookups: list[Lookup]) -> Part:
    numbers, codes = readings.column("number"), readings.column("code")
    return Part(numbers, [lookup.places(numbers, codes) for lookup in lookups])


def _write(
    job: _Job,
    judged: _Judged,
    views: list[View],
    position: int,
    progress: Callable[[int], None] | None,
    *,
    within: Path | None = None,
) -> Screening:
    rules = ruleset(job.laws["NL"], local_day(job.call.at, PACKS["NL"].zone))
    result = Screening(job.out, position, rules.name, rules.hash, notes=job.table.notes)
    result.demanded = demand_on(job.store, job.call, job.laws["NL"], job.options.evidence)
    result.compare = Comparison(job.compare_at) if job.compare_at is not None else None
    originals = [name for name in job.table.columns if name not in COLUMNS]
    added = ("belbaar_column", *COLUMNS) if len(job.columns) > 1 else COLUMNS
    batches = _with_verdicts(job, judged, views, result, progress)
    result.notes += write_like(job.table, job.out, [*originals, *added], batches, within=within)
    result.notes += hours_note(result)
    return result


def _with_verdicts(
    job: _Job,
    judged: _Judged,
    views: list[View],
    result: Screening,
    progress: Callable[[int], None] | None,
) -> Iterator[pa.Table]:
    """Put the verdict's columns to each batch, and count."""
    typed = (job.out.suffix.lower() or job.table.path.suffix.lower()) in (".parquet", ".pq", ".jsonl", ".ndjson")
    last, delimiter = job.table.columns[-1], job.table.dialect.delimiter or ";"
    for batch, column, part in judged:
        data = _with_overflow(batch, last, delimiter)
        data = data.drop_columns([name for name in COLUMNS if name in job.table.columns])  # of an earlier screening
        for name, values in columns_of(views[0], part.numbers, part.places[0], typed=typed).items():
            data = data.append_column(name, values)
        data = data.append_column("belbaar_column", pa.repeat(column, data.num_rows))
        count(result, views, part.places)
        if job.take:
            job.take(part.numbers.fill_null(0).to_numpy(), part.places[0], views[0].answers)
        result.problems += [f"row {problem.row}: {problem.what}" for problem in batch.problems]
        if progress:
            progress(result.rows)
        yield data


def _with_overflow(batch: Batch, last: str, delimiter: str) -> pa.Table:
    """Keep the surplus of ragged rows in their last column."""
    data = pa.Table.from_batches([batch.data])
    surplus = batch.overflow.to_pylist() if batch.problems else []
    if not any(surplus):
        return data
    texts = [
        f"{text}{delimiter}{more}" if more else text
        for text, more in zip(data.column(last).to_pylist(), surplus, strict=True)
    ]
    return data.set_column(data.schema.names.index(last), last, pa.array(texts, pa.string()))
