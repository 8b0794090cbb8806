"""Text messages in the alphabet that telephones have (GSM 03.38): 160 of its signs fit in one.

>>> plain("Café “Hoekje” 1 € …"), length("Café €")
('Café "Hoekje" 1 € ...', 7)
>>> plain("Šárka Dvořák")
'Sarka Dvorak'
"""

__all__ = ["ONE", "fitted", "length", "plain"]

import unicodedata

ONE = 160
"""Septets of one message."""
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€")
_LIKE = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a`", "'"),
        **dict.fromkeys("\u201c\u201d\u201e", '"'),
        **dict.fromkeys("\u2013\u2014\u2022", "-"),
        **dict.fromkeys("\u00a0\t", " "),
        "\u2026": "...",
    }
)


def plain(text: str) -> str:
    """Put a text in that alphabet: what it lacks becomes the nearest sign, or a question mark."""
    return "".join(_sign(sign) for sign in unicodedata.normalize("NFC", text).translate(_LIKE))


def length(text: str) -> int:
    """Count the septets of a text in that alphabet."""
    return sum(2 if sign in _EXTENDED else 1 for sign in text)


def fitted(text: str, most: int) -> str:
    """Give a text in that alphabet, cut off where it is longer.

    >>> fitted("Stichting Vrienden van de Waterdruppel", 24)
    'Stichting Vrienden van..'
    """
    words = plain(text)
    return words if length(words) <= most else f"{words[: most - 2].rstrip()}.."


def _sign(sign: str) -> str:
    if sign in _BASIC or sign in _EXTENDED:
        return sign
    bare = "".join(each for each in unicodedata.normalize("NFKD", sign) if each in _BASIC)
    return bare or "?"
