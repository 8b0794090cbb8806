"""Some numbers on SQLite: the rows as masks, folded here as the program says, and the outcome of each fold.

SQLite cannot or integers together, and a number has few rows. Numbers of which the same is known have the same fold, and
its outcome is asked once. The small tables' revision is read last: when it is still the one the question was made with,
nothing of them changed in between.
"""

__all__ = ["carrying", "judge"]

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

from belbaar.law import Moment
from belbaar.law.products import ProductSets
from belbaar.law.program import Program
from belbaar.law.words import NEVER
from belbaar.ledger.schema import STANDING_COLUMNS
from belbaar.ledger.store import Connection, StoredRow
from belbaar.verdict.outcome import Found, Judged, Outcome, last_day
from belbaar.verdict.statements import texts, with_sets

_Fold = tuple[int, ...]
"""The masks of a number's rows or-ed together, and the program's extremes of them."""


def judge(connection: Connection, questions: Sequence[Judged]) -> list[Found]:
    """Judge what several questions ask, one after another."""
    return [_judged(connection, question) for question in questions]


def _judged(connection: Connection, question: Judged) -> Found:
    program, facts, now, sets, numbers, given = question
    rows, outcome = _statements(program, sets)
    values = {**facts, **now._asdict()}
    names = [extreme.name for extreme in program.extremes]
    floor: _Fold = (0, *(extreme.floor for extreme in program.extremes))
    folds, events = dict.fromkeys(numbers, floor), dict[int, list[int]]()
    table = connection if given is None else _scratch(given)
    for number, mask, since, lasts, event in table.execute(rows, {**values, "numbers": json.dumps(list(numbers))}):
        if mask:
            folds[number] = _folded(program, folds[number], mask, since, lasts)
            events.setdefault(number, []).append(event)
    outcomes: dict[_Fold, Outcome] = {}
    revision = 0
    for fold in set(folds.values()):
        mask, *found = fold
        extremes = dict(zip(names, found, strict=True))
        asked = connection.execute(outcome, values | extremes | {"mask": mask})
        grounds, vetoes, duties, unending, revision = asked.fetchone()
        outcomes[fold] = Outcome(mask, grounds, vetoes, duties, last_day(program, unending, extremes))
    parts = [tuple(sorted(filter(None, events.get(number, ())))) for number in numbers]
    return Found([outcomes[folds[number]] for number in numbers], parts, revision)


def _folded(program: Program, fold: _Fold, mask: int, since: int, lasts: int) -> _Fold:
    """Add a row to a fold."""
    return fold[0] | mask, *(
        max(known, since if extreme.column == "since" else lasts) if mask & extreme.bits else known
        for extreme, known in zip(program.extremes, fold[1:], strict=True)
    )


def carrying(
    program: Program,
    number: int,
    facts: dict[str, int],
    now: Moment,
    sets: ProductSets,
    rows: Iterable[StoredRow],
    grounds: Collection[str],
) -> set[int]:
    """Give the events on which some grounds rest, among a number's rows of any store: each mask says what it carries."""
    masks, _ = _statements(program, sets)
    bits = sum(1 << program.bits.index(name) for name in grounds)
    values = {**facts, **now._asdict(), "numbers": json.dumps([number])}
    return {event for _, mask, _, _, event in _scratch(rows).execute(masks, values) if mask & bits}


@lru_cache(maxsize=1024)
def _statements(program: Program, sets: ProductSets) -> tuple[str, str]:
    parts = texts(program, "sqlite", fold_is_given=True)
    ahead = ", ".join(
        f"coalesce(max(CASE WHEN {when} THEN since END) OVER (PARTITION BY number), {NEVER}) AS {name}"
        for name, when in parts.ahead
    )
    mine = (
        f"SELECT *, {ahead} FROM standing "
        "WHERE number IN (SELECT value FROM json_each(:numbers)) AND caller IN (0, :caller)"
    )
    rows = f"SELECT number, {parts.mask}, since, {parts.lasts}, event FROM ({mine}) AS mine ORDER BY number"
    return with_sets(rows, sets), f"SELECT {parts.outcome}, (SELECT number FROM revision)"


def _scratch(rows: Iterable[StoredRow]) -> sqlite3.Connection:
    """Put rows in a table of their own: the standing as it was known."""
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE TABLE standing ({', '.join(STANDING_COLUMNS)})")
    connection.executemany(f"INSERT INTO standing VALUES ({', '.join('?' * len(STANDING_COLUMNS))})", rows)
    return connection
