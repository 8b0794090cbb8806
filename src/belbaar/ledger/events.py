"""Events: what can happen, with which fields, and how one is read from a mapping without guessing.

    >>> event = read_event({"event": "consent.withdrawn", "at": "2026-08-01", "caller": "voltix"}, number=31201000001,
    ...                    zone=ZoneInfo("Europe/Amsterdam"), where="row 2", recorded_at=None)
    >>> event.kind, event.fields
    ('consent.withdrawn', {})

Fields left out, empty texts and values equal to the default are the same thing, so equal events have equal content.
Law: nl.md section 3.
"""

__all__ = [
    "ENVELOPE",
    "EVENTS",
    "FIELD_DOCS",
    "NO_LATER",
    "Event",
    "EventSpec",
    "Placed",
    "content_digest",
    "content_id",
    "contents",
    "in_field",
    "read_event",
]

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from belbaar.errors import InputError, nearest
from belbaar.law.words import CHANNELS, METHODS, RELATION_KINDS, SUBSCRIBERS
from belbaar.ledger.captured import (
    check_order,
    implied,
    read_boxes,
    read_hash,
    read_ip_prefix,
    read_language,
    read_moment,
    read_steps,
    read_viewport,
)
from belbaar.ledger.values import (
    Value,
    read_channels,
    read_day,
    read_instant,
    read_product,
    read_term,
    read_text,
    read_word,
    read_yes_no,
)

P = ParamSpec("P")
T = TypeVar("T")

OFFERINGS = ("script", "announcement", "key", "agent")
"""How it is known that the right to object was offered: a step of the script, an announcement, a key, an agent's tick."""
DELIVERIES = ("sms", "email", "app", "letter", "in-person")
"""How a receipt can reach a person."""
FROZEN_WHY = ("not-mine", "source")
"""Why a consent is frozen."""
NO_FIELDS: Mapping[str, Value] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; instants are UTC microseconds.

    Args:
        kind: its name, such as ``consent.given``.
        number: the telephone number it is about, E.164 as an integer.
        at: when it happened.
        recorded_at: when it became known here; never before ``at``.
        caller: id of the caller it concerns, "" if none.
        agent: id of the agent through whom it came, "" if none or unknown.
        fields: what else it says; only what differs from the default.
        seq: its place in the ledger, 0 while it has none.
    """

    kind: str
    number: int
    at: int
    recorded_at: int
    caller: str = ""
    agent: str = ""
    fields: Mapping[str, Value] = field(default_factory=lambda: NO_FIELDS)
    seq: int = 0


class Placed(NamedTuple):
    """An event at its place in the ledger, and from where it came: the file's SHA-256, the row, who recorded it."""

    seq: int
    event: Event
    sha256: str
    row: int
    recorded_by: str


@dataclass(frozen=True, slots=True)
class EventSpec:
    """What an event is called for and which fields it may have. ``caller``: "required", "optional" or "none"."""

    doc: str
    caller: str
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()


_CHALLENGE = ("challenge_sent", "challenge_to_number")
_CAPTURED = (
    "wording_version",
    "language",
    "boxes",
    "conditional_on",
    "page",
    "shown_at",
    "ip_prefix",
    "captured_by",
    "attestation",
    "steps",
    "viewport",
    "scan",
    *_CHALLENGE,
)
"""How a consent was captured: no rule asks for it, but for a box that began ticked and what the consent is tied to."""

EVENTS: dict[str, EventSpec] = {
    "consent.given": EventSpec(
        "the person allowed this caller, by name, to call",
        "required",
        ("product",),
        ("channels", "wording", "affirmative", "bundled", "verified", "until", "first_contact_within", *_CAPTURED),
    ),
    "consent.verified": EventSpec(
        "the person confirmed the newest consent over a channel that reaches that person",
        "required",
        ("method",),
        _CHALLENGE,
    ),
    "consent.withdrawn": EventSpec("the person took consent back; not an objection", "required", (), ("product",)),
    "consent.frozen": EventSpec(
        "a consent counts no more, from that instant: the person says that it is not theirs, or its source is stopped",
        "required",
        ("given_at", "why"),
        ("product",),
    ),
    "relation.started": EventSpec(
        "a sale, service, gift, donorship, volunteering or visit",
        "required",
        ("kind", "product"),
        ("opt_out_offered", "opted_out"),
    ),
    "relation.ended": EventSpec("a lasting relation ended", "required", ("kind",), ("product",)),
    "objection.made": EventSpec('"do not call me again"', "by-scope", (), ("scope",)),
    "callback.requested": EventSpec("the person asked to be called", "required", ("product",), ("until",)),
    "register.entered": EventSpec("entry in the Bel-me-niet register", "none", (), ("product",)),
    "register.left": EventSpec("the entry was ended", "none", (), ("product",)),
    "number.reassigned": EventSpec("another person has the number", "none"),
    "number.published": EventSpec("the subscriber published the number for such offers", "none", ("product",)),
    "subscriber.described": EventSpec("who the subscriber is; the latest counts", "none", (), ("type", "minor")),
    "call.made": EventSpec(
        "a call that took place", "required", (), ("product", "channel", "objection_offered", "verdict")
    ),
    "call.attempted": EventSpec(
        "a call that was placed and not answered; plays no part in a verdict",
        "required",
        (),
        ("product", "channel", "outcome", "verdict"),
    ),
    "objection.offered": EventSpec(
        "the person was told in a call that they can object; plays no part in a verdict",
        "required",
        (),
        ("offered_by", "verdict"),
    ),
    "complaint.filed": EventSpec(
        "somebody complained about a call; plays no part in a verdict", "optional", (), ("product", "about")
    ),
    "receipt.delivered": EventSpec(
        "the person was sent the receipt of a consent; plays no part in a verdict",
        "required",
        ("delivered_by",),
        ("product", "receipt"),
    ),
}

FIELD_DOCS: dict[str, tuple[Callable[[Any], Value], Value, str]] = {
    "product": (read_product, "", "dotted path, or * for everything"),
    "channels": (read_channels, ("voice",), "a list of voice, robocall, sms"),
    "wording": (read_text, "", "the text shown or spoken"),
    "affirmative": (read_yes_no, True, "the person did something to consent"),
    "bundled": (read_yes_no, False, "tied to accepting something else"),
    "verified": (lambda value: read_word(value, METHODS), "", "how it was verified when given"),
    "until": (read_day, None, "last day, ISO date"),
    "first_contact_within": (read_term, "", "ISO 8601 duration"),
    "given_at": (read_moment, "", "when that consent was given: its own instant"),
    "why": (lambda value: read_word(value, FROZEN_WHY), "", "not-mine, or source"),
    "method": (lambda value: read_word(value, METHODS), "", "how it was verified"),
    "kind": (lambda value: read_word(value, RELATION_KINDS), "", "which relation"),
    "opt_out_offered": (read_yes_no, False, "an opt-out was offered when the number was asked for"),
    "opted_out": (read_yes_no, False, "and it was used"),
    "scope": (lambda value: read_word(value, ("caller", "all")), "caller", "caller, or all callers"),
    "type": (lambda value: read_word(value, SUBSCRIBERS), "unknown", "natural, legal or unknown"),
    "minor": (read_yes_no, False, "under sixteen"),
    "channel": (lambda value: read_word(value, CHANNELS), "", "voice, robocall or sms"),
    "objection_offered": (read_yes_no, None, "the right to object was offered in the call"),
    "verdict": (read_text, "", "v- and the place in the log of the verdict that it was made on"),
    "outcome": (read_text, "", "how it ended: the final code of SIP"),
    "offered_by": (lambda value: read_word(value, OFFERINGS), "", "script, announcement, key or agent"),
    "about": (read_text, "", "what the complaint says"),
    "wording_version": (read_text, "", "which version of the wording"),
    "language": (read_language, "", "of the wording, BCP 47"),
    "boxes": (
        read_boxes,
        None,
        "the boxes shown, a list of {label, initial, final}; if one began ticked, or none ended so, not affirmative",
    ),
    "conditional_on": (read_text, "", "what was refused without this consent; makes it bundled"),
    "page": (read_text, "", "URL of the page, or id of the script, on which the wording was shown or spoken"),
    "shown_at": (read_moment, "", "when the wording was shown, an instant with offset"),
    "ip_prefix": (read_ip_prefix, "", "from where: 24 bits of an IPv4 address or 48 of an IPv6 one"),
    "captured_by": (read_text, "", "who captured it"),
    "attestation": (read_text, "", "a note in which whoever captured it signs for it"),
    "steps": (read_steps, None, "what the person did and when, a list of an instant and a word each"),
    "viewport": (read_viewport, "", "how large the page was on the screen, in CSS pixels"),
    "scan": (read_hash, "", "SHA-256 of the scan of a paper form"),
    "challenge_sent": (read_moment, "", "when the code or link was sent that the person answered"),
    "challenge_to_number": (read_yes_no, False, "it was sent to this very number"),
    "delivered_by": (lambda value: read_word(value, DELIVERIES), "", "sms, email, app, letter or in-person"),
    "receipt": (read_hash, "", "SHA-256 of what was sent"),
}
"""Each field: how its value is read, its default, and what it means."""

NO_LATER = frozenset({"shown_at", "challenge_sent", "given_at"})
"""Fields that hold an instant no later than the event's own."""

ENVELOPE = ("event", "at", "recorded_at", "number", "caller", "agent")
"""Fields that any event has beside its own."""


def read_event(data: Mapping[str, Any], *, number: int, zone: ZoneInfo, where: str, recorded_at: int | None) -> Event:
    """Read an event from a mapping of texts, booleans and lists.

    Args:
        data: the fields, ``number`` apart.
        number: the number it is about.
        zone: in which a date alone begins.
        where: file and row, for messages.
        recorded_at: when it became known, where the data do not say; None: when it happened.

    Raises:
        InputError: names the field, what is wrong, and what to do.
    """
    kind = _kind(data, where)
    spec = EVENTS[kind]
    known = {*ENVELOPE, *spec.required, *spec.optional}
    given = {name: value for name, value in data.items() if value not in ("", None)}
    for name in given:
        if name not in known:
            raise InputError(f'{kind} has no field "{name}".', where=f"{where}, {name}", todo=nearest(name, known))
    for name in ("at", *spec.required):
        if name not in given:
            raise InputError(f"{kind} needs this field, and it is missing.", where=f"{where}, {name}")
    at = in_field("at", where, read_instant, given["at"], zone)
    known_since = at if recorded_at is None else recorded_at
    if "recorded_at" in given:
        known_since = in_field("recorded_at", where, read_instant, given["recorded_at"], zone)
    if known_since < at:
        raise InputError(
            "the event would be known before it happened.",
            where=f"{where}, at",
            todo="Mend the date, or give recorded_at, the instant on which it became known.",
        )
    fields = {name: _field(name, given[name], where) for name in (*spec.required, *spec.optional) if name in given}
    caller = _caller(given, spec, kind, fields, where)
    for name in sorted(fields.keys() & NO_LATER):
        in_field(name, where, check_order, str(fields[name]), at)
    fields |= implied(fields)
    named = (name for name in (*spec.required, *spec.optional) if name in fields)
    own = {name: fields[name] for name in named if fields[name] != FIELD_DOCS[name][1]}
    return Event(kind, number, at, known_since, caller, str(given.get("agent", "")), own)


def content_id(event: Event, organisation: int = 0) -> bytes:
    """Give the digest by which an event is known: when and how it was recorded plays no part.

    ``organisation`` is the key of whose event it is. One that is of no caller is each organisation's own: whoever records
    an objection to all must not hear that another has recorded it before.
    """
    kind, caller, fields = contents(event, organisation)
    return content_digest(kind, event.number, caller, event.at, fields)


def contents(event: Event, organisation: int = 0) -> tuple[bytes, bytes, bytes]:
    """Give the parts of an event's content as JSON that many events share: kind, caller or organisation, and fields."""
    encode = msgspec.json.encode
    whose = event.caller if event.caller or not organisation else organisation
    return encode(event.kind), encode(whose), encode(sorted(event.fields.items()))


def content_digest(kind: bytes, number: int, caller: bytes, at: int, fields: bytes) -> bytes:
    """Give the digest of a content: the JSON array of its parts."""
    return hashlib.sha256(b"[%b,%d,%b,%d,%b]" % (kind, number, caller, at, fields)).digest()[:16]


def _kind(data: Mapping[str, Any], where: str) -> str:
    kind = data.get("event")
    if not kind:
        raise InputError(
            "it does not say what happened.", where=f"{where}, event", todo="Known: " + ", ".join(EVENTS) + "."
        )
    if not isinstance(kind, str) or kind not in EVENTS:
        raise InputError(f'"{kind}" is not an event.', where=f"{where}, event", todo=nearest(str(kind), EVENTS))
    return kind


def _caller(given: Mapping[str, Any], spec: EventSpec, kind: str, fields: Mapping[str, Value], where: str) -> str:
    caller = given.get("caller", "")
    wanted = spec.caller
    if wanted == "by-scope":
        wanted = "optional" if fields.get("scope") == "all" else "required"
    if caller and wanted == "none":
        raise InputError(f"{kind} is about a number and has no caller.", where=f"{where}, caller", todo="Leave it out.")
    if not caller and wanted == "required":
        raise InputError(f"{kind} needs a caller, and it is missing.", where=f"{where}, caller")
    if not isinstance(caller, str):
        raise InputError(f"{caller!r} is not the id of a caller.", where=f"{where}, caller")
    return caller


def _field(name: str, value: object, where: str) -> Value:
    return in_field(name, where, FIELD_DOCS[name][0], value)


def in_field(name: str, where: str, reading: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Read a value with ``reading``; an InputError then says in which field it was."""
    try:
        return reading(*args, **kwargs)
    except InputError as error:
        raise InputError(error.what, where=f"{where}, {name}", todo=error.todo) from error
