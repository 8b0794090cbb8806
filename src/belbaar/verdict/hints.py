"""Hints: what is probably not what was meant, said beside the answer and without changing it."""

__all__ = ["hints"]

import difflib
from collections.abc import Collection

from belbaar.law.products import ALL, ancestors
from belbaar.tables.values import is_day

_HOURS = "nl.hours"


def hints(seen: Collection[str], product: str, *, at: str = "", reasons: Collection[str] = ()) -> list[str]:
    """Give the hints on a question and its answer.

    Args:
        seen: the products that whoever asks may know of.
        product: that was asked for.
        at: the instant as it was typed.
        reasons: why the call is denied.
    """
    found = [_unseen(product, seen)]
    if _HOURS in reasons and is_day(at):
        found.append(
            f'"{at}" is the first instant of that day, outside calling hours; give a time, such as {at}T14:00.'
        )
    return [hint for hint in found if hint]


def _unseen(product: str, known: Collection[str]) -> str:
    """Say that a product was never seen in the store: paths need no declaration, so it may be a slip of the pen."""
    if product in known:
        return ""
    seen = sorted(set(known) - {ALL})
    above = next((path for path in ancestors(product) if path in seen), "")
    if above:
        return f'product "{product}" was never seen in this store; "{above}", which covers it, was.'
    close = difflib.get_close_matches(product, seen, n=1)
    return f'product "{product}" was never seen in this store' + (f'; nearest: "{close[0]}".' if close else ".")
