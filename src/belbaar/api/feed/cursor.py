"""A cursor: how far somebody has followed the ledger. Opaque to whoever holds it, and good for ever.

>>> read_cursor(write_cursor(17), position=20, pointer="/after")
17
"""

__all__ = ["read_cursor", "write_cursor"]

import base64
import binascii

from belbaar.errors import InputError

_MARK = b"c1"
_BYTES = 8


def write_cursor(place: int) -> str:
    """Write the place in the ledger up to which somebody has followed it."""
    return base64.urlsafe_b64encode(_MARK + place.to_bytes(_BYTES, "big")).decode().rstrip("=")


def read_cursor(text: str, *, position: int, pointer: str) -> int:
    """Read a cursor.

    Args:
        text: as it was given.
        position: the ledger's position now.
        pointer: the field it stands in.

    Raises:
        InputError: when it is none, or is of a ledger that went further than this one.
    """
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != len(_MARK) + _BYTES or not raw.startswith(_MARK):
        raise InputError(
            "this is no cursor.", where=pointer, todo="Send one that GET /v1/changes gave.", code="cursor-unknown"
        )
    place = int.from_bytes(raw[len(_MARK) :], "big")
    if place > position:
        raise InputError(
            "this cursor is of a ledger that went further: an older copy may have been put back.",
            where=pointer,
            todo="Tell whoever runs the service, and follow from the beginning: what is known already does no harm.",
            code="cursor-unknown",
        )
    return place
