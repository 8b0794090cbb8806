"""Whom to ask about a call that was refused with 608: the caller's jCard, signed (RFC 8688, section 3.2; RFC 7095).

It is signed under ES256, which RFC 8688 has everybody know; ``x5u`` names the certificate to check it with, which is
published beside it.
"""

__all__ = ["signed_jcard"]

from collections.abc import Mapping
from typing import Any

import msgspec
from joserfc import jws
from joserfc.jwk import ECKey

from belbaar.errors import InputError
from belbaar.ledger import Store
from belbaar.ledger.details import details_of
from belbaar.numbers import e164

_ALGORITHM = "ES256"
_REACHED = ("url", "email", "phone")
"""Details by which a caller wants to be reached; one without any has no card, and nobody learns that it is here."""


def signed_jcard(store: Store, name_id: str, secret: bytes, *, certificate_url: str, now: int) -> bytes:
    """Sign the card of a caller.

    Args:
        store: the ledger.
        name_id: the caller's id.
        secret: the key of jCards, PEM.
        certificate_url: where its certificate is.
        now: UTC microseconds.

    Raises:
        InputError: when there is no such caller, or it has said nowhere how to reach it.
    """
    caller = store.callers().get(name_id)
    details = details_of(store, name_id) if caller else {}
    if caller is None or not any(details.get(each) for each in _REACHED):
        raise InputError(
            "there is no such card.", code="not-found", todo="Describe the caller: belbaar caller describe"
        )
    header = {"alg": _ALGORITHM, "typ": "vcard+json", "x5u": certificate_url}
    payload = {"iat": now // 1_000_000, "jcard": ["vcard", _properties(caller.name, caller.numbers, details)]}
    return jws.serialize_compact(header, msgspec.json.encode(payload), ECKey.import_key(secret)).encode()


def _properties(name: str, numbers: tuple[int, ...], details: Mapping[str, str]) -> list[list[Any]]:
    """Write the card's properties: each its name, parameters, type and value."""
    tel = [details["phone"]] if details.get("phone") else [e164(number) for number in numbers[:1]]
    return [
        ["version", {}, "text", "4.0"],
        ["fn", {}, "text", name],
        ["kind", {}, "text", "org"],
        *(["tel", {"type": "work"}, "uri", f"tel:{each}"] for each in tel),
        *(["email", {}, "text", details[each]] for each in ("email",) if details.get(each)),
        *(["url", {}, "uri", details[each]] for each in ("url", "withdraw_url") if details.get(each)),
        *(
            ["adr", {}, "text", ["", "", details["address"], "", "", "", ""]]
            for each in ("address",)
            if details.get(each)
        ),
    ]
