"""Write the whole ledger as JSON Lines: recorded in an empty store, it gives the same verdict on every number."""

__all__ = ["export", "left_behind"]

import json
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from belbaar.law import PACKS
from belbaar.law.calendar import iso
from belbaar.ledger.callers import agents, describe
from belbaar.ledger.campaigns import every_campaign
from belbaar.ledger.details import details_of
from belbaar.ledger.events import Event
from belbaar.ledger.organisations import every_mandate, organisations, owned
from belbaar.ledger.record import all_events
from belbaar.ledger.store import Store
from belbaar.ledger.switches import switches
from belbaar.numbers import e164


def export(store: Store) -> Iterator[str]:
    """Give the lines: whose what is, callers, agents, campaigns and switches first, then the events as recorded."""
    zone = PACKS["NL"].zone
    yield from _registrations(store, zone)
    for rule, off, reason, at, by in switches(store):
        yield _line(
            {"event": "rule.switched", "rule": rule, "off": off, "reason": reason, "at": iso(at, zone), "by": by}
        )
    for event in all_events(store):
        yield _line(as_mapping(event, zone))


def _registrations(store: Store, zone: ZoneInfo) -> Iterator[str]:
    """Give the lines of what events name, and of whose it is."""
    for known in organisations(store).values():
        yield _line(
            {"event": "organisation.registered", "organisation": known.id, "name": known.name, "facts": known.facts}
        )
    owners = owned(store, "caller")
    for caller in store.callers().values():
        yield _line({"event": "caller.registered", **describe(caller), **owners.get(caller.id, {})})
        if details := details_of(store, caller.id):
            yield _line({"event": "caller.described", "caller": caller.id, **details})
    owners = owned(store, "agent")
    for agent, name in agents(store).items():
        yield _line({"event": "agent.registered", "agent": agent, "name": name, **owners.get(agent, {})})
    for organisation, name_id, since in every_mandate(store):
        told = {"organisation": organisation, "caller": name_id, "since": iso(since, zone)}
        yield _line({"event": "mandate.given", **told})
    for organisation, campaign in every_campaign(store):
        yield _line({"event": "campaign.registered", "organisation": organisation, **msgspec.structs.asdict(campaign)})


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
