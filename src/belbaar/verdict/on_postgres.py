"""Some numbers on PostgreSQL: rows, fold and outcome in one statement, so in one round trip and of one instant.

The numbers are an array, the caller and the moment parameters, and the statement is prepared: the server plans it once.
Words of the question (its channel, its purpose, within hours or not) stand in the text, for they are few: the planner
then leaves out what they rule out, and starting what is left takes a third less. Each number's rows are folded beside
it, found by the primary key. The small tables' revision is read in the same statement: when it is still the one the
question was made with, the question's ids are good.
"""

__all__ = ["judge"]

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any, Protocol, cast

from belbaar.law.facts import FACTS, WORD
from belbaar.law.products import ProductSets
from belbaar.law.program import Extreme, Program
from belbaar.law.words import NEVER
from belbaar.ledger.schema import STANDING_COLUMNS
from belbaar.ledger.store import Connection
from belbaar.verdict.outcome import Found, Judged, Outcome, last_day
from belbaar.verdict.statements import PARAMETERS, texts, with_sets

_PARAMETER = re.compile(r"%\((\w+)\)s")
_WORDS = tuple(name for name in PARAMETERS if FACTS[name].unit == WORD)
_words_of = itemgetter(*_WORDS)
_GIVEN = f"unnest({', '.join(f'%(given_{name})s::int8[]' for name in STANDING_COLUMNS)}) AS standing ({', '.join(STANDING_COLUMNS)})"
"""Rows that are given, a column an array: the standing as it was known."""


class _Asking(Protocol):
    """What a connection to PostgreSQL does beside what all do."""

    def ask_many(self, questions: Sequence[tuple[str, Sequence[Any]]]) -> list[list[tuple[Any, ...]]]: ...


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement as PostgreSQL takes it, the names of its ``$1``, ``$2`` …, and of the extremes that it gives back."""

    text: str
    names: tuple[str, ...]
    lasts: tuple[str, ...]


def judge(connection: Connection, questions: Sequence[Judged]) -> list[Found]:
    """Judge what several questions ask, in few round trips."""
    asked = [_asked(question) for question in questions]
    rows = cast("_Asking", connection).ask_many([(statement.text, values) for statement, values in asked])
    return [
        _found(question.program, statement, of_question)
        for question, (statement, _), of_question in zip(questions, asked, rows, strict=True)
    ]


def _asked(question: Judged) -> tuple[_Statement, list[Any]]:
    """Give the statement and its values, in its order."""
    program, facts, now, sets, numbers, given = question
    values: dict[str, Any] = {**facts, **now._asdict(), "numbers": numbers}
    statement = _statement(program, sets, _words_of(values), given_rows=given is not None, alone=len(numbers) == 1)
    if len(numbers) == 1:
        values["number"] = numbers[0]
    if given is not None:
        columns = zip(*given, strict=True) if given else ((),) * len(STANDING_COLUMNS)
        values |= {f"given_{name}": list(column) for name, column in zip(STANDING_COLUMNS, columns, strict=True)}
    return statement, [values[name] for name in statement.names]


def _found(program: Program, statement: _Statement, rows: Sequence[tuple[Any, ...]]) -> Found:
    """Make outcomes of rows; there are few different ones, and rows with the same share one."""
    outcomes: dict[tuple[int, ...], Outcome] = {}
    for row in {row[2:] for row in rows}:
        mask, grounds, vetoes, duties, unending, *lasts = row
        extremes = dict(zip(statement.lasts, lasts, strict=True))
        outcomes[row] = Outcome(mask, grounds, vetoes, duties, last_day(program, unending, extremes))
    events = [tuple(sorted(filter(None, row[1]))) if row[1] else () for row in rows]
    return Found([outcomes[row[2:]] for row in rows], events, rows[0][0])


@lru_cache(maxsize=1024)
def _statement(
    program: Program, sets: ProductSets, words: tuple[int, ...], *, given_rows: bool, alone: bool
) -> _Statement:
    """Write the statement of a ruleset, a product and the words of a question; ``alone``: for one number.

    OFFSET 0 keeps the planner from working a row's mask out anew wherever it is used.
    """
    parts = texts(program, "postgres", fold_is_given=False)
    ahead = "".join(
        f", coalesce(max(CASE WHEN {when} THEN since END) OVER (), {NEVER}) AS {name}" for name, when in parts.ahead
    )
    number = "%(number)s" if alone else "asked.number"
    mine = f"""
        SELECT *{ahead} FROM {_GIVEN if given_rows else "standing"}
        WHERE standing.number = {number} AND caller IN (0, %(caller)s)
    """
    rows = f"SELECT since, event, {parts.lasts} AS lasts, {parts.mask} AS mask FROM ({mine}) AS mine OFFSET 0"
    lasts = tuple(extreme.name for extreme in program.extremes if extreme.column == "lasts")
    wanted = [extreme for extreme in program.extremes if extreme.name in (*lasts, *re.findall(r"\w+", parts.outcome))]
    fold = f"""
        SELECT coalesce(bit_or(mask), 0) AS mask, {", ".join(map(_extreme, wanted))},
               array_agg(event) FILTER (WHERE mask <> 0) AS events
        FROM ({rows}) AS masked
    """
    source = f"({fold}) AS fold"
    if not alone:
        source = f"unnest(%(numbers)s::int8[]) AS asked (number) CROSS JOIN LATERAL {source}"
    columns = f"(SELECT number FROM revision), events, mask, {', '.join((parts.outcome, *lasts))}"
    text = with_sets(f"SELECT {columns} FROM {source}", sets)
    fixed = dict(zip(_WORDS, map(str, words), strict=True))
    places: dict[str, int] = {}

    def bind(found: re.Match[str]) -> str:
        return fixed.get(found[1]) or f"${places.setdefault(found[1], len(places) + 1)}"

    return _Statement(_PARAMETER.sub(bind, text), tuple(places), lasts)


def _extreme(extreme: Extreme) -> str:
    found = f"max({extreme.column}) FILTER (WHERE (mask & {extreme.bits}) <> 0)"
    return f"coalesce({found}, {extreme.floor}) AS {extreme.name}"
