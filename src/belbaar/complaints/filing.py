"""A complaint: what was asked of the organisation, the call it is about, and what it says of agent and supplier."""

__all__ = ["Complaint", "Filed", "complaint_of", "complaints", "file"]

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from belbaar.complaints.counting import count_calls, month_of
from belbaar.complaints.linking import Link, link_of
from belbaar.law import PACKS
from belbaar.law.calendar import iso
from belbaar.ledger import Source, Store, read_event, record
from belbaar.reading import ZONE
from belbaar.requests.cases import Asking, Papers, Request, open_request, request_of, requests
from belbaar.requests.hand import Hand, Reader

_PACK = PACKS["NL"]
_LINKS = "SELECT request, call, called_at, caller, agent, supplier FROM complaint WHERE organisation = ?"


@dataclass(frozen=True, slots=True)
class Filed:
    """A complaint as it is made.

    Args:
        number: that was called, E.164.
        callers: ids of the callers that it may be about.
        at: about when the call was, UTC microseconds; 0: nobody knows.
        objects: whether the person wants no more calls of that caller: recorded as an objection, in force at once.
        papers: who complains, and what of.
    """

    number: int
    callers: Sequence[str]
    at: int
    objects: bool
    papers: Papers


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint: the request that it is, and what it is about."""

    request: Request
    link: Link


def file(store: Store, hand: Hand, filed: Filed, *, recorded_by: str, link: Link | None = None) -> Complaint:
    """Take a complaint in; inside the write transaction. It is an event of the number too, and an objection where asked.

    Args:
        store: the ledger.
        hand: who takes it in.
        filed: the complaint.
        recorded_by: by whom, as events name it.
        link: what it is about, where that is known; None: it is looked for.

    Raises:
        InputError: when a text is too long.
    """
    found = link or link_of(store, filed.number, filed.callers, filed.at)
    made = open_request(store, hand, Asking("complaint", filed.number, found.caller, filed.papers))
    keys = _agent_keys(store)
    store.connection.execute(
        "INSERT INTO complaint (request, organisation, caller, agent, month, supplier, call, called_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(made.id, hand.organisation, store.caller(found.caller).key if found.caller else 0),
            *(keys.get(found.agent, 0), month_of(hand.now), found.supplier, found.call, found.called_at),
        ),
    )
    _record(store, hand, filed, found, recorded_by)
    count_calls(store)
    return Complaint(made, found)


def complaint_of(store: Store, reader: Reader, id_: str) -> Complaint:
    """Give a complaint.

    Raises:
        InputError: when the organisation has none such.
    """
    found = request_of(store, reader, id_)
    return Complaint(found, _links(store, reader, [found]).get(found.id) or Link(caller=found.caller))


def complaints(store: Store, reader: Reader, *, state: str = "", limit: int = 500) -> list[Complaint]:
    """Give an organisation's complaints: what is to be answered first, then those answered last."""
    found = requests(store, reader, kinds=("complaint",), state=state, limit=limit)
    links = _links(store, reader, found)
    return [Complaint(each, links.get(each.id) or Link(caller=each.caller)) for each in found]


def _links(store: Store, reader: Reader, found: Sequence[Request]) -> dict[str, Link]:
    """Give what complaints are about, by their ids."""
    names = {each.key: each.id for each in store.callers().values()}
    agents = {key: handle for handle, key in _agent_keys(store).items()}
    rows = store.connection.execute(
        f"{_LINKS} AND request IN ({', '.join('?' * len(found)) or 'NULL'})",
        (reader.organisation, *(each.id for each in found)),
    )
    return {
        id_: Link(call, called_at, names.get(caller, ""), agents.get(agent, ""), supplier)
        for id_, call, called_at, caller, agent, supplier in rows.fetchall()
    }


def _record(store: Store, hand: Hand, filed: Filed, found: Link, recorded_by: str) -> None:
    """Record that somebody complained, and the objection; what was written stays out of the ledger."""
    at = iso(hand.now, ZONE)
    whose: dict[str, Any] = {"caller": found.caller} if found.caller else {}
    rows: list[dict[str, Any]] = [{"event": "complaint.filed", "at": at, "agent": found.agent, **whose}]
    if filed.objects and found.caller:
        rows.append({"event": "objection.made", "at": at, **whose})
    events = [
        (place, read_event(row, number=filed.number, zone=ZONE, where="complaint", recorded_at=hand.now))
        for place, row in enumerate(rows, 1)
    ]
    digest = hashlib.sha256(msgspec.json.encode([filed.number, rows])).hexdigest()
    record(store, events, Source("complaint", digest, hand.now, recorded_by, hand.organisation), _PACK)


def _agent_keys(store: Store) -> dict[str, int]:
    return dict(store.connection.execute("SELECT handle, id FROM agent").fetchall())
