"""Terms and the days they end on: the one place where a duration meets the calendar.

A term of N years after day D ends on the day with the same number N years later (29 February: 28 February where the
year has none); that whole day counts. Law: nl.md sections 2 and 5.

    >>> P3Y = Term.parse("P3Y")
    >>> dt.date.fromordinal(P3Y.after(dt.date(2020, 2, 29).toordinal())).isoformat()
    '2023-02-28'
    >>> dt.date.fromordinal(P3Y.cutoff(dt.date(2023, 2, 28).toordinal())).isoformat()
    '2020-02-28'
"""

__all__ = ["DAY", "Term", "days", "months", "years"]

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

from belbaar.errors import InputError
from belbaar.law.words import FOREVER_DAY, NEVER_DAY

_ISO = re.compile(r"P(?:(\d{1,4})Y)?(?:(\d{1,5})M)?(?:(\d{1,5})W)?(?:(\d{1,6})D)?")


@dataclass(frozen=True, slots=True)
class Term:
    """A duration of months and days; years are months, weeks are days."""

    months: int = 0
    days: int = 0

    @classmethod
    @lru_cache(maxsize=1024)
    def parse(cls, text: str) -> "Term":
        """Read an ISO 8601 duration of years, months, weeks and days.

        Raises:
            InputError: for anything else, hours included.
        """
        match = _ISO.fullmatch(text)
        if not match or text == "P":
            raise InputError(
                f'"{text}" is not a duration of years, months, weeks and days.',
                todo='Write it as ISO 8601, such as "P3Y", "P6M", "P2W" or "P1Y6M".',
            )
        year, month, week, day = (int(part or 0) for part in match.groups())
        return cls(12 * year + month, 7 * week + day)

    @lru_cache(maxsize=65536)  # noqa: B019  terms are few, and values
    def after(self, day: int) -> int:
        """Give the last day of the term that begins with ``day`` (both ordinals); FOREVER_DAY stays."""
        if day in (NEVER_DAY, FOREVER_DAY):
            return day
        try:
            return _add_months(dt.date.fromordinal(day), self.months).toordinal() + self.days
        except (ValueError, OverflowError):
            return FOREVER_DAY

    def cutoff(self, today: int) -> int:
        """Give the earliest day whose term is not over today.

        So ``day >= cutoff(today)`` exactly when ``today <= after(day)``. ``after`` never decreases, so the earliest such day is found by bisection around its estimate.
        """
        high = today
        low = max(today - 31 * self.months - self.days - 31, NEVER_DAY + 1)
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if self.after(middle) >= today else (middle + 1, high)
        return low

    def __str__(self) -> str:
        year, month = divmod(self.months, 12)
        parts = f"{year}Y" * (year > 0) + f"{month}M" * (month > 0) + f"{self.days}D" * (self.days > 0)
        return f"P{parts or '0D'}"


def _add_months(date: dt.date, months: int) -> dt.date:
    year, month0 = divmod(date.year * 12 + date.month - 1 + months, 12)
    last = calendar.monthrange(year, month0 + 1)[1] if year <= dt.MAXYEAR else 31
    return dt.date(year, month0 + 1, min(date.day, last))


def years(number: int) -> Term:
    """Give a term of years."""
    return Term(12 * number)


def months(number: int) -> Term:
    """Give a term of months."""
    return Term(number)


def days(number: int) -> Term:
    """Give a term of days."""
    return Term(0, number)


DAY = Term()
"""No term at all: a day is over when it is over."""
