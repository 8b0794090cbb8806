"""Write the whole ledger as JSON Lines: recorded in an empty store, it gives the same verdict on every number."""

__all__ = ["export", "left_behind"]

import json
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from belbaar.law import PACKS
from belbaar.law.calendar import iso
from belbaar.ledger.callers import agents, describe
from belbaar.ledger.details import details_of
from belbaar.ledger.events import Event
from belbaar.ledger.record import all_events
from belbaar.ledger.store import Store
from belbaar.ledger.switches import switches
from belbaar.numbers import e164


def export(store: Store) -> Iterator[str]:
    """Give the lines: callers, agents and switches first, then the events in the order recorded."""
    zone = PACKS["NL"].zone
    for caller in store.callers().values():
        yield _line({"event": "caller.registered", **describe(caller)})
        if details := details_of(store, caller.id):
            yield _line({"event": "caller.described", "caller": caller.id, **details})
    for agent, name in agents(store).items():
        yield _line({"event": "agent.registered", "agent": agent, "name": name})
    for rule, off, reason, at, by in switches(store):
        yield _line(
            {"event": "rule.switched", "rule": rule, "off": off, "reason": reason, "at": iso(at, zone), "by": by}
        )
    for event in all_events(store):
        yield _line(as_mapping(event, zone))


def left_behind(store: Store) -> int:
    """Count the objections of erased persons: without their numbers an export cannot hold them."""
    row = store.connection.execute("SELECT count(*) FROM suppression WHERE since <> 0").fetchone()
    return int(row[0])


def as_mapping(event: Event, zone: ZoneInfo) -> dict[str, Any]:
    """Give an event as the mapping that ``read_event`` reads, its number with it."""
    who = {"caller": event.caller, "agent": event.agent}
    return {
        "event": event.kind,
        "at": iso(event.at, zone),
        "recorded_at": iso(event.recorded_at, zone),
        "number": e164(event.number),
        **{name: value for name, value in who.items() if value},
        **{name: list(value) if isinstance(value, tuple) else value for name, value in event.fields.items()},
    }


def _line(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False)
