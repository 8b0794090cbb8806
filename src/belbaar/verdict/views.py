"""A view: the verdict on every number for one caller, product and moment, as a small integer each.

The integers name the few distinct answers there are; texts are put in their place at the very end, so that a list of
any length carries numbers only.
"""

__all__ = ["LAW_UNKNOWN", "UNREADABLE", "Answer", "View", "make_view"]

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from belbaar.law import Law, Pack
from belbaar.law.calendar import iso
from belbaar.law.program import Program
from belbaar.law.rulesets import midnight
from belbaar.law.words import FOREVER_DAY
from belbaar.ledger import Store
from belbaar.verdict.many import VERDICTS, judge
from belbaar.verdict.question import Call, named

UNREADABLE, LAW_UNKNOWN = 0, 1
"""Answers that every view has: to what is no number, and to a number of a country without a law."""


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
        return self.reasons or ("no-ground",)


@dataclass(frozen=True, eq=False)
class View:
    """Answers by their integers; the table ``name`` holds (number, id) and ``others`` the id of all other numbers."""

    name: str
    answers: tuple[Answer, ...]
    others: Mapping[str, int]

    def ids(self, database: duckdb.DuckDBPyConnection, numbers: pa.ChunkedArray) -> list[int]:
        """Give the answer to each number of a column, in its order."""
        database.register("batch", pa.table({"place": pa.array(range(len(numbers)), pa.int64()), "number": numbers}))
        others = " ".join(
            f"WHEN starts_with(batch.number::VARCHAR, '{code}') THEN {id_}" for code, id_ in self.others.items()
        )
        found = database.execute(f"""
            SELECT CASE WHEN batch.number IS NULL THEN {UNREADABLE}
                        WHEN v.id IS NOT NULL THEN v.id {others} ELSE {LAW_UNKNOWN} END AS id
            FROM batch LEFT JOIN {self.name} AS v USING (number) ORDER BY place
        """).fetchall()
        return [id_ for (id_,) in found]

    def columns(
        self, numbers: pa.ChunkedArray, codes: list[str], ids: list[int], *, typed: bool
    ) -> dict[str, pa.ChunkedArray]:
        """Give the columns that a screening adds; ``typed`` where the file knows true and false."""
        allowed = [answer.allowed for answer in self.answers]
        dictionaries = {
            "belbaar_allowed": pa.array(allowed)
            if typed
            else pa.array(["true" if yes else "false" for yes in allowed]),
            "belbaar_ground": pa.array([answer.ground for answer in self.answers], pa.string()),
            "belbaar_until": pa.array([answer.until for answer in self.answers], pa.string()),
            "belbaar_reasons": pa.array([" ".join(answer.reasons) for answer in self.answers], pa.string()),
            "belbaar_error": pa.array([answer.error for answer in self.answers], pa.string()),
        }
        picked = pa.array(ids, pa.int64())
        taken = {name: pc.take(values, picked) for name, values in dictionaries.items()}
        written = pc.binary_join_element_wise("+", pc.cast(numbers, pa.string()), "")
        errors = pa.array(codes, pa.string())
        taken["belbaar_error"] = pc.if_else(pc.equal(errors, ""), taken["belbaar_error"], errors)
        return {"belbaar_number": pc.fill_null(written, ""), **taken}


def make_view(
    database: duckdb.DuckDBPyConnection, store: Store, call: Call, laws: Mapping[str, Law], name: str
) -> View:
    """Judge the numbers asked by the law of their countries; leaves the table ``name``."""
    answers = [Answer(), Answer(error="law-unknown")]
    others: dict[str, int] = {}
    database.execute(f"CREATE OR REPLACE TEMP TABLE {name} (number BIGINT, id INTEGER)")
    for law in laws.values():
        code = str(law.pack.calling_code)
        database.execute(
            "CREATE OR REPLACE TEMP VIEW asked AS "
            f"SELECT number FROM numbers WHERE starts_with(number::VARCHAR, '{code}')"
        )
        program = judge(database, store, call, law)
        others[code] = _name_answers(database, program, law.pack, answers, name)
    return View(name, tuple(answers), others)


def _name_answers(
    database: duckdb.DuckDBPyConnection, program: Program, pack: Pack, answers: list[Answer], name: str
) -> int:
    """Give every distinct verdict an integer; returns that of the numbers of which nothing is known."""
    key = "grounds, vetoes, defects, allowed, until_day"
    distinct = database.execute(f"SELECT {key} FROM {VERDICTS} GROUP BY ALL ORDER BY ALL").fetchall()
    start = len(answers)
    answers += [_answer(program, pack, *row) for row in distinct]
    columns = [pa.array(column) for column in zip(*distinct, strict=True)]
    ids = pa.array(range(start, start + len(distinct)), pa.int32())
    database.register("answer_ids", pa.table([*columns, ids], names=[*key.split(", "), "id"]))
    database.execute(
        f"INSERT INTO {name} SELECT number, id FROM {VERDICTS} JOIN answer_ids USING ({key}) WHERE number > 0"
    )
    nothing = database.execute(f"SELECT id FROM {VERDICTS} JOIN answer_ids USING ({key}) WHERE number = 0").fetchall()
    return int(nothing[0][0])


def _answer(
    program: Program, pack: Pack, grounds: int, vetoes: int, defects: int, allowed: bool, until_day: int
) -> Answer:
    ids = named(program.ground_ids, grounds)
    failed = tuple(name for name in program.defect_ids if defects >> program.bits.index(name) & 1)
    until = iso(midnight(pack, until_day), pack.zone) if allowed and until_day < FOREVER_DAY else ""
    return Answer(allowed, ids[0] if ids else "", until, named(program.veto_ids, vetoes) + failed)
