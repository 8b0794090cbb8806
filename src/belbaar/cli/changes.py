"""Two rulesets side by side: which rules are gone, new or changed, and which parameters."""

__all__ = ["Changes", "compared"]

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from belbaar.cli.cards import Value, as_mapping, cited, indented, value_in_words
from belbaar.law import Ruleset
from belbaar.law.cards import Rule
from belbaar.law.plain import rule_text


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

    def lines(self, lang: str) -> Iterator[RenderableType]:
        """Tell the changes: what goes with a minus, what comes with a plus."""
        titles = _TITLES[lang]
        for key, versions in (
            ("gone", [("-", rule, self.before) for rule in self.gone]),
            ("new", [("+", rule, self.after) for rule in self.new]),
            ("changed", list(self._pairs())),
        ):
            if versions:
                yield Text(f"\n{titles[key]}", "bold")
            for sign, rule, rules in versions:
                yield from _version(sign, rule, rules, lang)
        if self.parameters:
            yield Text(f"\n{titles['parameters']}", "bold")
        for name, before, after in self.parameters:
            yield Text(f"  {name}: {value_in_words(before, lang)} → {value_in_words(after, lang)}")
        if not (self.gone or self.new or self.changed or self.parameters):
            yield Text(titles["same"])

    def _pairs(self) -> Iterator[tuple[str, Rule, Ruleset]]:
        for old, new in self.changed:
            yield "-", old, self.before
            yield "+", new, self.after


_TITLES = {
    "nl": {
        "gone": "Weg",
        "new": "Nieuw",
        "changed": "Veranderd",
        "parameters": "Termijnen en dagen",
        "same": "Er verandert niets.",
    },
    "en": {
        "gone": "Gone",
        "new": "New",
        "changed": "Changed",
        "parameters": "Terms and days",
        "same": "Nothing changes.",
    },
}


_EVIDENCE = "evidence"
"""What a law demands of a consent stands among its parameters."""


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


def _version(sign: str, rule: Rule, rules: Ruleset, lang: str) -> Iterator[RenderableType]:
    yield Text(f"{sign} {rule.id}  {rule.authority}  {rule.in_force}", {"-": "red", "+": "green"}[sign])
    yield indented(rule_text(rule, rules, lang))
    yield from cited(rule)
