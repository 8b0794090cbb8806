"""Changes: events of the ledger as they are told to whom they concern, in the order of the ledger.

An event concerns those who speak for its caller. One without a caller (a number reassigned, an entry in the register)
concerns all, and so does an objection to all callers; of these nobody else learns who recorded them, or through whom,
nor their ids, which follow from that.
"""

__all__ = ["EVERYBODY", "Change", "Changes", "View", "changes_among", "page", "places_among", "read_kinds", "view_of"]

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from belbaar.api.access import Principal
from belbaar.api.feed.cursor import write_cursor
from belbaar.errors import InputError, nearest
from belbaar.ledger import EVENTS, Store
from belbaar.ledger.record import ERASED
from belbaar.numbers import e164
from belbaar.reading import written

EVERYBODY = (
    "((caller = 0 AND kind <> 'complaint.filed') OR (kind = 'objection.made' AND fields LIKE '%\"scope\":\"all\"%'))"
)
"""Events that concern all; a complaint without a caller plays no part in a verdict, and is nobody else's business."""
_PLACES = 20_000
"""Places of the ledger that are looked through at once, whoever's they are."""
_COLUMNS = (
    "seq, id, kind, number, caller, agent, at, recorded_at, fields, "
    "(SELECT organisation FROM source WHERE source.id = event.source)"
)


class Change(msgspec.Struct, frozen=True):
    """Something that was recorded.

    Args:
        seq: its place in the ledger; of two changes the one with the greater was recorded later.
        id: of the event; none where another organisation recorded it and it is not of your caller.
        event: what happened, such as ``objection.made``.
        number: whose, E.164.
        caller: the id of the caller it concerns; none: all.
        agent: through whom it came; told to those who are told the id.
        at: when it happened.
        recorded_at: when it became known.
        fields: what else it says.
        cursor: confirm this when it is done.
    """

    seq: int
    id: str | None
    event: str
    number: str
    caller: str | None
    agent: str | None
    at: str
    recorded_at: str
    fields: dict[str, Any]
    cursor: str


class Changes(msgspec.Struct, frozen=True):
    """A page of changes; ``next`` is where the following one begins, ``more`` whether there is one already."""

    changes: list[Change]
    next: str
    more: bool


@dataclass(frozen=True, slots=True)
class View:
    """Whose changes of which kinds are seen.

    Args:
        organisation: the key of who sees them.
        callers: ids by the store's integer.
        kinds: of events; none: all.
        everybody: whether what concerns everybody is seen too.
    """

    organisation: int
    callers: Mapping[int, str]
    kinds: frozenset[str] = frozenset()
    everybody: bool = True

    def where(self) -> tuple[str, list[object]]:
        """Give the condition on an event, and its values."""
        mine = f"caller IN ({_marks(self.callers)})" if self.callers else "caller < 0"
        everybody = f" OR {EVERYBODY}" if self.everybody else ""
        kinds = f" AND kind IN ({_marks(self.kinds)})" if self.kinds else ""
        return f"kind <> '{ERASED}'{kinds} AND ({mine}{everybody})", [*sorted(self.kinds), *self.callers]


def view_of(who: Principal, kinds: frozenset[str] = frozenset()) -> View:
    """Give what somebody sees."""
    return View(who.organisation.key, {key: name for name, key in who.callers.items()}, kinds)


def read_kinds(kinds: Iterable[str], pointer: str) -> frozenset[str]:
    """Read kinds of events.

    Raises:
        InputError: for one that there is not.
    """
    read = frozenset(kinds)
    for kind in sorted(read - EVENTS.keys()):
        raise InputError(f'"{kind}" is not an event.', where=pointer, todo=nearest(kind, EVENTS))
    return read


def page(store: Store, view: View, after: int, limit: int) -> tuple[Changes, int]:
    """Give the changes after a place, and the place up to which was looked; inside ``Store.reading``."""
    position = store.position()
    upto = min(position, after + _PLACES)
    found = changes_among(store, view, "seq > ? AND seq <= ?", (after, upto), limit=limit)
    if len(found) == limit:
        upto = found[-1].seq
    return Changes(found, write_cursor(upto), upto < position), upto


def places_among(store: Store, view: View, after: int, limit: int) -> tuple[list[tuple[int, str]], int]:
    """Give the places after another of what is seen, each with its kind, and the place up to which was looked."""
    upto = min(store.position(), after + _PLACES)
    condition, values = view.where()
    query = f"SELECT seq, kind FROM event WHERE seq > ? AND seq <= ? AND {condition} ORDER BY seq LIMIT ?"
    found = store.connection.execute(query, (after, upto, *values, limit)).fetchall()
    return found, found[-1][0] if len(found) == limit else upto


def changes_among(
    store: Store, view: View, where: str, values: Sequence[object], *, limit: int | None = None
) -> list[Change]:
    """Give the changes of a view that a condition on events is true of, in the order of the ledger."""
    condition, more = view.where()
    query = f"SELECT {_COLUMNS} FROM event WHERE {where} AND {condition} ORDER BY seq"
    if limit is not None:
        query, more = f"{query} LIMIT ?", [*more, limit]
    rows = store.connection.execute(query, (*values, *more)).fetchall()
    agents = dict(store.connection.execute("SELECT id, handle FROM agent").fetchall()) if rows else {}
    return [_change(view, agents, row) for row in rows]


def _change(view: View, agents: Mapping[int, str], row: Sequence[Any]) -> Change:
    seq, id_, kind, number, caller, agent, at, recorded_at, fields, source = row
    own = caller in view.callers or source == view.organisation
    return Change(
        seq=seq,
        id=bytes(id_).hex() if own else None,
        event=kind,
        number=e164(number),
        caller=view.callers.get(caller),
        agent=agents.get(agent) if own else None,
        at=written(at),
        recorded_at=written(recorded_at),
        fields=msgspec.json.decode(fields),
        cursor=write_cursor(seq),
    )


def _marks(values: Iterable[object]) -> str:
    return ", ".join("?" for _ in values)
