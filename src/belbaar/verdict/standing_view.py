"""Bring the standing that a list needs into the list's database: by key for few numbers, from a snapshot for many."""

__all__ = ["load_asked", "load_for"]

from collections.abc import Iterable

import duckdb
import pyarrow as pa

from belbaar.law import PACKS
from belbaar.ledger import Store, events_of
from belbaar.ledger.columns import rows_as_table
from belbaar.ledger.record import stored_rows
from belbaar.ledger.snapshot import load_standing
from belbaar.ledger.standing import Row
from belbaar.ledger.store import StoredRow
from belbaar.verdict.question import Call

_BY_KEY = 20_000
"""Up to so many numbers are looked up in the store one by one: cheaper than a snapshot."""

_COLUMNS = ", ".join(Row._fields)


def load_asked(database: duckdb.DuckDBPyConnection, columns: Iterable[pa.ChunkedArray]) -> None:
    """Make the table ``numbers``: every number of the list once."""
    chunks = [chunk for column in columns for chunk in column.chunks]
    database.register("read", pa.table({"number": pa.chunked_array(chunks, pa.int64())}))
    database.execute("CREATE TEMP TABLE numbers AS SELECT DISTINCT number FROM read WHERE number IS NOT NULL")
    database.unregister("read")


def load_for(
    store: Store,
    database: duckdb.DuckDBPyConnection,
    call: Call,
    *,
    held: bool,
    listed: Iterable[pa.ChunkedArray] = (),
) -> int:
    """Make ``standing`` (and ``numbers``, when the list is not held) and give the ledger position they show.

    Persons who were erased have no standing; their objections are looked up for the numbers of the list. ``listed`` are
    those of a list that is not held: it is only read where there are such objections.
    """
    erased = _erased(store, database, listed, held=held)
    if call.known_at is not None:
        return _as_known(store, database, call, erased, held=held)
    rows = _folded(store, call, erased)
    few = held and _count(database) <= _BY_KEY
    if few or store.target == ":memory:":
        return _by_key(store, database, rows)
    position = load_standing(store, database, rows)
    if not held:
        caller = store.caller(call.caller).key
        database.execute(
            f"CREATE TEMP TABLE numbers AS SELECT DISTINCT number FROM standing WHERE caller IN (0, {caller})"
        )
    return position


def _count(database: duckdb.DuckDBPyConnection) -> int:
    return sum(count for (count,) in database.execute("SELECT count(*) FROM numbers").fetchall())


def _erased(
    store: Store, database: duckdb.DuckDBPyConnection, listed: Iterable[pa.ChunkedArray], *, held: bool
) -> list[int]:
    """Give the numbers of the list with objections that outlived an erasure."""
    if not store.known().suppressing:
        return []
    if held:
        return sorted(
            store.objecting(number for (number,) in database.execute("SELECT number FROM numbers").fetchall())
        )
    unique = (numbers.unique().drop_null().to_pylist() for numbers in listed)
    return sorted({number for some in unique for number in store.objecting(some)})


def _folded(store: Store, call: Call, numbers: Iterable[int]) -> list[StoredRow]:
    pack = PACKS["NL"]
    return [row for number in numbers for row in stored_rows(store, events_of(store, number, call.known_at), pack)]


def _by_key(store: Store, database: duckdb.DuckDBPyConnection, erased: list[StoredRow]) -> int:
    numbers = database.execute("SELECT number FROM numbers ORDER BY number").fetchall()
    with store.reading():
        position = store.position()
        rows = store.standing_of([number for (number,) in numbers])
    database.register("standing", rows_as_table([*rows, *erased]))
    return position


def _as_known(store: Store, database: duckdb.DuckDBPyConnection, call: Call, erased: list[int], *, held: bool) -> int:
    """Fold the events that were known by then, number by number."""
    query = "SELECT number FROM numbers" if held else None
    asked = (
        database.execute(query).fetchall()
        if query
        else store.connection.execute("SELECT DISTINCT number FROM event").fetchall()
    )
    numbers = sorted({number for (number,) in asked}.union(erased))
    database.register("standing", rows_as_table(_folded(store, call, numbers)))
    if not held:
        database.register("numbers", pa.table({"number": pa.array(numbers, pa.int64())}))
    return store.position()
