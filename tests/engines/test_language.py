"""Conformance: every operator of the card language, every edge value, gives one answer in all dialects and in Python."""

import operator
import sqlite3

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from belbaar.law.facts import FACTS, INSTANT, ROW, WORD
from belbaar.law.language import read
from belbaar.law.program import render
from belbaar.law.words import FOREVER, NEVER

OPERATORS = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
EDGES = [NEVER, NEVER + 1, -1, 0, 1, FOREVER - 1, FOREVER]
COLUMNS = ("since", "ended", "relation_kind", "opted_out", "subscriber")
WORDS = [name for name in COLUMNS if FACTS[name].unit == WORD]
assert all(FACTS[name].scope == ROW for name in COLUMNS)


def comparison(draw):
    """Draw a comparison as text, and the same as a Python function of a row."""
    sign = draw(st.sampled_from(sorted(OPERATORS)))
    if draw(st.booleans()):
        left, right = draw(st.sampled_from([("since", "ended"), ("ended", "since"), ("since", "NEVER")]))
        return f"{left} {sign} {right}", lambda row: OPERATORS[sign](row[left], row.get(right, NEVER))
    name = draw(st.sampled_from(WORDS))
    words = draw(st.lists(st.sampled_from(sorted(FACTS[name].values)), min_size=1, max_size=3))
    numbers = [FACTS[name].values[word] for word in words]
    if draw(st.booleans()):
        return f"{name} IN ({', '.join(words)})", lambda row: row[name] in numbers
    sign = draw(st.sampled_from(["=", "<>"]))
    return f"{name} {sign} {words[0]}", lambda row: OPERATORS[sign](row[name], numbers[0])


@st.composite
def conditions(draw, depth=3):
    """Draw a condition: without brackets AND binds closer than OR, and NOT closer than both."""
    if depth == 0 or draw(st.booleans()):
        return comparison(draw)
    kind = draw(st.sampled_from(["and", "or", "not", "mixed"]))
    first, one = draw(conditions(depth - 1))
    if kind == "not":
        return f"NOT ({first})", lambda row: not one(row)
    second, two = draw(conditions(depth - 1))
    if kind == "mixed":
        third, three = draw(conditions(depth - 1))
        text = f"({first}) OR ({second}) AND NOT ({third})"
        return text, lambda row: one(row) or (two(row) and not three(row))
    word, of = ("AND", all) if kind == "and" else ("OR", any)
    return f"({first}) {word} ({second})", lambda row: of((one(row), two(row)))


rows = st.fixed_dictionaries(
    {
        name: st.sampled_from(EDGES)
        if FACTS[name].unit == INSTANT
        else st.sampled_from(sorted(FACTS[name].values.values()))
        for name in COLUMNS
    }
)


def in_sqlite(expression, row):
    with sqlite3.connect(":memory:") as connection:
        columns = ", ".join(f"{value} AS {name}" for name, value in row.items())
        (answer,) = connection.execute(
            f"SELECT {render(expression, 'sqlite', parameters=())} FROM (SELECT {columns})"
        ).fetchone()
    connection.close()
    return answer


def in_duckdb(expression, row):
    with duckdb.connect() as connection:
        columns = ", ".join(f"CAST({value} AS BIGINT) AS {name}" for name, value in row.items())
        text = f"SELECT CAST({render(expression, 'duckdb', parameters=())} AS INTEGER) FROM (SELECT {columns})"
        return connection.execute(text).fetchall()[0][0]


@settings(max_examples=60)
@given(conditions(), rows)
def test_a_condition_means_the_same_in_sqlite_duckdb_and_python(condition, row):
    text, meaning = condition
    expression = read(text, card="test")
    assert in_sqlite(expression, row) == in_duckdb(expression, row) == int(meaning(row))


@pytest.mark.parametrize("sign", OPERATORS)
def test_a_comparison_of_edges_means_the_same_everywhere(sign):
    expression = read(f"since {sign} ended", card="test")
    with sqlite3.connect(":memory:") as lite, duckdb.connect() as duck:
        pairs = ", ".join(f"({one}, {other})" for one in EDGES for other in EDGES)
        lite.execute("CREATE TABLE t (since INTEGER, ended INTEGER)")
        duck.execute("CREATE TABLE t (since BIGINT, ended BIGINT)")
        for connection in (lite, duck):
            connection.execute(f"INSERT INTO t VALUES {pairs}")
        found = [
            [
                (since, ended, int(answer))
                for since, ended, answer in connection.execute(
                    f"SELECT since, ended, {render(expression, dialect, parameters=())} FROM t ORDER BY since, ended"
                ).fetchall()
            ]
            for connection, dialect in ((lite, "sqlite"), (duck, "duckdb"))
        ]
    lite.close()
    wanted = [(one, other, int(OPERATORS[sign](one, other))) for one in EDGES for other in EDGES]
    assert found == [wanted, wanted]


@pytest.mark.parametrize("sign", OPERATORS)
@pytest.mark.parametrize("value", EDGES)
def test_never_is_before_all_and_comes_through_as_it_is(sign, value):
    expression = read(f"since {sign} NEVER", card="test")
    wanted = int(OPERATORS[sign](value, NEVER))
    assert (in_sqlite(expression, {"since": value}), in_duckdb(expression, {"since": value})) == (wanted, wanted)


@pytest.mark.parametrize("mask", [0, 1, 2, 3, 1 << 30, (1 << 40) + 1, FOREVER])
@pytest.mark.parametrize("bit", [1, 2, 1 << 30, 1 << 40])
def test_a_bit_of_a_mask_is_found_alike_with_what_stands_around_it(mask, bit):
    found = exp.NEQ(
        this=exp.Paren(this=exp.BitwiseAnd(this=exp.column("mask"), expression=exp.Literal.number(bit))),
        expression=exp.Literal.number(0),
    )
    both = exp.And(this=found, expression=exp.Not(this=exp.Paren(this=found.copy())))
    row = {"mask": mask}
    assert in_sqlite(found, row) == in_duckdb(found, row) == int(mask & bit != 0)
    assert in_sqlite(both, row) == in_duckdb(both, row) == 0


def test_a_placeholder_and_a_set_are_written_as_each_dialect_wants_them():
    expression = read("product IN (covering) AND last_day >= today", card="test")
    assert render(expression, "sqlite", parameters=["today"]) == "product IN ({covering}) AND last_day >= :today"
    assert render(expression, "duckdb", parameters=["today"]) == "product IN ({covering}) AND last_day >= $today"
