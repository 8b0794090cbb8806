"""How what people and programs send becomes what the rooms ask for: one reading for every front door.

What cannot be read is refused with the place that the door names: an option, or a pointer to a field.
"""

__all__ = ["ZONE", "read_instant", "read_number", "read_presents", "written"]

from belbaar.errors import InputError
from belbaar.law import PACKS
from belbaar.law.calendar import instant, iso
from belbaar.numbers import REFUSALS, read
from belbaar.tables import parse_instant

ZONE = PACKS["NL"].zone
"""The zone of instants without an offset, in and out."""


def read_number(text: str, where: str, *, region: str = "NL", lang: str = "en") -> int:
    """Read a telephone number as people write it.

    Raises:
        InputError: it cannot be used; with the refusal's code, reason and remedy.
    """
    reading = read(text, region)
    if reading.number is not None:
        return reading.number
    refusal = REFUSALS[reading.code]
    what, todo = (refusal.nl, refusal.todo_nl) if lang == "nl" else (refusal.en, refusal.todo_en)
    raise InputError(what, where=where, todo=todo, code=refusal.code)


def read_presents(text: str | None, where: str, *, lang: str = "en") -> int | str | None:
    """Read the number a call shows: a number, ``anonymous``, or nothing, for the caller's first."""
    if not text or text == "anonymous":
        return text or None
    return read_number(text, where, lang=lang)


def read_instant(text: str, where: str) -> int:
    """Read an instant (UTC microseconds): local to the Netherlands unless it has an offset."""
    try:
        return instant(parse_instant(text, ZONE))
    except InputError as error:
        raise InputError(error.what, where=where, todo=error.todo) from error
    except (ValueError, OverflowError) as error:
        raise InputError(f'"{text}" lies outside the calendar', where=where) from error


def written(at: int) -> str:
    """Write an instant: local time with its offset."""
    return iso(at, ZONE)
