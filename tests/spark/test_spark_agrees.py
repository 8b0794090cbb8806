"""Spark gives the verdicts that the other engines give: to scenario cases, to histories at random, to whole lists."""

import dataclasses
import random

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from belbaar.ledger import add_caller, create_store, record
from belbaar.ledger.record import Source
from belbaar.verdict.engine import DuckDB
from belbaar.verdict.laws import law_for
from belbaar.verdict.on_spark import Spark
from belbaar.verdict.one import may_call
from belbaar.verdict.screening import screen_file
from belbaar.verdict.spark_lists import screen_on_spark
from belbaar.verdict.together import ask, judge_together
from tests.engines.test_agreement import NUMBER, OWN, PACK, SECTORS, calls, histories, instants, ledger
from tests.lists.conftest import call

HISTORIES = 2000
LISTED = 5000
FIRST = 31201000000
UNREADABLE = ["", "onbekend", "0970-1", "0201000001 / 0301000002", "9,70112E+10", "zie opmerking", None]


def drawn(count, *strategies):
    """Draw so many times from strategies, the same ones every time."""
    found = []

    @settings(max_examples=count, phases=[Phase.generate], derandomize=True, database=None)
    @given(st.tuples(*strategies))
    def draw(values):
        found.append(values)

    draw()
    return found


@pytest.fixture(scope="module")
def questions():
    """Ask about histories at random; beside each question the verdict of the engine for one number."""
    asked = []
    for history, question, known_at in drawn(HISTORIES, histories(), calls, st.one_of(st.none(), instants)):
        with ledger(history) as store:
            one = dataclasses.replace(question, known_at=known_at)
            law = law_for(NUMBER)
            verdict = may_call(store, one, law=law)
            asked.append((ask(store, one, law), dataclasses.replace(verdict, events=tuple(sorted(verdict.events)))))
    return asked


def test_questions_put_together_get_the_verdicts_that_each_gets_alone(questions):
    with duckdb.connect() as database:
        found = judge_together(DuckDB(database), [question for question, _ in questions])
    assert found == [verdict for _, verdict in questions]


def test_spark_judges_histories_at_random_like_the_engine_for_one_number(spark, questions):
    assert len(questions) >= HISTORIES
    found = judge_together(Spark(spark, small=True), [question for question, _ in questions])
    assert found == [verdict for _, verdict in questions]


def test_no_questions_get_no_verdicts(spark):
    assert judge_together(Spark(spark, small=True), []) == []


def numbers_as_people_write_them(rng):
    national = rng.randrange(LISTED // 4)
    return rng.choice([f"0{201000000 + national}", f"+31 20 {1000000 + national}", f"31{201000000 + national}"])


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Make a store in which every fourth number of the list has a history."""
    with create_store(tmp_path_factory.mktemp("store") / "belbaar.db") as made:
        for name, sector in SECTORS.items():
            add_caller(made, name, name=name.title(), sector=sector, numbers=[OWN] if name != "lot" else [])
        found = drawn(LISTED // 6, histories())
        events = [
            dataclasses.replace(event, number=FIRST + place)
            for place, (history,) in enumerate(found)
            for event in history
        ]
        record(made, list(enumerate(events)), Source("test", "", 0, "test"), PACK)
        yield made


@pytest.fixture(scope="module")
def listed(tmp_path_factory):
    """Make a list in three parts: ordinary numbers, some twice, some of another country, some no numbers."""
    rng = random.Random(7)  # noqa: S311  a list, no secret
    rows = []
    for row in range(LISTED):
        kind = rng.random()
        if kind < 0.05:
            cell = rng.choice(UNREADABLE)
        elif kind < 0.1:
            cell = f"+3319900{rng.randrange(10_000):04}"
        else:
            cell = numbers_as_people_write_them(rng)
        rows.append({"rij": row, "Telefoon": cell, "naam": rng.choice(["Jansen", None]), "Naam": "Özdemir; `x`"})
    folder = tmp_path_factory.mktemp("list") / "leads [1]"
    folder.mkdir()
    for part in range(3):
        pq.write_table(pa.Table.from_pylist(rows[part::3]), folder / f"part-{part}.parquet")
    whole = folder.parent / "leads.parquet"
    pq.write_table(pa.Table.from_pylist(rows), whole)
    return folder, whole


def rows_of(path):
    """Give rows in the list's order; a text that is not there is written as an empty one without Spark."""
    rows = sorted(pq.read_table(path).to_pylist(), key=lambda row: row["rij"])
    return [{name: "" if value is None else value for name, value in row.items()} for row in rows]


def test_spark_and_duckdb_write_the_same_columns(spark, store, listed, tmp_path):
    (folder, whole), asked = listed, call("2026-09-08T14:00:00+02:00")
    later = call("2026-09-15T14:00:00+02:00").at
    theirs = screen_file(store, whole, asked, out=tmp_path / "duckdb.parquet", compare_at=later)
    mine = screen_on_spark(
        store, spark, str(folder), asked, out=str(tmp_path / "out"), compare_at=later, summary=lambda _: {}
    )
    assert rows_of(tmp_path / "out") == rows_of(tmp_path / "duckdb.parquet")
    for name in ("rows", "allowed", "by_ground", "by_reason", "unreadable", "position", "ruleset_hash", "notes"):
        assert getattr(mine, name) == getattr(theirs, name)
    assert mine.compare == theirs.compare
    assert {len(row["belbaar_error"]) > 0 for row in rows_of(tmp_path / "out")} == {True, False}
