"""What a screening counted: for programs, and for the officer who asked."""

__all__ = ["summarise"]

from collections import Counter
from collections.abc import Mapping

import typer
from rich.text import Text

from belbaar.cli.options import ZONE
from belbaar.cli.output import count, show, table
from belbaar.law import PACKS
from belbaar.law.calendar import local_day, moment_of
from belbaar.law.plain import day_in_words
from belbaar.numbers import REFUSALS
from belbaar.verdict import Call
from belbaar.verdict.evidence import EVIDENCE_LEVEL
from belbaar.verdict.tally import Comparison, Screening

_WORDS = {
    "nl": {
        "head": "{rows}: {allowed} belbaar, {denied} niet, {unreadable} zonder oordeel.",
        "allowed": "Mag, per grondslag",
        "denied": "Mag niet, per reden (een rij kan er meer hebben)",
        "unreadable": "Zonder oordeel, per code",
        "now": "{now} belbaar {today}, {then} {other}.",
        "lost": "Dan niet meer: {lost}; dan wel: {gained}. Waarom niet meer:",
        "one": "1 rij",
        "many": "{rows} rijen",
        "today": "vandaag",
        "on": "op {day}",
        "after": "na {day}",
        "law-unknown": "Voor het land van dit nummer is geen recht geïnstalleerd.",
        "no-ground": "Er is geen grondslag voor het gesprek.",
        "evidence-level": "Er is minder bewijs van de toestemming dan gevraagd.",
        "demanded": "gevraagd bewijs van een toestemming: niveau {level}",
        "problems": "Rijen die anders waren dan de rest",
        "law": "recht {law}, stand {position}",
    },
    "en": {
        "head": "{rows}: {allowed} may be called, {denied} may not, {unreadable} without a verdict.",
        "allowed": "Allowed, by ground",
        "denied": "Denied, by reason (a row may have several)",
        "unreadable": "Without a verdict, by code",
        "now": "{now} callable {today}, {then} {other}.",
        "lost": "No longer then: {lost}; only then: {gained}. Why no longer:",
        "one": "1 row",
        "many": "{rows} rows",
        "today": "today",
        "on": "on {day}",
        "after": "after {day}",
        "law-unknown": "No law is installed for the country of this number.",
        "no-ground": "There is no ground for the call.",
        "evidence-level": "There is less evidence of the consent than is demanded.",
        "demanded": "evidence demanded of a consent: level {level}",
        "problems": "Rows that were not like the others",
        "law": "law {law}, ledger position {position}",
    },
}
_SHOWN = 10


def summarise(result: Screening, call: Call, name: str, lang: str, *, today: bool) -> None:
    """Print what came of a list: how many may be called and why, how many may not and why not."""
    words = _WORDS[lang]
    typer.echo(f"{name} → {result.out}")
    unreadable = sum(result.unreadable.values())
    typer.echo(
        words["head"].format(
            rows=words["one" if result.rows == 1 else "many"].format(rows=count(result.rows)),
            allowed=count(result.allowed),
            denied=count(result.rows - result.allowed - unreadable),
            unreadable=count(unreadable),
        )
    )
    _print_counts(words["allowed"], result.by_ground, _sentences(call.at, call.product, lang, met=True))
    _print_counts(words["denied"], result.by_reason, _sentences(call.at, call.product, lang, met=False))
    _print_counts(words["unreadable"], result.unreadable, _refusals(lang))
    if result.compare:
        _print_comparison(result.compare, call, lang, today=today)
    _print_problems(words["problems"], result.problems)
    for note in result.notes:
        typer.echo(f"  {note}")
    if result.demanded:
        typer.echo(words["demanded"].format(level=result.demanded))
    law = f"{result.ruleset} {result.ruleset_hash[:12]}"
    typer.echo(words["law"].format(law=law, position=result.position))


def _print_comparison(compare: Comparison, call: Call, lang: str, *, today: bool) -> None:
    words = _WORDS[lang]
    day, other = (day_in_words(moment_of(at, ZONE).date(), lang) for at in (call.at, compare.at))
    typer.echo(
        words["now"].format(
            now=count(compare.allowed_now),
            then=count(compare.allowed_then),
            today=words["today"] if today else words["on"].format(day=day),
            other=words["after" if compare.at > call.at else "on"].format(day=other),
        )
    )
    if compare.lost or compare.gained:
        why = words["lost"].format(lost=count(compare.lost), gained=count(compare.gained))
        _print_counts(why, compare.lost_by_reason, _sentences(compare.at, call.product, lang, met=False))


def _print_counts(title: str, counts: Counter[str], sentences: Mapping[str, str]) -> None:
    if counts:
        rows = ([f"  {count(number)}", name, sentences.get(name, "")] for name, number in counts.most_common())
        show(Text(title, "bold"), table(rows, right=[0]))


def _print_problems(title: str, problems: list[str]) -> None:
    if problems:
        more = [f"… {count(len(problems) - _SHOWN)}"] if len(problems) > _SHOWN else []
        typer.echo("\n  ".join([f"{title}:", *problems[:_SHOWN], *more]))


def _sentences(at: int, product: str, lang: str, *, met: bool) -> dict[str, str]:
    """Give the sentence of every rule in its version of that day, and of what is no rule."""
    day, place = local_day(at, ZONE), 0 if lang == "nl" else 1
    told = {
        rule.id: (rule.met if met else rule.unmet)[place].replace("{product}", product)
        for pack in PACKS.values()
        for rule in pack.rules
        if day in rule.in_force
    }
    return told | {name: _WORDS[lang][name] for name in ("no-ground", EVIDENCE_LEVEL)}


def _refusals(lang: str) -> dict[str, str]:
    told = {code: refusal.nl if lang == "nl" else refusal.en for code, refusal in REFUSALS.items()}
    return told | {"law-unknown": _WORDS[lang]["law-unknown"]}
