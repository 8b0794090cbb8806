"""Append events: all of a batch or none, each once, standing refreshed in the same transaction.

``record`` returns after the transaction is durable. An event that is there already, by content, is not written again.
"""

__all__ = ["Recorded", "Source", "all_events", "events_of", "first_read", "rebuild", "record", "stored_rows"]

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

import msgspec

from belbaar.errors import InputError
from belbaar.law import Pack
from belbaar.ledger.events import Event, content_id
from belbaar.ledger.standing import Row, fold
from belbaar.ledger.store import Store, StoredRow

_SELECT_EVENT = "SELECT seq, kind, number, caller, agent, at, recorded_at, fields FROM event"
_AT_ONCE = 20_000
"""Rows of standing that are folded before they are written."""


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
        new = store.append(_event_rows(store, batch, int(row[0])))
        if not new:
            connection.execute("ROLLBACK TO batch")  # nothing is new, so nothing changes: no source either
            return Recorded(0, len(batch))
        _refold(store, pack, "WHERE number IN (SELECT number FROM event WHERE seq > ?)", (before,))
    return Recorded(new, len(batch) - new)


def rebuild(store: Store, pack: Pack) -> None:
    """Fold the standing of every number anew from the events, in one transaction."""
    with store.writing():
        _refold(store, pack, "")


def _refold(store: Store, pack: Pack, which: str, values: tuple[int, ...] = ()) -> None:
    """Fold anew the standing of some numbers; only inside ``Store.writing``."""
    store.connection.execute(f"DELETE FROM standing {which}", values)
    callers = _caller_keys(store)
    events = _events(store, store.stream, f"{which} ORDER BY number, seq", values)
    folded = (row for _, group in groupby(events, key=lambda event: event.number) for row in fold(group, pack))
    while rows := [_stored(row, callers, store.product_key) for row in islice(folded, _AT_ONCE)]:
        store.add_standing(rows)


def events_of(store: Store, number: int, known_at: int | None = None) -> list[Event]:
    """Give the events of a number, in the order recorded; with ``known_at`` those that were known by then."""
    query = store.connection.execute
    if known_at is None:
        return list(_events(store, query, "WHERE number = ? ORDER BY seq", (number,)))
    return list(_events(store, query, "WHERE number = ? AND recorded_at <= ? ORDER BY seq", (number, known_at)))


def all_events(store: Store) -> Iterator[Event]:
    """Give every event of the ledger, in the order recorded, as they were when the first was asked for."""
    with store.reading():
        yield from _events(store, store.stream, "ORDER BY seq")


def stored_rows(store: Store, events: Iterable[Event], pack: Pack) -> list[StoredRow]:
    """Fold recorded events of one number into rows as the standing table holds them, without writing any."""
    callers, products = _caller_keys(store), store.known().products
    return [_stored(row, callers, products.__getitem__) for row in fold(events, pack)]


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
            msgspec.json.encode(event.fields).decode() if event.fields else "{}",
            source,
            place,
        )


def _events(
    store: Store,
    query: Callable[[str, Sequence[object]], Iterable[tuple[Any, ...]]],
    where: str,
    values: tuple[int, ...] = (),
) -> Iterator[Event]:
    names = {key: name for name, key in _caller_keys(store).items()}
    agents = {0: "", **dict(store.connection.execute("SELECT id, handle FROM agent").fetchall())}
    for seq, kind, number, caller, agent, at, recorded_at, fields in query(f"{_SELECT_EVENT} {where}", values):
        own = (
            {}
            if fields == "{}"
            else {k: tuple(v) if isinstance(v, list) else v for k, v in msgspec.json.decode(fields).items()}
        )
        yield Event(kind, number, at, recorded_at, names[caller], agents[agent], own, seq)


def _stored(row: Row, callers: Mapping[str, int], product_key: Callable[[str], int]) -> StoredRow:
    """Put the store's ids for names: the row as its table holds it."""
    named = row._asdict()
    named |= {
        "caller": callers[row.caller],
        "product": product_key(row.product),
        "segment": product_key(row.segment),
    }
    return tuple(named.values())
