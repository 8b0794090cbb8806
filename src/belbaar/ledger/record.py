"""Append events: all of a batch or none, each once, standing refreshed in the same transaction.

``record`` returns after the transaction is durable. An event that is there already, by content, is not written again.
"""

__all__ = ["Recorded", "Source", "all_events", "events_of", "first_read", "rebuild", "record", "refold", "stored_rows"]

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from belbaar.errors import InputError
from belbaar.law import Pack
from belbaar.ledger.events import Event, content_id
from belbaar.ledger.standing import Row, fold
from belbaar.ledger.store import Store

_INSERT_EVENT = """
    INSERT OR IGNORE INTO event (id, kind, number, caller, agent, at, recorded_at, fields, source, row)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_SELECT_EVENT = "SELECT seq, kind, number, caller, agent, at, recorded_at, fields FROM event"
_INSERT_ROW = f"INSERT INTO standing ({', '.join(Row._fields)}) VALUES ({', '.join('?' * len(Row._fields))})"


@dataclass(frozen=True, slots=True)
class Source:
    """Where events come from: a file's name and SHA-256, who recorded it, and when (UTC microseconds)."""

    name: str
    sha256: str
    recorded_at: int
    recorded_by: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of a batch: how many events are new, how many were there already."""

    new: int
    known: int


def first_read(store: Store, sha256: str) -> int | None:
    """Tell when a file of this content was first recorded: undated rows in it happened then, at the latest."""
    row = store.connection.execute("SELECT min(recorded_at) FROM source WHERE sha256 = ?", (sha256,)).fetchone()
    return None if row[0] is None else int(row[0])


def record(store: Store, events: Iterable[tuple[int, Event]], source: Source, pack: Pack) -> Recorded:
    """Write a batch: pairs of the row in the source and the event.

    Raises:
        InputError: when an event names a caller or agent that is not registered. Nothing is written then.
        StoreUnavailable: when the store cannot be written. Nothing is written then either.
    """
    batch = list(events)
    if not batch:
        return Recorded(0, 0)
    with store.writing() as connection:
        connection.execute("SAVEPOINT batch")
        before = store.position()
        row = connection.execute(
            "INSERT INTO source (name, sha256, recorded_at, recorded_by) VALUES (?, ?, ?, ?) RETURNING id",
            (source.name, source.sha256, source.recorded_at, source.recorded_by),
        ).fetchone()
        connection.executemany(_INSERT_EVENT, _event_rows(store, batch, int(row[0])))
        new = store.position() - before
        if not new:
            connection.execute("ROLLBACK TO batch")  # nothing is new, so nothing changes: no source either
            return Recorded(0, len(batch))
        connection.execute("CREATE TEMP TABLE touched AS SELECT DISTINCT number FROM event WHERE seq > ?", (before,))
        refold(store, pack, "touched")
        connection.execute("DROP TABLE touched")
    return Recorded(new, len(batch) - new)


def refold(store: Store, pack: Pack, numbers: str) -> None:
    """Fold anew the standing of the numbers in a table; only inside ``Store.writing``."""
    connection = store.connection
    connection.execute(f"DELETE FROM standing WHERE number IN (SELECT number FROM {numbers})")
    callers = _caller_keys(store)
    events = _events(store, f"WHERE number IN (SELECT number FROM {numbers}) ORDER BY number, seq")
    rows = (row for _, group in groupby(events, key=lambda event: event.number) for row in fold(group, pack))
    connection.executemany(_INSERT_ROW, (_stored(row, callers, store) for row in rows))


def rebuild(store: Store, pack: Pack) -> None:
    """Fold the standing of every number anew from the events, in one transaction."""
    with store.writing() as connection:
        connection.execute("CREATE TEMP TABLE touched AS SELECT DISTINCT number FROM event")
        connection.execute("DELETE FROM standing")
        refold(store, pack, "touched")
        connection.execute("DROP TABLE touched")


def events_of(store: Store, number: int, known_at: int | None = None) -> list[Event]:
    """Give the events of a number, in the order recorded; with ``known_at`` those that were known by then."""
    if known_at is None:
        return list(_events(store, "WHERE number = ? ORDER BY seq", (number,)))
    return list(_events(store, "WHERE number = ? AND recorded_at <= ? ORDER BY seq", (number, known_at)))


def all_events(store: Store) -> Iterator[Event]:
    """Give every event of the ledger, in the order recorded."""
    return _events(store, "ORDER BY seq")


def stored_rows(store: Store, events: Iterable[Event], pack: Pack) -> list[tuple[int, ...]]:
    """Fold events of one number into rows as the standing table holds them, without writing any."""
    callers = _caller_keys(store)
    return [_stored(row, callers, store) for row in fold(events, pack)]


def _caller_keys(store: Store) -> dict[str, int]:
    return {"": 0, **{name: caller.key for name, caller in store.callers().items()}}


def _event_rows(store: Store, batch: Sequence[tuple[int, Event]], source: int) -> Iterator[tuple[object, ...]]:
    callers = _caller_keys(store)
    agents = {"": 0, **dict(store.connection.execute("SELECT handle, id FROM agent").fetchall())}
    for place, event in batch:
        if event.caller not in callers:
            store.caller(event.caller)
        if event.agent not in agents:
            raise InputError(
                f'"{event.agent}" is not a registered agent.',
                where=f"row {place}",
                todo=f"Register it with: belbaar agent add {event.agent} --name …",
            )
        yield (
            content_id(event),
            event.kind,
            event.number,
            callers[event.caller],
            agents[event.agent],
            event.at,
            event.recorded_at,
            json.dumps(dict(event.fields), ensure_ascii=False) if event.fields else "{}",
            source,
            place,
        )


def _events(store: Store, where: str, parameters: tuple[int, ...] = ()) -> Iterator[Event]:
    names = {key: name for name, key in _caller_keys(store).items()}
    agents = {0: "", **dict(store.connection.execute("SELECT id, handle FROM agent").fetchall())}
    cursor: sqlite3.Cursor = store.connection.execute(f"{_SELECT_EVENT} {where}", parameters)
    for seq, kind, number, caller, agent, at, recorded_at, fields in cursor:
        own = (
            {} if fields == "{}" else {k: tuple(v) if isinstance(v, list) else v for k, v in json.loads(fields).items()}
        )
        yield Event(kind, number, at, recorded_at, names[caller], agents[agent], own, seq)


def _stored(row: Row, callers: dict[str, int], store: Store) -> tuple[int, ...]:
    """Put the store's ids for names: the row as its table holds it."""
    key = store.product_key
    named = row._asdict()
    named |= {"caller": callers[row.caller], "product": key(row.product), "segment": key(row.segment)}
    return tuple(named.values())
