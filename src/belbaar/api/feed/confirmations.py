"""Who has confirmed what: connected systems (keys that follow, webhooks that are told), and the events that protect.

An organisation sees its own systems and, for callers that it owns, those of the agents that have a mandate of them: it
answers for the calls, so it may ask whether the dialer of its bureau knows of an objection. An agent sees its own.
"""

__all__ = ["Asked", "Confirmation", "Confirmations", "Pending", "System", "confirmations", "unconfirmed"]

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated

import msgspec

from belbaar.api.access import Access, Principal
from belbaar.api.access.remembered import Remembered
from belbaar.api.feed.changes import Change, View, changes_among, view_of
from belbaar.api.feed.following import may_look
from belbaar.api.feed.webhooks import hooks, view_of_hook
from belbaar.clock import now_us
from belbaar.errors import InputError
from belbaar.law.words import FOREVER
from belbaar.ledger import Store
from belbaar.ledger.json_lines import PROTECTIVE
from belbaar.reading import read_number, written

_OLD = "(SELECT recorded_at FROM source WHERE source.id = event.source) <= ?"
_Short = Annotated[str, msgspec.Meta(max_length=200)]


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which events are meant: those of a number, or one by its id or place. Only those that protect a person count."""

    number: _Short | None = None
    event: _Short | None = None
    seq: Annotated[int, msgspec.Meta(ge=1, le=2**62)] | None = None


class System(msgspec.Struct, frozen=True):
    """A connected system: a key that follows, or a webhook; whose, and what its owner calls it (told to its owner)."""

    id: str
    kind: str
    organisation: str
    label: str | None


class Confirmation(msgspec.Struct, frozen=True):
    """Whether a system has confirmed an event, and when."""

    system: System
    confirmed: bool
    confirmed_at: str | None


class Confirmations(msgspec.Struct, frozen=True):
    """An event, and which systems have confirmed it; ``complete``: all of them have."""

    change: Change
    complete: bool
    systems: list[Confirmation]


class Pending(msgspec.Struct, frozen=True):
    """An event that a system has not confirmed."""

    system: System
    change: Change


@dataclass(frozen=True, slots=True)
class _Connected:
    """A system with what it is told, and from which place on; ``on``: it is still connected.

    Args:
        told: the system.
        view: what it is told.
        since: it is told what stands behind this place in the ledger.
        upto: for a key, the place up to which it has confirmed all; for a webhook, up to which all was queued.
        on: whether it is still connected.
        callers: those of which the asking organisation may hear of it; None: all, for it is its own.
    """

    told: System
    view: View
    since: int
    upto: int
    on: bool
    callers: frozenset[str] | None


def confirmations(store: Store, remembered: Remembered, principal: Principal, asked: Asked) -> list[Confirmations]:
    """Tell which systems have confirmed the events that are meant, the oldest first; inside ``Store.reading``.

    Raises:
        InputError: when it does not say which events, or there is no such event.
    """
    who = remembered.again(store, principal)
    may_look(who)
    connected = _connected(store, remembered.of(store), who)
    where, value = _which(asked)
    found = changes_among(store, view_of(who, PROTECTIVE), where, (value,))
    found = [each for each in found if asked.event is None or each.id is not None]
    if not found and asked.number is None:
        raise InputError("there is no such event that protects a person.", code="not-found")
    return [_told(store, each, connected) for each in found]


def _which(asked: Asked) -> tuple[str, object]:
    given = [name for name in ("number", "event", "seq") if getattr(asked, name) is not None]
    if len(given) != 1:
        raise InputError("say which events: a number, an event or a seq, one of the three.", where="")
    if asked.number is not None:
        return "number = ?", read_number(asked.number, "/number")
    if asked.event is not None:
        try:
            return "id = ?", bytes.fromhex(asked.event)
        except ValueError:
            raise InputError("this is no id of an event.", where="/event") from None
    return "seq = ?", asked.seq


def _told(store: Store, change: Change, connected: Iterable[_Connected]) -> Confirmations:
    rows = []
    for each in connected:
        if _concerns(each, change):
            at = _confirmed_at(store, each, change.seq)
            if at or (each.on and change.seq > each.since):
                rows.append(Confirmation(each.told, at > 0, written(at) if at else None))
    return Confirmations(change, all(row.confirmed for row in rows), rows)


def _concerns(system: _Connected, change: Change) -> bool:
    """Tell whether a system is told an event, and the asking organisation may hear of that."""
    if system.view.kinds and change.event not in system.view.kinds:
        return False
    if system.callers is not None:
        return change.caller in system.callers and change.caller in system.view.callers.values()
    return change.caller is None or change.fields.get("scope") == "all" or change.caller in system.view.callers.values()


def _confirmed_at(store: Store, system: _Connected, seq: int) -> int:
    query = (
        "SELECT confirmed_at FROM webhook_delivery WHERE webhook = ? AND seq = ?"
        if system.told.kind == "webhook"
        else "SELECT min(at) FROM confirmation WHERE system = ? AND upto >= ?"
    )
    row = store.connection.execute(query, (system.told.id, seq)).fetchone()
    return int(row[0] or 0) if row and (seq > system.since or system.told.kind == "webhook") else 0


def unconfirmed(
    store: Store, remembered: Remembered, principal: Principal, *, before: int, kinds: frozenset[str], limit: int
) -> list[Pending]:
    """Give what was recorded before an instant and is not confirmed, system by system; inside ``Store.reading``.

    Args:
        store: the ledger.
        remembered: who may do what.
        principal: who asks.
        before: UTC microseconds.
        kinds: of events, of those that protect a person.
        limit: the most for each system.
    """
    who = remembered.again(store, principal)
    may_look(who)
    found: list[Pending] = []
    for each in _connected(store, remembered.of(store), who):
        if each.on:
            seen = _seen(who, each, kinds)
            found += [Pending(each.told, change) for change in _unconfirmed_by(store, each, seen, before, limit)]
    return found


def _seen(who: Principal, system: _Connected, kinds: frozenset[str]) -> View:
    """Give what both a system and who asks are told."""
    own = {key: name for name, key in who.callers.items()}
    named = system.view.callers.keys() & own.keys()
    if system.callers is not None:
        named = {key for key in named if own[key] in system.callers}
    of = kinds & system.view.kinds if system.view.kinds else kinds
    return View(who.organisation.key, {key: own[key] for key in named}, of or frozenset({""}), system.callers is None)


def _unconfirmed_by(store: Store, system: _Connected, seen: View, before: int, limit: int) -> list[Change]:
    """Give what a system has not confirmed: of a webhook, what is not queued yet too."""
    behind = f"seq > ? AND {_OLD}"
    found = changes_among(store, seen, behind, (system.upto, before), limit=limit)
    if system.told.kind == "webhook":
        taken = "SELECT seq FROM webhook_delivery WHERE webhook = ? AND confirmed_at"
        queued = f"seq IN ({taken} = 0 AND state <> 3) AND {_OLD}"
        found = [
            *changes_among(store, seen, queued, (system.told.id, before), limit=limit),
            *changes_among(
                store,
                seen,
                f"{behind} AND seq NOT IN ({taken} >= 0)",
                (system.upto, before, system.told.id),
                limit=limit,
            ),
        ]
    return found[:limit]


def _connected(store: Store, access: Access, who: Principal) -> list[_Connected]:
    """Give the systems that an organisation may hear of."""
    query, own = store.connection.execute, who.organisation.key
    shared: dict[int, set[str]] = {}
    rows = query(
        "SELECT mandate.organisation, caller.handle FROM mandate JOIN caller ON caller.id = mandate.caller "
        "WHERE caller.organisation = ?",
        (own,),
    )
    for agent, caller in rows.fetchall():
        if caller in who.callers:
            shared.setdefault(agent, set()).add(caller)
    of = {own: None, **{agent: frozenset(callers) for agent, callers in shared.items() if agent != own}}
    return [*_keys(store, access, of), *_webhooks(store, access, of)]


_Of = dict[int, frozenset[str] | None]


def _keys(store: Store, access: Access, of: _Of) -> Sequence[_Connected]:
    found = []
    rows = store.connection.execute(
        "SELECT system, organisation, since, confirmed FROM follower ORDER BY since_at, system"
    )
    for system, organisation, since, confirmed in rows.fetchall():
        key = access.keys.get(system)
        if organisation in of and key is not None:
            label = key.label if of[organisation] is None else None
            told = System(system, "key", access.owners[organisation].id, label)
            on = key.good(now_us())
            found.append(_Connected(told, view_of(access.of_key(key)), since, confirmed, on, of[organisation]))
    return found


def _webhooks(store: Store, access: Access, of: _Of) -> Sequence[_Connected]:
    found = []
    for each in hooks(store, ended=True):
        if each.organisation in of:
            label = each.label if of[each.organisation] is None else None
            told = System(each.id, "webhook", access.owners[each.organisation].id, label)
            on = each.ended_at == FOREVER
            view = view_of_hook(access, each)
            found.append(_Connected(told, view, each.since, each.fanned, on, of[each.organisation]))
    return found
