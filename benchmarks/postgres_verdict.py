"""One verdict from PostgreSQL over a local socket, against a bare ``SELECT 1`` over the same connection.

    python -m benchmarks.postgres_verdict            # 300 000 standing rows; also where the time goes

The server is the tests' own (``tests/postgres.py``), with the settings of a durable one. One of each is asked after
another, thousands of times, so that whatever else the machine does meets them alike.
"""

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from unittest.mock import patch

from belbaar.ledger import add_caller, open_store
from belbaar.ledger.postgres_store import PostgresStore
from belbaar.ledger.standing import Row
from belbaar.verdict import Call, may_call
from benchmarks.made import AT, FIRST, OUT, ROWS_A_NUMBER, make_store
from tests.postgres import server

CALLS = 4_000
Times = dict[str, tuple[float, float]]
"""Microseconds: the median and the 99th percentile."""


def measure(path: Path, rows: int) -> list[tuple[str, ...]]:
    """Measure on a copy of the standing of a SQLite store."""
    took = times(path, rows)
    peer, peer_worst = took["SELECT 1"]
    works = (
        ("verdict", f"one verdict, PostgreSQL, {rows:,} standing rows"),
        ("its statement alone", "what it asks of PostgreSQL, alone"),
    )
    return [
        (
            work,
            "a bare `SELECT 1` over the same connection",
            f"{took[name][0] / peer:.1f} times its time",
            f"{took[name][0]:.0f} µs, p99 {took[name][1]:.0f} µs",
            f"{peer:.0f} µs, p99 {peer_worst:.0f} µs",
        )
        for name, work in works
    ]


def times(path: Path, rows: int) -> Times:
    rng = random.Random(4)
    numbers = [FIRST + rng.randrange(int(rows / ROWS_A_NUMBER)) for _ in range(CALLS)]
    with _copied(path) as store:
        execute = store.connection.execute
        raw = f"SELECT {', '.join(Row._fields)} FROM standing WHERE number = ? AND caller IN (0, ?)"
        statement, values, place = _statement(store, numbers[0])

        def alone(number: int) -> None:
            store.connection.ask(statement, [*values[:place], number, *values[place + 1 :]])

        return _in_turn(
            numbers,
            {
                "verdict": lambda number: may_call(store, Call(number, "voltix", AT, "energy")),
                "SELECT 1": lambda _: execute("SELECT 1", prepare=True, binary=True).fetchone(),
                "its statement alone": alone,
                "SELECT 1 through libpq": lambda _: store.connection.ask("SELECT 1", []),
                "the rows, raw": lambda number: execute(raw, (number, 1), prepare=True, binary=True).fetchall(),
            },
        )


@contextmanager
def _copied(path: Path) -> Iterator[PostgresStore]:
    with server(durable=True) as postgres:
        url = postgres.store()
        with open_store(url) as store, closing(sqlite3.connect(path)) as source:
            assert isinstance(store, PostgresStore)  # noqa: S101
            add_caller(store, "voltix", name="Voltix Energie B.V.", sector="commercial", numbers=[31201990001])
            found = source.execute(f"SELECT {', '.join(Row._fields)} FROM standing")
            with store.writing():
                store.product_key("energy")
                while some := list(islice(found, 50_000)):
                    store.add_standing(some)
            postgres.execute("VACUUM ANALYZE", url.rpartition("/")[2])
            yield store


def _statement(store: PostgresStore, number: int) -> tuple[str, list[int], int]:
    """Give what a verdict asks of the server: text, values, and the place of the number among them."""
    seen: list[tuple[str, list[int]]] = []
    with patch.object(type(store.connection), "ask", lambda _, text, values: seen.append((text, values)) or []):
        try:
            may_call(store, Call(number, "voltix", AT, "energy"))
        except IndexError:
            text, values = seen[0]  # it cannot do with the nothing that it got
    return text, values, values.index(number)


def _in_turn(numbers: list[int], works: dict[str, Callable[[int], object]]) -> Times:
    taken: dict[str, list[float]] = {name: [] for name in works}
    for warm in (True, False):
        for number in numbers[:200] if warm else numbers:
            for name, work in works.items():
                start = time.perf_counter()
                work(number)
                if not warm:
                    taken[name].append(time.perf_counter() - start)
    return {name: _percentiles(sorted(times)) for name, times in taken.items()}


def _percentiles(ordered: list[float]) -> tuple[float, float]:
    return ordered[len(ordered) // 2] * 1e6, ordered[len(ordered) * 99 // 100] * 1e6


def main() -> None:
    OUT.mkdir(exist_ok=True)
    path = OUT / "standing-300000.db"
    rows = make_store(path, 300_000)
    took = times(path, rows)
    print("| what | p50 | p99 | times `SELECT 1` |\n|---|---|---|---|")
    for name, (middle, worst) in took.items():
        print(f"| {name} | {middle:.1f} µs | {worst:.1f} µs | {middle / took['SELECT 1'][0]:.2f} |")


if __name__ == "__main__":
    main()
