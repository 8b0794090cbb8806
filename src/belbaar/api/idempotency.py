"""A request sent again gets the answer it got, for a day: who hears nothing back may ask again without harm."""

__all__ = ["KEPT", "forget", "once"]

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from belbaar.api.access import Principal, Unauthorised
from belbaar.api.access.remembered import Remembered
from belbaar.api.desk import Act
from belbaar.api.service import Service
from belbaar.clock import now_us
from belbaar.errors import BelbaarError, InputError
from belbaar.ledger import Store

T = TypeVar("T")
KEPT = 86_400_000_000
"""Microseconds for which an answer is kept."""


async def once(service: Service, act: Act[T], principal: Principal, key: str | None, body: bytes) -> T:
    """Have something done, or give the answer it got when it was done under this key.

    The answer is kept in the transaction that did it: either both are durable or neither is.

    Raises:
        InputError: when another request was sent under this key.
    """
    if not key:
        return await service.desk.does(act)
    kept = _Once(act, service.remembered, principal, key, hashlib.sha256(body).digest())
    answer: T = await service.desk.does(Act(_once, kept, first=act.first, weight=act.weight))
    return answer


@dataclass(frozen=True, slots=True, eq=False)
class _Once:
    """An act, who asks for it, and under which key; ``digest`` tells what was sent from anything else."""

    act: Act[Any]
    remembered: Remembered
    principal: Principal
    key: str
    digest: bytes


def _once(store: Store, items: Sequence[_Once]) -> list[Any]:
    return [_one(store, item) for item in items]


def _one(store: Store, item: _Once) -> Any:  # noqa: ANN401  whatever the act answers
    try:
        owner = item.remembered.again(store, item.principal).organisation.key  # an answer kept is for who may still ask
    except Unauthorised as error:
        return error
    query = store.connection.execute
    found = query("SELECT digest, answer FROM answered_request WHERE organisation = ? AND key = ?", (owner, item.key))
    if (kept := found.fetchone()) is not None:
        digest, answer = kept
        return msgspec.json.decode(bytes(answer)) if bytes(digest) == item.digest else _reused()
    (answer,) = item.act.work(store, [item.act.item])
    if not isinstance(answer, BelbaarError):
        query(
            "INSERT INTO answered_request (organisation, key, digest, status, answer, at) VALUES (?, ?, ?, 200, ?, ?)",
            (owner, item.key, item.digest, msgspec.json.encode(answer), now_us()),
        )
    return answer


def _reused() -> InputError:
    return InputError(
        "another request was sent under this Idempotency-Key.",
        where="Idempotency-Key",
        todo="Use a new key for a new request.",
        code="key-reused",
    )


def forget(store: Store, now: int) -> None:
    """Forget answers that were kept for a day; inside the write transaction."""
    store.connection.execute("DELETE FROM answered_request WHERE at < ?", (now - KEPT,))
