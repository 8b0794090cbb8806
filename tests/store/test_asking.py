"""Statements asked straight through libpq: prepared once, dropped with psycopg's own, and never a foreign error."""

import pytest

from belbaar.errors import StoreUnavailable

pytestmark = pytest.mark.parametrize("target", ["postgres"], indirect=True)


def prepared(store):
    found = store.connection.execute("SELECT name FROM pg_prepared_statements WHERE name LIKE 'belbaar%'").fetchall()
    return len(found)


def test_a_statement_is_prepared_once_and_answers_in_integers(store):
    ask = store.connection.ask
    assert [ask("SELECT $1 + 1, ARRAY[$1, $2], NULL", [n, 2**62])[0][0] for n in range(-3, 3)] == list(range(-2, 4))
    assert ask("SELECT $1 + 1, ARRAY[$1, $2], NULL", [1, 2**62]) == [(2, [1, 2**62], None)]
    assert prepared(store) == 1


def test_arrays_go_in_and_rows_come_out_of_many_statements_in_one_round_trip(store):
    asking = [("SELECT number * $2 FROM unnest($1) AS asked (number)", [list(range(n)), n]) for n in (0, 3, 1)]
    assert store.connection.ask_many(asking) == [[], [(0,), (3,), (6,)], [(0,)]]


def test_what_is_longer_than_a_socket_holds_goes_both_ways(store):
    numbers = list(range(-50_000, 50_000))
    asking = [("SELECT number, repeat('x', 20) FROM unnest($1) AS asked (number)", [numbers])] * 3
    assert [[row[0] for row in rows] for rows in store.connection.ask_many(asking)] == [numbers] * 3


def test_what_psycopg_drops_after_a_rollback_is_prepared_again(store):
    for _ in range(3):
        assert store.connection.ask("SELECT $1", [7]) == [(7,)]
        store.connection.execute("SELECT 1", prepare=True)
        with store.reading() as connection:
            assert connection.ask("SELECT $1", [8]) == [(8,)]


def test_what_somebody_else_drops_is_prepared_again(store):
    assert store.connection.ask("SELECT $1", [7]) == [(7,)]
    store.connection.pgconn.exec_(b"DEALLOCATE ALL")
    assert store.connection.ask("SELECT $1", [8]) == [(8,)]


def test_only_so_many_are_kept(store, monkeypatch):
    monkeypatch.setattr("belbaar.ledger.postgres_asking.PREPARED", 3)
    for _ in range(2):
        assert [store.connection.ask(f"SELECT {n} + $1", [1]) for n in range(8)] == [[(n + 1,)] for n in range(8)]
    assert prepared(store) <= 3


def test_an_error_is_belbaars_own_and_the_connection_goes_on(store):
    with pytest.raises(StoreUnavailable, match="missing"):
        store.connection.ask("SELECT number FROM nowhere WHERE number = $1", [1])
    assert store.connection.ask("SELECT $1", [1]) == [(1,)]


def test_integers_are_found_among_others_however_wide_those_before_were(store):
    for values in ([1], [2**40, -(2**62)], [], [3]):
        one_of, value = store.among(values)
        found = store.connection.execute(
            f"SELECT n FROM unnest(ARRAY[1, 3, {2**40}, {-(2**62)}]) AS n WHERE n {one_of}", (value,)
        )
        assert sorted(n for (n,) in found.fetchall()) == sorted(values)
