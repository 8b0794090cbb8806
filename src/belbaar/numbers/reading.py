"""Read one number as it was sent: E.164, or the reason why not.

    >>> read("0970-11234567").e164
    '+3197011234567'
    >>> read("O6-I2345678").code
    'not-a-number'

Invariant: the answer depends on the text, the region and the version of the number metadata alone. This is the
definition; `read_many` gives the same answers for whole columns.
"""

__all__ = ["Reading", "as_text", "read"]

import math
from dataclasses import dataclass

from belbaar.numbers.dress import undress
from belbaar.numbers.judgement import check_region, judge


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of one cell: the number, with its extension kept apart, or a refusal code."""

    raw: str
    number: int | None
    extension: str = ""
    code: str = ""

    @property
    def e164(self) -> str:
        """The number as it is written outside, "" when there is none."""
        return "" if self.number is None else f"+{self.number}"


def read(raw: object, region: str = "NL") -> Reading:
    """Read what was sent, as dialled from a region.

    Args:
        raw: a text, or what a spreadsheet made of it: an int, a float, nothing.
        region: the ISO region to assume for a number without country code.

    Raises:
        InputError: there is no such region.
    """
    check_region(region)
    sent = as_text(raw)
    bare = undress(sent)
    if isinstance(bare, str):
        return Reading(sent, None, code=bare)
    number, code = judge(bare.digits, region)
    return Reading(sent, number, bare.extension, code)


def as_text(raw: object) -> str:
    """Give what was sent as text; nothing, also a spreadsheet's nothing, is no text."""
    if raw is None or (isinstance(raw, float) and math.isnan(raw)):
        return ""
    return raw if isinstance(raw, str) else str(raw)
