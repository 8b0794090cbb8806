"""Make of any Unicode text the plain characters that people mean by it.

    >>> plain("\uff0b31\u00a0(0)20\u2011123 45\u200b67")
    '+31 (0)20-123 4567'

Digits of every script become 0-9, every space a space, every dash a hyphen; what is invisible goes. Superscripts and
other curiosities stay what they are, so that the reader refuses them: nothing is guessed.
"""

__all__ = ["plain"]

import unicodedata
from functools import lru_cache

_NAMED = str.maketrans(
    {"\u2212": "-", "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00b7": ".", "\u2022": "."}
)
_INVISIBLE = {"Cf", "Mn", "Me"}
_SPACE = {"Zs", "So"}  # So: a pictured telephone in front of the number
_LINE = {"Zl", "Zp"}


def plain(text: str) -> str:
    """Fold a text to plain characters, one by one."""
    return text if text.isascii() else "".join(map(_plain_character, text.translate(_NAMED)))


@lru_cache(maxsize=4096)
def _plain_character(character: str) -> str:
    if character.isascii():
        return character
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(character)
    if category in _INVISIBLE:
        return ""
    if category in _SPACE:
        return " "
    if category in _LINE:
        return "\n"
    if category == "Pd":
        return "-"
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 and folded.isascii() and not folded.isdigit() else character
