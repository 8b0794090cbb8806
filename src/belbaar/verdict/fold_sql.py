"""The three layers as SQL text, written once for every engine that judges lists.

A list is judged in two steps of an era: ``outcome`` holds what the ruleset makes of each number (the masks of its rows,
folded, and the grounds, vetoes and duties that follow); ``verdicts`` adds the days that the calendar counts. The texts
differ between engines only as sqlglot renders the cards' conditions.

Tables they read: ``standing``, with the ledger's columns; ``asked``, one row a number; ``ahead``, what is taken from all
rows of a number before each is looked at; ``ends``, the last day for each day that occurs.
"""

__all__ = ["NOTHING", "Given", "ahead", "carrying", "days", "later", "outcome", "verdicts"]

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from belbaar.law.products import ProductSets
from belbaar.law.program import Program
from belbaar.law.words import FOREVER_DAY, NEVER, NEVER_DAY
from belbaar.verdict.statements import Texts, texts, with_sets

NOTHING = 0
"""The number that stands for all numbers of which nothing is known."""

_PARAMETER = re.compile(r"[$:](\w+)")
_IN_SET = re.compile(r"(\w+) IN \(\{(\w+)\}\)")


@dataclass(frozen=True, slots=True)
class Given:
    """What is asked, and of which rows.

    Args:
        dialect: the engine's SQL.
        rows: ``FROM`` and ``WHERE`` of the standing rows that count.
        values: the call and the moment as integers; None when they are columns of ``asked``, each number its own.
        sets: the ids of the products that matter; None when they are columns of ``asked``, such as ``covering_ids``.
    """

    dialect: str
    rows: str
    values: Mapping[str, int] | None
    sets: ProductSets | None

    def bind(self, text: str) -> str:
        """Put integers, or columns, for placeholders: a list's statement runs once, and constants help its plan."""
        values = self.values
        text = _PARAMETER.sub(lambda match: match[1] if values is None else str(values[match[1]]), text)
        if self.sets is None:
            return _IN_SET.sub(r"array_contains(\2_ids, \1)", text)
        return with_sets(text, self.sets)


def ahead(program: Program, given: Given) -> str:
    """Select what is taken from all rows of a number first; numbers without any of it are not there."""
    found = texts(program, given.dialect, fold_is_given=False).ahead
    columns = "".join(f", max(CASE WHEN {when} THEN since END) AS {name}" for name, when in found)
    counts = " OR ".join(f"({when})" for _, when in found)
    return given.bind(f"SELECT number{columns} FROM {given.rows} AND ({counts}) GROUP BY number")


def outcome(program: Program, given: Given, *, with_ahead: bool, with_events: bool, all_numbers: bool) -> str:
    """Select the outcome of every number, and of NOTHING.

    Args:
        program: the ruleset.
        given: what is asked.
        with_ahead: the table ``ahead`` has rows; otherwise it is not read.
        with_events: also the places in the ledger of what played a part.
        all_numbers: also numbers whose rows say nothing: their outcome is that of NOTHING.
    """
    parts = texts(program, given.dialect, fold_is_given=False)
    rows = _masked(parts, with_ahead=with_ahead, rows=given.rows)
    extremes = [item for item in program.extremes if item.name.startswith("lasts_") or item.name in parts.outcome]
    folded = "".join(
        f", max(CASE WHEN (mask & {item.bits}) <> 0 THEN {item.column} ELSE {item.floor} END) AS {item.name}"
        for item in extremes
    )
    floors = "".join(f", {item.floor} AS {item.name}" for item in extremes)
    events = ", array_agg(event) FILTER (WHERE mask <> 0) AS events" if with_events else ""
    fold = f"""
        SELECT number, bit_or(mask) AS mask{folded}{events} FROM ({rows}) AS masked
        {"" if all_numbers else "WHERE mask <> 0"} GROUP BY number
        UNION ALL SELECT CAST({NOTHING} AS BIGINT), 0{floors}{", NULL" if with_events else ""}
    """
    questions = " JOIN asked USING (number)" if given.values is None else ""
    kept = "".join(f", {name}" for name in _lasts(program)) + (", events" if with_events else "")
    return given.bind(f"SELECT number, mask{kept}, {parts.outcome} FROM ({fold}) AS fold{questions}")


def carrying(program: Program, given: Given, grounds: Collection[str]) -> str:
    """Select the facts on which some grounds rest: the number of each, and its place in the ledger."""
    parts = texts(program, given.dialect, fold_is_given=False)
    bits = sum(1 << program.bits.index(name) for name in grounds)
    rows = _masked(parts, with_ahead=True, rows=given.rows)
    return given.bind(f"SELECT number, event FROM ({rows}) AS masked WHERE (mask & {bits}) <> 0 ORDER BY number, event")


def days(program: Program) -> str:
    """Select the days that occur in ``outcome``, each with the place of its cut-off."""
    return " UNION ALL ".join(
        f"SELECT DISTINCT {place} AS cutoff, {name} AS day FROM outcome" for place, name in enumerate(_lasts(program))
    )


def verdicts(program: Program, *, counted: frozenset[int], with_events: bool) -> str:
    """Select the verdicts of an era: bits, whether allowed, and the first day without a ground.

    ``until_day`` is FOREVER_DAY when no such day comes in this era, NEVER_DAY when the call is denied. ``counted`` are the places of the cut-offs to which ``ends`` adds days.
    """
    defects = sum(1 << program.bits.index(name) for name in program.defect_ids)
    allowed = "grounds <> 0 AND vetoes = 0"
    return f"""
        SELECT number, grounds, vetoes, duties, mask & {defects} AS defects, {allowed} AS allowed,
               CASE WHEN {allowed} THEN ground_until ELSE {NEVER_DAY} END AS until_day{", events" if with_events else ""}
        FROM ({_ending(program, counted)}) AS ending
    """


def later(program: Program, *, counted: frozenset[int], with_events: bool) -> str:
    """Select the verdicts again, with the next era's end for what had not ended in theirs."""
    return f"""
        SELECT number, grounds, vetoes, duties, defects, allowed,
               CASE WHEN until_day = {FOREVER_DAY} THEN following.ground_until ELSE until_day END AS until_day
               {", events" if with_events else ""}
        FROM verdicts LEFT JOIN (SELECT number, ground_until FROM ({_ending(program, counted)}) AS ending) AS following
             USING (number)
    """


def _masked(parts: Texts, *, with_ahead: bool, rows: str) -> str:
    columns = f"number, since, event, {parts.lasts} AS lasts, {parts.mask} AS mask"
    names = [name for name, _ in parts.ahead]
    if with_ahead:
        found = "".join(f", coalesce({name}, {NEVER}) AS {name}" for name in names)
        joined = f"SELECT mine.*{found} FROM (SELECT * FROM {rows}) AS mine LEFT JOIN ahead USING (number)"
    else:
        joined = f"SELECT *{''.join(f', {NEVER} AS {name}' for name in names)} FROM {rows}"
    return f"SELECT {columns} FROM ({joined}) AS facts"


def _ending(program: Program, counted: frozenset[int]) -> str:
    """Select ``outcome`` with the day on which the grounds have ended, as far as this era knows."""
    period = program.ruleset.period
    columns = [f"ends_{place}.last" if place in counted else name for place, name in enumerate(_lasts(program))]
    last_day = f"greatest({', '.join(['unending', *columns])})"
    joins = "".join(
        f" JOIN ends AS ends_{place} ON ends_{place}.cutoff = {place} AND ends_{place}.day = {name}"
        for place, name in enumerate(_lasts(program))
        if place in counted
    )
    return f"""
        SELECT outcome.*, CASE WHEN grounds = 0 THEN {period.first}
                               WHEN {last_day} >= {period.last} THEN {FOREVER_DAY}
                               ELSE {last_day} + 1 END AS ground_until
        FROM outcome{joins}
    """


def _lasts(program: Program) -> list[str]:
    """Name the columns of last days, one a cut-off, in the order of ``Program.cutoffs``."""
    return [f"lasts_{cutoff}" for cutoff in program.cutoffs]
