"""Which law is in force on a day: the pack of a country, its dated parameters, what an installation switched off.

    >>> from belbaar.law.nl import PACK
    >>> ruleset(Law(PACK), dt.date(2026, 7, 1).toordinal()).name
    'nl/2026-07-01'
    >>> ruleset(Law(PACK), dt.date(2009, 9, 30).toordinal())
    Traceback (most recent call last):
    belbaar.errors.LawUnknown: nl: no law is known for calls on 2009-09-30; it begins on 2009-10-01.

Nothing here knows the clock: days and instants come in.
"""

__all__ = [
    "Law",
    "Moment",
    "Pack",
    "Ruleset",
    "announced",
    "boundaries",
    "moment",
    "moment_on",
    "ruleset",
    "ruleset_text",
    "switchable",
]

import dataclasses
import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from belbaar.errors import InputError, InternalError, LawUnknown, nearest
from belbaar.law.calendar import instant_of_day, local_day_and_minute
from belbaar.law.cards import (
    CODE,
    DECREE,
    STATUTE,
    SUPERVISOR,
    SWITCHABLE,
    Announcement,
    Demand,
    Measure,
    Parameter,
    Period,
    Rule,
    Step,
)
from belbaar.law.terms import Term
from belbaar.law.words import FOREVER_DAY, NEVER_DAY

_RANK = {CODE: 0, SUPERVISOR: 1, DECREE: 2, STATUTE: 3}


@dataclass(frozen=True, eq=False)
class Pack:
    """The law of one country as cards.

    ``grounds`` is the order in which verdicts name grounds. ``opening`` gives the minutes of a day between which the
    code lets a phone ring. ``first_contact`` and ``callback`` are terms that standing needs when facts are folded.
    ``evidence`` says from when on what level of evidence is demanded of a consent; none: the law demands no level.
    """

    jurisdiction: str
    country: str
    calling_code: int
    zone: ZoneInfo
    periods: tuple[tuple[str, Period], ...]
    rules: tuple[Rule, ...]
    measures: tuple[Measure, ...]
    grounds: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    customer_term: str
    mourning_days: str
    opening: Callable[[dt.date], tuple[int, int] | None]
    first_contact: Term
    callback: Term
    announced: tuple[Announcement, ...] = ()
    evidence: tuple[Demand, ...] = ()


@dataclass(frozen=True, eq=False)
class Law:
    """A pack as an installation uses it.

    ``steps`` are what-if values of parameters, which go before the pack's own from their day on; ``off`` names the
    rules and parameters whose supervisor's or code's versions do not count here. ``evidence`` are demands that are
    announced, beside the pack's own.
    """

    pack: Pack
    steps: tuple[tuple[str, Step], ...] = ()
    off: frozenset[str] = frozenset()
    evidence: tuple[Demand, ...] = ()


@dataclass(frozen=True, eq=False)
class Ruleset:
    """The rules and parameter values in force through one stretch of days, with a hash of their whole content.

    ``evidence`` is the level that the law demands of a consent; 0: none.
    """

    name: str
    period: Period
    rules: tuple[Rule, ...]
    values: Mapping[str, Term | tuple[int, ...] | None]
    pack: Pack
    hash: str
    evidence: int = 0


class Moment(NamedTuple):
    """An instant, and all that the calendar makes of it; field names are those of the cards."""

    moment: int
    today: int
    customer_term_cutoff: int
    within_hours: int
    mourning_day: int


def announced(law: Law, name: str) -> Law:
    """Give the law with an announcement added, for a preview.

    Raises:
        InputError: when nothing of that name is announced.
    """
    known = {item.name: item for item in law.pack.announced}
    if name not in known:
        raise InputError(f'no law is announced under the name "{name}".', todo=nearest(name, known))
    item = known[name]
    return dataclasses.replace(law, steps=law.steps + item.steps, evidence=law.evidence + item.evidence)


def switchable(pack: Pack) -> frozenset[str]:
    """Name the rules and parameters of which a supervisor's or the code's version can be switched off."""
    rules = {rule.id for rule in pack.rules if rule.authority in SWITCHABLE}
    steps = {parameter.id for parameter in pack.parameters for step in parameter.steps if step.authority in SWITCHABLE}
    return frozenset(rules | steps)


@lru_cache(maxsize=8192)
def ruleset(law: Law, day: int) -> Ruleset:
    """Give the ruleset of a local day.

    Raises:
        LawUnknown: before the pack begins.
    """
    first = law.pack.periods[0][1].first
    if day < first:
        begins, asked = (dt.date.fromordinal(ordinal).isoformat() for ordinal in (first, day))
        raise LawUnknown(f"no law is known for calls on {asked}; it begins on {begins}.", where=law.pack.jurisdiction)
    edges = boundaries(law)
    after = next((edge for edge in edges if edge > day), FOREVER_DAY + 1)
    return _ruleset(law, max(edge for edge in edges if edge <= day), after - 1)


@lru_cache(maxsize=64)
def boundaries(law: Law) -> tuple[int, ...]:
    """List the days on which anything in the law begins or has just ended, in order."""
    periods = [rule.in_force for rule in law.pack.rules] + [period for _, period in law.pack.periods]
    edges = {period.first for period in periods} | {period.last + 1 for period in periods if period.last < FOREVER_DAY}
    edges |= {step.first for _, step in _steps(law)} | {demand.first for demand in _demands(law)}
    return tuple(sorted(edges))


@lru_cache(maxsize=512)
def _ruleset(law: Law, first: int, last: int) -> Ruleset:
    pack = law.pack
    rules = tuple(
        rule
        for rule in pack.rules
        if first in rule.in_force and not (rule.id in law.off and rule.authority in SWITCHABLE)
    )
    values = {parameter.id: _value(law, parameter.id, first) for parameter in pack.parameters}
    name = next(name for name, period in reversed(pack.periods) if first >= period.first)
    evidence = max((demand for demand in _demands(law) if demand.first <= first), key=attrgetter("first"), default=None)
    level = evidence.level if evidence else 0
    digest = hashlib.sha256(_text(rules, values, level).encode()).hexdigest()
    return Ruleset(name, Period(first, last), rules, values, pack, digest, level)


@lru_cache(maxsize=64)
def ruleset_text(rules: Ruleset) -> str:
    """Write a ruleset in full, as JSON: the text whose SHA-256 is its hash."""
    return _text(rules.rules, rules.values, rules.evidence)


def _text(rules: tuple[Rule, ...], values: Mapping[str, object], evidence: int) -> str:
    content: dict[str, object] = {
        "rules": [dataclasses.asdict(rule) for rule in sorted(rules, key=lambda rule: (rule.id, rule.in_force.first))],
        "values": {name: str(value) for name, value in sorted(values.items())},
    }
    if evidence:  # a law that demands none is written as it was before there were levels
        content["evidence"] = evidence
    return json.dumps(content, sort_keys=True, ensure_ascii=False)


def _steps(law: Law) -> list[tuple[str, Step]]:
    return [(parameter.id, step) for parameter in law.pack.parameters for step in parameter.steps] + list(law.steps)


def _demands(law: Law) -> tuple[Demand, ...]:
    return law.pack.evidence + law.evidence


def _value(law: Law, name: str, day: int) -> Term | tuple[int, ...] | None:
    """A decree goes before the code; a what-if before the pack's own; then the latest that has come counts."""
    own = [(0, step) for parameter in law.pack.parameters if parameter.id == name for step in parameter.steps]
    known = own + [(1, step) for step_name, step in law.steps if step_name == name]
    counting = [
        (_RANK[step.authority], what_if, step.first, step)
        for what_if, step in known
        if step.first <= day and not (name in law.off and step.authority in SWITCHABLE)
    ]
    return max(counting, key=lambda item: item[:3])[3].value if counting else None


def moment(law: Law, at: int) -> Moment:
    """Give the moment of an instant (UTC microseconds).

    Raises:
        LawUnknown: before the pack begins.
    """
    day, minute = local_day_and_minute(at, law.pack.zone)
    opens, closes, cutoff, mourning = _day_facts(law, day)
    return Moment(at, day, cutoff, int(opens <= minute < closes), mourning)


def moment_on(law: Law, at: int, day: int) -> Moment:
    """Give the moment at which facts stand as at ``at``, while the calendar says ``day``: to look ahead."""
    _, _, cutoff, mourning = _day_facts(law, day)
    return Moment(at, day, cutoff, 1, mourning)


@lru_cache(maxsize=8192)
def _day_facts(law: Law, day: int) -> tuple[int, int, int, int]:
    values = ruleset(law, day).values
    opens, closes = law.pack.opening(dt.date.fromordinal(day)) or (0, 0)
    term, mourning = values[law.pack.customer_term], values[law.pack.mourning_days]
    if isinstance(term, tuple) or isinstance(mourning, Term):
        raise InternalError("a parameter has a value of the wrong kind.", where=law.pack.jurisdiction)
    cutoff = NEVER_DAY if term is None else term.cutoff(day)
    return opens, closes, cutoff, int(mourning is not None and day in mourning)


def last_day_under(rules: Ruleset, cutoff: str, day: int) -> int:
    """Give the last day on which ``day >= cutoff`` holds under a ruleset, for the cut-offs cards use."""
    if cutoff == "today":
        return day
    term = rules.values[rules.pack.customer_term]
    if day == NEVER_DAY:
        return day
    return term.after(day) if isinstance(term, Term) else FOREVER_DAY


def midnight(pack: Pack, day: int) -> int:
    """Give the first local instant of a day (UTC microseconds)."""
    return instant_of_day(day, pack.zone)
