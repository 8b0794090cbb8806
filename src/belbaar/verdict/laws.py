"""The law that judges a number: the pack of its country, as this installation uses it."""

__all__ = ["installed_laws", "law_for", "rules_of"]

from collections.abc import Mapping
from functools import lru_cache

from belbaar.errors import LawUnknown
from belbaar.law import PACKS, Law, Ruleset, announced, ruleset
from belbaar.law.calendar import local_day
from belbaar.law.cards import Step
from belbaar.numbers import country, masked
from belbaar.verdict.question import Verdict


def law_for(number: int, *, off: frozenset[str] = frozenset(), steps: tuple[tuple[str, Step], ...] = ()) -> Law:
    """Give the law for a called number.

    Raises:
        LawUnknown: when no pack is installed for its country.
    """
    name = country(number)
    if name not in PACKS:
        raise LawUnknown(
            f"no law is installed for {name or 'this country code'}; the call is not allowed.",
            where=masked(number),
            todo=f"Installed: {', '.join(PACKS)}.",
        )
    return _law(name, off, steps)


def rules_of(verdict: Verdict) -> Ruleset:
    """Give the ruleset by which a verdict was reached, if that was the installation's own law."""
    law = law_for(verdict.call.number, off=frozenset(verdict.switched_off))
    return ruleset(law, local_day(verdict.call.at, law.pack.zone))


def installed_laws(*, off: frozenset[str], preview: str | None = None) -> Mapping[str, Law]:
    """Give the law of every country that has a pack; ``preview`` names an announced law to judge by."""
    laws = {country: Law(pack, off=off) for country, pack in PACKS.items()}
    return {country: announced(law, preview) if preview else law for country, law in laws.items()}


@lru_cache(maxsize=64)
def _law(name: str, off: frozenset[str], steps: tuple[tuple[str, Step], ...]) -> Law:
    return Law(PACKS[name], steps, off)
