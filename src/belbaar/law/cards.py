"""Rule cards and dated parameters: law as data, dated and cited.

A date named ``until`` is a last day and counts whole. A card's ``when`` is text in the closed language of
``belbaar.law.language``; a card cannot call the clock, so it can be hashed, translated and compared.
"""

__all__ = [
    "ANNOUNCED",
    "CODE",
    "CONDITION",
    "DECREE",
    "DUTY",
    "GROUND",
    "STATUTE",
    "SUPERVISOR",
    "SWITCHABLE",
    "VETO",
    "Announcement",
    "Citation",
    "Demand",
    "Measure",
    "Parameter",
    "Period",
    "Rule",
    "Step",
    "days",
]

import datetime as dt
from dataclasses import dataclass

from belbaar.law.terms import Term
from belbaar.law.words import FOREVER_DAY

GROUND, CONDITION, VETO, DUTY = "ground", "condition", "veto", "duty"
STATUTE, DECREE, SUPERVISOR, CODE, ANNOUNCED = "statute", "decree", "supervisor", "code", "announced"
SWITCHABLE = frozenset({SUPERVISOR, CODE})
"""Statute and decree cannot be switched off."""


@dataclass(frozen=True, slots=True)
class Period:
    """Local days, first and last, both inside; ordinals. FOREVER_DAY: no end is known."""

    first: int
    last: int = FOREVER_DAY

    def __contains__(self, day: int) -> bool:
        return self.first <= day <= self.last

    def __str__(self) -> str:
        last = dt.date.fromordinal(self.last).isoformat() if self.last < FOREVER_DAY else ""
        return f"{dt.date.fromordinal(self.first).isoformat()} … {last}".rstrip()


def days(first: str, last: str | None = None) -> Period:
    """Give the period from one ISO date to another, or on from the first."""
    return Period(
        dt.date.fromisoformat(first).toordinal(), dt.date.fromisoformat(last).toordinal() if last else FOREVER_DAY
    )


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a rule stands: a short label, and a link to the dated text."""

    label: str
    link: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One provision, in one version.

    Args:
        id: stable name, such as ``nl.customer``; versions share it.
        role: GROUND, CONDITION (of one ground), VETO or DUTY.
        authority: STATUTE, DECREE, SUPERVISOR or CODE.
        in_force: the local days of the calls it judges.
        cites: where it stands.
        nl: what it means, in Dutch; may name parameters, such as ``{customer_term}``.
        en: the same in English.
        met: one sentence, Dutch and English, for a call on which it holds (a veto: on which it does not).
        unmet: the same for the other case. Both may name the product as ``{product}``.
        when: the condition, in the card language. A ground or condition over a kind of fact is asked of each fact of
            that kind that had happened and not ended.
        over: the kind of fact it is asked of; empty when it is asked of the call alone.
        of: for a condition, the ground it belongs to.
        note: what is uncertain, and how it was decided.
    """

    id: str
    role: str
    authority: str
    in_force: Period
    cites: tuple[Citation, ...]
    nl: str
    en: str
    met: tuple[str, str]
    unmet: tuple[str, str]
    when: str
    over: str = ""
    of: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """What rules need to know of all facts together: whether there is any, or when the latest was.

    Args:
        name: how cards call it.
        over: the kind of fact.
        when: which of them count, in the card language; empty with ``of``.
        latest: the measure is the ``since`` of the latest (NEVER if none); else YES or NO.
        of: instead of ``when``: the facts on which this ground rests.
        ahead: taken before conditions are asked of each fact, because they compare with it.
    """

    name: str
    over: str
    doc: str
    when: str = ""
    latest: bool = False
    of: str = ""
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """From a day on, a parameter has this value. ``looked_at``: when somebody last checked."""

    first: int
    value: Term | tuple[int, ...] | None
    authority: str
    cite: Citation | None = None
    looked_at: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A dated quantity of the law, kept apart from the rules that use it."""

    id: str
    nl: str
    en: str
    steps: tuple[Step, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Demand:
    """From a day on, the law demands this level of evidence of a consent (``belbaar.verdict.levels``)."""

    first: int
    level: int
    cite: Citation | None = None


@dataclass(frozen=True, slots=True)
class Announcement:
    """Law that is not in force: it can be named for a preview, never used by accident."""

    name: str
    nl: str
    en: str
    source: Citation
    steps: tuple[tuple[str, Step], ...] = ()
    evidence: tuple[Demand, ...] = ()
