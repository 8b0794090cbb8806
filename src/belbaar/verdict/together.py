"""Thousands of questions at once, each with a number, a call and a moment of its own, on an engine for lists.

A query on Spark costs a good part of a second whatever it asks. So questions are not put one by one: each gets a number
of its own in one standing table, and its call and moment as columns of ``asked``. The law is walked through from its
first day on; on each stretch of it stand the questions whose call falls there, and those that an earlier stretch left
with a ground, to find its end. The queries are those of a list.
"""

__all__ = ["Question", "answers_on_spark", "ask", "judge_together"]

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import pyarrow as pa

from belbaar.errors import LawUnknown
from belbaar.law import Law, Moment
from belbaar.law.products import ProductSets
from belbaar.law.program import Program, compile_ruleset
from belbaar.law.rulesets import boundaries, moment, moment_on, ruleset
from belbaar.law.words import FOREVER_DAY
from belbaar.ledger import Store, events_of
from belbaar.ledger.columns import rows_as_table
from belbaar.ledger.record import stored_rows
from belbaar.ledger.standing import Row
from belbaar.ledger.store import StoredRow
from belbaar.verdict import fold_sql
from belbaar.verdict.engine import Engine
from belbaar.verdict.fold_sql import Given
from belbaar.verdict.many import VERDICTS, make_outcome, verdict_of
from belbaar.verdict.question import Call, Verdict, call_facts

_FOUND = "grounds, vetoes, defects, duties, events, until_day"
_SETS = ("covering", "similar", "related")
_ROWS = "(SELECT * FROM standing JOIN asked USING (number) WHERE caller IN (0, of_caller)) AS own WHERE TRUE"
"""Of each number the rows of its question's caller, with the question beside them."""


@dataclass(frozen=True, slots=True)
class Question:
    """A call with all that is needed to judge it: its facts, its moment, the standing rows of its number."""

    call: Call
    law: Law
    now: Moment
    facts: dict[str, int]
    sets: ProductSets
    rows: tuple[StoredRow, ...]


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A question and the number that stands for it here."""

    number: int
    question: Question


def ask(store: Store, call: Call, law: Law) -> Question:
    """Make the question of a call by a store.

    Raises:
        LawUnknown: before the law begins.
    """
    known = store.known()
    caller = known.caller(call.caller)
    now = moment(law, call.at)
    facts = {**call_facts(call, caller), "of_caller": caller.key}
    rows = stored_rows(store, events_of(store, call.number, call.known_at), law.pack)
    return Question(call, law, now, facts, known.product_sets(call.product), tuple(rows))


def answers_on_spark(
    asked: Iterable[Question | LawUnknown], *, master: str = "local[2]"
) -> Iterator[Verdict | LawUnknown]:
    """Judge questions in one short Spark session, in their order; those that no law answers stay what they are."""
    from belbaar.verdict.on_spark import Spark, session  # noqa: PLC0415  an extra

    asked = list(asked)
    known = [item for item in asked if isinstance(item, Question)]
    verdicts: list[Verdict] = []
    if known:
        with session(master=master, settings={"spark.sql.shuffle.partitions": "1"}) as spark:
            verdicts = judge_together(Spark(spark, small=True), known)
    judged = iter(verdicts)
    return (next(judged) if isinstance(item, Question) else item for item in asked)


def judge_together(engine: Engine, questions: Sequence[Question]) -> list[Verdict]:
    """Judge questions, in their order."""
    numbered = [_Numbered(place, question) for place, question in enumerate(questions, 1)]
    verdicts: dict[int, Verdict] = {}
    by_law = sorted(numbered, key=lambda item: id(item.question.law))
    for _, group in groupby(by_law, key=lambda item: id(item.question.law)):
        verdicts |= _judge(engine, list(group))
    return [verdicts[item.number] for item in numbered]


def _judge(engine: Engine, numbered: Sequence[_Numbered]) -> dict[int, Verdict]:
    """Judge questions under one law."""
    law = numbered[0].question.law
    by_number = {item.number: item for item in numbered}
    programs: dict[int, Program] = {}
    pending: set[int] = set()
    engine.put("standing", rows_as_table(row for item in numbered for row in _rows(item)))
    for first in boundaries(law):
        rules = ruleset(law, first)
        starting = [item for item in numbered if item.question.now.today in rules.period]
        if not starting and not pending:
            continue
        asked = [(item, item.question.now) for item in starting]
        asked += [
            (item, moment_on(law, item.question.call.at, first)) for item in map(by_number.__getitem__, sorted(pending))
        ]
        engine.put("asked", _as_table(asked))
        engine.put("starting", pa.table({"number": pa.array([item.number for item in starting], pa.int64())}))
        program = compile_ruleset(rules)
        _judge_stretch(engine, program, is_first=not programs)
        programs |= dict.fromkeys((item.number for item in starting), program)
        pending = _pending(engine) if rules.period.last < FOREVER_DAY else set()
    found = engine.rows(f"SELECT number, {_FOUND} FROM {VERDICTS}")
    named = ((number, dict(zip(_FOUND.split(", "), values, strict=True))) for number, *values in found)
    return {
        number: verdict_of(programs[number], by_number[number].question.call, law, values) for number, values in named
    }


def _judge_stretch(engine: Engine, program: Program, *, is_first: bool) -> None:
    """Judge what is asked by one ruleset: new verdicts for what starts here, the end of grounds for the others."""
    given = Given(engine.dialect, _ROWS, None, None)
    counted = make_outcome(engine, program, given, with_events=True, all_numbers=True)
    verdicts = fold_sql.verdicts(program, counted=counted, with_events=True)
    text = f"SELECT * FROM ({verdicts}) AS new WHERE number IN (SELECT number FROM starting)"
    if not is_first:
        text += f" UNION ALL {fold_sql.later(program, counted=counted, with_events=True)}"
    engine.make(VERDICTS, text)


def _pending(engine: Engine) -> set[int]:
    query = f"SELECT number FROM {VERDICTS} WHERE until_day = {FOREVER_DAY}"
    return {number for (number,) in engine.rows(query)}


def _rows(item: _Numbered) -> Iterable[StoredRow]:
    """Give the standing of a number, and a row of no kind of fact: it says nothing, so that no number is without."""
    place = Row._fields.index("number")
    yield from ((*row[:place], item.number, *row[place + 1 :]) for row in item.question.rows)
    nothing = Row(item.number, "", 0, 0, 0)._asdict() | {"caller": 0, "product": 0, "segment": 0}
    yield tuple(nothing.values())


def _as_table(asked: Sequence[tuple[_Numbered, Moment]]) -> pa.Table:
    rows = [{"number": item.number, **item.question.facts, **now._asdict()} for item, now in asked]
    columns = {name: pa.array([row[name] for row in rows], pa.int64()) for name in rows[0]}
    for name in _SETS:
        sets = [list(getattr(item.question.sets, name)) for item, _ in asked]
        columns[f"{name}_ids"] = pa.array(sets, pa.list_(pa.int64()))
    return pa.table(columns)
