"""Days, times, counts and numbers as people read them, in the zone of the called person.

>>> day(1_793_923_200_000_000, "nl"), time(1_793_923_200_000_000, "en")
('6 november 2026', '01:00')
>>> masked(31612345678), local_number(31201990001)
('06 •••••678', '020 199 0001')
"""

__all__ = ["count", "day", "day_of", "instant", "iso_day", "local_number", "masked", "ordinal_day", "short_day", "time"]

import datetime as dt

from babel.dates import format_date
from babel.numbers import format_decimal

from belbaar.law.calendar import moment_of
from belbaar.numbers.shown import hidden as masked
from belbaar.numbers.shown import local as local_number
from belbaar.reading import ZONE

_LOCALES = {"nl": "nl_NL", "en": "en_GB"}


def day(at: int, lang: str) -> str:
    """Give the local day of an instant (UTC microseconds)."""
    return day_of(moment_of(at, ZONE).date(), lang)


def day_of(date: dt.date, lang: str) -> str:
    """Give a day: 24 november 2026."""
    return format_date(date, "d MMMM y", locale=_LOCALES[lang])


def iso_day(text: str, lang: str) -> str:
    """Give a day that was written as ISO has it."""
    return day_of(dt.date.fromisoformat(text), lang)


def ordinal_day(ordinal: int, lang: str) -> str:
    """Give the day of an ordinal."""
    return day_of(dt.date.fromordinal(ordinal), lang)


def short_day(at: int, lang: str) -> str:
    """Give a day with its weekday, shortly: di 24 nov."""
    return format_date(moment_of(at, ZONE).date(), "EEE d MMM", locale=_LOCALES[lang]).replace(".", "")


def time(at: int, lang: str) -> str:
    """Give the local time of an instant: 14.05 uur in Dutch, 14:05 in English."""
    local = moment_of(at, ZONE)
    return f"{local.hour}.{local.minute:02} uur" if lang == "nl" else f"{local.hour:02}:{local.minute:02}"


def instant(at: int, lang: str) -> str:
    """Give day and time of an instant."""
    return f"{day(at, lang)}, {time(at, lang)}"


def count(number: int, lang: str) -> str:
    """Give a count with its thousands apart."""
    return str(format_decimal(number, locale=_LOCALES[lang]))
