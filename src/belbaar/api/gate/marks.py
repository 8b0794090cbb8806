"""A permit as it travels in a header: its id, and a mark that binds it to the call, in 55 characters."""

__all__ = ["holds", "marked"]

import base64
import hashlib
import hmac

_BYTES = 16


def marked(jti: str, called: str, presented: str, secret: bytes) -> str:
    """Give the id of a permit with its mark.

    Args:
        jti: the permit's id, in hex.
        called: the called number, ``+31…``.
        presented: the number shown.
        secret: the installation's.

    >>> mark = marked("0f" * 16, "+31201000007", "+31201990001", b"s")
    >>> len(mark), holds(mark, "+31201000007", "+31201990001", b"s"), holds(mark, "+31201000008", "+31201990001", b"s")
    (55, True, False)
    """
    told = f"belbaar-gate|{jti}|{called}|{presented}".encode()
    mac = hmac.digest(secret, told, hashlib.sha256)[:_BYTES]
    return f"{jti}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def holds(mark: str, called: str, presented: str, secret: bytes) -> bool:
    """Tell whether a marked permit is of this installation and this call."""
    return hmac.compare_digest(mark.encode(), marked(mark.partition(".")[0], called, presented, secret).encode())
