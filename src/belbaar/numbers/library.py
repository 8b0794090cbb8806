"""Ask libphonenumber (its Python port) what bare digits mean: the authority behind every reading.

    >>> dial("0201234567", "NL"), kind(31201234567).name
    (31201234567, 'LINE')
    >>> dial("+999123456", "NL")
    'not-valid'

Digits only: nothing of the library's leniency with text (vanity letters, numbers inside sentences) has a say.
"""

__all__ = ["begun", "dial", "kind", "lengths", "lengths_of", "regions"]

import re
from collections.abc import Collection
from functools import cache

from phonenumbers import (
    SUPPORTED_REGIONS,
    NumberParseException,
    PhoneMetadata,
    PhoneNumber,
    PhoneNumberType,
    is_valid_number,
    national_significant_number,
    number_type,
    parse,
)
from phonenumbers.phonemetadata import PhoneNumberDesc

from belbaar.numbers.kinds import MOST_DIGITS, Kind
from belbaar.numbers.metadata import CALLING_CODES, pattern_of, plans_of
from belbaar.numbers.patterns import spans

_REFUSED = {
    NumberParseException.INVALID_COUNTRY_CODE: "not-valid",
    NumberParseException.NOT_A_NUMBER: "too-short",  # a single digit
    NumberParseException.TOO_SHORT_AFTER_IDD: "too-short",
    NumberParseException.TOO_SHORT_NSN: "too-short",
    NumberParseException.TOO_LONG: "too-long",
}
_PAID = {PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST}
_SHORTEST_NATIONAL = 2
_SHORT_UAN = 6  # 14020
_SHORT_SHAPE = 4  # 144, 1850: what looks like a short number is one, in use or not


def dial(digits: str, region: str | None) -> int | str:
    """Say which number digits reach when dialled in a region: E.164, in use or not, or a refusal code."""
    try:
        number = parse(digits, region)
    except NumberParseException as refused:
        return _REFUSED[refused.error_type]
    return int(f"{number.country_code}{national_significant_number(number)}")


def kind(number: int) -> Kind:
    """Say what sort of number an E.164 integer is."""
    code, national = _parts(number)
    if not code or len(national) < _SHORTEST_NATIONAL or number >= 10**MOST_DIGITS:
        return Kind.NONE
    parsed = _parsed(code, national)
    if is_valid_number(parsed):
        sort = number_type(parsed)
        if sort == PhoneNumberType.UAN and len(national) <= _SHORT_UAN:
            return Kind.SHORT
        return Kind.PAID if sort in _PAID else Kind.LINE
    return Kind.SHORT if _is_short(code, national) else Kind.NONE


def begun(number: int) -> set[Kind]:
    """Say of what sorts the longer numbers are that begin with these digits."""
    code, national = _parts(number)
    found = set()
    for longer in range(len(national) + 1, lengths_of(code)[2] - len(str(code)) + 1):
        size = 10 ** (longer - len(national))
        first = int(national or 0) * size
        for start, end in _all_spans(code, longer):
            if start < first + size and first < end:
                found.add(kind(int(f"{code}{max(start, first):0{longer}d}")))
    return found


def lengths(number: int) -> tuple[int, int]:
    """Give the fewest and the most digits of a line with this calling code; the fewest of any behind a stray 0."""
    code, national = _parts(number)
    fewest, line, most = lengths_of(code)
    return fewest if national.startswith("0") else line, most


def lengths_of(code: int) -> tuple[int, int, int]:
    """Give the fewest digits of any number, the fewest of fixed and mobile ones, and the most, with the calling code."""
    size = len(str(code))
    anything = [_possible(plan.general_desc) for plan in plans_of(code)]
    lines = [_possible(shape) for plan in plans_of(code) for shape in (plan.fixed_line, plan.mobile)]
    line = min(length for possible in (lines if any(lines) else anything) for length in possible)
    return size + min(map(min, anything)), size + line, min(size + max(map(max, anything)), MOST_DIGITS)


def _possible(shape: PhoneNumberDesc | None) -> list[int]:
    return [length for length in shape.possible_length if length > 0] if shape else []


def regions() -> Collection[str]:
    """Give the regions that have a plan."""
    known: Collection[str] = SUPPORTED_REGIONS
    return known


def _parts(number: int) -> tuple[int, str]:
    """Part a number into calling code (0 when there is none) and national number."""
    digits = str(number)
    size = next((n for n in (1, 2, 3) if int(digits[:n]) in CALLING_CODES), 0)
    return int(digits[:size] or 0), digits[size:]


def _parsed(code: int, national: str) -> PhoneNumber:
    zeros = min(len(national) - len(national.lstrip("0")), len(national) - 1)
    return PhoneNumber(
        country_code=code,
        national_number=int(national),
        italian_leading_zero=True if zeros else None,
        number_of_leading_zeros=zeros if zeros > 1 else None,
    )


@cache
def _all_spans(code: int, length: int) -> list[tuple[int, int]]:
    names = ("fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "voip", "personal_number", "uan")
    patterns = {pattern_of(getattr(plan, name)) for plan in plans_of(code) for name in (*names, "pager", "voicemail")}
    return [span for pattern in patterns - {""} for span in spans(pattern, length)]


def _is_short(code: int, national: str) -> bool:
    for region in CALLING_CODES[code]:
        plan = PhoneMetadata.short_metadata_for_region(region)
        if plan is not None:
            shapes = [plan.short_code, plan.general_desc][: 2 if len(national) <= _SHORT_SHAPE else 1]
            if any(re.fullmatch(pattern_of(shape) or "-", national) for shape in shapes):
                return True
    return False
