"""Suppression tags: an objection goes on working after everything about the person was erased.

    >>> tag = suppression_tag([bytes(32)], 31201000007)
    >>> len(tag), under_new_key(tag, b"2" * 32) == suppression_tag([bytes(32), b"2" * 32], 31201000007)
    (16, True)

A tag is a keyed hash of the number; without the key it is a random word, so the key is never in the database or its
backups. Keys are nested, oldest first: a new one is put over the tags that are there, for the numbers are gone.
Whoever has key and table can try all numbers: the tags are pseudonymous data, kept to honour the objection.
"""

__all__ = ["read_suppression_keys", "suppression_tag", "under_new_key"]

from collections.abc import Sequence
from hashlib import sha256
from hmac import digest
from pathlib import Path

from belbaar.errors import StoreUnavailable
from belbaar.proof.keys.secret_files import read_secret

_TAG_BYTES = 16


def suppression_tag(keys: Sequence[bytes], number: int) -> bytes:
    """Give the tag under which the objections of a number are kept; the callers they are to stand beside it.

    Args:
        keys: all keys there ever were, oldest first.
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
    tag = digest(keys[0], f"belbaar/sup/1|+{number}".encode(), sha256)[:_TAG_BYTES]
    for key in keys[1:]:
        tag = under_new_key(tag, key)
    return tag


def under_new_key(tag: bytes, key: bytes) -> bytes:
    """Put a new key over a tag."""
    return digest(key, tag, sha256)[:_TAG_BYTES]


def read_suppression_keys(paths: Sequence[Path]) -> list[bytes]:
    """Read the key files, oldest first; one that cannot be read means that nothing can be answered."""
    return [read_secret(path) for path in paths]
