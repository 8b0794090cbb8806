"""Judge bare digits: the number they reach, or the code that says why it is never called.

    >>> judge("0201234567", "NL")
    (31201234567, '')
    >>> judge("09008844", "NL")
    (None, 'not-callable')

The tables answer when they were compiled from the metadata that is installed; else, and for what they leave open, the
library does. The answers are the same, the library's take some thirty times as long.
"""

__all__ = ["Plans", "authority", "check_region", "judge", "tables"]

from collections.abc import Collection
from functools import cache
from typing import Protocol

from belbaar.errors import InputError, nearest
from belbaar.numbers import table
from belbaar.numbers.kinds import Kind

_SHORTEST = 3  # digits of a number: a calling code and two


class Plans(Protocol):
    """What is known of the numbering plans; the tables and the library both say it."""

    def dial(self, digits: str, region: str, /) -> int | str | None:
        """Say which number digits reach, or the refusal code, or None: not known here."""

    def kind(self, number: int, /) -> Kind:
        """Say what sort of number it is."""

    def begun(self, number: int, /) -> set[Kind]:
        """Say of what sorts the longer numbers are that begin with these digits."""

    def lengths(self, number: int, /) -> tuple[int, int]:
        """Give the fewest and the most digits of a line with this calling code; the fewest of any behind a stray 0."""

    def regions(self) -> Collection[str]:
        """Give the regions that have a plan."""


def judge(digits: str, region: str) -> tuple[int | None, str]:
    """Give the number, or None and the refusal code."""
    plans = tables() or authority()
    if len(digits.lstrip("+")) > table.LONGEST:
        return None, "too-long"
    number = plans.dial(digits, region)
    if number is None:
        number = authority().dial(digits, region)
    if isinstance(number, int):
        code = _refusal(plans, number, digits)
        return (None, code) if code else (number, "")
    return None, number or "not-valid"


def _refusal(plans: Plans, number: int, digits: str) -> str:
    """Say why a number is refused, "" when it is a line.

    A short number counts only when it was dialled as it is: 0112 is no emergency call. Digits behind a number are too
    many; what numbers begin with has too few; what is only near a premium number is as little to be called.
    """
    kind = plans.kind(number)
    if kind is Kind.LINE:
        return ""
    dialled = digits.lstrip("+")
    if kind is Kind.PAID or (kind is Kind.SHORT and number % 10 ** len(dialled) == int(dialled)):
        return "not-callable"
    return _near_miss(plans, number)


def _near_miss(plans: Plans, number: int) -> str:
    size = len(str(number))
    fewest, most = plans.lengths(number)
    shorter = {plans.kind(number // 10**cut) for cut in range(1, size - _SHORTEST + 1)}
    if Kind.LINE in shorter or size > most:
        return "too-long"
    longer = plans.begun(number)
    if Kind.LINE in longer:
        return "too-short"
    if Kind.PAID in shorter | longer:
        return "not-callable"
    return "too-short" if size < fewest else "not-valid"


@cache
def check_region(region: str) -> None:
    """Refuse a region that has no numbering plan.

    Raises:
        InputError: with the nearest region that has one.
    """
    regions = (tables() or authority()).regions()
    if region not in regions:
        raise InputError(
            f'There is no region "{region}".',
            todo=f"Give an ISO country code in capitals. {nearest(region.upper(), regions)}",
            code="unknown-region",
        )


@cache
def tables() -> table.Table | None:
    """Give the tables, unless they were compiled from other metadata than is installed."""
    from phonenumbers import __version__ as installed  # noqa: PLC0415  loads slowly

    compiled = table.load()
    return compiled if compiled.version == installed else None


def authority() -> Plans:
    """Give the library, as plans."""
    from belbaar.numbers import library  # noqa: PLC0415  loads slowly

    return library
