"""Texts that people are shown: they are logged in clear and stay for ever, so no one's number may stand in one.

>>> check_text("Ja, Voltix (020-1990001) mag mij bellen, gegeven op 01-07-2026 10:00.", own={31201990001})
>>> check_text("Ja, bel mij op 020-1000007.", own={31201990001})
Traceback (most recent call last):
belbaar.errors.InputError: there is a telephone number in this text (0201…007), and it stays for ever.
  Take it out; or, if it is a caller's own, register it with: belbaar caller add
"""

__all__ = ["check_text", "own_numbers"]

import re
from collections.abc import Collection, Iterable
from functools import lru_cache

from belbaar.errors import InputError
from belbaar.ledger.known import Caller
from belbaar.numbers import masked, read

_LIKE_A_NUMBER = re.compile(r"\+?\d(?:[ ()./-]*\d){6,}(?!:?\d)")
"""Not followed by a colon and a digit: then it is a day and the hour."""


def own_numbers(callers: Iterable[Caller]) -> set[int]:
    """Give the numbers that may stand in a text: a caller's own are nobody's."""
    return {number for caller in callers for number in caller.numbers}


def check_text(text: str, own: Collection[int], where: str = "") -> None:
    """See to it that no number stands in a text but those that are callers' own.

    Raises:
        InputError: when one does.
    """
    for number, shown in _numbers_in(text):
        if number not in own:
            raise InputError(
                f"there is a telephone number in this text ({shown}), and it stays for ever.",
                where=where,
                todo="Take it out; or, if it is a caller's own, register it with: belbaar caller add",
                code="personal-data",
            )


@lru_cache(maxsize=1024)
def _numbers_in(text: str) -> tuple[tuple[int, str], ...]:
    """Find the numbers in a text, each with how it is told of; very many consents have the same few texts."""
    found = ((read(match[0]).number, masked(match[0])) for match in _LIKE_A_NUMBER.finditer(text))
    return tuple((number, shown) for number, shown in found if number is not None)
