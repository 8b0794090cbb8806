"""Write E.164 numbers, read them back strictly, hide them, and name their country.

    >>> parse_e164(e164(31201000007)) == 31201000007
    True
    >>> masked(31201000007), country(31201000007)
    ('+3120…007', 'NL')

Only the form is judged here; whether a number exists is for `read` to say.
"""

__all__ = ["country", "e164", "masked", "parse_e164"]

import re
from functools import lru_cache

from belbaar.errors import InputError

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_SHOWN_BEFORE, _SHOWN_AFTER = 4, 3


def e164(number: int) -> str:
    """Write a number as it is written outside."""
    return f"+{number}"


def parse_e164(text: str) -> int:
    """Read strict E.164, without asking whether the number exists.

    Raises:
        InputError: the text is not a plus and seven to fifteen digits.
    """
    if not _E164.fullmatch(text):
        raise InputError(
            "This is not a number in E.164 notation.",
            where=masked(text),
            todo="Write + and the country code, then the number in digits only, e.g. +31201000007.",
        )
    return int(text[1:])


def masked(number: int | str) -> str:
    """Hide the middle of a number, for logs and messages: enough to find it back, too little to call it.

    >>> masked("onbekend"), masked("020-1000007")
    ('…', '0201…007')
    """
    text = str(number)
    digits = "".join(filter(str.isdigit, text))
    if len(digits) <= _SHOWN_BEFORE + _SHOWN_AFTER:
        return "…"
    plus = "+" if isinstance(number, int) or text.lstrip().startswith("+") else ""
    return f"{plus}{digits[:_SHOWN_BEFORE]}…{digits[-_SHOWN_AFTER:]}"


def country(number: int) -> str:
    """Name the ISO region of a number's calling code; the main one of a shared code, "" when there is none."""
    return _country(str(number)[:3])


@lru_cache(maxsize=1024)
def _country(digits: str) -> str:
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE  # noqa: PLC0415  loads slowly

    regions = next((found for n in (1, 2, 3) if (found := COUNTRY_CODE_TO_REGION_CODE.get(int(digits[:n])))), ("001",))
    return "" if regions[0] == "001" else regions[0]
