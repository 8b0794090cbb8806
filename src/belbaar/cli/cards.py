"""Rule cards as they are shown: what each means, since when, on what authority, and where it stands."""

__all__ = ["Value", "as_mapping", "card_lines", "cited", "indented", "parameter_lines", "value_in_words"]

import datetime as dt
from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from belbaar.law import Ruleset, Term
from belbaar.law.cards import Parameter, Rule
from belbaar.law.plain import day_in_words, rule_text, term_in_words
from belbaar.law.words import FOREVER_DAY

Value = Term | tuple[int, ...] | int | None

_OFF = {"nl": "hier uitgezet", "en": "switched off here"}


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


def _head(name: str, authority: str, dates: str, lang: str, *, off: bool) -> Text:
    head = Text.assemble("  ", (name, "bold cyan"), f"  {authority}" if authority else "", f"  {dates}")
    return head.append(f"  {_OFF[lang]}", "bold red") if off else head
