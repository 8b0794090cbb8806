"""A view: the verdict on every number for one caller, product and moment, as a small integer each.

The integers name the few distinct answers there are; texts are put in their place at the very end, so that a list of
any length carries numbers only.
"""

__all__ = ["LAW_UNKNOWN", "UNREADABLE", "Answer", "View", "make_view", "ranges", "view_on", "within"]

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from belbaar.law import Law, Pack
from belbaar.law.calendar import iso
from belbaar.law.program import Program
from belbaar.law.rulesets import midnight
from belbaar.law.words import FOREVER_DAY, NO_GROUND
from belbaar.ledger import Store
from belbaar.verdict.engine import DuckDB, Engine
from belbaar.verdict.evidence import EVIDENCE_LEVEL, consent_grounds, demand_on
from belbaar.verdict.many import VERDICTS, judge
from belbaar.verdict.question import Call, named
from belbaar.verdict.weighing import Demand, weak_consents

UNREADABLE, LAW_UNKNOWN = 0, 1
"""Answers that every view has: to what is no number, and to a number of a country without a law."""

_USUAL, _LONGEST = 11, 15
"""Digits of most E.164 numbers, and of the longest."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One of the answers of a view; ``why`` is told of a denial, ``reasons`` are the ids of vetoes and defects."""

    allowed: bool = False
    ground: str = ""
    until: str = ""
    reasons: tuple[str, ...] = ()
    error: str = ""

    @property
    def why(self) -> tuple[str, ...]:
        """Why it was denied: vetoes and defects, or that nothing makes it lawful."""
        return self.reasons or (NO_GROUND,)


@dataclass(frozen=True, eq=False)
class View:
    """Answers by their integers; the table ``name`` holds (number, id) and ``others`` the id of all other numbers."""

    name: str
    answers: tuple[Answer, ...]
    others: Mapping[str, int]

    def id_of(self, number: str, found: str) -> str:
        """Write the SQL that gives a row its answer: ``found`` is the view's id, NULL where it has none."""
        laws = " ".join(
            f"WHEN {within(code, number)} THEN coalesce({found}, {id_})" for code, id_ in self.others.items()
        )
        return f"CASE WHEN {number} IS NULL THEN {UNREADABLE} {laws} ELSE {LAW_UNKNOWN} END"


def make_view(
    database: duckdb.DuckDBPyConnection,
    store: Store,
    call: Call,
    laws: Mapping[str, Law],
    name: str,
    *,
    demand: Demand | None = None,
) -> View:
    """Judge the table ``numbers`` by the law of their countries; leaves the table ``name`` in a DuckDB database."""
    numbers = "number IN (SELECT number FROM numbers)"
    return view_on(DuckDB(database), store, call, laws, name, numbers=numbers, demand=demand)


def view_on(
    engine: Engine,
    store: Store,
    call: Call,
    laws: Mapping[str, Law],
    name: str,
    *,
    numbers: str,
    demand: Demand | None = None,
) -> View:
    """Judge numbers by the law of their countries, on any engine; leaves the table ``name``.

    ``numbers`` is a condition on ``number``; "" judges all that have standing. Without a ``demand`` the law alone judges.
    """
    answers = [Answer(), Answer(error="law-unknown")]
    others: dict[str, int] = {}
    tables = []
    for law in laws.values():
        code = str(law.pack.calling_code)
        parts = [f"({part})" for part in (numbers, within(code) if len(laws) > 1 else "") if part]
        among = " AND ".join(parts)
        program = judge(engine, store, call, law, numbers=among)
        tables.append(f"{name}_{code}" if len(laws) > 1 else name)
        others[code] = _name_answers(engine, program, law.pack, answers, tables[-1])
        if demand and (wanted := demand_on(store, call, law, demand.asked)):
            grounds = consent_grounds(program.ruleset)
            short, spared = weak_consents(
                engine, store, call, law, wanted=wanted, position=demand.position, grounds=grounds, numbers=among
            )
            _judge_without(engine, store, call, law, answers, tables[-1], short, (EVIDENCE_LEVEL,))
            _judge_without(engine, store, call, law, answers, tables[-1], spared, ())
    if len(tables) > 1:
        engine.make(name, " UNION ALL ".join(f"SELECT * FROM {table}" for table in tables))
    return View(name, tuple(answers), others)


def _judge_without(
    engine: Engine,
    store: Store,
    call: Call,
    law: Law,
    answers: list[Answer],
    name: str,
    weak: list[tuple[int, int]],
    defects: tuple[str, ...],
) -> None:
    """Judge numbers again without their weak consents, and put that in the place of what the table ``name`` says."""
    if not weak:
        return
    columns = [pa.array(column, pa.int64()) for column in zip(*weak, strict=True)]
    engine.put("weak", pa.table(columns, names=["number", "event"]))
    left = "number IN (SELECT number FROM weak) AND event NOT IN (SELECT event FROM weak)"
    program = judge(engine, store, call, law, numbers=left)
    others = _name_answers(engine, program, law.pack, answers, f"{name}_left", defects)
    engine.make(
        name,
        f"SELECT number, id FROM {name} WHERE number NOT IN (SELECT number FROM weak) "
        f"UNION ALL SELECT number, coalesce(id, {others}) FROM (SELECT DISTINCT number FROM weak) AS weak_numbers "
        f"LEFT JOIN {name}_left USING (number)",
    )


def within(code: str, number: str = "number") -> str:
    """Write the SQL that holds for the numbers of a calling code: one range for each length a number can have."""
    return f"({' OR '.join(f'{number} BETWEEN {first} AND {last}' for first, last in ranges(code))})"


def ranges(code: str) -> list[tuple[int, int]]:
    """Give the first and last number with a calling code, for each length a number can have; the usual one first."""
    lengths = sorted(range(len(code), _LONGEST + 1), key=lambda length: abs(length - _USUAL))
    return [(int(code) * ten, (int(code) + 1) * ten - 1) for ten in (10 ** (long - len(code)) for long in lengths)]


def _name_answers(
    engine: Engine, program: Program, pack: Pack, answers: list[Answer], name: str, defects: tuple[str, ...] = ()
) -> int:
    """Give every distinct verdict an integer; returns that of the numbers of which nothing is known.

    ``defects`` are those that all of them have beside the law's.
    """
    key = "grounds, vetoes, defects, until_day"
    distinct = engine.rows(f"SELECT {key}, max(CASE WHEN number = 0 THEN 1 ELSE 0 END) FROM {VERDICTS} GROUP BY {key}")
    distinct.sort()
    start = len(answers)
    answers += [_answer(program, pack, *row[:4], more=defects) for row in distinct]
    columns = [pa.array(column, pa.int64()) for column in list(zip(*distinct, strict=True))[:4]]
    ids = pa.array(range(start, start + len(distinct)), pa.int32())
    engine.put("answer_ids", pa.table([*columns, ids], names=[*key.split(", "), "id"]))
    engine.make(name, f"SELECT number, id FROM {VERDICTS} JOIN answer_ids USING ({key}) WHERE number > 0")
    return next(start + place for place, row in enumerate(distinct) if row[4])


def _answer(
    program: Program, pack: Pack, grounds: int, vetoes: int, defects: int, until_day: int, *, more: tuple[str, ...]
) -> Answer:
    ids = named(program.ground_ids, grounds)
    allowed = bool(ids) and not vetoes
    failed = tuple(name for name in program.defect_ids if defects >> program.bits.index(name) & 1)
    until = iso(midnight(pack, until_day), pack.zone) if allowed and until_day < FOREVER_DAY else ""
    reasons = (*named(program.veto_ids, vetoes), *sorted((*failed, *more)))
    return Answer(allowed, ids[0] if ids else "", until, reasons)
