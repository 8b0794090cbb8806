"""A list of numbers: the same program as for one, folded once for all, in DuckDB.

Rules go before the join with the list: standing becomes a few integers a number. ``until`` walks through the law to
come like ``one`` does, at each step only for the numbers that still have a ground.
"""

__all__ = ["VERDICTS", "judge", "judge_one"]

import re
from collections.abc import Mapping

import duckdb
import pyarrow as pa

from belbaar.law import Law
from belbaar.law.products import ProductSets
from belbaar.law.program import Program, compile_ruleset
from belbaar.law.rulesets import last_day_under, midnight, moment, moment_on, ruleset
from belbaar.law.words import FOREVER_DAY, NEVER, NEVER_DAY
from belbaar.ledger import Store, events_of
from belbaar.ledger.columns import rows_as_table
from belbaar.ledger.record import stored_rows
from belbaar.numbers import metadata_version
from belbaar.verdict.question import Call, Verdict, call_facts, named
from belbaar.verdict.statements import texts, with_sets

VERDICTS = "verdicts"
"""The table that ``judge`` makes, a row for every number with standing and one, with number 0, for all others: grounds,
vetoes, defects and duties as bits; allowed; until_day, the first day without a ground (FOREVER_DAY: none comes,
NEVER_DAY: denied); events, the places in the ledger of what played a part."""


def judge(
    database: duckdb.DuckDBPyConnection, store: Store, call: Call, law: Law, *, with_events: bool = False
) -> Program:
    """Judge the numbers of ``asked`` by the rows of ``standing``, both in the database; leaves the table ``verdicts``.

    Args:
        database: holds ``asked (number)``, each once, and ``standing`` with the ledger's columns.
        store: gives callers and products.
        call: the question; its number plays no part.
        law: the law to judge by.
        with_events: also gather the events each verdict rests on.

    Returns:
        The program, whose ids name the bits.
    """
    known = store.known()
    caller = known.caller(call.caller)
    sets = known.product_sets(call.product)
    facts = {**call_facts(call, caller), "caller": caller.key}
    now = moment(law, call.at)
    rules = ruleset(law, now.today)
    program = compile_ruleset(rules)
    _era(database, program, facts | now._asdict(), sets, "SELECT number FROM asked", with_events=with_events)
    defects = sum(1 << program.bits.index(name) for name in program.defect_ids)
    database.execute(f"""
        CREATE OR REPLACE TEMP TABLE {VERDICTS} AS
        SELECT number, grounds, vetoes, duties, mask & {defects} AS defects, events,
               grounds <> 0 AND vetoes = 0 AS allowed,
               CASE WHEN NOT (grounds <> 0 AND vetoes = 0) THEN {NEVER_DAY}
                    WHEN last_day >= {rules.period.last} THEN {FOREVER_DAY}
                    ELSE last_day + 1 END AS until_day
        FROM era
    """)
    _look_ahead(database, law, call.at, facts, sets, rules.period.last)
    return program


def _look_ahead(
    database: duckdb.DuckDBPyConnection, law: Law, at: int, facts: Mapping[str, int], sets: ProductSets, last: int
) -> None:
    """Follow those who keep a ground to the end of an era into the next, until none is left or the law ends."""
    pending = f"SELECT number FROM {VERDICTS} WHERE until_day = {FOREVER_DAY}"
    while last < FOREVER_DAY and database.execute(f"{pending} LIMIT 1").fetchall():
        rules = ruleset(law, last + 1)
        values = {**facts, **moment_on(law, at, last + 1)._asdict()}
        _era(database, compile_ruleset(rules), values, sets, pending, with_events=False)
        database.execute(f"""
            UPDATE {VERDICTS} SET until_day = CASE
                WHEN era.grounds = 0 THEN {rules.period.first}
                WHEN era.last_day >= {rules.period.last} THEN {FOREVER_DAY}
                ELSE era.last_day + 1 END
            FROM era WHERE era.number = {VERDICTS}.number
        """)
        last = rules.period.last


def _era(
    database: duckdb.DuckDBPyConnection,
    program: Program,
    values: Mapping[str, int],
    sets: ProductSets,
    numbers: str,
    *,
    with_events: bool,
) -> None:
    """Make the table ``era``: what one ruleset makes of some numbers (and of number 0, that stands for the unknown)."""
    parts = texts(program, "duckdb", fold_is_given=False)
    aheads = ", ".join(f"max(CASE WHEN {when} THEN since END) AS {name}" for name, when in parts.ahead)
    ahead_names = ", ".join(f"coalesce({name}, {NEVER}) AS {name}" for name, _ in parts.ahead)
    extremes = "".join(
        f", max(CASE WHEN (mask & {extreme.bits}) <> 0 THEN {extreme.column} ELSE {extreme.floor} END) AS {extreme.name}"
        for extreme in program.extremes
    )
    nothing = "".join(f", {extreme.floor} AS {extreme.name}" for extreme in program.extremes)
    events = "list(event ORDER BY event) FILTER (mask <> 0)" if with_events else "NULL::BIGINT[]"
    text = f"""
        CREATE OR REPLACE TEMP TABLE fold AS
        WITH mine AS (SELECT * FROM standing WHERE caller IN (0, $caller) AND number IN ({numbers})),
        ahead AS (SELECT number, {aheads} FROM mine GROUP BY number HAVING {" OR ".join(f"{n} IS NOT NULL" for n, _ in parts.ahead)}),
        facts AS (SELECT mine.*, {ahead_names} FROM mine LEFT JOIN ahead USING (number)),
        masked AS (SELECT number, since, event, {parts.lasts} AS lasts, {parts.mask} AS mask FROM facts)
        SELECT number, bit_or(mask) AS mask, {events} AS events{extremes} FROM masked GROUP BY number
        UNION ALL BY NAME SELECT 0 AS number, 0 AS mask, NULL AS events{nothing}
    """
    database.execute(_bound(with_sets(text, sets), values))
    outcome = _bound(with_sets(parts.outcome, sets), values)
    database.execute(f"CREATE OR REPLACE TEMP TABLE outcome AS SELECT *, {outcome} FROM fold")
    _lengthen(database, program)


def _lengthen(database: duckdb.DuckDBPyConnection, program: Program) -> None:
    """Let the calendar add the terms: it knows the last day for each of the few distinct days."""
    days, joins = ["unending"], ""
    for cutoff in program.cutoffs:
        column = f"lasts_{cutoff}"
        found = [day for (day,) in database.execute(f"SELECT DISTINCT {column} FROM outcome").fetchall()]
        ends = [last_day_under(program.ruleset, cutoff, day) for day in found]
        database.register(
            f"ends_{cutoff}", pa.table({"day": pa.array(found, pa.int64()), "last": pa.array(ends, pa.int64())})
        )
        days.append(f"ends_{cutoff}.last")
        joins += f" JOIN ends_{cutoff} ON ends_{cutoff}.day = outcome.{column}"
    database.execute(
        f"CREATE OR REPLACE TEMP TABLE era AS SELECT outcome.*, greatest({', '.join(days)}) AS last_day FROM outcome{joins}"
    )


def _bound(text: str, values: Mapping[str, int]) -> str:
    """Put integers for placeholders: a list's statement runs once, and constants help its plan."""
    return re.sub(r"\$(\w+)", lambda match: str(values[match[1]]), text)


def judge_one(store: Store, call: Call, law: Law) -> Verdict:
    """Judge a single call the way lists are judged: for checks that both ways agree."""
    with duckdb.connect() as database:
        rows = stored_rows(store, events_of(store, call.number, call.known_at), law.pack)
        database.register("standing", rows_as_table(rows))
        database.register("asked", pa.table({"number": pa.array([call.number], pa.int64())}))
        program = judge(database, store, call, law, with_events=True)
        grounds, vetoes, defects, duties, events, allowed, until_day = database.execute(f"""
            SELECT grounds, vetoes, defects, duties, events, allowed, until_day FROM {VERDICTS}
            ORDER BY number DESC LIMIT 1
        """).fetchall()[0]
    ids = named(program.ground_ids, grounds)
    return Verdict(
        call=call,
        allowed=allowed,
        ground=ids[0] if ids else None,
        grounds=ids,
        vetoes=named(program.veto_ids, vetoes),
        defects=tuple(name for name in program.defect_ids if defects >> program.bits.index(name) & 1),
        duties=named(program.duty_ids, duties),
        until=midnight(law.pack, until_day) if NEVER_DAY < until_day < FOREVER_DAY else None,
        events=tuple(events or ()),
        ruleset=program.ruleset.name,
        ruleset_hash=program.ruleset.hash,
        switched_off=tuple(sorted(law.off)),
        metadata=metadata_version(),
    )
