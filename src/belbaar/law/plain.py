"""The law in plain words, Dutch and English: texts with their parameters filled in, dates as people write them.

>>> term_in_words(Term(36), "nl"), term_in_words(Term(1, 3), "en"), term_in_words(None, "nl")
('3 jaar', '1 month and 3 days', 'onbeperkt')
>>> day_in_words(dt.date(2026, 7, 1), "nl")
'1 juli 2026'
"""

__all__ = ["LANGUAGES", "day_in_words", "instant_in_words", "rule_text", "term_in_words"]

import datetime as dt
from zoneinfo import ZoneInfo

from belbaar.law.calendar import moment_of
from belbaar.law.cards import Rule
from belbaar.law.rulesets import Ruleset
from belbaar.law.terms import Term

LANGUAGES = ("nl", "en")
_MONTHS = {
    "nl": [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_WEEKDAYS = {
    "nl": ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}
_UNITS = {
    "nl": (("jaar", "jaar"), ("maand", "maanden"), ("dag", "dagen")),
    "en": (("year", "years"), ("month", "months"), ("day", "days")),
}


def rule_text(rule: Rule, rules: Ruleset, lang: str) -> str:
    """Give a rule's article-like text with the parameters of a ruleset filled in."""
    term = rules.values[rules.pack.customer_term]
    text = rule.nl if lang == "nl" else rule.en
    return text.replace("{customer_term}", term_in_words(term if isinstance(term, Term) else None, lang))


def term_in_words(term: Term | None, lang: str) -> str:
    """Give a term as people say it."""
    if term is None:
        return "onbeperkt" if lang == "nl" else "without limit"
    counts = (*divmod(term.months, 12), term.days)
    parts = [f"{count} {unit[count != 1]}" for count, unit in zip(counts, _UNITS[lang], strict=True) if count]
    return (" en " if lang == "nl" else " and ").join(parts) or f"0 {_UNITS[lang][2][1]}"


def day_in_words(day: dt.date, lang: str) -> str:
    """Give a date as people write it."""
    return f"{day.day} {_MONTHS[lang][day.month - 1]} {day.year}"


def instant_in_words(at: int, zone: ZoneInfo, lang: str) -> str:
    """Give an instant (UTC microseconds) as local day and time."""
    local = moment_of(at, zone)
    weekday = _WEEKDAYS[lang][local.weekday()]
    day = day_in_words(local.date(), lang)
    if lang == "nl":
        return f"{weekday} {day} om {local.hour}.{local.minute:02} uur"
    return f"{weekday} {day} at {local.hour:02}:{local.minute:02}"
