"""The law: for everybody, without a key."""

__all__ = ["ROUTES"]

from typing import Annotated, Any

import msgspec
from litestar import get
from litestar.params import QueryParameter

from belbaar.api.service import Service
from belbaar.clock import now_us
from belbaar.law import PACKS, Law, Ruleset, announced, ruleset
from belbaar.law.calendar import local_day
from belbaar.law.told import compared, ruleset_mapping
from belbaar.reading import ZONE, read_instant

_PACK = PACKS["NL"]
_Day = Annotated[str, QueryParameter(max_length=100, description="A day, such as 2026-07-01.")]
_Name = Annotated[str, QueryParameter(name="law", max_length=100, description="Announced law, for a preview.")]


class Citation(msgspec.Struct, frozen=True):
    """Where a rule stands."""

    label: str
    link: str


class Rule(msgspec.Struct, frozen=True):
    """A rule: what it does, on what authority and since when, what it means, when it holds."""

    id: str
    role: str
    of: str | None
    authority: str
    first: str = msgspec.field(name="from")
    until: str | None
    cites: list[Citation]
    nl: str
    en: str
    when: str
    note: str


class InForce(msgspec.Struct, frozen=True):
    """The rules of one day. ``ruleset_hash`` is what verdicts name; what is switched off here is not in it."""

    day: str
    ruleset: str
    ruleset_hash: str
    switched_off: list[str]
    rules: list[Rule]
    parameters: dict[str, str]
    evidence: int


class Named(msgspec.Struct, frozen=True):
    """A ruleset by name and hash."""

    ruleset: str
    ruleset_hash: str


class ChangedRule(msgspec.Struct, frozen=True):
    """Both versions of a rule."""

    id: str
    before: Rule
    after: Rule


class ChangedValue(msgspec.Struct, frozen=True):
    """Both values of a term or day."""

    before: str
    after: str


class Difference(msgspec.Struct, frozen=True):
    """What differs between the law of two days."""

    before: Named
    after: Named
    gone: list[Rule]
    new: list[Rule]
    changed: list[ChangedRule]
    parameters: dict[str, ChangedValue]


@get("/v1/rulesets", operation_id="getRuleset", tags=["Law"], summary="The rules in force on a day.", security=[{}])
async def in_force(service: Service, at: _Day = "", law: _Name = "") -> InForce:
    """Give every rule with its dates, its text in Dutch and English, where it stands, and the hash of them all."""
    day = _day(at, "at")
    off = await service.readers.reads(lambda store: store.known().switched_off)
    told = ruleset_mapping(_ruleset(day, law), _ruleset(day, law, off), day, off=off)
    return msgspec.convert(told, InForce)


@get(
    "/v1/rulesets/difference",
    operation_id="getDifference",
    tags=["Law"],
    summary="What changes in the law between two days.",
    security=[{}],
)
async def difference(before: _Day, after: _Day, law: _Name = "") -> Difference:
    """Give the rules that are gone, new or changed, and the terms and days that differ."""
    changes: dict[str, Any] = compared(
        _ruleset(_day(before, "before"), law), _ruleset(_day(after, "after"), law)
    ).mapping()
    return msgspec.convert(changes, Difference)


def _day(text: str, name: str) -> int:
    return local_day(read_instant(text, name) if text else now_us(), ZONE)


def _ruleset(day: int, law: str, off: frozenset[str] = frozenset()) -> Ruleset:
    known = Law(_PACK, off=off)
    return ruleset(announced(known, law) if law else known, day)


ROUTES = (in_force, difference)
