"""One number on SQLite: the rows as masks, folded here as the program says, and the outcome of the fold.

Two short statements: SQLite cannot or integers together, and a number has few rows. The small tables' revision is read
last: when it is still the one the question was made with, nothing of them changed in between.
"""

__all__ = ["carrying", "judge", "judge_many"]

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

from belbaar.law import Moment
from belbaar.law.products import ProductSets
from belbaar.law.program import Program
from belbaar.law.words import NEVER
from belbaar.ledger.schema import STANDING_COLUMNS
from belbaar.ledger.store import Connection, StoredRow
from belbaar.verdict.outcome import Judged, Outcome, last_day
from belbaar.verdict.statements import texts, with_sets


def judge_many(connection: Connection, questions: Sequence[Judged]) -> list[Outcome]:
    """Judge some; a file is asked as fast one by one."""
    return [judge(connection, question) for question in questions]


def judge(connection: Connection, question: Judged) -> Outcome:
    """Judge one number."""
    program, facts, now, sets, given = question
    rows, outcome = _statements(program, sets)
    table = connection if given is None else _scratch(given)
    values = {**facts, **now._asdict()}
    mask = 0
    extremes = {extreme.name: extreme.floor for extreme in program.extremes}
    events = []
    for row_mask, since, lasts, event in table.execute(rows, values):
        if not row_mask:
            continue
        mask |= row_mask
        events.append(event)
        for extreme in program.extremes:
            value = since if extreme.column == "since" else lasts
            if row_mask & extreme.bits and value > extremes[extreme.name]:
                extremes[extreme.name] = value
    grounds, vetoes, duties, unending, revision = connection.execute(
        outcome, values | extremes | {"mask": mask}
    ).fetchone()
    return Outcome(mask, grounds, vetoes, duties, last_day(program, unending, extremes), tuple(events), revision)


def carrying(
    program: Program,
    facts: dict[str, int],
    now: Moment,
    sets: ProductSets,
    rows: Iterable[StoredRow],
    grounds: Collection[str],
) -> set[int]:
    """Give the events on which some grounds rest, among rows of any store: each row's mask says what it carries."""
    masks, _ = _statements(program, sets)
    bits = sum(1 << program.bits.index(name) for name in grounds)
    return {event for mask, _, _, event in _scratch(rows).execute(masks, {**facts, **now._asdict()}) if mask & bits}


@lru_cache(maxsize=1024)
def _statements(program: Program, sets: ProductSets) -> tuple[str, str]:
    parts = texts(program, "sqlite", fold_is_given=True)
    of = "number = :number AND caller IN (0, :caller)"
    ahead = ", ".join(
        f"coalesce(max(CASE WHEN {when} THEN since END), {NEVER}) AS {name}" for name, when in parts.ahead
    )
    rows = (
        f"SELECT {parts.mask}, since, {parts.lasts}, event "
        f"FROM standing, (SELECT {ahead} FROM standing WHERE {of}) WHERE {of}"
    )
    return with_sets(rows, sets), f"SELECT {parts.outcome}, (SELECT number FROM revision)"


def _scratch(rows: Iterable[StoredRow]) -> sqlite3.Connection:
    """Put rows in a table of their own: the standing as it was known."""
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE TABLE standing ({', '.join(STANDING_COLUMNS)})")
    connection.executemany(f"INSERT INTO standing VALUES ({', '.join('?' * len(STANDING_COLUMNS))})", rows)
    return connection
