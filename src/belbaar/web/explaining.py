"""A verdict rule by rule: which decided it, how all others came out, and where each stands."""

__all__ = ["Explained", "Point", "explained", "rules_of", "sentences"]

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from belbaar.api.questions import Answer
from belbaar.law import PACKS, Law, Ruleset, ruleset
from belbaar.law.calendar import local_day
from belbaar.law.cards import CONDITION, DUTY, GROUND, VETO, Citation, Rule
from belbaar.law.words import NO_GROUND
from belbaar.numbers import REFUSALS, parse_e164
from belbaar.reading import ZONE, read_instant
from belbaar.verdict.laws import law_for
from belbaar.web.texts import said

_CONSENT = "nl.consent"
"""The ground that anybody can obtain: what is missing of it is what is told first."""
_GROUNDS = {
    "purchase": "nl.customer",
    "service": "nl.customer",
    "gift": "nl.donor",
    "donorship": "nl.donor",
    "volunteering": "nl.volunteer",
    "attendance": "nl.visitor",
}
"""By kind of relation, the ground that it could have been."""


@dataclass(frozen=True, slots=True)
class Point:
    """How one rule came out: its id, whether it was met, its sentence, and where it stands."""

    id: str
    met: bool
    text: str
    cites: Sequence[Citation]


@dataclass(frozen=True, slots=True)
class Explained:
    """A verdict in its parts.

    Args:
        decisive: the rules by which it came out so.
        others: all other grounds and vetoes.
        duties: what the caller must do in the call.
        missing: ids of the rules that would have to be met; the first is "no-ground" where no ground holds.
    """

    decisive: Sequence[Point]
    others: Sequence[Point]
    duties: Sequence[Point]
    missing: Sequence[str]


def explained(answer: Answer, rules: Ruleset, lang: str, relations: Collection[str] = ()) -> Explained:
    """Take a verdict apart.

    Args:
        answer: the verdict.
        rules: by which it was reached.
        lang: ``nl`` or ``en``.
        relations: kinds of those that the person has or had with the caller: why they are no ground is told first.
    """
    failed = {*answer.vetoes, *answer.defects}
    points: dict[str, list[Point]] = {role: [] for role in (GROUND, CONDITION, VETO, DUTY)}
    order = {name: place for place, name in enumerate(rules.pack.grounds)}
    for rule in sorted(rules.rules, key=lambda each: order.get(each.id, 0)):
        met = rule.id in answer.grounds if rule.role == GROUND else rule.id not in failed
        if rule.role in points and (rule.role != DUTY or rule.id in answer.duties):
            points[rule.role].append(_point(rule, met=met, product=answer.product, lang=lang))
    unmet = [each for each in points[VETO] + points[CONDITION] if not each.met]
    if answer.grounds:
        decisive = [each for each in points[VETO] if not each.met] + [each for each in points[GROUND] if each.met]
    else:
        hoped = {_CONSENT, *(_GROUNDS[kind] for kind in relations)}
        decisive = [*unmet, *(each for each in points[GROUND] if each.id in hoped)]
    told = {each.id for each in decisive}
    return Explained(
        decisive=decisive,
        others=[each for each in points[GROUND] + points[VETO] if each.id not in told],
        duties=points[DUTY],
        missing=[*([] if answer.grounds else [NO_GROUND]), *(each.id for each in decisive if not each.met)],
    )


def rules_of(answer: Answer) -> Ruleset:
    """Give the rules by which a verdict was reached."""
    law = law_for(parse_e164(answer.number), off=frozenset(answer.switched_off))
    return ruleset(law, local_day(read_instant(answer.at, ""), ZONE))


def _point(rule: Rule, *, met: bool, product: str, lang: str) -> Point:
    dutch, english = rule.met if met else rule.unmet
    return Point(rule.id, met, said(lang, dutch, english).replace("{product}", product), rule.cites)


def sentences(day: str, lang: str, product: str = "") -> dict[str, tuple[str, str]]:
    """Give, for each rule and refusal of a day (ISO), what it says where it was met, and where it was not."""
    known = {code: (said(lang, each.nl, each.en),) * 2 for code, each in REFUSALS.items()}
    place, about = (0 if lang == "nl" else 1), product or said(lang, "het product", "the product")
    for rule in ruleset(Law(PACKS["NL"]), dt.date.fromisoformat(day).toordinal()).rules:
        met, unmet = (pair[place].replace("{product}", about) for pair in (rule.met, rule.unmet))
        known[rule.id] = (met, unmet)
    return known
