"""Consents and relations that forms bring about, as events of the ledger, each with its receipt on the way.

A consent is written when it is confirmed, at that instant: until then it counts for nothing. A number asked at a sale
or a gift is written as the relation that it is, with whether the opt-out was offered and used (Tw 11.7(4) and (5)).
"""

__all__ = ["Given", "Stopped", "give", "names_of", "refuse", "relate", "stop", "stopped_at"]

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import msgspec

from belbaar.capture import outbox
from belbaar.capture.design import Lang
from belbaar.capture.forms import Form, Published
from belbaar.capture.links import Linked, make_link
from belbaar.errors import InputError
from belbaar.law import PACKS
from belbaar.law.calendar import iso, local_day
from belbaar.law.products import ALL, related
from belbaar.law.terms import Term
from belbaar.law.words import FOREVER
from belbaar.ledger import Source, Store, events_of, read_event, record
from belbaar.numbers import e164

_DAY = 86_400_000_000
_RECEIPT_WITHIN = _DAY
"""A receipt is sent within a day (evidence.md 7)."""
_ZONE = PACKS["NL"].zone


@dataclass(frozen=True, slots=True)
class Given:
    """A consent that is confirmed now.

    Args:
        number: of the person, E.164.
        language: in which the form was read.
        fields: how it was captured.
        ticked: the places of the boxes that were ticked.
        channel: by which it was confirmed: ``sms`` or ``email``.
        address: the mail address, "" where none was told.
        at: when the form was filled in, UTC microseconds.
        challenged_at: when the code was sent.
    """

    number: int
    language: Lang
    fields: Mapping[str, Any]
    ticked: tuple[int, ...]
    channel: str
    address: str
    at: int
    challenged_at: int


class Stopped(msgspec.Struct, frozen=True):
    """A consent that was taken back: when, in the service's own words of instants."""

    at: str


def give(store: Store, form: Form, of: Published, given: Given, token: str, link: str, *, key: bytes, now: int) -> None:
    """Write a consent, one event for each product, and put its receipt in the outbox; in the write transaction."""
    boxes = of.shown[given.language].boxes
    chosen = [boxes[place] for place in given.ticked]
    last = Term.parse(of.design.term).after(local_day(now, _ZONE)) if of.design.term else 0
    until = dt.date.fromordinal(last).isoformat() if last else ""
    rows = [
        {
            "event": "consent.given",
            "at": iso(now, _ZONE),
            "caller": form.caller,
            "product": box.product,
            "channels": list(box.channels),
            "wording": of.shown[given.language].wording,
            "until": until,
            "first_contact_within": of.design.first_contact_within,
            "verified": given.channel,
            "challenge_sent": iso(given.challenged_at, _ZONE),
            "challenge_to_number": given.channel == "sms",
            **given.fields,
        }
        for box in chosen
    ]
    _record(store, form, rows, given.number, now)
    caller = store.caller(form.caller)
    kept = FOREVER if not last else now + (last - local_day(now, _ZONE) + 366) * _DAY
    products = tuple(box.product for box in chosen)
    made = Linked(
        *(form.id, of.version, form.organisation, caller.key, given.number, products, given.language, given.channel),
        *(given.address, now, now, kept),
    )
    make_link(store, token, made)
    told = {
        "caller": of.caller_name,
        "product": ", ".join(box.name for box in chosen),
        "day": _short(until),
        "link": link,
        "text": of.shown[given.language].wording,
        "products": products,
    }
    ways = ["sms"] if given.channel == "sms" else []
    for channel in (*ways, *(["email"] if given.address else [])):
        recipient = given.address if channel == "email" else e164(given.number)
        item = outbox.Post(
            *(form.organisation, caller.key, given.number, "receipt", channel, recipient, given.language, told),  # type: ignore[arg-type]
            now + _RECEIPT_WITHIN,
        )
        outbox.post(store, key, item, now=now)


def stop(store: Store, form: Form, of: Published, linked: Linked, link: str, *, key: bytes, now: int) -> Stopped:
    """Take a consent back, for each of its products, and say so to the person; in the write transaction.

    One that is stopped already stays as it is.
    """
    if since := stopped_at(store, form, linked):
        return Stopped(iso(since, _ZONE))
    rows = [
        {"event": "consent.withdrawn", "at": iso(now, _ZONE), "caller": form.caller, "product": product}
        for product in linked.products
    ]
    _record(store, form, rows, linked.number, now)
    by_mail = bool(linked.address) and linked.channel == "email"
    day = dt.date.fromordinal(local_day(now, _ZONE)).isoformat()
    item = outbox.Post(
        linked.organisation,
        linked.caller,
        linked.number,
        "withdrawn",
        "email" if by_mail else "sms",
        linked.address if by_mail else e164(linked.number),
        linked.language,
        {"caller": of.caller_name, "product": names_of(of, linked), "link": link, "day": _short(day)},
        now + _RECEIPT_WITHIN,
    )
    outbox.drop(store, linked.number, linked.caller, "receipt")
    outbox.post(store, key, item, now=now)
    return Stopped(iso(now, _ZONE))


def stopped_at(store: Store, form: Form, linked: Linked) -> int:
    """Tell since when a consent is taken back, UTC microseconds; 0: it is not."""
    taken = [
        event
        for event in events_of(store, linked.number)
        if event.kind == "consent.withdrawn" and event.caller == form.caller and event.at >= linked.given_at
    ]
    ends = [
        min((event.at for event in taken if related(str(event.fields.get("product", ALL)), product)), default=0)
        for product in linked.products
    ]
    return max(ends) if all(ends) else 0


def names_of(of: Published, linked: Linked) -> str:
    """Name what was agreed to, as the person read it."""
    boxes = of.shown[cast("Lang", linked.language)].boxes
    return ", ".join(box.name for box in boxes if box.product in linked.products)


def refuse(store: Store, form: Form, linked: Linked, *, now: int) -> None:
    """Record that a person wants no calls of this caller at all any more; in the write transaction."""
    row = {"event": "objection.made", "at": iso(now, _ZONE), "caller": form.caller}
    _record(store, form, [row], linked.number, now)


def relate(store: Store, form: Form, of: Published, number: int, *, opted_out: bool, at: int, now: int) -> int:
    """Write that a number was given at a sale or a gift, and what was said to the opt-out; give how many events are new.

    Raises:
        InputError: when the form asks for a consent, and no number.
    """
    if of.design.kind != "number":
        raise InputError("this form asks for a consent.", where="/form", code="not-found")
    (choice,) = of.design.choices
    shown = of.shown[of.design.languages[0]]
    row = {
        "event": "relation.started",
        "at": iso(at, _ZONE),
        "caller": form.caller,
        "kind": of.design.relation,
        "product": choice.product,
        "opt_out_offered": bool(shown.boxes),
        "opted_out": opted_out,
    }
    return _record(store, form, [row], number, now)


def _record(store: Store, form: Form, rows: list[dict[str, Any]], number: int, now: int) -> int:
    events = [
        (place, read_event(row, number=number, zone=_ZONE, where=f"form {form.id}", recorded_at=now))
        for place, row in enumerate(rows, 1)
    ]
    digest = hashlib.sha256(msgspec.json.encode(rows)).hexdigest()
    source = Source(f"form {form.id}", digest, now, f"form:{form.id}", form.organisation)
    return record(store, events, source, PACKS["NL"]).new


def _short(day: str) -> str:
    """Write an ISO date as people do in a text message.

    >>> _short("2027-11-24"), _short("")
    ('24-11-2027', '')
    """
    return "-".join(reversed(day.split("-"))) if day else ""
