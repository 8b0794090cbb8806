"""When the code lets a phone ring: hours, Sundays, public holidays, days of mourning.

The opening minute is inside, the closing minute outside; seconds are dropped.

    >>> opening(dt.date(2026, 9, 5))  # a Saturday: 10:00 to 16:00, in minutes
    (600, 960)
    >>> opening(dt.date(2026, 4, 27)) is None  # King's Day
    True
"""

__all__ = ["CARDS", "opening", "public_holidays", "working_day_after"]

import datetime as dt
from functools import lru_cache

from belbaar.law.cards import CODE, VETO, Rule, days
from belbaar.law.nl.sources import ctm

HOURS = Rule(
    id="nl.hours",
    role=VETO,
    authority=CODE,
    in_force=days("2012-07-01"),
    cites=(ctm("2012", "art. over beltijden"), ctm("2024", "art. over beltijden")),
    nl="Bellen mag maandag tot en met vrijdag van 9.00 tot 22.00 uur en zaterdag van 10.00 tot 16.00 uur, niet op zondag "
    "en feestdagen, en op 4 mei, 5 december en 24 december tot 18.30 uur.",
    en="Calls may be made Monday to Friday from 09:00 to 22:00 and Saturday from 10:00 to 16:00, not on Sundays and "
    "public holidays, and on 4 May, 5 and 24 December until 18:30.",
    met=("Bellen mag op dit tijdstip.", "Calls may be made at this time."),
    unmet=("Bellen mag niet op dit tijdstip.", "No calls may be made at this time."),
    when="""
        call_kind = MARKETING AND channel IN (VOICE, ROBOCALL)
        AND within_hours = NO
        AND latest_callback = NEVER  -- a call that was asked for may come at any time
    """,
    note="Decided: 4 May, 5 and 24 December close at 18:30 under every version of the code (nl.md section 9.5).",
)

MOURNING = Rule(
    id="nl.mourning",
    role=VETO,
    authority=CODE,
    in_force=days("2024-10-15"),
    cites=(ctm("2024"),),
    nl="Op een dag van nationale rouw wordt niet gebeld.",
    en="No calls are made on a day of national mourning.",
    met=("Het is geen dag van nationale rouw.", "It is not a day of national mourning."),
    unmet=("Het is een dag van nationale rouw.", "It is a day of national mourning."),
    when="call_kind = MARKETING AND mourning_day = YES",
)

CARDS = (HOURS, MOURNING)

_WEEKDAY, _SATURDAY = (9 * 60, 22 * 60), (10 * 60, 16 * 60)
_EARLY_CLOSE = 18 * 60 + 30
_EVENINGS = {(5, 4), (12, 5), (12, 24)}
_SATURDAY_NUMBER, _SUNDAY_NUMBER = 5, 6


def opening(date: dt.date) -> tuple[int, int] | None:
    """Give the first minute of the day on which one may call and the first on which one no longer may, if any."""
    if date.weekday() == _SUNDAY_NUMBER or date in public_holidays(date.year):
        return None
    opens, closes = _SATURDAY if date.weekday() == _SATURDAY_NUMBER else _WEEKDAY
    return opens, min(closes, _EARLY_CLOSE) if (date.month, date.day) in _EVENINGS else closes


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[dt.date]:
    """Give the holidays of nl.md section 6; the list is complete (Good Friday is an ordinary day)."""
    from dateutil.easter import easter  # noqa: PLC0415  loads only when a calendar is needed

    sunday = easter(year)
    movable = {sunday + dt.timedelta(days) for days in (0, 1, 39, 49, 50)}  # Easter, Ascension Day, Whitsun
    fixed = {dt.date(year, 1, 1), dt.date(year, 12, 25), dt.date(year, 12, 26)}
    liberation = {dt.date(year, 5, 5)} if year % 5 == 0 else set()
    return frozenset(movable | fixed | liberation | {_royal_day(year)})


def working_day_after(day: int, count: int) -> int:
    """Give the last of ``count`` working days after a day (ordinals): Monday to Friday, but for public holidays.

    >>> working_day_after(dt.date(2026, 4, 24).toordinal(), 1) == dt.date(2026, 4, 28).toordinal()  # King's Day between
    True
    """
    date = dt.date.fromordinal(day)
    while count:
        date += dt.timedelta(days=1)
        count -= date.weekday() < _SATURDAY_NUMBER and date not in public_holidays(date.year)
    return date.toordinal()


_KINGS_FIRST = 2014


def _royal_day(year: int) -> dt.date:
    """Queen's Day on 30 April until 2013, then King's Day on 27 April; a day earlier when that is a Sunday."""
    day = dt.date(year, 4, 27) if year >= _KINGS_FIRST else dt.date(year, 4, 30)
    return day - dt.timedelta(1) if day.weekday() == _SUNDAY_NUMBER else day
