"""Events that are sent: each is read on its own, and what is right is recorded, whatever is wrong with others.

An objection must not be lost because the row beside it is malformed.
"""

__all__ = ["Outcome", "Posted", "Recorded", "Recording", "places"]

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from belbaar.api.access import Principal
from belbaar.api.access.remembered import Remembered
from belbaar.api.problems import Problem, problem_of
from belbaar.clock import now_us
from belbaar.errors import BelbaarError, InputError, StoreUnavailable
from belbaar.law import PACKS
from belbaar.ledger import EVENTS, Event, Source, Store, read_event, record
from belbaar.ledger.callers import agents
from belbaar.ledger.events import content_id
from belbaar.ledger.json_lines import HELPFUL, PROTECTIVE
from belbaar.ledger.wordings import check_text, own_numbers
from belbaar.reading import ZONE, read_number, written


class Recorded(msgspec.Struct, frozen=True):
    """What came of one event: its id (by content) and place in the ledger, or what was wrong with it.

    ``known`` says that it was there already. ``id`` is your own id of the row, where you gave one as ``row_id``.
    """

    row_id: str | None = None
    event: str | None = None
    seq: int | None = None
    known: bool = False
    problem: Problem | None = None


class Outcome(msgspec.Struct, frozen=True):
    """What came of what was sent. ``position`` is the ledger's position after it."""

    new: int
    known: int
    refused: int
    position: int
    results: list[Recorded]


@dataclass(frozen=True, slots=True, eq=False)
class Posted:
    """Events as they were sent, by whom; ``one`` where it was one and no array. ``body`` is what was sent, in bytes."""

    principal: Principal
    events: Sequence[Mapping[str, Any]]
    body: bytes
    one: bool


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """Records by the ledger. ``remembered``: who may do what."""

    remembered: Remembered

    def records(self, store: Store, posted: Sequence[Posted]) -> list[Outcome | BelbaarError]:
        """Record what several sent; inside the write transaction."""
        return [self._recorded(store, each) for each in posted]

    def _recorded(self, store: Store, posted: Posted) -> Outcome | BelbaarError:
        try:
            who = self.remembered.again(store, posted.principal)
            who.needs("record")
            read = _read_all(store, who, posted, now_us())
        except StoreUnavailable:
            raise
        except BelbaarError as error:
            return error
        before = store.position()
        good = [(row, event) for row, event in enumerate(read, 1) if isinstance(event, Event)]
        source = Source("api", hashlib.sha256(posted.body).hexdigest(), now_us(), who.id, who.organisation.key)
        came = record(store, good, source, PACKS["NL"])
        found = places(store, [content_id(event, who.organisation.key) for _, event in good])
        results = [
            _result(data, event, found, before, who.organisation.key)
            for data, event in zip(posted.events, read, strict=True)
        ]
        return Outcome(came.new, came.known, len(read) - len(good), store.position(), results)


def _read_all(store: Store, who: Principal, posted: Posted, now: int) -> list[Event | BelbaarError]:
    """Read each event; of one that was sent alone, what is wrong with it is what is wrong with the request."""
    known_agents = agents(store, who.organisation.key)
    own = own_numbers(caller for name, caller in store.callers().items() if name in who.callers)
    read: list[Event | BelbaarError] = []
    for place, data in enumerate(posted.events):
        pointer = "" if posted.one else f"/{place}"
        try:
            event = _read(data, pointer, who, known_agents, now)
            check_text(str(event.fields.get("wording", "")), own, f"{pointer}/wording")
            read.append(event)
        except InputError as error:
            error.where = _pointer(error.where, pointer)
            if posted.one:
                raise
            read.append(error)
    return read


def _read(data: Mapping[str, Any], pointer: str, who: Principal, known_agents: Mapping[str, str], now: int) -> Event:
    told = {name: value for name, value in data.items() if name not in ("number", "region", "row_id")}
    number, region = data.get("number"), data.get("region", "NL")
    if not isinstance(number, str) or not isinstance(region, str):
        raise InputError(
            "an event is about a number, as text.", where=f"{pointer}/number", todo='Such as "+31201000007".'
        )
    read = read_number(number, f"{pointer}/number", region=region)
    kind = told.get("event")
    if not told.get("at") and isinstance(kind, str) and (kind in PROTECTIVE or kind not in EVENTS):
        told["at"] = "1970-01-01T00:00:00Z" if kind not in EVENTS else written(now)
    event = read_event(told, number=read, zone=ZONE, where=pointer, recorded_at=now)
    if event.recorded_at > now:
        raise InputError("an event cannot be known in the future.", where=f"{pointer}/recorded_at")
    if kind in PROTECTIVE and event.at > now:
        event = replace(event, at=now)  # it was said, by a clock that is ahead: it is in force from now on
    if kind in HELPFUL and not who.organisation.facts:
        raise InputError(
            f"{kind} counts for the callers of every organisation here, and yours may not say it.",
            where=f"{pointer}/event",
            todo="Have who runs this installation record it, or say that yours may: belbaar organisation trust",
            code="not-for-all",
        )
    if event.caller:
        who.speaks_for(event.caller, f"{pointer}/caller")
    if event.agent and event.agent not in known_agents:
        raise InputError(
            f'"{event.agent}" is not a registered agent.', where=f"{pointer}/agent", todo="Register it: POST /v1/agents"
        )
    return event


def places(store: Store, ids: Sequence[bytes]) -> dict[bytes, int]:
    """Give the places in the ledger of events, by their ids."""
    found: dict[bytes, int] = {}
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        rows = store.connection.execute(f"SELECT id, seq FROM event WHERE id IN ({', '.join('?' * len(some))})", some)
        found |= {bytes(id_): seq for id_, seq in rows.fetchall()}
    return found


def _result(
    data: Mapping[str, Any], event: Event | BelbaarError, places: Mapping[bytes, int], before: int, organisation: int
) -> Recorded:
    own = data.get("row_id")
    row_id = own if isinstance(own, str) else None
    if isinstance(event, BelbaarError):
        return Recorded(row_id, problem=problem_of(event))
    id_ = content_id(event, organisation)
    return Recorded(row_id, id_.hex(), places[id_], places[id_] <= before)


def _pointer(where: str, pointer: str) -> str:
    """Make a JSON pointer of where the rooms say that something is wrong: ``<pointer>, <field>``."""
    head, comma, field = where.partition(", ")
    return f"{head}/{field}" if comma else head or pointer
