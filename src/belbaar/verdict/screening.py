"""Screen a list that somebody sent: every row comes back with its verdict, in the same dress as it came.

A list that fits in memory is judged for its own numbers; a larger one streams past the verdicts on all standing of the
caller. Rows whose number cannot be read stay, with the refusal's code, so no row is ever lost.
"""

__all__ = ["COLUMNS", "Comparison", "ListOptions", "Screening", "screen_file"]

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import pyarrow as pa

from belbaar.errors import InputError
from belbaar.law import PACKS, Law, announced, ruleset
from belbaar.law.calendar import local_day
from belbaar.ledger import Store
from belbaar.numbers import read_many
from belbaar.tables import Batch, Table, number_columns, open_table, write_like
from belbaar.verdict.question import Call
from belbaar.verdict.standing_view import load_asked, load_for
from belbaar.verdict.views import UNREADABLE, View, make_view

COLUMNS = (
    "belbaar_number",
    "belbaar_allowed",
    "belbaar_ground",
    "belbaar_until",
    "belbaar_reasons",
    "belbaar_error",
)
"""What a screening adds, after all original columns."""

_IN_MEMORY = 300_000_000
"""Bytes of a list file up to which its rows are held, and only its own numbers judged."""


@dataclass(frozen=True, slots=True)
class ListOptions:
    """What the sender says about a list; ``columns`` name those with telephone numbers; ``law`` an announced law."""

    columns: tuple[str, ...] = ()
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    region: str = "NL"
    law: str | None = None


@dataclass(slots=True)
class Comparison:
    """What changes at another instant: rows callable now and then, lost and gained, and why they are lost."""

    at: int
    allowed_now: int = 0
    allowed_then: int = 0
    lost: int = 0
    gained: int = 0
    lost_by_reason: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Screening:
    """What a screening counted; ``position`` is the ledger position it saw."""

    out: Path
    position: int
    ruleset: str
    ruleset_hash: str
    rows: int = 0
    allowed: int = 0
    by_ground: Counter[str] = field(default_factory=Counter)
    by_reason: Counter[str] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    notes: tuple[str, ...] = ()
    compare: Comparison | None = None


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of one batch with the numbers read from one of its columns."""

    batch: Batch
    column: str
    readings: pa.Table


def screen_file(
    store: Store,
    path: Path,
    call: Call,
    *,
    out: Path | None = None,
    options: ListOptions | None = None,
    compare_at: int | None = None,
    progress: Callable[[int], None] | None = None,
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
    laws = _laws(store, options)
    rows: Iterator[_Rows] | list[_Rows] = _read(table, columns, options.region)
    with duckdb.connect(config={"preserve_insertion_order": True}) as database:
        held = path.stat().st_size <= _IN_MEMORY
        if held:
            rows = list(rows)
            load_asked(database, (item.readings.column("number") for item in rows))
        position = load_for(store, database, call, held=held)
        views = [
            make_view(database, store, replace(call, at=at), laws, f"view_{i}")
            for i, at in enumerate(_instants(call, compare_at))
        ]
        rules = ruleset(laws["NL"], local_day(call.at, PACKS["NL"].zone))
        result = Screening(out, position, rules.name, rules.hash, notes=table.notes)
        result.compare = Comparison(compare_at) if compare_at is not None else None
        originals = [name for name in table.columns if name not in COLUMNS]
        added = ("belbaar_column", *COLUMNS) if len(columns) > 1 else COLUMNS
        typed = (out.suffix.lower() or path.suffix.lower()) in (".parquet", ".jsonl", ".ndjson")
        batches = _judged(database, table, rows, views, result, typed=typed, progress=progress)
        result.notes += tuple(write_like(table, out, [*originals, *added], batches) or ())
    if result.rows and not result.allowed and result.by_reason["nl.hours"]:
        result.notes += ("the moment asked lies outside calling hours; say --at for the moment you mean to call",)
    return result


def _laws(store: Store, options: ListOptions) -> dict[str, Law]:
    laws = {country: Law(pack, off=store.known().switched_off) for country, pack in PACKS.items()}
    return {country: announced(law, options.law) if options.law else law for country, law in laws.items()}


def _instants(call: Call, compare_at: int | None) -> list[int]:
    return [call.at] if compare_at is None else [call.at, compare_at]


def _read(table: Table, columns: tuple[str, ...], region: str) -> Iterator[_Rows]:
    for batch in table.batches():
        for column in columns:
            yield _Rows(batch, column, read_many(batch.data.column(column), region))


def _judged(
    database: duckdb.DuckDBPyConnection,
    table: Table,
    rows: Iterator[_Rows] | list[_Rows],
    views: list[View],
    result: Screening,
    *,
    typed: bool,
    progress: Callable[[int], None] | None,
) -> Iterator[pa.Table]:
    """Put the verdict's columns to each batch, and count."""
    last_column = table.columns[-1]
    for item in rows:
        numbers = item.readings.column("number")
        codes = item.readings.column("code").to_pylist()
        ids = [view.ids(database, numbers) for view in views]
        data = _with_overflow(item.batch, last_column, table.dialect.delimiter or ";")
        data = data.drop_columns([name for name in COLUMNS if name in table.columns])  # of an earlier screening
        for name, column in views[0].columns(numbers, codes, ids[0], typed=typed).items():
            data = data.append_column(name, column)
        data = data.append_column("belbaar_column", pa.repeat(item.column, data.num_rows))
        _count(result, item, codes, views, ids)
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


def _count(result: Screening, item: _Rows, codes: list[str], views: list[View], ids: list[list[int]]) -> None:
    result.rows += len(codes)
    result.problems += [f"row {problem.row}: {problem.what}" for problem in item.batch.problems]
    result.unreadable += Counter(code for code in codes if code)
    for identity, count in Counter(ids[0]).items():
        answer = views[0].answers[identity]
        result.allowed += count * answer.allowed
        if answer.error:
            result.unreadable[answer.error] += count
        elif answer.allowed:
            result.by_ground[answer.ground] += count
        elif identity != UNREADABLE:
            for reason in answer.why:
                result.by_reason[reason] += count
    if result.compare:
        _compare(result.compare, views, ids)


def _compare(comparison: Comparison, views: list[View], ids: list[list[int]]) -> None:
    for (now, then), count in Counter(zip(*ids, strict=True)).items():
        before, after = views[0].answers[now], views[1].answers[then]
        comparison.allowed_now += count * before.allowed
        comparison.allowed_then += count * after.allowed
        if before.allowed and not after.allowed:
            comparison.lost += count
            for reason in after.why:
                comparison.lost_by_reason[reason] += count
        elif after.allowed and not before.allowed:
            comparison.gained += count
