"""A request sent again gets the answer it got, for a day: who hears nothing back may ask again without harm."""

__all__ = ["KEPT", "forget", "once"]

import hashlib
from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec

from belbaar.api.access import Principal
from belbaar.api.desk import Act, Desk
from belbaar.clock import now_us
from belbaar.errors import BelbaarError, InputError
from belbaar.ledger import Store

T = TypeVar("T")
KEPT = 86_400_000_000
"""Microseconds for which an answer is kept."""


async def once(desk: Desk, act: Act[T], principal: Principal, key: str | None, body: bytes) -> T:
    """Have something done, or give the answer it got when it was done under this key.

    The answer is kept in the transaction that did it: either both are durable or neither is.

    Raises:
        InputError: when another request was sent under this key.
    """
    if not key:
        return await desk.does(act)
    kept = _Once(act, principal.organisation.key, key, hashlib.sha256(body).digest())
    answer: T = await desk.does(Act(_once, kept, first=act.first, weight=act.weight))
    return answer


class _Once(msgspec.Struct, frozen=True):
    act: Act[Any]
    organisation: int
    key: str
    digest: bytes


def _once(store: Store, items: Sequence[_Once]) -> list[Any]:
    return [_one(store, item) for item in items]


def _one(store: Store, item: _Once) -> Any:  # noqa: ANN401  whatever the act answers
    query = store.connection.execute
    found = query(
        "SELECT digest, answer FROM answered_request WHERE organisation = ? AND key = ?", (item.organisation, item.key)
    ).fetchone()
    if found:
        if bytes(found[0]) != item.digest:
            return InputError(
                "another request was sent under this Idempotency-Key.",
                where="Idempotency-Key",
                todo="Use a new key for a new request.",
                code="key-reused",
            )
        return msgspec.json.decode(bytes(found[1]))
    (answer,) = item.act.work(store, [item.act.item])
    if not isinstance(answer, BelbaarError):
        query(
            "INSERT INTO answered_request (organisation, key, digest, status, answer, at) VALUES (?, ?, ?, 200, ?, ?)",
            (item.organisation, item.key, item.digest, msgspec.json.encode(answer), now_us()),
        )
    return answer


def forget(store: Store, items: Sequence[int]) -> list[int]:
    """Forget answers of before some instants (UTC microseconds)."""
    for before in items:
        store.connection.execute("DELETE FROM answered_request WHERE at < ?", (before,))
    return list(items)
