"""Fold the events of one number into standing: the rows that the law looks at.

Invariants: the fold depends on the set of events, never on the order in which they arrived; and a row knows its own
time, so a question about any moment, past or planned, needs no other fold. "As known at" is a fold of fewer events.
Law: nl.md section 3, folding rules. Where two events have one instant: in doubt, no.
"""

__all__ = ["Row", "fold"]

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from belbaar.law import Pack, Term
from belbaar.law.calendar import instant, local_day
from belbaar.law.products import ALL, related, segment
from belbaar.law.words import FACT_KINDS, FOREVER, FOREVER_DAY, RELATION_KINDS, SUBSCRIBERS
from belbaar.ledger.events import Event

_MOMENTS = frozenset({"purchase", "gift", "attendance"})
_IN_ORDER = attrgetter("at", "seq")


ByKind = dict[str, list[Event]]
"""The events of one number by their kind, each list in order of time."""


class Row(NamedTuple):
    """One fact about one (caller, number). Column names and units are those of ``belbaar.law.facts``.

    ``caller`` is "" for facts about the number alone; ``product`` and ``segment`` are paths; the store gives ids.
    """

    number: int
    caller: str
    fact: int
    since: int
    event: int
    ended: int = FOREVER
    product: str = ALL
    segment: str = ALL
    relation_kind: int = 0
    closed: int = FOREVER
    last_day: int = FOREVER_DAY
    verified_at: int = FOREVER
    contact_by: int = FOREVER_DAY
    contacted_at: int = FOREVER
    wording_kept: int = 0
    affirmative: int = 0
    bundled: int = 0
    by_voice: int = 0
    by_robocall: int = 0
    by_sms: int = 0
    opt_out_offered: int = 0
    opted_out: int = 0
    subscriber: int = 0
    minor: int = 0


def fold(events: Iterable[Event], pack: Pack) -> list[Row]:
    """Fold all events of one number, known so far, into its standing rows.

    Number and place are copied, and decide nothing but ties; an instant is copied, compared with others, or turned into
    its local day. ``belbaar.ledger.lone`` relies on that.
    """
    by_kind: dict[str, list[Event]] = defaultdict(list)
    for event in sorted(events, key=_IN_ORDER):
        by_kind[event.kind].append(event)
    kinds = [kind for kind in by_kind if kind in _FOLDS]
    reassigned = [event.at for event in by_kind["number.reassigned"]]
    return sorted([row for kind in kinds for row in _FOLDS[kind](by_kind, reassigned, pack)])


def _row(event: Event, fact: str, *, caller: str | None = None, **columns: int | str) -> Row:
    of = event.caller if caller is None else caller
    return Row(event.number, of, FACT_KINDS[fact], event.at, event.seq, **columns)  # type: ignore[arg-type]  # columns are Row's own


def _first_from(instants: Sequence[int], at: int) -> int:
    """Give the first instant at or after ``at``: what a reassignment ends, ends at its own instant too."""
    return min([instant for instant in instants if instant >= at], default=FOREVER) if instants else FOREVER


def _product(event: Event) -> str:
    return str(event.fields.get("product", ALL))


def _consents(by_kind: ByKind, reassigned: list[int], pack: Pack) -> Iterator[Row]:
    verified = _verified_at(by_kind["consent.given"], by_kind["consent.verified"])
    frozen = _frozen_at(by_kind["consent.frozen"])
    for event in by_kind["consent.given"]:
        fields = event.fields
        given = local_day(event.at, pack.zone)
        contact_by = pack.first_contact.after(given)
        if "first_contact_within" in fields:
            contact_by = max(contact_by, Term.parse(str(fields["first_contact_within"])).after(given))
        calls = [call.at for call in by_kind["call.made"] if call.caller == event.caller and call.at > event.at]
        first_call = min(calls, default=FOREVER)
        in_time = first_call < FOREVER and local_day(first_call, pack.zone) <= contact_by
        channels = fields.get("channels", ("voice",))
        if not isinstance(channels, tuple | list):
            channels = ("voice",)
        yield _row(
            event,
            "consent",
            ended=min(
                _first_from(reassigned, event.at), frozen.get((event.caller, _product(event), event.at), FOREVER)
            ),
            product=_product(event),
            last_day=_day(event, FOREVER_DAY),
            verified_at=verified.get((event.caller, event.at), FOREVER) if "verified" not in fields else event.at,
            contact_by=contact_by,
            contacted_at=first_call if in_time else FOREVER,
            wording_kept=int(bool(fields.get("wording"))),
            affirmative=int(fields.get("affirmative", True) is True),
            bundled=int(fields.get("bundled", False) is True),
            by_voice=int("voice" in channels),
            by_robocall=int("robocall" in channels),
            by_sms=int("sms" in channels),
        )


def _verified_at(consents: Sequence[Event], verifications: Sequence[Event]) -> dict[tuple[str, int], int]:
    """Each verification goes to the caller's newest consents at or before it, whatever their product."""
    verified: dict[tuple[str, int], int] = {}
    for event in verifications:
        given = [consent.at for consent in consents if consent.caller == event.caller and consent.at <= event.at]
        if given:
            verified.setdefault((event.caller, max(given)), event.at)
    return verified


def _frozen_at(freezes: Sequence[Event]) -> dict[tuple[str, str, int], int]:
    """Give since when consents are frozen: by whose they are, their very product, and the instant they were given."""
    frozen: dict[tuple[str, str, int], int] = {}
    for event in freezes:
        given = instant(dt.datetime.fromisoformat(str(event.fields["given_at"])))
        frozen.setdefault((event.caller, _product(event), given), event.at)
    return frozen


def _withdrawals(by_kind: ByKind, _reassigned: list[int], _pack: Pack) -> Iterator[Row]:
    for event in by_kind["consent.withdrawn"]:
        yield _row(event, "withdrawal", product=_product(event))


def _relations(by_kind: ByKind, reassigned: list[int], pack: Pack) -> Iterator[Row]:
    for event in by_kind["relation.started"]:
        kind = str(event.fields["kind"])
        closed = event.at if kind in _MOMENTS else _closed(event, by_kind["relation.ended"])
        yield _row(
            event,
            "relation",
            ended=_first_from(reassigned, event.at),
            product=_product(event),
            segment=segment(_product(event)),
            relation_kind=RELATION_KINDS[kind],
            closed=closed,
            last_day=local_day(closed, pack.zone) if closed < FOREVER else FOREVER_DAY,
            opt_out_offered=int(event.fields.get("opt_out_offered", False) is True),
            opted_out=int(event.fields.get("opted_out", False) is True),
        )


def _closed(start: Event, ends: Sequence[Event]) -> int:
    """The first end of that caller and kind, and of that very product where it names one; of its own instant too."""
    return _first_from(
        [
            end.at
            for end in ends
            if end.caller == start.caller
            and end.fields["kind"] == start.fields["kind"]
            and end.fields.get("product", start.fields["product"]) == start.fields["product"]
        ],
        start.at,
    )


def _callbacks(by_kind: ByKind, reassigned: list[int], pack: Pack) -> Iterator[Row]:
    for event in by_kind["callback.requested"]:
        agreed = pack.callback.after(local_day(event.at, pack.zone))
        yield _row(
            event,
            "callback",
            ended=_first_from(reassigned, event.at),
            product=_product(event),
            last_day=_day(event, agreed),
        )


def _publications(by_kind: ByKind, reassigned: list[int], _pack: Pack) -> Iterator[Row]:
    for event in by_kind["number.published"]:
        yield _row(event, "publication", ended=_first_from(reassigned, event.at), product=_product(event))


def _descriptions(by_kind: ByKind, reassigned: list[int], _pack: Pack) -> Iterator[Row]:
    """The latest description counts whole; of one instant, natural beats unknown beats legal, and minor beats not."""
    events = by_kind["subscriber.described"]
    instants = sorted({event.at for event in events})
    for at, following in pairwise([*instants, FOREVER]):
        same = [event for event in events if event.at == at]
        types = {str(event.fields.get("type", "unknown")) for event in same}
        yield _row(
            same[0],
            "description",
            ended=min(following, _first_from(reassigned, at)),
            subscriber=SUBSCRIBERS[next(name for name in ("natural", "unknown", "legal") if name in types)],
            minor=int(any(event.fields.get("minor", False) is True for event in same)),
        )


def _objections(by_kind: ByKind, _reassigned: list[int], _pack: Pack) -> Iterator[Row]:
    for event in by_kind["objection.made"]:
        to_all = event.fields.get("scope") == "all"
        yield _row(event, "objection", caller="" if to_all else event.caller)


def _entries(by_kind: ByKind, _reassigned: list[int], _pack: Pack) -> Iterator[Row]:
    """Leaving for C ends entries for C and below; an entry for everything stays unless all is left. A tie stays."""
    for event in by_kind["register.entered"]:
        product = _product(event)
        ends = [
            leave.at
            for leave in by_kind["register.left"]
            if leave.at > event.at and (_product(leave) == ALL or _lies_in(product, _product(leave)))
        ]
        yield _row(event, "entry", ended=min(ends, default=FOREVER), product=product)


def _lies_in(product: str, whole: str) -> bool:
    return product != ALL and related(product, whole) and product.count(".") >= whole.count(".")


def _day(event: Event, otherwise: int) -> int:
    until = event.fields.get("until")
    return dt.date.fromisoformat(str(until)).toordinal() if until else otherwise


_FOLDS: Mapping[str, Callable[[ByKind, list[int], Pack], Iterator[Row]]] = {
    "consent.given": _consents,
    "consent.withdrawn": _withdrawals,
    "relation.started": _relations,
    "callback.requested": _callbacks,
    "number.published": _publications,
    "subscriber.described": _descriptions,
    "objection.made": _objections,
    "register.entered": _entries,
}
"""Which events make rows, and how; the others only bear on those."""
