"""Rules as plain values, for programs: a card with its texts filled in, a ruleset, and two rulesets side by side."""

__all__ = ["Changes", "Value", "as_mapping", "compared", "ruleset_mapping", "value_in_words"]

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from belbaar.law.cards import Rule
from belbaar.law.plain import day_in_words, rule_text, term_in_words
from belbaar.law.rulesets import Ruleset
from belbaar.law.terms import Term
from belbaar.law.words import FOREVER_DAY

Value = Term | tuple[int, ...] | int | None
"""The value of a parameter."""
_EVIDENCE = "evidence"
"""What a law demands of a consent stands among its parameters."""


def as_mapping(rule: Rule, rules: Ruleset) -> dict[str, Any]:
    """Give a card as plain values, its texts with the parameters filled in."""
    last = rule.in_force.last
    return {
        "id": rule.id,
        "role": rule.role,
        "of": rule.of or None,
        "authority": rule.authority,
        "from": dt.date.fromordinal(rule.in_force.first).isoformat(),
        "until": dt.date.fromordinal(last).isoformat() if last < FOREVER_DAY else None,
        "cites": [{"label": citation.label, "link": citation.link} for citation in rule.cites],
        "nl": rule_text(rule, rules, "nl"),
        "en": rule_text(rule, rules, "en"),
        "when": " ".join(line.partition("--")[0].strip() for line in rule.when.strip().splitlines()),
        "note": rule.note,
    }


def ruleset_mapping(
    whole: Ruleset, in_use: Ruleset, day: int, *, off: Collection[str] = (), only: str = ""
) -> dict[str, Any]:
    """Give a ruleset as plain values.

    Args:
        whole: all rules of that day.
        in_use: the same with rules switched off: what verdicts are reached by.
        day: local, an ordinal.
        off: the rules that are switched off.
        only: the id of one rule or parameter; "": all.
    """
    shown = [rule for rule in whole.rules if only in ("", rule.id)]
    return {
        "day": dt.date.fromordinal(day).isoformat(),
        "ruleset": in_use.name,
        "ruleset_hash": in_use.hash,
        "switched_off": sorted(off),
        "rules": [as_mapping(rule, in_use) for rule in shown],
        "parameters": {
            name: value_in_words(value, "iso") for name, value in in_use.values.items() if only in ("", name)
        },
        "evidence": in_use.evidence,
    }


@dataclass(frozen=True)
class Changes:
    """What differs between two rulesets: rules gone, new and changed (both versions), parameters (both values)."""

    gone: tuple[Rule, ...]
    new: tuple[Rule, ...]
    changed: tuple[tuple[Rule, Rule], ...]
    parameters: tuple[tuple[str, Value, Value], ...]
    before: Ruleset
    after: Ruleset

    def mapping(self) -> dict[str, Any]:
        """Give the changes as plain values."""
        return {
            "before": {"ruleset": self.before.name, "ruleset_hash": self.before.hash},
            "after": {"ruleset": self.after.name, "ruleset_hash": self.after.hash},
            "gone": [as_mapping(rule, self.before) for rule in self.gone],
            "new": [as_mapping(rule, self.after) for rule in self.new],
            "changed": [
                {"id": new.id, "before": as_mapping(old, self.before), "after": as_mapping(new, self.after)}
                for old, new in self.changed
            ],
            "parameters": {
                name: {"before": value_in_words(old, "iso"), "after": value_in_words(new, "iso")}
                for name, old, new in self.parameters
            },
        }


def compared(before: Ruleset, after: Ruleset) -> Changes:
    """Hold two rulesets side by side."""
    values, others = ({**rules.values, _EVIDENCE: rules.evidence} for rules in (before, after))
    old, new = ({rule.id: rule for rule in rules.rules} for rules in (before, after))
    return Changes(
        gone=tuple(rule for name, rule in old.items() if name not in new),
        new=tuple(rule for name, rule in new.items() if name not in old),
        changed=tuple((rule, new[name]) for name, rule in old.items() if name in new and new[name] != rule),
        parameters=tuple((name, value, others[name]) for name, value in values.items() if value != others[name]),
        before=before,
        after=after,
    )


def value_in_words(value: Value, lang: str) -> str:
    """Say the value of a parameter; ``iso`` is the language of programs."""
    if isinstance(value, tuple):
        dates = [dt.date.fromordinal(day) for day in value]
        told = ", ".join(date.isoformat() if lang == "iso" else day_in_words(date, lang) for date in dates)
        return told or {"iso": "", "nl": "geen", "en": "none"}[lang]
    if isinstance(value, int):
        return str(value)
    if lang == "iso":
        return str(value) if value else ""
    return term_in_words(value, lang)
