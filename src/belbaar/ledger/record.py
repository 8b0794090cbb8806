"""Append events: all of a batch or none, each once, standing refreshed in the same transaction.

``record`` returns after the transaction is durable. An event that is there already, by content, is not written again.
"""

__all__ = [
    "ERASED",
    "Recorded",
    "Source",
    "all_events",
    "events_among",
    "events_of",
    "events_of_each",
    "fields_of",
    "first_read",
    "placed_after",
    "rebuild",
    "record",
    "refold",
    "stored_rows",
]

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, groupby, islice
from typing import Any

import msgspec

from belbaar.errors import InputError
from belbaar.law import Pack
from belbaar.ledger.events import Event, Placed, content_digest, contents
from belbaar.ledger.lone import Lone
from belbaar.ledger.standing import Row, fold
from belbaar.ledger.store import Store, StoredRow
from belbaar.ledger.suppliers import frozen_of
from belbaar.ledger.values import Value
from belbaar.ledger.wordings import check_text, own_numbers

_SELECT_EVENT = "SELECT seq, kind, number, caller, agent, at, recorded_at, fields"
ERASED = "erased"
"""The kind of what is left of an erased event: its place."""
_AT_ONCE = 20_000
"""Rows of standing that are folded before they are written."""
_APPENDED_AT_ONCE = 16_384
"""Events that are appended before the first of them is made a leaf."""
_CALLER, _PRODUCT, _SEGMENT = map(Row._fields.index, ("caller", "product", "segment"))


@dataclass(frozen=True, slots=True)
class Source:
    """Where events come from: a file's name and SHA-256, who recorded it, and when (UTC microseconds).

    ``organisation`` is the key of the organisation it belongs to, 0 where there are none.
    """

    name: str
    sha256: str
    recorded_at: int
    recorded_by: str
    organisation: int = 0


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
        InputError: when an event names a caller or agent that is not registered, or its wording somebody's number.
            Nothing is written then.
        StoreUnavailable: when the store cannot be written. Nothing is written then either.
    """
    batch = list(events)
    if not batch:
        return Recorded(0, 0)
    with store.writing() as connection:
        batch += frozen_of(batch, source.name, source.recorded_at, store.known().stopped)
        connection.execute("SAVEPOINT batch")
        before = store.position()
        row = connection.execute(
            "INSERT INTO source (name, sha256, recorded_at, recorded_by, organisation) VALUES (?, ?, ?, ?, ?) RETURNING id",
            (source.name, source.sha256, source.recorded_at, source.recorded_by, source.organisation),
        ).fetchone()
        appended = _append(store, batch, source, int(row[0]))
        first = next(appended, None)
        if first is None:
            connection.execute("ROLLBACK TO batch")  # nothing is new, so nothing changes: no source either
            return Recorded(0, len(batch))

        def fold() -> None:
            _fold_new(store, pack, batch, before)

        if (keeper := store.keeper) is not None:
            keeper.appended(chain([first], appended), fold)
        else:
            deque(appended, 0)
            fold()
        new = store.position() - before
    return Recorded(new, len(batch) - new)


def _append(store: Store, batch: Sequence[tuple[int, Event]], source: Source, key: int) -> Iterator[Placed]:
    """Append a batch, some at a time, and give the events that are new."""
    rows = _event_rows(store, batch, key, source.organisation)
    for start in range(0, len(batch), _APPENDED_AT_ONCE):
        some, before = batch[start : start + _APPENDED_AT_ONCE], store.position()
        if store.append(islice(rows, len(some))) == len(some):
            for seq, (row, event) in enumerate(some, before + 1):
                yield Placed(seq, event, source.sha256, row, source.recorded_by)
        else:
            yield from placed_after(store, before)


def _fold_new(store: Store, pack: Pack, batch: Sequence[tuple[int, Event]], before: int) -> None:
    """Fold what was appended of a batch."""
    if store.position() - before == len(batch):
        _fold_batch(store, pack, batch, before)
    else:
        _refold(store, pack, "WHERE number IN (SELECT number FROM event WHERE seq > ?)", (before,))


def _fold_batch(store: Store, pack: Pack, batch: Sequence[tuple[int, Event]], before: int) -> None:
    """Fold a batch that was appended whole: numbers that are new as they are, others with what was known of them."""
    older = "WHERE number IN (SELECT number FROM event WHERE seq > ?) AND seq <= ?"
    known: set[int] = set()
    if before:
        rows = store.connection.execute(f"SELECT DISTINCT number FROM event {older}", (before, before))
        known.update(number for (number,) in rows)
    if known:
        _refold(store, pack, f"WHERE number IN (SELECT number FROM event {older})", (before, before))
    placed = [(seq, event) for seq, (_, event) in enumerate(batch, before + 1) if event.number not in known]
    placed.sort(key=lambda pair: pair[1].number)
    _add(store, pack, placed)


def _add(store: Store, pack: Pack, placed: Iterable[tuple[int, Event]]) -> None:
    """Fold events, in order of their numbers and each with its place, and write what comes of them."""
    callers = _caller_keys(store)

    def stored(row: Row) -> StoredRow:
        return _stored(row, callers, store.product_key)

    lone = Lone(pack, stored)
    suppressing = store.known().suppressing
    rows: list[StoredRow] = []
    for number, group in groupby(placed, key=lambda pair: pair[1].number):
        (seq, event), *others = group
        if suppressing:
            others += ((0, objection) for objection in _kept_objections(store, number))
        if others:
            told = [replace(each, seq=place) for place, each in ((seq, event), *others)]
            rows += map(stored, fold(told, pack))
        else:
            rows += lone.rows(event, seq)
        if len(rows) >= _AT_ONCE:
            _write(store, rows)
            rows.clear()
    _write(store, rows)


def _write(store: Store, rows: Sequence[StoredRow]) -> None:
    store.add_standing(rows)
    store.note_products({(row[_CALLER], row[_PRODUCT]) for row in rows if row[_CALLER] and row[_PRODUCT]})


def rebuild(store: Store, pack: Pack) -> None:
    """Fold the standing of every number anew from the events, in one transaction."""
    with store.writing():
        _refold(store, pack, "")


def refold(store: Store, pack: Pack, number: int) -> None:
    """Fold the standing of one number anew; only inside ``Store.writing``."""
    _refold(store, pack, "WHERE number = ?", (number,))


def _refold(store: Store, pack: Pack, which: str, values: tuple[int, ...] = ()) -> None:
    """Fold anew the standing of some numbers; only inside ``Store.writing``."""
    store.connection.execute(f"DELETE FROM standing {which}", values)
    events = _events(store, store.stream, f"{which} ORDER BY number, seq", values)
    _add(store, pack, ((event.seq, event) for event in events))


def events_of(store: Store, number: int, known_at: int | None = None) -> list[Event]:
    """Give the events of a number, in the order recorded; with ``known_at`` those that were known by then."""
    query = store.connection.execute
    kept = _kept_objections(store, number) if store.known().suppressing else []
    if known_at is None:
        return [*_events(store, query, "WHERE number = ? ORDER BY seq", (number,)), *kept]
    known = _events(store, query, "WHERE number = ? AND recorded_at <= ? ORDER BY seq", (number, known_at))
    return [*known, *(event for event in kept if event.at <= known_at)]


def events_of_each(store: Store, numbers: Collection[int]) -> dict[int, list[Event]]:
    """Give the events of each of many numbers, as ``events_of`` does, in one query."""
    found: dict[int, list[Event]] = {number: [] for number in numbers}
    if not found:
        return found
    one_of, value = store.among(list(found))
    for event in _events(store, store.connection.execute, f"WHERE number {one_of} ORDER BY seq", (value,)):
        found[event.number].append(event)
    for number, kept in store.objecting(found).items():
        found[number] += _as_events(number, kept)
    return found


def _kept_objections(store: Store, number: int) -> list[Event]:
    """Give the objections that outlived an erasure as events."""
    return _as_events(number, store.suppressed(number))


def _as_events(number: int, kept: Iterable[tuple[str, int]]) -> list[Event]:
    """Make events of objections that were kept; their place in the ledger is gone, so it is 0."""
    scoped: Mapping[bool, Mapping[str, str]] = {True: {}, False: {"scope": "all"}}
    return [Event("objection.made", number, since, since, caller, "", scoped[bool(caller)]) for caller, since in kept]


def all_events(store: Store) -> Iterator[Event]:
    """Give every event of the ledger, in the order recorded, as they were when the first was asked for."""
    with store.reading():
        yield from _events(store, store.stream, f"WHERE kind <> '{ERASED}' ORDER BY seq")


def placed_after(store: Store, place: int) -> Iterator[Placed]:
    """Give the events after a place in the ledger, in the order recorded; inside a transaction."""
    from_where = "SELECT id, sha256, recorded_by FROM source WHERE id IN (SELECT source FROM event WHERE seq > ?)"
    sources = {key: rest for key, *rest in store.connection.execute(from_where, (place,))}
    names, agents = _names(store)
    query = f"{_SELECT_EVENT}, source, row FROM event WHERE seq > ? AND kind <> '{ERASED}' ORDER BY seq"
    for seq, kind, number, caller, agent, at, recorded_at, fields, source, row in store.stream(query, (place,)):
        event = Event(kind, number, at, recorded_at, names[caller], agents[agent], fields_of(fields), seq)
        sha256, by = sources[source]
        yield Placed(seq, event, sha256, row, by)


def events_among(
    store: Store, numbers: Sequence[int], kinds: Sequence[str], *, upto: int, known_at: int | None = None
) -> Iterator[Event]:
    """Give the events of some kinds of a thousand numbers or so, number by number, each number's as recorded.

    Args:
        store: the ledger.
        numbers: E.164.
        kinds: of events.
        upto: the ledger position up to which they count.
        known_at: the instant up to which they were known; None: whenever.
    """
    known = "" if known_at is None else " AND recorded_at <= ?"
    listed, wanted = (", ".join("?" * len(values)) for values in (numbers, kinds))
    where = f"WHERE number IN ({listed}) AND kind IN ({wanted}) AND seq <= ?{known} ORDER BY number, seq"
    values = (*numbers, *kinds, upto) if known_at is None else (*numbers, *kinds, upto, known_at)
    return _events(store, store.connection.execute, where, values)


def stored_rows(store: Store, events: Iterable[Event], pack: Pack) -> list[StoredRow]:
    """Fold recorded events of one number into rows as the standing table holds them, without writing any."""
    callers, products = _caller_keys(store), store.known().products
    return [_stored(row, callers, products.__getitem__) for row in fold(events, pack)]


def _caller_keys(store: Store) -> dict[str, int]:
    return {"": 0, **{name: caller.key for name, caller in store.callers().items()}}


@dataclass(frozen=True, slots=True, eq=False)
class _Said:
    """What events of one kind, caller, agent and fields have in common, as the store and the content's digest want it."""

    caller: int
    agent: int
    fields: str
    content: tuple[bytes, bytes, bytes]


def _event_rows(
    store: Store, batch: Sequence[tuple[int, Event]], source: int, organisation: int
) -> Iterator[tuple[object, ...]]:
    callers = _caller_keys(store)
    agents = {"": 0, **dict(store.connection.execute("SELECT handle, id FROM agent").fetchall())}
    own = own_numbers(store.callers().values())
    known: dict[tuple[object, ...], _Said] = {}
    for place, event in batch:
        key = (event.kind, event.caller, event.agent, id(event.fields))  # the batch keeps them, so an id stays theirs
        said = known.get(key)
        if said is None:
            if "wording" in event.fields:
                check_text(str(event.fields["wording"]), own, f"row {place}, wording")
            said = known[key] = _said(store, event, place, callers, agents, contents(event, organisation))
        kind, caller, fields = said.content
        yield (
            content_digest(kind, event.number, caller, event.at, fields),
            event.kind,
            event.number,
            said.caller,
            said.agent,
            event.at,
            event.recorded_at,
            said.fields,
            source,
            place,
        )


def _said(
    store: Store,
    event: Event,
    place: int,
    callers: Mapping[str, int],
    agents: Mapping[str, int],
    content: tuple[bytes, bytes, bytes],
) -> _Said:
    if event.caller not in callers:
        store.caller(event.caller)
    if event.agent not in agents:
        raise InputError(
            f'"{event.agent}" is not a registered agent.',
            where=f"row {place}",
            todo=f"Register it with: belbaar agent add {event.agent} --name …",
        )
    text = msgspec.json.encode(event.fields).decode() if event.fields else "{}"
    return _Said(callers[event.caller], agents[event.agent], text, content)


def _events(
    store: Store,
    query: Callable[[str, Sequence[object]], Iterable[tuple[Any, ...]]],
    where: str,
    values: tuple[object, ...] = (),
) -> Iterator[Event]:
    names, agents = _names(store)
    rows = query(f"{_SELECT_EVENT} FROM event {where}", values)
    for seq, kind, number, caller, agent, at, recorded_at, fields in rows:
        yield Event(kind, number, at, recorded_at, names[caller], agents[agent], fields_of(fields), seq)


def _names(store: Store) -> tuple[Mapping[int, str], Mapping[int, str]]:
    """Give callers and agents by the store's ids; 0 is nobody."""
    known = store.known()
    return {0: "", **{caller.key: name for name, caller in known.callers.items()}}, known.agents


@lru_cache(maxsize=1024)
def fields_of(text: str) -> Mapping[str, Value]:
    """Read the fields of an event; many say the same, and share what was read."""
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in msgspec.json.decode(text).items()
    }


def _stored(row: Row, callers: Mapping[str, int], product_key: Callable[[str], int]) -> StoredRow:
    """Put the store's ids for names: the row as its table holds it."""
    values: list[Any] = list(row)
    values[_CALLER] = callers[row.caller]
    values[_PRODUCT], values[_SEGMENT] = product_key(row.product), product_key(row.segment)
    return tuple(values)
