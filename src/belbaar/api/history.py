"""What was known of a number at an instant, as far as it is the asking organisation's to see."""

__all__ = ["History", "HistoryAsked", "PastEvent", "history"]

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

import msgspec

from belbaar.api.access import Principal
from belbaar.ledger import Event, Store
from belbaar.ledger.record import events_of
from belbaar.numbers import e164
from belbaar.reading import read_instant, read_number, written
from belbaar.verdict.told import provenance

_COMPLAINT = "complaint.filed"


class HistoryAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of which number, and as known when (ISO 8601; left out: now). ``region``: of a number without country code."""

    number: Annotated[str, msgspec.Meta(max_length=200)]
    known_at: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    region: Annotated[str, msgspec.Meta(min_length=2, max_length=2)] = "NL"


class PastEvent(msgspec.Struct, frozen=True):
    """What happened.

    Args:
        seq: its place in the ledger; 0 where only a mark of it outlived an erasure.
        id: by which it is known, a digest of its content and of whose it is; "" as above, and where it is about the number
            alone and another organisation's.
        entry: its place in the log; None as above.
        event: its kind.
        at: when it happened.
        recorded_at: when it became known here.
        caller: whom it concerns; None where it is about the number alone.
        agent: through whom it came.
        fields: what else it says.
        source: the file or request that it came in, ``row`` its row there, ``by`` who recorded it. These and the agent
            are told to the organisation that recorded it.
        own: whether your organisation recorded it.
    """

    seq: int
    id: str
    entry: int | None
    event: str
    at: str
    recorded_at: str
    caller: str | None
    agent: str | None
    fields: dict[str, Any]
    source: str | None
    row: int | None
    by: str | None
    own: bool


class History(msgspec.Struct, frozen=True):
    """The events of a number, in the order recorded."""

    number: str
    known_at: str | None
    events: list[PastEvent]


def history(store: Store, who: Principal, asked: HistoryAsked) -> History:
    """Give what was known of a number: the events of the organisation's callers, and those about the number alone.

    Of the latter that others recorded it is not told by whom; a complaint that others recorded is theirs.

    Raises:
        InputError: when number or instant cannot be read.
    """
    number = read_number(asked.number, "/number", region=asked.region)
    known_at = read_instant(asked.known_at, "/known_at") if asked.known_at else None
    events = [_seen_by(who, event) for event in events_of(store, number, known_at) if _concerns(who, event)]
    seqs = [event.seq for event in events if event.seq]
    sources = {each["seq"]: each for each in provenance(store, seqs)}
    places = _places(store, seqs)
    told = [_told(event, sources.get(event.seq, {}), places.get(event.seq), who) for event in events]
    seen = [each for each in told if each.own or each.caller or each.event != _COMPLAINT]
    return History(e164(number), asked.known_at and written(known_at or 0), seen)


def _concerns(who: Principal, event: Event) -> bool:
    return not event.caller or event.caller in who.callers or event.fields.get("scope") == "all"


def _seen_by(who: Principal, event: Event) -> Event:
    """Keep to whom an objection to all was said, where that is another organisation's caller."""
    return event if event.caller in who.callers else replace(event, caller="")


def _told(event: Event, source: Mapping[str, Any], entry: int | None, who: Principal) -> PastEvent:
    own = source.get("organisation") == who.organisation.key
    return PastEvent(
        seq=event.seq,
        id=str(source.get("id", "")) if own or event.caller else "",
        entry=entry,
        event=event.kind,
        at=written(event.at),
        recorded_at=written(event.recorded_at),
        caller=event.caller or None,
        agent=(event.agent or None) if own or event.caller else None,
        fields={name: list(value) if isinstance(value, tuple) else value for name, value in event.fields.items()},
        source=source["source"] if own else None,
        row=source["row"] if own else None,
        by=source["by"] if own else None,
        own=own,
    )


def _places(store: Store, seqs: Sequence[int]) -> dict[int, int]:
    """Give the places in the log of events of the ledger."""
    if not seqs:
        return {}
    listed = ", ".join("?" * len(seqs))
    query = f"SELECT about, ix FROM leaf WHERE about <> 0 AND about IN ({listed})"
    return dict(store.connection.execute(query, list(seqs)).fetchall())
