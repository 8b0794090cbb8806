"""Links to receipts: whoever has one sees one person's consent, its number masked, and may stop it. No other way in.

A link is known by its SHA-256 only. It has 60 bits, as it must fit in a text message; the pages are limited in rate.
"""

__all__ = ["Linked", "linked", "make_link", "purge", "token_of"]

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

from belbaar.errors import InputError
from belbaar.law.words import FOREVER
from belbaar.ledger import Store

_SIGNS = 10
_COLUMNS = (
    "form, version, organisation, caller, number, products, language, channel, address, given_at, confirmed_at, until"
)


@dataclass(frozen=True, slots=True)
class Linked:
    """What a link shows.

    Args:
        form: the form's id, and ``version`` which of it.
        version: as published.
        organisation: the key of whose it is.
        caller: the key of the caller.
        number: of the person, E.164.
        products: that were agreed to.
        language: in which the person read.
        channel: by which the person confirmed: ``sms`` or ``email``.
        address: the mail address, "" where none was told.
        given_at: when, UTC microseconds, as the instants below.
        confirmed_at: when it was confirmed.
        until: until when the link is good; FOREVER: until an erasure.
    """

    form: str
    version: int
    organisation: int
    caller: int
    number: int
    products: tuple[str, ...]
    language: str
    channel: str
    address: str
    given_at: int
    confirmed_at: int
    until: int = FOREVER


def token_of(key: bytes, asked: str) -> str:
    """Give the token of what was asked: the same each time, and nobody else can make it."""
    return base64.urlsafe_b64encode(hmac.digest(key, f"receipt|{asked}".encode(), hashlib.sha256)).decode()[:_SIGNS]


def make_link(store: Store, token: str, of: Linked) -> None:
    """Make a link, in the write transaction. Its token is kept nowhere."""
    values = (
        *(of.form, of.version, of.organisation, of.caller, of.number, " ".join(of.products), of.language, of.channel),
        *(of.address, of.given_at, of.confirmed_at, of.until),
    )
    store.connection.execute(
        f"INSERT INTO receipt_link (token, {_COLUMNS}) VALUES (?, {', '.join('?' * len(values))}) ON CONFLICT DO NOTHING",
        (_digest(token), *values),
    )


def linked(store: Store, token: str, *, now: int) -> Linked:
    """Give what a link shows.

    Raises:
        InputError: ``not-found`` when there is no such link.
    """
    with store.outside_wall() as connection:
        row: Any = connection.execute(
            f"SELECT {_COLUMNS} FROM receipt_link WHERE token = ? AND until > ?", (_digest(token), now)
        ).fetchone()
    if row is None:
        raise InputError("there is no such receipt.", todo="Open the link as it was sent.", code="not-found")
    form, version, owner, caller, number, products, *rest = row
    return Linked(form, version, owner, caller, number, tuple(products.split()), *rest)


def purge(store: Store, *, now: int) -> None:
    """Forget links whose time is over."""
    store.connection.execute("DELETE FROM receipt_link WHERE until <= ?", (now,))


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
