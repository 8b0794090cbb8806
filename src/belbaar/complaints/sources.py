"""Stopping a source: from that instant none of its consents counts, whenever they are recorded.

The stop is durable first: whatever is recorded of that source from then on is frozen as it comes. The consents that are
there already are frozen some at a time, so that nobody who asks for a verdict waits long; a stop that was killed half-way
goes on where it was.
"""

__all__ = ["Stopped", "freeze_more", "going_on", "stop_source", "stopped_sources"]

import hashlib
from dataclasses import astuple, dataclass

import msgspec

from belbaar.errors import InputError
from belbaar.law import PACKS
from belbaar.ledger import Event, Source, Store, record
from belbaar.ledger.record import fields_of
from belbaar.ledger.suppliers import freezing, supplier_of
from belbaar.requests.hand import Hand

_PACK = PACKS["NL"]
_AT_ONCE = 5_000
"""Places of the ledger that are looked at in one transaction."""
_CONSENTS = (
    "SELECT event.number, caller.handle, event.at, event.fields, source.name FROM event "
    "JOIN caller ON caller.id = event.caller JOIN source ON source.id = event.source "
    "WHERE event.seq > ? AND event.seq <= ? AND event.kind = 'consent.given' AND caller.organisation = ? ORDER BY event.seq"
)
_ANY = (
    "SELECT 1 FROM event JOIN caller ON caller.id = event.caller JOIN source ON source.id = event.source "
    "WHERE event.kind = 'consent.given' AND caller.organisation = ? "
    "AND (source.name = ? OR event.fields LIKE ? ESCAPE '!') LIMIT 1"
)
_COLUMNS = "organisation, supplier, at, upto, before, frozen, entry, who, reason"


@dataclass(frozen=True, slots=True)
class Stopped:
    """A source that is stopped.

    Args:
        organisation: the key of whose callers it supplied.
        supplier: by name.
        at: since when its consents count no more, UTC microseconds.
        upto: the place in the ledger up to which consents were looked at.
        before: the place up to which they are to be: what came later is frozen as it comes.
        frozen: how many are.
        entry: the place in the log that says so.
        who: by whom, and ``reason`` why.
        reason: in words that name no person.
    """

    organisation: int
    supplier: str
    at: int
    upto: int
    before: int
    frozen: int
    entry: int
    who: str
    reason: str


def stop_source(store: Store, hand: Hand, supplier: str, reason: str) -> Stopped:
    """Stop a source, for all callers of an organisation; inside the write transaction. Again changes nothing.

    Consents that are there already are frozen by ``freeze_more``, which whoever stops it calls until it is done.

    Raises:
        InputError: when no consent of the organisation's callers came from it, or no reason is given.
    """
    if not reason.strip():
        raise InputError("a source is stopped for a reason.", where="/reason", todo="Say why; name no person.")
    known = {each.supplier: each for each in stopped_sources(store, hand.organisation)}
    if supplier in known:
        return known[supplier]
    named = "".join(f"!{sign}" if sign in "!%_" else sign for sign in msgspec.json.encode(supplier).decode())
    values = (hand.organisation, supplier, f'%"captured_by":{named}%')
    if store.connection.execute(_ANY, values).fetchone() is None:
        raise InputError(f'no consent came from "{supplier}".', where="/source", code="unknown-source")
    digest = hashlib.sha256(supplier.encode()).hexdigest()[:16]
    entry = hand.notes("source.stop", {"source": digest}, 0, "")
    made = Stopped(hand.organisation, supplier, hand.now, 0, store.position(), 0, entry, hand.by, reason.strip())
    store.connection.execute(
        f"INSERT INTO stopped_source ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", astuple(made)
    )
    return made


def freeze_more(store: Store, stop: Stopped, *, now: int) -> bool:
    """Freeze some of a stopped source's consents; inside the write transaction. True when none are left."""
    query, whose = store.connection.execute, (stop.organisation, stop.supplier)
    (upto,) = query("SELECT upto FROM stopped_source WHERE organisation = ? AND supplier = ?", whose).fetchone()
    last = min(stop.before, upto + _AT_ONCE)
    events: list[tuple[int, Event]] = []
    for number, caller, at, fields, name in query(_CONSENTS, (upto, last, stop.organisation)).fetchall():
        told = fields_of(fields)
        if supplier_of(told, name) == stop.supplier:
            given = Event("consent.given", number, at, at, caller, "", told)
            events.append((len(events) + 1, freezing(given, since=stop.at, why="source", recorded_at=now)))
    digest = hashlib.sha256(msgspec.json.encode([stop.supplier, stop.at, last])).hexdigest()
    new = record(store, events, Source("source stopped", digest, now, stop.who, stop.organisation), _PACK).new
    query(
        "UPDATE stopped_source SET upto = ?, frozen = frozen + ? WHERE organisation = ? AND supplier = ?",
        (last, new, *whose),
    )
    return bool(last == stop.before)


def stopped_sources(store: Store, organisation: int) -> list[Stopped]:
    """Give the sources that an organisation stopped, the latest first."""
    query = f"SELECT {_COLUMNS} FROM stopped_source WHERE organisation = ? ORDER BY at DESC, supplier"
    return [Stopped(*row) for row in store.connection.execute(query, (organisation,)).fetchall()]


def going_on(store: Store) -> list[Stopped]:
    """Give stops that are not done yet: it is going on, or a process died over it."""
    rows = store.connection.execute(f"SELECT {_COLUMNS} FROM stopped_source WHERE upto < before").fetchall()
    return [Stopped(*row) for row in rows]
