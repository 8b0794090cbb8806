"""One number on PostgreSQL: rows, fold and outcome in one statement, so in one round trip and of one instant.

The number, the caller and the moment are parameters, and the statement is prepared: the server plans it once. Words of
the question (its channel, its purpose, within hours or not) stand in the text, for they are few: the planner then leaves
out what they rule out, and starting what is left takes a third less. The small tables' revision is read in the same
statement: when it is still the one the question was made with, the question's ids are good.
"""

__all__ = ["judge", "judge_many"]

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
from belbaar.verdict.outcome import Judged, Outcome, last_day
from belbaar.verdict.statements import PARAMETERS, texts, with_sets

_PARAMETER = re.compile(r"%\((\w+)\)s")
_WORDS = tuple(name for name in PARAMETERS if FACTS[name].unit == WORD)
_words_of = itemgetter(*_WORDS)
_GIVEN = f"unnest({', '.join(f'%(given_{name})s::int8[]' for name in STANDING_COLUMNS)}) AS standing ({', '.join(STANDING_COLUMNS)})"
"""Rows that are given, a column an array: the standing as it was known."""


class _Asking(Protocol):
    """What a connection to PostgreSQL does beside what all do."""

    def ask(self, text: str, values: Sequence[int]) -> tuple[Any, ...]: ...
    def ask_many(self, questions: Sequence[tuple[str, Sequence[int]]]) -> list[tuple[Any, ...]]: ...


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement as PostgreSQL takes it, the names of its ``$1``, ``$2`` …, and of the extremes that it gives back."""

    text: str
    names: tuple[str, ...]
    lasts: tuple[str, ...]


def judge(connection: Connection, question: Judged) -> Outcome:
    """Judge one number."""
    statement, values = _asked(question)
    if question.given is None:
        found = cast("_Asking", connection).ask(statement.text, values)
    else:
        found = connection.execute(statement.text, values).fetchone()
    return _outcome(question.program, statement, found)


def judge_many(connection: Connection, questions: Sequence[Judged]) -> list[Outcome]:
    """Judge some in one round trip; those with rows of their own one by one."""
    stored = [(question, *_asked(question)) for question in questions if question.given is None]
    found = iter(cast("_Asking", connection).ask_many([(statement.text, values) for _, statement, values in stored]))
    outcomes = iter([_outcome(question.program, statement, next(found)) for question, statement, _ in stored])
    return [next(outcomes) if question.given is None else judge(connection, question) for question in questions]


def _asked(question: Judged) -> tuple[_Statement, list[Any]]:
    """Give the statement and its values, in its order."""
    program, facts, now, sets, given = question
    values: dict[str, Any] = {**facts, **now._asdict()}
    statement = _statement(program, sets, _words_of(values), given_rows=given is not None)
    if given is not None:
        columns = zip(*given, strict=True) if given else ((),) * len(STANDING_COLUMNS)
        values |= {f"given_{name}": list(column) for name, column in zip(STANDING_COLUMNS, columns, strict=True)}
    return statement, [values[name] for name in statement.names]


def _outcome(program: Program, statement: _Statement, found: tuple[Any, ...]) -> Outcome:
    mask, grounds, vetoes, duties, unending, events, revision, *lasts = found
    extremes = dict(zip(statement.lasts, lasts, strict=True))
    return Outcome(
        mask, grounds, vetoes, duties, last_day(program, unending, extremes), tuple(sorted(events or ())), revision
    )


@lru_cache(maxsize=1024)
def _statement(program: Program, sets: ProductSets, words: tuple[int, ...], *, given_rows: bool) -> _Statement:
    """Write the statement of a ruleset, a product and the words of a question.

    OFFSET 0 keeps the planner from working a row's mask out anew wherever it is used.
    """
    parts = texts(program, "postgres", fold_is_given=False)
    ahead = "".join(
        f", coalesce(max(CASE WHEN {when} THEN since END) OVER (), {NEVER}) AS {name}" for name, when in parts.ahead
    )
    mine = f"""
        SELECT *{ahead} FROM {_GIVEN if given_rows else "standing"}
        WHERE number = %(number)s AND caller IN (0, %(caller)s)
    """
    rows = f"SELECT since, event, {parts.lasts} AS lasts, {parts.mask} AS mask FROM ({mine}) AS mine OFFSET 0"
    lasts = tuple(extreme.name for extreme in program.extremes if extreme.column == "lasts")
    wanted = [extreme for extreme in program.extremes if extreme.name in (*lasts, *re.findall(r"\w+", parts.outcome))]
    fold = f"""
        SELECT coalesce(bit_or(mask), 0) AS mask, {", ".join(map(_extreme, wanted))},
               array_agg(event) FILTER (WHERE mask <> 0) AS events
        FROM ({rows}) AS masked
    """
    text = with_sets(
        f"SELECT mask, {parts.outcome}, events, (SELECT number FROM revision), {', '.join(lasts)} FROM ({fold}) AS fold",
        sets,
    )
    fixed = dict(zip(_WORDS, map(str, words), strict=True))
    numbers: dict[str, int] = {}

    def bind(found: re.Match[str]) -> str:
        return fixed.get(found[1]) or f"${numbers.setdefault(found[1], len(numbers) + 1)}"

    return _Statement(_PARAMETER.sub(bind, text), tuple(numbers), lasts)


def _extreme(extreme: Extreme) -> str:
    found = f"max({extreme.column}) FILTER (WHERE (mask & {extreme.bits}) <> 0)"
    return f"coalesce({found}, {extreme.floor}) AS {extreme.name}"
