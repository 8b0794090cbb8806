"""What is asked of the service, and what it answers: the fields of ``belbaar may-call --json``, with a permit."""

__all__ = ["Answer", "Asked", "IssuedPermit", "Question", "RestsOn", "read_question", "told"]

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec

from belbaar.errors import InputError
from belbaar.ledger import Caller
from belbaar.reading import read_instant, read_number, read_presents
from belbaar.verdict import Call, Verdict, explain
from belbaar.verdict.levels import check_level
from belbaar.verdict.told import as_mapping, filled

Lang = Literal["nl", "en"]
_Short = Annotated[str, msgspec.Meta(max_length=200)]
_PERMIT_MINUTES = 5


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """May this caller call this number, for this product, at this moment?

    Args:
        number: as people write it, or E.164.
        caller: the id of the caller on whose behalf.
        product: what the call is about, a dotted path such as ``energy.electricity``.
        at: when; ISO 8601. Left out: now.
        known_at: judge by what was recorded by then.
        channel: ``voice``, ``robocall`` or ``sms``.
        kind: ``marketing``, ``service`` or ``research``.
        purpose: ``commercial``, ``ideal`` or ``charitable``; left out: by the caller's sector.
        presents: the number it shows, or ``anonymous``; left out: the caller's first.
        evidence: the least level of evidence that a consent must have, 0 to 4.
        region: the country of a number without a country code.
        lang: the language of sentences.
        explain: whether to tell it in plain words too.
        permit: whether a call will be made: the verdict is kept as evidence and, where it allows, a permit comes with
            it. Left out: yes where the call is now.
        minutes: how long the permit should be good, at most 15.
        campaign: your name for the campaign; the permit is bound to it.
        id: your own id for this row, given back with the answer.
    """

    number: _Short
    caller: _Short
    product: _Short
    at: _Short | None = None
    known_at: _Short | None = None
    channel: _Short = "voice"
    kind: _Short = "marketing"
    purpose: _Short | None = None
    presents: _Short | None = None
    evidence: int = 0
    region: Annotated[str, msgspec.Meta(min_length=2, max_length=2)] = "NL"
    lang: Lang = "en"
    explain: bool = False
    permit: bool | None = None
    minutes: Annotated[int, msgspec.Meta(ge=1, le=15)] = _PERMIT_MINUTES
    campaign: _Short = ""
    id: _Short | None = None


class RestsOn(msgspec.Struct, frozen=True, gc=False):
    """An event that a verdict rests on; its id and where it came from are told to the organisation that recorded it."""

    seq: int
    id: str | None
    event: str
    at: str
    recorded_at: str
    source: str | None = None
    row: int | None = None
    by: str | None = None


class IssuedPermit(msgspec.Struct, frozen=True, gc=False):
    """A permit: the signed token, its id, and until when it is good."""

    token: str
    id: str
    expires_at: str


class Answer(msgspec.Struct, frozen=True, gc=False):
    """The verdict, with the question as it was understood. ``entry`` is its place in the log where it was kept."""

    number: str
    caller: str
    product: str
    at: str
    known_at: str | None
    channel: str
    kind: str
    purpose: str
    presents: str
    allowed: bool
    ground: str | None
    grounds: list[str]
    vetoes: list[str]
    defects: list[str]
    duties: list[str]
    evidence: int | None
    evidence_missing: list[str]
    evidence_demanded: int
    until: str | None
    events: list[RestsOn]
    ruleset: str
    ruleset_hash: str
    switched_off: list[str]
    metadata: str
    hints: list[str]
    entry: int | None = None
    permit: IssuedPermit | None = None
    explanation: list[str] | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was read: ``call.at`` is 0 where it is now, at the instant of answering.

    ``passing``: the call is in its path already, so its permit is used up as it is given.
    """

    call: Call
    question: Question
    acted_on: bool
    passing: bool = False


def read_question(question: Question, pointer: str = "") -> Asked:
    """Read a question.

    Args:
        question: as sent.
        pointer: the JSON pointer to it, "" where it is all that was sent.

    Raises:
        InputError: names the field.
    """
    is_now = not question.at and not question.known_at
    if question.permit and not is_now:
        raise InputError(
            "a permit is for a call that is made now, on all that is known.",
            where=f"{pointer}/permit",
            todo="Leave out at and known_at, or permit.",
        )
    call = Call(
        number=read_number(question.number, f"{pointer}/number", region=question.region, lang=question.lang),
        caller=question.caller,
        at=read_instant(question.at, f"{pointer}/at") if question.at else 0,
        product=question.product,
        channel=question.channel,
        kind=question.kind,
        purpose=question.purpose or None,
        presents=read_presents(question.presents, f"{pointer}/presents", lang=question.lang),
        known_at=read_instant(question.known_at, f"{pointer}/known_at") if question.known_at else None,
    )
    check_level(question.evidence, f"{pointer}/evidence")
    return Asked(call, question, is_now if question.permit is None else question.permit)


def told(
    verdict: Verdict,
    asked: Asked,
    caller: Caller,
    *,
    events: Sequence[RestsOn],
    hints: Sequence[str],
    entry: int | None = None,
    permit: IssuedPermit | None = None,
) -> Answer:
    """Put a verdict as it is sent."""
    lang = asked.question.lang
    values = as_mapping(verdict, lang) | filled(verdict, caller)
    values["events"] = list(events)
    words = explain(verdict, lang) if asked.question.explain else None
    return Answer(**values, hints=list(hints), entry=entry, permit=permit, explanation=words, id=asked.question.id)
