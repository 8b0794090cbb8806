"""Names of cases and calls: sixteen letters without vowels, so no words; without digits, so nothing like a telephone number.

>>> name_of("0123456789abcdef")
'bcdfghjkmnpqrstv'
"""

__all__ = ["name_of", "new_name"]

import secrets

_LETTERS = str.maketrans("0123456789abcdef", "bcdfghjkmnpqrstv")
_DIGITS = 16


def new_name() -> str:
    """Make a name that nobody guesses."""
    return name_of(secrets.token_hex(_DIGITS // 2))


def name_of(digest: str) -> str:
    """Give the name that follows from a digest in hex."""
    return digest[:_DIGITS].translate(_LETTERS)
