"""What a leaf says of an event or a verdict, in the three sections that can be shown apart.

    >>> event = Event("consent.given", 31201000007, 0, 1, "voltix", fields={"product": "energy", "wording": "Ja."})
    >>> body = event_body(event)
    >>> body.who, body.what["kind"], body.what["wording"][:8]
    ({'number': 31201000007}, 'consent.given', '918c02e9')

*who* is the person, *what* the statement, *how* the way it came here. A text stands in its own leaf, in clear and
before this one; here is its hash. Nothing that is left out is guessed: an absent field is absent.
"""

__all__ = ["CLASS_OF", "Shared", "asked", "event_body", "event_of", "text_hash", "verdict_body", "written"]

from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from belbaar.law.words import DEFAULT_PURPOSE
from belbaar.ledger import EVENTS, Caller, Event
from belbaar.ledger.values import Value as Told
from belbaar.numbers import metadata_version
from belbaar.proof.entries.commit import Body
from belbaar.proof.entries.jcs import Value, template
from belbaar.proof.erasure.retention import ROW_OF
from belbaar.verdict import Call, Verdict

CLASS_OF: Mapping[str, str] = {kind: ROW_OF[kind].retention for kind in EVENTS}
"""The class of retention of an event, by its kind: which key seals it, and so what is deleted with what."""

_HOW = frozenset(
    {
        "attestation",
        "captured_by",
        "challenge_sent",
        "challenge_to_number",
        "channel",
        "channels",
        "ip_prefix",
        "method",
        "page",
        "scan",
        "shown_at",
        "steps",
        "verified",
        "viewport",
    }
)
"""The fields of events that tell the way it came."""


class Shared(NamedTuple):
    """What events say alike that differ in number, instants and row only; ``sha256`` is that of their file."""

    kind: str
    caller: str
    agent: str
    fields: Mapping[str, Told]
    sha256: str
    recorded_by: str


_RENAMED = {"kind": "relation_kind"}
_ENVELOPE = frozenset({"at", "caller", "kind", "recorded_at"})
_SOURCE = frozenset({"agent", "recorded_by", "row", "source"})


@lru_cache(maxsize=4096)
def text_hash(text: str) -> str:
    """Give the hash by which a text is known: SHA-256 of its UTF-8, hex."""
    return sha256(text.encode()).hexdigest()


def event_body(event: Event, source: Mapping[str, Value] | None = None) -> Body:
    """Say what happened: ``source`` tells from which file and row it was recorded, and by whom."""
    what: dict[str, Value] = {"at": event.at, "kind": event.kind, "recorded_at": event.recorded_at}
    how: dict[str, Value] = dict(source or {})
    if event.caller:
        what["caller"] = event.caller
    if event.agent:
        how["agent"] = event.agent
    for name, value in event.fields.items():
        section = how if name in _HOW else what
        section[_RENAMED.get(name, name)] = text_hash(str(value)) if name == "wording" else _plain(value)
    return Body(how, what, {"number": event.number})


def written(shared: Shared) -> tuple[bytes, bytes, bytes]:
    """Write the sections of events once for all that are alike; what they differ in is filled in with ``%``.

    Returns:
        *how* with a place for the row, *what* for ``at`` and ``recorded_at``, *who* for the number.
    """
    event = Event(shared.kind, 0, 0, 0, shared.caller, shared.agent, shared.fields)
    body = event_body(event, {"recorded_by": shared.recorded_by, "source": shared.sha256})
    return template(body.how, "row"), template(body.what, "at", "recorded_at"), template(body.who, "number")


def event_of(body: Body, texts: Mapping[str, str]) -> Event:
    """Give back the event that a body says, ``texts`` by hash: what ``event_body`` was made of, but for its places."""
    own = {name: field for field, name in _RENAMED.items()}
    fields = {
        own.get(name, name): _frozen(value)
        for section, envelope in ((body.what, _ENVELOPE), (body.how, _SOURCE))
        for name, value in section.items()
        if name not in envelope
    }
    if "wording" in fields:
        fields["wording"] = texts[str(fields["wording"])]
    what: Mapping[str, Any] = body.what
    number: Any = body.who["number"]
    who = str(what.get("caller", "")), str(body.how.get("agent", ""))
    return Event(str(what["kind"]), number, what["at"], what["recorded_at"], *who, fields)


def verdict_body(verdict: Verdict, caller: Caller, *, rests_on: Sequence[int], known_at: int, decided_at: int) -> Body:
    """Say what was decided.

    Args:
        verdict: the answer, and the question with it.
        caller: whose call it is: its words stand for what the question left out.
        rests_on: the places in the log of the events it rests on.
        known_at: how many leaves the log had.
        decided_at: UTC microseconds.
    """
    call = verdict.call
    what: dict[str, Value] = {
        "allowed": verdict.allowed,
        "at": call.at,
        "caller": call.caller,
        "decided_at": decided_at,
        "defects": list(verdict.defects),
        "duties": list(verdict.duties),
        "grounds": list(verdict.grounds),
        "kind": "verdict",
        "known_at": known_at,
        "product": call.product,
        "rests_on": [*sorted(rests_on)],
        "rules": verdict.ruleset_hash,
        "ruleset": verdict.ruleset,
        "switched_off": list(verdict.switched_off),
        "vetoes": list(verdict.vetoes),
    }
    if verdict.evidence is not None:
        what["level"] = verdict.evidence.level
    if verdict.demanded:
        what["level_demanded"] = verdict.demanded
    if verdict.until is not None:
        what["until"] = verdict.until
    return Body(asked(call, caller), what, {"number": call.number})


def asked(call: Call, caller: Caller) -> dict[str, Value]:
    """Say how a call is made, and by which version of the numbering plans its number was read."""
    return {
        "call_kind": call.kind,
        "channel": call.channel,
        "metadata": metadata_version(),
        "presents": call.presents if call.presents is not None else (caller.numbers or ("anonymous",))[0],
        "purpose": call.purpose or DEFAULT_PURPOSE[caller.sector],
    }


def _frozen(value: Any) -> Any:  # noqa: ANN401  any value of a section
    """Give a value as events have it: lists are tuples there."""
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _plain(value: Any) -> Value:  # noqa: ANN401  any value of an event's field
    """Give a value as canonical JSON has it."""
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    return value if isinstance(value, bool | int) else str(value)
