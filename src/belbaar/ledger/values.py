"""Values of event fields, read strictly: the right type, or a message that says what is right.

>>> read_yes_no(True), read_term("P6M"), read_channels(["voice", "sms"])
(True, 'P6M', ('voice', 'sms'))
"""

__all__ = [
    "Box",
    "Value",
    "read_channels",
    "read_day",
    "read_instant",
    "read_product",
    "read_term",
    "read_text",
    "read_word",
    "read_yes_no",
]

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from belbaar.errors import InputError, nearest
from belbaar.law.calendar import instant, instant_of_day
from belbaar.law.products import check_product
from belbaar.law.terms import Term
from belbaar.law.words import CHANNELS

Box = Mapping[str, str | bool]
"""A box that was shown: its ``label``, whether it began ticked (``initial``), whether it ended so (``final``)."""
Value = str | bool | tuple[str, ...] | tuple[Box, ...] | None
"""What a field can hold; days stay ISO dates and terms ISO durations, as they were written."""

_FIRST_YEAR, _LAST_YEAR = "1800", "9000"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})")


def read_text(value: object) -> str:
    """Read a text."""
    if isinstance(value, str):
        return value
    raise InputError(f"{value!r} is not a text.", todo="Put it in quotes.")


def read_yes_no(value: object) -> bool:
    """Read a truth value."""
    if isinstance(value, bool):
        return value
    raise InputError(f"{value!r} is neither true nor false.", todo="Write true or false, without quotes.")


def read_product(value: object, *, all_allowed: bool = True) -> str:
    """Read a product path."""
    return check_product(read_text(value), all_allowed=all_allowed)


def read_word(value: object, known: Iterable[str]) -> str:
    """Read one of a list of words."""
    words = list(known)
    if isinstance(value, str) and value in words:
        return value
    raise InputError(f"{value!r} is not one of the words this field can have.", todo=nearest(str(value), words))


def read_channels(value: object) -> tuple[str, ...]:
    """Read a list of channels, at least one; order and repetition play no part."""
    if not isinstance(value, list | tuple) or not value:
        raise InputError("this field is a list of channels, at least one.", todo='Write it as ["voice"].')
    named = {read_word(item, CHANNELS) for item in value}
    return tuple(channel for channel in CHANNELS if channel in named)


def read_day(value: object) -> str:
    """Read an ISO date."""
    text = read_text(value)
    if _DATE.fullmatch(text):
        try:
            return dt.date.fromisoformat(text).isoformat()
        except ValueError as error:
            raise InputError(f'"{text}" is not a day of the calendar.') from error
    raise InputError(f'"{text}" is not a date.', todo='Write it as "2026-07-01".')


def read_term(value: object) -> str:
    """Read an ISO 8601 duration of years, months, weeks and days."""
    text = read_text(value)
    Term.parse(text)
    return text


def read_instant(value: object, zone: ZoneInfo) -> int:
    """Read ISO 8601 with an offset, or a date alone, which is its first local instant; UTC microseconds."""
    text = read_text(value)
    if _DATE.match(text) and not _FIRST_YEAR <= text[:4] <= _LAST_YEAR:
        raise InputError(f'"{text}" lies outside the calendar that belbaar keeps.', todo="Mend the year.")
    try:
        if _DATE.fullmatch(text):
            return instant_of_day(dt.date.fromisoformat(text).toordinal(), zone)
        if _INSTANT.fullmatch(text):
            return instant(dt.datetime.fromisoformat(text))
    except (ValueError, OverflowError) as error:
        raise InputError(f'"{text}" is not an instant of the calendar.') from error
    raise InputError(
        f'"{text}" is not an instant.',
        todo='Write ISO 8601 with an offset, such as "2026-07-01T14:00:00+02:00", or a date alone.',
    )
