"""Small secrets in a database: sealed with a key that is not in it, each for what it is about (AES-GCM, a nonce in front).

>>> unsealed(bytes(32), sealed(bytes(32), b"whsec_x", "wh_1"), "wh_1")
b'whsec_x'
"""

__all__ = ["number_tag", "sealed", "unsealed"]

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from belbaar.errors import StoreUnavailable

_NONCE, _TAG = 12, 16
"""Bytes."""


def sealed(key: bytes, secret: bytes, about: str) -> bytes:
    """Seal a secret. ``key`` has 32 bytes; ``about`` is what it is good for, and has to be said again."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, secret, about.encode())


def unsealed(key: bytes, secret: bytes, about: str) -> bytes:
    """Open what was sealed.

    Raises:
        InvalidTag: when it was sealed with another key, or is about something else.
        ValueError: when it is too short to have been sealed at all.
    """
    return AESGCM(key).decrypt(secret[:_NONCE], secret[_NONCE:], about.encode())


def number_tag(key: bytes, number: int) -> bytes:
    """Give a mark of a number by which it is found again among sealed ones, and from which nobody can read it."""
    return hmac.digest(key, f"number|{number}".encode(), hashlib.sha256)[:_TAG]


def opened(key: bytes, kept: bytes, about: str, *, what: str, name: str) -> bytes:
    """Open what is kept in the ledger.

    Args:
        key: of the installation.
        kept: what was sealed, as the database gives it.
        about: what it is good for.
        what: what was sealed, in words, for whoever has to mend it.
        name: of the key's file.

    Raises:
        StoreUnavailable: when it was sealed with another key.
    """
    try:
        return unsealed(key, bytes(kept), about)
    except InvalidTag as error:
        raise StoreUnavailable(
            f"{what} was sealed with another key.",
            todo=f"Put {name}.key back into the folder of keys.",
            code="key-mismatch",
        ) from error
