"""Two rulesets side by side, as they are shown: which rules are gone, new or changed, and which parameters."""

__all__ = ["change_lines"]

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from belbaar.cli.cards import cited, indented
from belbaar.law import Ruleset
from belbaar.law.cards import Rule
from belbaar.law.plain import rule_text
from belbaar.law.told import Changes, value_in_words

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


def change_lines(changes: Changes, lang: str) -> Iterator[RenderableType]:
    """Tell the changes: what goes with a minus, what comes with a plus."""
    titles = _TITLES[lang]
    for key, versions in (
        ("gone", [("-", rule, changes.before) for rule in changes.gone]),
        ("new", [("+", rule, changes.after) for rule in changes.new]),
        ("changed", list(_pairs(changes))),
    ):
        if versions:
            yield Text(f"\n{titles[key]}", "bold")
        for sign, rule, rules in versions:
            yield from _version(sign, rule, rules, lang)
    if changes.parameters:
        yield Text(f"\n{titles['parameters']}", "bold")
    for name, before, after in changes.parameters:
        yield Text(f"  {name}: {value_in_words(before, lang)} → {value_in_words(after, lang)}")
    if not (changes.gone or changes.new or changes.changed or changes.parameters):
        yield Text(titles["same"])


def _pairs(changes: Changes) -> Iterator[tuple[str, Rule, Ruleset]]:
    for old, new in changes.changed:
        yield "-", old, changes.before
        yield "+", new, changes.after


def _version(sign: str, rule: Rule, rules: Ruleset, lang: str) -> Iterator[RenderableType]:
    yield Text(f"{sign} {rule.id}  {rule.authority}  {rule.in_force}", {"-": "red", "+": "green"}[sign])
    yield indented(rule_text(rule, rules, lang))
    yield from cited(rule)
