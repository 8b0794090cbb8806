"""Screen a list of any size on Spark: Parquet in, Parquet out, the verdicts that DuckDB gives to the same rows.

Standing comes from the snapshot beside the store, with what the ledger has learnt since. The rules fold it to an integer
a number before the list is touched; the list is shuffled once, by number, to meet them, and not at all where the view is
small enough to be sent to every task. Rows come back in any order.

The output is a folder that appears whole: a job that is killed leaves ``<out>.part``, never an output that looks done.
"""

__all__ = ["SUMMARY", "SparkOptions", "refuse_demand", "screen_on_spark"]

import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from belbaar.errors import InputError
from belbaar.law import PACKS, ruleset
from belbaar.law.calendar import local_day
from belbaar.ledger import Store
from belbaar.ledger.columns import rows_as_table
from belbaar.ledger.snapshot import Snapshot, changes_since, current_snapshot, fits
from belbaar.ledger.standing import Row
from belbaar.verdict.evidence import demand_on
from belbaar.verdict.laws import installed_laws
from belbaar.verdict.on_spark import Spark, told
from belbaar.verdict.question import Call
from belbaar.verdict.screening import COLUMNS
from belbaar.verdict.spark_numbers import chosen_columns, with_number
from belbaar.verdict.tally import Comparison, Screening, count_groups, hours_note
from belbaar.verdict.views import UNREADABLE, View, view_on

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

SUMMARY = "_summary.json"
"""What was counted, inside the output; readers of Parquet skip names that begin so."""
_TEXTS = ("belbaar_ground", "belbaar_until", "belbaar_reasons", "belbaar_error")


@dataclass(frozen=True, slots=True)
class SparkOptions:
    """What is said about a list for Spark.

    ``columns`` name those with telephone numbers; ``region`` is the country of numbers without a country code; ``law``
    an announced law. ``e164``: the columns hold E.164 as integers and are taken as they are. ``snapshot`` is a folder
    with a copy of the store's snapshot, where all workers can read it. ``evidence`` is a level that is demanded, which
    Spark refuses: it has no events to look for it.
    """

    columns: tuple[str, ...] = ()
    region: str = "NL"
    law: str | None = None
    e164: bool = False
    snapshot: str = ""
    evidence: int = 0


@dataclass(frozen=True, slots=True)
class _Listed:
    """A list with its columns under names that clash with nothing, and what its own are called."""

    frame: "DataFrame"
    names: tuple[str, ...]
    originals: tuple[str, ...]
    columns: tuple[str, ...]


def screen_on_spark(
    store: Store,
    session: "SparkSession",
    source: str,
    call: Call,
    *,
    out: str,
    options: SparkOptions | None = None,
    compare_at: int | None = None,
    summary: Callable[[Screening], Mapping[str, Any]],
) -> Screening:
    """Judge every number of a list for one caller, product and moment, and write the list with the verdicts.

    Args:
        store: the ledger.
        session: a Spark session; it stays open.
        source: a Parquet file, a folder of them, or a URL that Spark reads.
        call: the question; its number plays no part.
        out: the folder to write. One that an earlier screening wrote is replaced, any other thing refused.
        options: what the list does not say itself.
        compare_at: another instant, to tell what changes (UTC microseconds).
        summary: makes of the counts what is kept beside the rows.

    Raises:
        InputError: the list, the question or the place of the output cannot be used; nothing is written.
        LawUnknown: the law of that moment is not known; nothing is written.
        StoreUnavailable: the ledger cannot be read, or Spark failed; nothing is written.
    """
    options = options or SparkOptions()
    if call.known_at is not None:
        raise InputError("Spark judges by all that is recorded.", todo="Leave known_at out, or screen without Spark.")
    _check_out(out, source)
    engine = Spark(session)
    laws = installed_laws(off=store.known().switched_off, preview=options.law)
    calls = [call] + ([] if compare_at is None else [replace(call, at=compare_at)])
    refuse_demand(store, calls, options)
    try:
        with told(source):
            listed = _listed(session, source, options)
            position = _show_standing(store, engine, options.snapshot)
            views = [view_on(engine, store, each, laws, f"view_{i}", numbers="") for i, each in enumerate(calls)]
            _refuse_unseen_objections(store, views)
            rules = ruleset(laws["NL"], local_day(call.at, PACKS["NL"].zone))
            result = Screening(Path(out), position, rules.name, rules.hash)
            result.compare = None if compare_at is None else Comparison(compare_at)
            judged = _judged(engine, listed, views, options)
            with _written(out) as place:
                mode = "errorifexists" if "://" in out else "overwrite"
                _with_texts(engine, judged, listed, views[0]).write.mode(mode).parquet(_uri(place, to_read=False))
                groups = _groups(judged, len(views)) if result.compare else _read_back(session, place, views[0])
                count_groups(result, views, groups)
                result.notes += hours_note(result)
                _keep_summary(session, place, summary(result))
    finally:
        engine.close()
    return result


def refuse_demand(store: Store, calls: Iterable[Call], options: SparkOptions) -> None:
    """See to it that no level of evidence is demanded: standing, which is all that Spark has, does not tell it.

    Raises:
        InputError: when the question, the caller or the law demands one.
    """
    laws = installed_laws(off=store.known().switched_off, preview=options.law).values()
    if any(demand_on(store, call, law, options.evidence) for call in calls for law in laws):
        raise InputError(
            "a level of evidence is demanded, and Spark cannot tell the evidence of a consent.",
            where="--evidence",
            todo="Screen without --engine spark; or take back the demand, the caller's with: "
            "belbaar caller describe ID --evidence 0",
        )


def _refuse_unseen_objections(store: Store, views: Sequence[View]) -> None:
    """Refuse where a number of which nothing is known may be called: an erased person's objection is not in standing.

    Where a ground is asked for, a callable number has events of its own, and its standing has that objection too.
    """
    if store.known().suppressing and any(view.answers[id_].allowed for view in views for id_ in view.others.values()):
        raise InputError(
            "by the law of that moment no ground is asked for, and Spark does not look up objections of erased persons.",
            where="--engine",
            todo="Leave --engine out: without Spark they are looked up.",
        )


def _check_out(out: str, source: str) -> None:
    """Refuse to write over anything but the output of an earlier screening."""
    path = Path(out)
    if "://" in out or not path.exists():
        return
    if "://" not in source and Path(source).exists() and path.samefile(source):
        raise InputError("the output would overwrite the list.", where=out, todo="Name another folder with --out.")
    if not (path / SUMMARY).is_file():
        raise InputError(
            "this is there already, and no screening on Spark wrote it.", where=out, todo="Name another with --out."
        )


def _listed(session: "SparkSession", source: str, options: SparkOptions) -> _Listed:
    path = Path(source)
    if "://" not in source and not path.exists():
        raise InputError("there is no such file or folder.", where=source, todo="Check the name.")
    if path.is_file() and path.suffix.lower() not in (".parquet", ".pq"):
        raise InputError(
            "Spark screens lists in Parquet.",
            where=source,
            todo="Leave --engine out: without Spark this file is read as it is.",
        )
    frame = session.read.parquet(_uri(source))
    frame = frame.drop(*(name for name in frame.columns if name in COLUMNS))  # of an earlier screening
    originals = tuple(frame.columns)
    columns = chosen_columns(frame, source, options.columns)
    names = tuple(f"c{place}" for place in range(len(originals)))
    return _Listed(frame.toDF(*names), names, originals, columns)


def _show_standing(store: Store, engine: Spark, folder: str) -> int:
    """Make the view ``standing``: the snapshot, with changed numbers as they are now; gives the ledger position."""
    session = engine.session
    if folder:
        text = "\n".join(row[0] for row in session.read.text(_uri(f"{folder}/manifest.json")).collect())
        parquet, snapshot = f"{folder}/standing.parquet", Snapshot(**json.loads(text))
        if not fits(snapshot, store):
            raise InputError(
                "this snapshot is of another ledger, of another version, or from before an erasure.",
                where=folder,
                todo="Screen a list without --snapshot, and copy the store's own snapshot there anew.",
            )
    else:
        path, snapshot = current_snapshot(store)
        parquet = str(path)
    changes = changes_since(store, snapshot.position)
    columns = ", ".join(Row._fields)
    session.read.parquet(_uri(parquet)).createOrReplaceTempView("snapshot")
    query = f"SELECT {columns} FROM snapshot"
    if changes.numbers:
        engine.put("changed_numbers", pa.table({"number": pa.array(changes.numbers, pa.int64())}))
        engine.put("changed_rows", rows_as_table(changes.rows))
        query += f" LEFT ANTI JOIN changed_numbers USING (number) UNION ALL SELECT {columns} FROM changed_rows"
    session.sql(query).createOrReplaceTempView("standing")
    return changes.position


def _judged(engine: Spark, listed: _Listed, views: list[View], options: SparkOptions) -> "DataFrame":
    """Put to every row its number, the code of a refusal, and the id of each view's answer."""
    frames = [
        with_number(
            listed.frame, listed.names[listed.originals.index(column)], options.region, as_is=options.e164
        ).selectExpr("*", f"{place} AS column_place")
        for place, column in enumerate(listed.columns)
    ]
    frame = frames[0]
    for other in frames[1:]:
        frame = frame.unionAll(other)
    frame.createOrReplaceTempView("list")
    joins = " ".join(f"LEFT JOIN {view.name} ON list.number = {view.name}.number" for view in views)
    ids = ", ".join(f"{view.id_of('list.number', f'{view.name}.id')} AS id_{place}" for place, view in enumerate(views))
    return engine.session.sql(f"SELECT list.*, {ids} FROM list {joins}")


def _with_texts(engine: Spark, judged: "DataFrame", listed: _Listed, view: View) -> "DataFrame":
    """Put texts for the answers' ids, and the list's own names to its columns."""
    answers = view.answers
    table = {
        "id_0": pa.array(range(len(answers)), pa.int32()),
        "allowed": pa.array([answer.allowed for answer in answers]),
        "ground": pa.array([answer.ground for answer in answers]),
        "until": pa.array([answer.until for answer in answers]),
        "reasons": pa.array([" ".join(answer.reasons) for answer in answers]),
        "error": pa.array([answer.error for answer in answers]),
    }
    engine.put("answers", pa.table(table))
    engine.put("number_columns", pa.table({"column_place": range(len(listed.columns)), "name": listed.columns}))
    judged.createOrReplaceTempView("judged")
    several = len(listed.columns) > 1
    query = f"""
        SELECT /*+ BROADCAST(answers), BROADCAST(number_columns) */
               {"".join(f"{name}, " for name in listed.names)} {"name, " if several else ""}
               coalesce('+' || number, '') AS number_text, allowed, ground, until, reasons,
               CASE WHEN code = '' THEN error ELSE code END AS error
        FROM judged JOIN answers USING (id_0) {"JOIN number_columns USING (column_place)" if several else ""}
    """
    added = ("belbaar_column", *COLUMNS) if several else COLUMNS
    return engine.session.sql(query).toDF(*listed.originals, *added)


def _groups(judged: "DataFrame", views: int) -> Iterator[tuple[tuple[Any, ...], int]]:
    """Count rows by refusal code and the answers of all views."""
    keys = ["code", *(f"id_{place}" for place in range(views))]
    return ((tuple(row[:-1]), row[-1]) for row in judged.groupBy(*keys).count().collect())


def _read_back(session: "SparkSession", place: str, view: View) -> Iterator[tuple[tuple[Any, ...], int]]:
    """Count what was written, by its answer: cheaper than judging again, for these columns hold few texts."""
    ids = {
        (answer.allowed, answer.ground, answer.until, " ".join(answer.reasons), answer.error): id_
        for id_, answer in enumerate(view.answers)
    }
    for allowed, *texts, rows in (
        session.read.parquet(_uri(place)).groupBy("belbaar_allowed", *_TEXTS).count().collect()
    ):
        id_ = ids.get((allowed, *texts), UNREADABLE)
        yield ("" if id_ != UNREADABLE else texts[-1], id_), rows


@contextmanager
def _written(out: str) -> Iterator[str]:
    """Give the place to write to; the output takes the name it was promised when all of it is there."""
    if "://" in out:  # a store of objects renames no folder: there Spark's own mark says that it is whole
        yield out
        return
    path, part, old = Path(out), Path(f"{out}.part"), Path(f"{out}.old")
    shutil.rmtree(part, ignore_errors=True)
    yield str(part)
    if path.exists():
        shutil.rmtree(old, ignore_errors=True)
        path.rename(old)
    part.rename(path)
    shutil.rmtree(old, ignore_errors=True)


def _uri(place: str, *, to_read: bool = True) -> str:
    """Name a local place so that Spark takes it for one, whatever else it knows, and takes no sign in it for a pattern."""
    if "://" in place:
        return place
    path = str(Path(place).resolve())
    return "file://" + (re.sub(r"([][{}*?,])", r"\\\1", path) if to_read else path)


def _keep_summary(session: "SparkSession", place: str, counts: Mapping[str, Any]) -> None:
    text = json.dumps(counts, ensure_ascii=False)
    if "://" in place:
        lines = session.createDataFrame(pa.table({"value": [text]}))
        lines.coalesce(1).write.mode("overwrite").text(f"{place}/{SUMMARY}")
    else:
        (Path(place) / SUMMARY).write_text(f"{text}\n", encoding="utf-8")
