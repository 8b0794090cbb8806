"""Ask libphonenumber (its Python port) what bare digits mean: the authority behind every reading.

    >>> dial("0201234567", "NL"), kind(31201234567)
    (31201234567, <Kind.LINE: 1>)
    >>> dial("+999123456", "NL")
    'not-valid'

`dial` says which number is reached from a region, `kind` what sort of number that is. Both answer for digits only, so
that nothing of the library's leniency with text (vanity letters, numbers inside sentences) has a say.
"""

__all__ = ["Kind", "calling_code", "dial", "kind"]

import re
from enum import IntEnum

from phonenumbers import (
    COUNTRY_CODE_TO_REGION_CODE,
    NumberParseException,
    PhoneMetadata,
    PhoneNumber,
    PhoneNumberType,
    is_valid_number,
    national_significant_number,
    number_type,
    parse,
    region_codes_for_country_code,
)

_REFUSED = {
    NumberParseException.INVALID_COUNTRY_CODE: "not-valid",
    NumberParseException.NOT_A_NUMBER: "too-short",  # a single digit
    NumberParseException.TOO_SHORT_AFTER_IDD: "too-short",
    NumberParseException.TOO_SHORT_NSN: "too-short",
    NumberParseException.TOO_LONG: "too-long",
}
_PAID = {PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST}
_SHORT_NSN = 6  # 14020, a municipality: real, but not a line that can be reached from everywhere
_SHORT_SHAPE = 4  # 144, 1850: what looks like a short number is one, in use or not


class Kind(IntEnum):
    """What sort of number it is.

    Toll-free (0800) and company numbers (085, 088) are lines: somebody answers, and calling costs no more than usual.
    Premium and shared-cost numbers are `PAID`, emergency and service numbers `SHORT`: those are never called.
    """

    NONE = 0
    LINE = 1
    PAID = 2
    SHORT = 3


def dial(digits: str, region: str) -> int | str:
    """Say which number bare digits reach when dialled in a region: E.164, in use or not, or a refusal code."""
    try:
        number = parse(digits, region)
    except NumberParseException as refused:
        return _REFUSED[refused.error_type]
    return int(f"{number.country_code}{national_significant_number(number)}")


def kind(number: int) -> Kind:
    """Say what sort of number an E.164 integer is."""
    digits = str(number)
    code = calling_code(digits)
    if not code or len(digits) - len(code) < _MIN_NSN:
        return Kind.NONE
    national = digits[len(code) :]
    parsed = _as_parsed(int(code), national)
    if is_valid_number(parsed):
        sort = number_type(parsed)
        short = sort == PhoneNumberType.UAN and len(national) <= _SHORT_NSN
        return Kind.SHORT if short else Kind.PAID if sort in _PAID else Kind.LINE
    return Kind.SHORT if _is_short(int(code), national) else Kind.NONE


_MIN_NSN = 2


def calling_code(digits: str) -> str:
    """Find the calling code that E.164 digits begin with, "" when there is none."""
    return next((digits[:n] for n in (1, 2, 3) if int(digits[:n] or 0) in COUNTRY_CODE_TO_REGION_CODE), "")


def _as_parsed(code: int, national: str) -> PhoneNumber:
    zeros = min(len(national) - len(national.lstrip("0")), len(national) - 1)
    return PhoneNumber(
        country_code=code,
        national_number=int(national),
        italian_leading_zero=True if zeros else None,
        number_of_leading_zeros=zeros if zeros > 1 else None,
    )


def _is_short(code: int, national: str) -> bool:
    for region in region_codes_for_country_code(code):
        plan = PhoneMetadata.short_metadata_for_region(region)
        shapes = (
            [] if plan is None else [plan.short_code, *([plan.general_desc] if len(national) <= _SHORT_SHAPE else [])]
        )
        if any(re.fullmatch(shape.national_number_pattern or "-", national) for shape in shapes):
            return True
    return False
