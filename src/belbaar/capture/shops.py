"""What shops send: orders of WooCommerce and Shopify, by their documented webhooks, and what is asked in them.

    >>> order = woocommerce(b'{"id": 7, "date_created_gmt": "2026-09-08T11:00:00", "meta_data": [{"key": "_belbaar_1", '
    ...                     b'"value": "yes"}], "billing": {"phone": "020 1000007", "country": "NL", "email": ""}}')
    >>> order.id, order.number, order.answers
    ('7', '020 1000007', {'1': True})

A shop puts the answers of its checkout in fields of the order: ``belbaar-1`` for the first box, and so on, and
``belbaar-opt-out``; ``yes``, ``1``, ``true``, ``on`` or ``ja`` is a yes, anything else is none. Nothing else of an order
is read or kept.

WooCommerce: https://woocommerce.github.io/woocommerce-rest-api-docs/#webhooks (``X-WC-Webhook-Signature``).
Shopify: https://shopify.dev/docs/apps/build/webhooks/subscribe/https (``X-Shopify-Hmac-SHA256``). Both are the base64 of
HMAC-SHA256 over the bytes of the body.
"""

__all__ = ["SHOPS", "Order", "Shop", "fields_of", "shopify", "signed", "woocommerce"]

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec

from belbaar.errors import InputError

_PREFIX = "belbaar-"
_YES = frozenset({"yes", "1", "true", "on", "ja"})


@dataclass(frozen=True, slots=True)
class Order:
    """An order, as far as it matters.

    Args:
        id: the shop's own.
        number: as the customer wrote it, "" where none was.
        region: the country of a number without a country code.
        email: the customer's, "" where none was told.
        at: when it was placed, ISO 8601 with offset; "": not told.
        answers: which boxes were ticked: ``1``, ``2`` …, ``opt-out``.
        language: ``nl`` or ``en``, "" where that is not told.
    """

    id: str
    number: str
    region: str = "NL"
    email: str = ""
    at: str = ""
    answers: Mapping[str, bool] = field(default_factory=dict)
    language: str = ""


def signed(secret: bytes, body: bytes, signature: str) -> bool:
    """Tell whether who knows the secret signed a body; without a secret nobody did."""
    made = base64.b64encode(hmac.digest(secret, body, hashlib.sha256)) if secret else b""
    return bool(secret) and hmac.compare_digest(made, signature.encode("latin-1", "replace"))


def woocommerce(body: bytes) -> Order:
    """Read an order of WooCommerce.

    Raises:
        InputError: when it is none.
    """
    told = _object(body)
    billing = _part(told, "billing")
    at = _text(told.get("date_created_gmt"))
    return Order(
        _text(told.get("id")),
        _text(billing.get("phone")),
        _text(billing.get("country")) or "NL",
        _text(billing.get("email")),
        f"{at}Z" if at else "",
        fields_of((each.get("key"), each.get("value")) for each in _list(told, "meta_data")),
    )


def shopify(body: bytes) -> Order:
    """Read an order of Shopify.

    Raises:
        InputError: when it is none.
    """
    told = _object(body)
    billing, shipping, customer = (_part(told, name) for name in ("billing_address", "shipping_address", "customer"))
    numbers = (told.get("phone"), billing.get("phone"), shipping.get("phone"), customer.get("phone"))
    return Order(
        _text(told.get("id")),
        next((text for each in numbers if (text := _text(each))), ""),
        _text(billing.get("country_code")) or _text(shipping.get("country_code")) or "NL",
        _text(told.get("email")),
        _text(told.get("created_at")),
        fields_of((each.get("name"), each.get("value")) for each in _list(told, "note_attributes")),
        _text(told.get("customer_locale"))[:2],
    )


class Shop(NamedTuple):
    """A kind of shop: the header of its signature, and how its orders are read."""

    header: str
    reads: Callable[[bytes], Order]


SHOPS: Mapping[str, Shop] = {
    "woocommerce": Shop("x-wc-webhook-signature", woocommerce),
    "shopify": Shop("x-shopify-hmac-sha256", shopify),
}
"""By the name that their address has."""


def fields_of(pairs: Iterable[tuple[Any, Any]]) -> dict[str, bool]:
    """Find the answers among named fields; names may begin with an underscore, and have some for hyphens.

    >>> fields_of([("_belbaar_opt_out", "ja"), ("Belbaar-2", "no"), ("gift", "yes")])
    {'opt-out': True, '2': False}
    """
    named = ((str(name).strip("_").lower().replace("_", "-"), value) for name, value in pairs)
    return {
        name.removeprefix(_PREFIX): str(value).strip().lower() in _YES
        for name, value in named
        if name.startswith(_PREFIX)
    }


def _object(body: bytes) -> dict[str, Any]:
    try:
        told = msgspec.json.decode(body)
    except msgspec.DecodeError as error:
        raise InputError("this is no JSON.", code="malformed") from error
    if not isinstance(told, dict) or not _text(told.get("id")):
        raise InputError("this is no order.", code="malformed")
    return told


def _part(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = told.get(name)
    return part if isinstance(part, dict) else {}


def _list(told: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    parts = told.get(name)
    return [each for each in parts if isinstance(each, dict)] if isinstance(parts, list) else []


def _text(value: object) -> str:
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
