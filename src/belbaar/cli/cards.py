"""Rule cards as they are shown: what each means, since when, on what authority, and where it stands."""

__all__ = ["card_lines", "cited", "indented", "parameter_lines"]

import datetime as dt
from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from belbaar.law import Ruleset
from belbaar.law.cards import Parameter, Rule
from belbaar.law.plain import rule_text
from belbaar.law.told import value_in_words

_OFF = {"nl": "hier uitgezet", "en": "switched off here"}


def card_lines(rule: Rule, rules: Ruleset, lang: str, *, off: bool, whole: bool = False) -> Iterator[RenderableType]:
    """Tell a card: what it means, since when, on what authority, where it stands; ``whole`` adds its condition."""
    yield _head(rule.id, rule.authority, str(rule.in_force), lang, off=off)
    yield indented(rule_text(rule, rules, lang))
    if whole:
        yield from (indented(line.strip(), "cyan") for line in rule.when.strip().splitlines())
    yield from cited(rule)
    if whole and rule.note:
        yield indented(rule.note, "italic")


def indented(text: str, style: str = "") -> Padding:
    """Give what stands under a card's head."""
    return Padding(Text(text, style), (0, 0, 0, 4))


def cited(rule: Rule) -> Iterator[RenderableType]:
    """Tell where a rule stands."""
    yield from (indented(f"{citation.label}  {citation.link}", "dim") for citation in rule.cites)


def parameter_lines(parameter: Parameter, rules: Ruleset, lang: str, *, off: bool) -> Iterator[RenderableType]:
    """Tell a parameter: its value that day, and the steps it took."""
    value = value_in_words(rules.values[parameter.id], lang)
    yield _head(parameter.id, "", value, lang, off=off)
    yield indented(parameter.nl if lang == "nl" else parameter.en)
    for step in parameter.steps:
        first = dt.date.fromordinal(step.first).isoformat()
        cited = f"  {step.cite.label}  {step.cite.link}" if step.cite else ""
        yield indented(f"{first} …  {value_in_words(step.value, lang)}  {step.authority}{cited}", "dim")


def _head(name: str, authority: str, dates: str, lang: str, *, off: bool) -> Text:
    head = Text.assemble("  ", (name, "bold cyan"), f"  {authority}" if authority else "", f"  {dates}")
    return head.append(f"  {_OFF[lang]}", "bold red") if off else head
