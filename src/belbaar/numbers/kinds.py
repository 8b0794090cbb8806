"""The sorts of numbers that matter to a caller.

Toll-free (0800), company (085, 088) and pager numbers are lines: ordinary numbers of a business or a person, and a call
costs what a call costs. Premium and shared-cost numbers are paid; emergency and service numbers are short, and so are
the five or six digits of a municipality (14 020), which reach nobody from abroad. Paid and short are never called.
"""

__all__ = ["MOST_DIGITS", "Kind"]

from enum import IntEnum

MOST_DIGITS = 15  # of E.164; the library knows some longer German ones, which nobody can dial from abroad


class Kind(IntEnum):
    """What sort of number it is."""

    NONE = 0
    LINE = 1
    PAID = 2
    SHORT = 3
