"""Numbers in addresses: sealed, so that neither an address nor a log of them tells one, and good for one organisation.

>>> sealed_id = seal_id(bytes(32), 7, "number", "31201000007")
>>> open_id(bytes(32), 7, "number", sealed_id)
'31201000007'
>>> open_id(bytes(32), 8, "number", sealed_id)
Traceback (most recent call last):
belbaar.errors.InputError: there is no such page.
"""

__all__ = ["NUMBER", "open_id", "seal_id"]

import base64
import binascii

from cryptography.exceptions import InvalidTag

from belbaar.errors import InputError
from belbaar.proof.keys.sealed import sealed, unsealed

NUMBER = "number"
"""The kind of id by which the page of a number is found."""


def seal_id(key: bytes, organisation: int, kind: str, value: str) -> str:
    """Make an id for addresses.

    Args:
        key: the secret of the pages, 32 bytes.
        organisation: for whom it is good, the store's integer.
        kind: what it names; it is good for nothing else.
        value: what is hidden in it.
    """
    shut = sealed(key, value.encode(), f"{kind} {organisation}")
    return base64.urlsafe_b64encode(shut).decode().rstrip("=")


def open_id(key: bytes, organisation: int, kind: str, sealed_id: str) -> str:
    """Give what is hidden in an id.

    Raises:
        InputError: it is no id of this kind, or another organisation's: in the words of a page that is not there.
    """
    try:
        shut = base64.b64decode(sealed_id + "=" * (-len(sealed_id) % 4), altchars=b"-_", validate=True)
        return unsealed(key, shut, f"{kind} {organisation}").decode()
    except (InvalidTag, ValueError, binascii.Error):
        raise InputError("there is no such page.", code="not-found") from None
