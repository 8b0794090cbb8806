"""What is known of a number, told to its person: who may call and why, who called, what was asked, over all organisations.

Whether a caller may call is the law's own verdict, for the next moment at which calls may be made at all: at night
nobody may, and that is not what is asked.
"""

__all__ = ["CallerSeen", "Claim", "Mine", "mine_of"]

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from belbaar.capture.forms import Published
from belbaar.errors import BelbaarError, StoreUnavailable
from belbaar.law.calendar import instant_of_day, local_day_and_minute
from belbaar.law.nl.hours import opening
from belbaar.law.products import ALL
from belbaar.law.words import FOREVER
from belbaar.ledger import Event, Store
from belbaar.ledger.record import events_of
from belbaar.ledger.suppliers import supplier_of
from belbaar.reading import ZONE
from belbaar.requests.cases import Request, requests_of_number
from belbaar.requests.hand import Reader
from belbaar.trace.cases import Case, case_of
from belbaar.trace.hand import Reader as TraceReader
from belbaar.verdict import may_call, with_evidence
from belbaar.verdict.question import Call

_MINUTE = 60_000_000
_GIVEN = ("consent.given", "relation.started", "callback.requested")
_MOST_CALLS = 20
_ANYTHING = "anything"
"""A product that no ground names: for a call of which nobody knows what it was about."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Something on which a caller could rest a call.

    Args:
        event: the event, such as a consent.
        product: what it is for, a path; "*": everything.
        allowed: whether the caller may call about that.
        until: the first instant at which it may no longer; None: no end is known, or it may not.
        ended: since when it counts no more, because it was stopped, frozen or objected to; 0: not.
        supplier: from whom a consent came.
    """

    event: Event
    product: str
    allowed: bool
    until: int | None
    ended: int
    supplier: str


@dataclass(frozen=True, slots=True)
class CallerSeen:
    """What a caller has of a number.

    Args:
        id: the caller's; ``name`` of the legal entity.
        claims: on which calls could rest, newest first.
        calls: when it called, newest first, and whether it might.
        objected: since when there is an objection to it; 0: there is none.
    """

    id: str
    name: str
    claims: Sequence[Claim]
    calls: Sequence[tuple[int, bool]]
    objected: int

    @property
    def may(self) -> bool:
        """Whether it may call about anything."""
        return any(claim.allowed for claim in self.claims)


@dataclass(frozen=True, slots=True)
class Mine:
    """All that is known of a number.

    Args:
        callers: those that have anything of it: who may call in front.
        objected: since when there is an objection to all; 0: there is none.
        requests: what its person asked.
        cases: what its person asked the trace desk.
        events: all events, oldest first.
        names: what products are called, by language, by the caller's id and the product, as its forms say.
    """

    callers: Sequence[CallerSeen] = ()
    objected: int = 0
    requests: Sequence[Request] = ()
    cases: Sequence[Case] = ()
    events: Sequence[Event] = ()
    names: Mapping[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)


def mine_of(store: Store, number: int, *, requests_key: bytes, trace_key: bytes, now: int) -> Mine:
    """Read all that is known of a number; in a transaction that reads over the wall."""
    events = events_of(store, number)
    names = {each.id: each.name for each in store.callers().values()}
    at = _next_hours(now)
    sources = _sources(store, events)
    to_all = [event.at for event in events if event.kind == "objection.made" and event.fields.get("scope") == "all"]
    seen = [
        _caller(store, name, names[name], [event for event in events if event.caller == name], sources, at)
        for name in dict.fromkeys(event.caller for event in reversed(events) if event.caller)
    ]
    query = "SELECT organisation, id FROM trace_case WHERE number = ? ORDER BY opened_at DESC"
    cases = store.connection.execute(query, (number,)).fetchall()
    return Mine(
        callers=sorted(seen, key=lambda each: not each.may),
        objected=max(to_all, default=0),
        requests=requests_of_number(store, Reader(0, requests_key), number),
        cases=[case_of(store, TraceReader(organisation, trace_key), case) for organisation, case in cases],
        events=events,
        names=_product_names(store),
    )


def _caller(
    store: Store, caller: str, name: str, events: Sequence[Event], sources: Mapping[int, str], at: int
) -> CallerSeen:
    given = [event for event in reversed(events) if event.kind in _GIVEN]
    claims = [_claim(store, event, events, sources, at) for event in given]
    products = [claim.product for claim in claims if claim.product != ALL] or [_ANYTHING]
    calls = [event for event in reversed(events) if event.kind == "call.made"]
    mine = [event.at for event in events if event.kind == "objection.made" and event.fields.get("scope") != "all"]
    return CallerSeen(
        caller,
        name,
        claims,
        [(call.at, place >= _MOST_CALLS or _might(store, call, products)) for place, call in enumerate(calls)],
        max(mine, default=0),
    )


def _claim(store: Store, event: Event, events: Sequence[Event], sources: Mapping[int, str], at: int) -> Claim:
    product = str(event.fields.get("product", ALL))
    allowed, until = _asked(store, event, _ANYTHING if product == ALL else product, at)
    supplier = supplier_of(event.fields, sources.get(event.seq, "")) if event.kind == "consent.given" else ""
    ends = [
        each.at
        for each in events
        if each.at >= event.at
        and (
            (each.kind == "consent.withdrawn" and each.fields.get("product", ALL) in (ALL, product))
            or (each.kind == "consent.frozen" and each.fields.get("product", ALL) == product)
        )
    ]
    ended = min(ends, default=0) if event.kind == "consent.given" and not allowed else 0
    return Claim(event, product, allowed, until, ended, supplier)


def _asked(store: Store, event: Event, product: str, at: int) -> tuple[bool, int | None]:
    """Tell whether a caller may call about a product at an instant, and until when."""
    channels = event.fields.get("channels", ("voice",))
    channel = channels[0] if isinstance(channels, tuple) and "voice" not in channels else "voice"
    try:
        verdict = with_evidence(store, may_call(store, Call(event.number, event.caller, at, product, str(channel))))
    except StoreUnavailable:
        raise
    except BelbaarError:
        return False, None  # no law is known for this number: then nobody may call
    return verdict.allowed, verdict.until if verdict.until != FOREVER else None


def _might(store: Store, call: Event, products: Sequence[str]) -> bool:
    """Tell whether a call that was made was allowed: of one that does not say what about, for anything."""
    told = str(call.fields.get("product", ALL))
    wanted = dict.fromkeys(products) if told == ALL else [told]
    return any(_asked(store, call, product, call.at)[0] for product in wanted)


def _sources(store: Store, events: Sequence[Event]) -> dict[int, str]:
    """Give the names of the sources of events, by their places."""
    seqs = [event.seq for event in events if event.seq]
    if not seqs:
        return {}
    rows = store.connection.execute(
        "SELECT seq, source.name FROM event JOIN source ON source.id = event.source "
        f"WHERE seq IN ({', '.join('?' * len(seqs))})",
        seqs,
    )
    return dict(rows.fetchall())


def _product_names(store: Store) -> dict[tuple[str, str], Mapping[str, str]]:
    """Give what callers' published forms call their products; the latest version's word counts."""
    rows = store.connection.execute("SELECT content FROM form_version ORDER BY published_at").fetchall()
    designs = [msgspec.json.decode(content, type=Published).design for (content,) in rows]
    return {(design.caller, each.product): each.names for design in designs for each in design.choices}  # type: ignore[misc]


def _next_hours(now: int) -> int:
    """Give the first instant from now on at which calls may be made at all."""
    today, minute = local_day_and_minute(now, ZONE)
    for day in range(today, today + 30):
        hours = opening(dt.date.fromordinal(day))
        if hours and (day > today or minute < hours[1]):
            return max(now, instant_of_day(day, ZONE) + hours[0] * _MINUTE)
    return now
