"""Codes that people get and type: made at random, kept as a seal only, few of them, for a short time.

    >>> key = bytes(32)
    >>> code = new_code()
    >>> len(code), opens(key, "ask-1", code, seal(key, "ask-1", code)), opens(key, "ask-2", code, seal(key, "ask-1", code))
    (6, True, False)

A copy of the database opens none: the key of the seal lies in the folder of keys.
"""

__all__ = [
    "AGAIN",
    "GOOD",
    "HOURLY",
    "LETTERS",
    "MINUTE",
    "TRIES",
    "Limits",
    "link_token",
    "new_code",
    "new_id",
    "opens",
    "seal",
    "tag",
    "take",
    "tidy",
]

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence

from belbaar.ledger import Store

MINUTE = 60_000_000
"""Microseconds."""
_HOUR = 60 * MINUTE
GOOD = 10 * MINUTE
"""How long a code is good."""
AGAIN = MINUTE
"""After which time a new one may be asked."""
TRIES = 5
"""Wrong answers after which a code is good no more."""
HOURLY = 3
"""Codes that one number or mail address gets in an hour."""
_DIGITS = 6
LETTERS = "bcdfghjkmnpqrstvwxz"
"""Of ids: no vowels, so no words; no digits, so nothing that looks like a telephone number."""
_ID_LETTERS = 30
_LINK_SIGNS = 12

Limits = Sequence[tuple[bytes, int]]
"""Tags, and how many of each there may be in an hour."""


def new_code() -> str:
    """Make a code of six digits."""
    return "".join(str(secrets.randbelow(10)) for _ in range(_DIGITS))


def seal(key: bytes, about: str, code: str) -> bytes:
    """Seal a code, or any other secret, for what it is about."""
    return hmac.digest(key, f"code|{about}|{code}".encode(), hashlib.sha256)


def new_id() -> str:
    """Make the id of what waits for a code: nobody guesses one, and none looks like a telephone number."""
    return "".join(secrets.choice(LETTERS) for _ in range(_ID_LETTERS))


def link_token(key: bytes, asked: str) -> str:
    """Give the secret of the link that confirms something; the same each time, and nobody else can make it."""
    return base64.urlsafe_b64encode(hmac.digest(key, f"link|{asked}".encode(), hashlib.sha256)).decode()[:_LINK_SIGNS]


def opens(key: bytes, about: str, code: str, sealed: bytes) -> bool:
    """Tell whether a code is the one that was sealed; takes as long whatever it is."""
    return hmac.compare_digest(seal(key, about, code), sealed)


def tag(key: bytes, kind: str, value: str) -> bytes:
    """Give by what a number or an address is counted, without telling which it is."""
    return hmac.digest(key, f"{kind}|{value}".encode(), hashlib.sha256)


def take(store: Store, limits: Limits, *, now: int) -> bool:
    """Count a code that is sent, in the write transaction; or tell that there were too many in the hour before."""
    query = store.connection.execute
    for each, most in limits:
        (count,) = query("SELECT count(*) FROM code_sent WHERE tag = ? AND at > ?", (each, now - _HOUR)).fetchone()
        if count >= most:
            return False
    _count(store, (each for each, _ in limits), now)
    return True


def tidy(store: Store, *, now: int) -> None:
    """Forget what was counted more than an hour ago."""
    store.connection.execute("DELETE FROM code_sent WHERE at <= ?", (now - _HOUR,))


def _count(store: Store, tags: Iterable[bytes], now: int) -> None:
    for each in tags:
        store.connection.execute("INSERT INTO code_sent (tag, at) VALUES (?, ?)", (each, now))
