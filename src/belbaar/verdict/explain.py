"""Tell a verdict in plain Dutch or English, each statement with the rule and where it stands."""

__all__ = ["evidence_in_words", "explain", "headline"]

import datetime as dt

from belbaar.law import Law, Ruleset, ruleset
from belbaar.law.calendar import local_day
from belbaar.law.cards import Rule
from belbaar.law.plain import day_in_words, instant_in_words, rule_text
from belbaar.numbers import e164
from belbaar.verdict.evidence import EVIDENCE_LEVEL, shortfall
from belbaar.verdict.laws import law_for
from belbaar.verdict.question import Verdict

_WORDS = {
    "nl": {
        "yes": "Mag wel: {number} op {when}, namens {caller}, over {product}.",
        "no": "Mag niet: {number} op {when}, namens {caller}, over {product}.",
        "ground": "Grondslag",
        "no_ground": "Er is geen grondslag:",
        "but": "Er zou een grondslag zijn, maar een beletsel gaat voor:",
        "veto": "Beletsel",
        "defect": "Gebrek aan een toestemming",
        "until": "Tot en met {day}, als er verder niets gebeurt.",
        "always": "Zonder einddatum, zolang er niets verandert.",
        "duties": "In het gesprek:",
        "proof": "Bewijs: {told}",
        "evidence": "niveau {level}, {means}.",
        "next": "Voor niveau {level}: {missing}",
        "demanded": "Gevraagd is niveau {level}.",
        "off": "Hier uitgezet: {rules}.",
        "known": "Naar wat bekend was op {when}.",
        "law": "Recht: {name} ({hash}).",
    },
    "en": {
        "yes": "Allowed: {number} on {when}, on behalf of {caller}, about {product}.",
        "no": "Denied: {number} on {when}, on behalf of {caller}, about {product}.",
        "ground": "Ground",
        "no_ground": "There is no ground:",
        "but": "There would be a ground, but a veto goes before it:",
        "veto": "Veto",
        "defect": "Defect of a consent",
        "until": "Through {day}, if nothing else happens.",
        "always": "Without end, as long as nothing changes.",
        "duties": "In the call:",
        "proof": "Evidence: {told}",
        "evidence": "level {level}, {means}.",
        "next": "For level {level}: {missing}",
        "demanded": "Level {level} is demanded.",
        "off": "Switched off here: {rules}.",
        "known": "As was known on {when}.",
        "law": "Law: {name} ({hash}).",
    },
}
_SILENT_GROUNDS = frozenset({"nl.outside-scope", "nl.opt-out"})
"""Grounds that need no mention when they fail: the call is marketing, and the old law is over."""


def headline(verdict: Verdict, lang: str, law: Law | None = None) -> str:
    """Give the answer in one line."""
    law = law or _law(verdict)
    key = "yes" if verdict.allowed else "no"
    call = verdict.call
    when = instant_in_words(call.at, law.pack.zone, lang)
    return _WORDS[lang][key].format(number=e164(call.number), when=when, caller=call.caller, product=call.product)


def explain(verdict: Verdict, lang: str = "nl", law: Law | None = None) -> list[str]:
    """Tell the whole verdict, line by line.

    Args:
        verdict: the verdict.
        lang: ``nl`` or ``en``.
        law: the law it was judged by, where that is not the installation's own.
    """
    law = law or _law(verdict)
    zone, words = law.pack.zone, _WORDS[lang]
    rules = ruleset(law, local_day(verdict.call.at, zone))
    lines = [headline(verdict, lang, law)]
    if verdict.call.known_at is not None:
        lines.append(words["known"].format(when=instant_in_words(verdict.call.known_at, zone, lang)))
    lines += _grounds(verdict, rules, lang) + _vetoes(verdict, rules, lang)
    lines += [_sentence(words["defect"], rule, verdict, lang, met=False) for rule in _named(rules, verdict.defects)]
    if EVIDENCE_LEVEL in verdict.defects:
        lines.append(f"{words['defect']}: {evidence_in_words(verdict, lang)} ({EVIDENCE_LEVEL})")
    elif verdict.allowed and verdict.evidence:
        lines.append(words["proof"].format(told=evidence_in_words(verdict, lang)))
    if verdict.allowed:
        lines.append(
            words["always"] if verdict.until is None else words["until"].format(day=_last_day(verdict, law, lang))
        )
    if verdict.duties:
        lines.append(words["duties"])
        lines += [
            f"  - {rule_text(rule, rules, lang)} ({rule.id}, {_cited(rule)})" for rule in _named(rules, verdict.duties)
        ]
    if verdict.switched_off:
        lines.append(words["off"].format(rules=", ".join(verdict.switched_off)))
    lines.append(words["law"].format(name=verdict.ruleset, hash=verdict.ruleset_hash[:12]))
    return lines


def evidence_in_words(verdict: Verdict, lang: str) -> str:
    """Tell how much evidence there is for the consent, what is missing for more, and what is demanded; "" if none is."""
    if verdict.evidence is None:
        return ""
    place, words, found = 0 if lang == "nl" else 1, _WORDS[lang], verdict.evidence
    short = shortfall(verdict)
    if short:
        return short[place]
    told = [words["evidence"].format(level=found.level, means=found.words[place])]
    told += [words["demanded"].format(level=verdict.demanded)] if verdict.demanded else []
    missing = " ".join(sentences[place] for sentences in found.missing)
    told += [words["next"].format(level=found.level + 1, missing=missing)] if missing else []
    return " ".join(told)


def _grounds(verdict: Verdict, rules: Ruleset, lang: str) -> list[str]:
    words = _WORDS[lang]
    if verdict.grounds:
        return [_sentence(words["ground"], rule, verdict, lang, met=True) for rule in _named(rules, verdict.grounds)]
    failed = [rule for rule in rules.rules if rule.role == "ground" and rule.id not in _SILENT_GROUNDS]
    return [
        words["no_ground"],
        *(f"  - {_sentence('', rule, verdict, lang, met=False)}" for rule in _ordered(failed, rules)),
    ]


def _vetoes(verdict: Verdict, rules: Ruleset, lang: str) -> list[str]:
    words = _WORDS[lang]
    lines = [_sentence(words["veto"], rule, verdict, lang, met=False) for rule in _named(rules, verdict.vetoes)]
    return [words["but"], *lines] if lines and verdict.grounds else lines


def _ordered(rules_found: list[Rule], rules: Ruleset) -> list[Rule]:
    return sorted(rules_found, key=lambda rule: rules.pack.grounds.index(rule.id))


def _named(rules: Ruleset, ids: tuple[str, ...]) -> list[Rule]:
    by_id = {rule.id: rule for rule in rules.rules}
    return [by_id[name] for name in ids if name in by_id]


def _sentence(label: str, rule: Rule, verdict: Verdict, lang: str, *, met: bool) -> str:
    pair = rule.met if met else rule.unmet
    text = pair[0 if lang == "nl" else 1].replace("{product}", verdict.call.product)
    return f"{label + ': ' if label else ''}{text} ({rule.id}, {_cited(rule)})"


def _cited(rule: Rule) -> str:
    return "; ".join(citation.label for citation in rule.cites)


def _last_day(verdict: Verdict, law: Law, lang: str) -> str:
    last = local_day(verdict.until or 0, law.pack.zone) - 1
    return day_in_words(dt.date.fromordinal(last), lang)


def _law(verdict: Verdict) -> Law:
    return law_for(verdict.call.number, off=frozenset(verdict.switched_off))
