"""Suppression tags: an objection goes on working after everything about the person was erased.

    >>> tag = suppression_tag([bytes(32)], "*", 31201000007)
    >>> tag.hex()
    '7f7f1c9f6b4537e3ad1fdf65d0323228'
    >>> rotated(tag, b"2" * 32) == suppression_tag([bytes(32), b"2" * 32], "*", 31201000007)
    True

A tag is a keyed hash of the number; without the key it is a random word, so the key is never in the database or its
backups. Keys are nested, oldest first: a new one is put over the tags that are there, for the numbers are gone.
Whoever has key and table can try all numbers: the tags are pseudonymous data, kept to honour the objection.
"""

__all__ = ["EVERYBODY", "read_suppression_keys", "rotated", "suppression_tag"]

import re
from collections.abc import Sequence
from hashlib import sha256
from hmac import digest
from pathlib import Path

from belbaar.errors import InputError, StoreUnavailable
from belbaar.proof.secret_files import read_secret

EVERYBODY = "*"
"""The scope of an objection to all callers; any other scope is a caller's id."""
_TAG_BYTES = 16
_SCOPE = re.compile(r"\*|[^|\s]+")


def suppression_tag(keys: Sequence[bytes], scope: str, number: int) -> bytes:
    """Give the tag under which an objection is kept.

    Args:
        keys: all keys there ever were, oldest first.
        scope: ``*`` or a caller's id.
        number: E.164.

    Raises:
        StoreUnavailable: without a key; then nothing may be called, for the answer cannot be known.
    """
    if not keys or any(len(key) != sha256().digest_size for key in keys):
        raise StoreUnavailable(
            "the suppression key is missing, so objections cannot be looked up.",
            todo="Put its file back; until then every call is refused.",
            code="key-missing",
        )
    if not _SCOPE.fullmatch(scope):
        raise InputError('the scope of an objection is "*" or a caller.')
    tag = digest(keys[0], f"belbaar/sup/1|{scope}|+{number}".encode(), sha256)[:_TAG_BYTES]
    for key in keys[1:]:
        tag = rotated(tag, key)
    return tag


def rotated(tag: bytes, key: bytes) -> bytes:
    """Put a new key over a tag."""
    return digest(key, tag, sha256)[:_TAG_BYTES]


def read_suppression_keys(paths: Sequence[Path]) -> list[bytes]:
    """Read the key files, oldest first; one that cannot be read means that nothing can be answered."""
    return [read_secret(path) for path in paths]
