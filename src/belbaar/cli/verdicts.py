"""A verdict as it is shown: a few aligned lines with the rules' own sentences and citations."""

__all__ = ["lines"]

from collections.abc import Iterator, Mapping

from rich.table import Table
from rich.text import Text

from belbaar.cli.options import ZONE
from belbaar.cli.output import table
from belbaar.law import Law, ruleset
from belbaar.law.calendar import iso, local_day
from belbaar.law.cards import Rule
from belbaar.verdict import Verdict
from belbaar.verdict.evidence import EVIDENCE_LEVEL
from belbaar.verdict.explain import evidence_in_words, headline

_LABELS = {
    "nl": {
        "ground": "grondslag",
        "no-ground": "Er is geen grondslag voor dit gesprek.",
        "veto": "beletsel",
        "defect": "gebrek",
        "evidence": "bewijs",
        "until": "tot",
        "always": "zonder einddatum",
        "duties": "plichten",
        "off": "uitgezet",
        "law": "recht",
    },
    "en": {
        "ground": "ground",
        "no-ground": "There is no ground for this call.",
        "veto": "veto",
        "defect": "defect",
        "evidence": "evidence",
        "until": "until",
        "always": "without end",
        "duties": "duties",
        "off": "switched off",
        "law": "law",
    },
}


def lines(verdict: Verdict, law: Law, lang: str) -> tuple[Text, Table]:
    """Give the answer in one line, and a table of what it rests on."""
    style = "bold green" if verdict.allowed else "bold red"
    return Text(headline(verdict, lang, law), style), table(_rows(verdict, law, lang))


def _rows(verdict: Verdict, law: Law, lang: str) -> Iterator[list[str | Text]]:
    labels = _LABELS[lang]
    rules = {rule.id: rule for rule in ruleset(law, local_day(verdict.call.at, ZONE)).rules}
    yield from _reasons(verdict, rules, lang)
    if verdict.allowed:
        yield [labels["until"], "", labels["always"] if verdict.until is None else iso(verdict.until, ZONE)]
    if verdict.duties:
        yield [labels["duties"], "", " ".join(verdict.duties)]
    if verdict.switched_off:
        yield [labels["off"], "", " ".join(verdict.switched_off)]
    yield [labels["law"], "", f"{verdict.ruleset} {verdict.ruleset_hash[:12]}"]


def _reasons(verdict: Verdict, rules: Mapping[str, Rule], lang: str) -> Iterator[list[str | Text]]:
    labels, product = _LABELS[lang], verdict.call.product
    for name in verdict.grounds:
        yield _row(labels["ground"], rules[name], rules[name].met, product, lang)
    if not verdict.grounds:
        yield [labels["ground"], "", labels["no-ground"]]
    for label, ids in (("veto", verdict.vetoes), ("defect", verdict.defects)):
        for name in ids:
            if name in rules:
                yield _row(labels[label], rules[name], rules[name].unmet, product, lang)
    if EVIDENCE_LEVEL in verdict.defects:
        yield [labels["defect"], EVIDENCE_LEVEL, evidence_in_words(verdict, lang)]
    elif verdict.allowed and verdict.evidence:
        yield [labels["evidence"], "", evidence_in_words(verdict, lang)]


def _row(label: str, rule: Rule, pair: tuple[str, str], product: str, lang: str) -> list[str | Text]:
    told = Text(pair[0 if lang == "nl" else 1].replace("{product}", product))
    for citation in rule.cites:
        told.append("  ").append(citation.label, style=f"link {citation.link}")
    return [label, rule.id, told]
