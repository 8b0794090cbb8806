"""A list of numbers: the same program as for one, folded once for all, on DuckDB or Spark.

Rules go before the join with the list: standing becomes a few integers a number. ``until`` walks through the law to
come like ``one`` does, at each step only for the numbers that still have a ground.
"""

__all__ = ["ASKED", "VERDICTS", "carrying", "judge", "judge_one", "verdict_of"]

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import duckdb
import pyarrow as pa

from belbaar.law import Law, Moment
from belbaar.law.program import Program, compile_ruleset
from belbaar.law.rulesets import last_day_under, midnight, moment, moment_on, ruleset
from belbaar.law.words import FOREVER_DAY, NEVER_DAY
from belbaar.ledger import Store, events_of
from belbaar.ledger.columns import rows_as_table
from belbaar.ledger.record import stored_rows
from belbaar.numbers import metadata_version
from belbaar.verdict import fold_sql
from belbaar.verdict.engine import DuckDB, Engine
from belbaar.verdict.fold_sql import Given
from belbaar.verdict.question import Call, Verdict, call_facts, named

VERDICTS = "verdicts"
"""The table that ``judge`` makes: a row for number 0, that stands for all numbers of which nothing is known, and one for
every number with another verdict (and maybe for some with the same). Grounds, vetoes, defects and duties as bits;
allowed; until_day, the first day without a ground (FOREVER_DAY: none comes, NEVER_DAY: denied); events, when asked."""

ASKED = "number IN (SELECT number FROM asked)"
"""Limits a judgement to the numbers of the table ``asked``."""


def judge(
    engine: Engine, store: Store, call: Call, law: Law, *, numbers: str = ASKED, with_events: bool = False
) -> Program:
    """Judge numbers by the rows of the engine's table ``standing``; leaves the table ``verdicts``.

    Args:
        engine: holds ``standing``, with the ledger's columns.
        store: gives callers and products.
        call: the question; its number plays no part.
        law: the law to judge by.
        numbers: a condition on ``number``, which rows of standing count; "" for all.
        with_events: also gather the events each verdict rests on.

    Returns:
        The program, whose ids name the bits.
    """
    now = moment(law, call.at)
    given = _given(engine, store, call, now, numbers)
    rules = ruleset(law, now.today)
    program = compile_ruleset(rules)
    last = rules.period.last
    counted = make_outcome(engine, program, given, with_events=with_events, all_numbers=last < FOREVER_DAY)
    engine.make(VERDICTS, fold_sql.verdicts(program, counted=counted, with_events=with_events))
    pending = f"SELECT number FROM {VERDICTS} WHERE until_day = {FOREVER_DAY}"
    while last < FOREVER_DAY and engine.rows(f"{pending} LIMIT 1"):
        _look_ahead(
            engine,
            replace(given, rows=f"{given.rows} AND number IN ({pending})"),
            law,
            last + 1,
            with_events=with_events,
        )
        last = ruleset(law, last + 1).period.last
    return program


def carrying(
    engine: Engine, store: Store, call: Call, law: Law, grounds: Collection[str], *, numbers: str
) -> list[tuple[int, int]]:
    """Give the facts on which some grounds rest: numbers in order, and the place of each fact in the ledger.

    The engine, the question and ``numbers`` are those of ``judge``.
    """
    now = moment(law, call.at)
    given = _given(engine, store, call, now, numbers)
    program = compile_ruleset(ruleset(law, now.today))
    engine.make("ahead", fold_sql.ahead(program, given))
    return [(number, event) for number, event in engine.rows(fold_sql.carrying(program, given, grounds))]


def _given(engine: Engine, store: Store, call: Call, now: Moment, numbers: str) -> Given:
    known = store.known()
    caller = known.caller(call.caller)
    facts = {**call_facts(call, caller), "caller": caller.key}
    rows = f"standing WHERE caller IN (0, {caller.key})" + (f" AND {numbers}" if numbers else "")
    return Given(engine.dialect, rows, facts | now._asdict(), known.product_sets(call.product))


def _look_ahead(engine: Engine, given: Given, law: Law, day: int, *, with_events: bool) -> None:
    """Follow those who keep a ground to the end of an era into the next, which begins on a day."""
    values = given.values or {}
    given = replace(given, values={**values, **moment_on(law, values["moment"], day)._asdict()})
    program = compile_ruleset(ruleset(law, day))
    counted = make_outcome(engine, program, given, with_events=False, all_numbers=True)
    engine.make(VERDICTS, fold_sql.later(program, counted=counted, with_events=with_events))


def make_outcome(
    engine: Engine, program: Program, given: Given, *, with_events: bool, all_numbers: bool
) -> frozenset[int]:
    """Make the tables ``outcome`` and ``ends``; gives the places of the cut-offs that need ``ends``.

    The calendar adds the terms: it is asked once for each of the few distinct days. ``all_numbers`` must be said while
    an era follows: what a row does not say in this one, it may say in the next.
    """
    engine.make("ahead", fold_sql.ahead(program, given))
    text = fold_sql.outcome(
        program,
        given,
        with_ahead=bool(engine.rows("SELECT number FROM ahead LIMIT 1")),
        with_events=with_events,
        all_numbers=all_numbers,
    )
    engine.make("outcome", text)
    found = [
        (place, day, last_day_under(program.ruleset, program.cutoffs[place], day))
        for place, day in engine.rows(fold_sql.days(program))
    ]
    counted = frozenset(place for place, day, last in found if day != last)
    columns = list(zip(*(item for item in found if item[0] in counted), strict=True)) or [(), (), ()]
    engine.put("ends", pa.table([pa.array(column, pa.int32()) for column in columns], ["cutoff", "day", "last"]))
    return counted


def judge_one(store: Store, call: Call, law: Law) -> Verdict:
    """Judge a single call the way lists are judged on DuckDB: for checks that both ways agree."""
    with duckdb.connect() as database:
        rows = stored_rows(store, events_of(store, call.number, call.known_at), law.pack)
        database.register("standing", rows_as_table(rows))
        engine = DuckDB(database)
        program = judge(engine, store, call, law, numbers="", with_events=True)
        names = "grounds, vetoes, defects, duties, events, until_day"
        found = engine.rows(f"SELECT {names} FROM {VERDICTS} ORDER BY number DESC LIMIT 1")
    return verdict_of(program, call, law, dict(zip(names.split(", "), found[0], strict=True)))


def verdict_of(program: Program, call: Call, law: Law, found: dict[str, Any]) -> Verdict:
    """Name what a row of ``verdicts`` says."""
    ids = named(program.ground_ids, found["grounds"])
    vetoes = named(program.veto_ids, found["vetoes"])
    until_day = found["until_day"]
    return Verdict(
        call=call,
        allowed=bool(ids) and not vetoes,
        ground=ids[0] if ids else None,
        grounds=ids,
        vetoes=vetoes,
        defects=tuple(name for name in program.defect_ids if found["defects"] >> program.bits.index(name) & 1),
        duties=named(program.duty_ids, found["duties"]),
        until=midnight(law.pack, until_day) if NEVER_DAY < until_day < FOREVER_DAY else None,
        events=tuple(sorted(filter(None, found["events"] or ()))),
        ruleset=program.ruleset.name,
        ruleset_hash=program.ruleset.hash,
        switched_off=tuple(sorted(law.off)),
        metadata=metadata_version(),
    )
