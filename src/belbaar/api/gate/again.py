"""A question that a gate asks again gets the answer it got: one verdict, one permit, one entry.

A dialer sends its INVITE again when Kamailio was started anew in between; for SIP that is the same call (RFC 3261,
section 17.1.1.2: for half a minute). Later it is a new one. A yes is only given again while the call may still be made.
"""

__all__ = ["Asker", "earlier", "keep", "key_of"]

import hashlib
from collections.abc import Collection, Mapping
from typing import NamedTuple, cast

import msgspec

from belbaar.api.gate.questions import GateAnswer, GateQuestion
from belbaar.ledger import Store
from belbaar.proof.log.tiles import Database

_WHILE = 32_000_000
"""Microseconds, 64 times T1: for as long a dialer may send the same INVITE."""
_KEEP = (
    "INSERT INTO answered_request (organisation, key, digest, status, answer, at) VALUES (?, ?, ?, 200, ?, ?) "
    "ON CONFLICT (organisation, key) DO UPDATE SET answer = excluded.answer, at = excluded.at"
)


class Asker(NamedTuple):
    """Whose question, by the organisation's key, and which."""

    organisation: int
    key: str


def key_of(organisation: int, question: GateQuestion) -> Asker | None:
    """Give by what a question is known again; None for one that names no call."""
    if not question.call_id:
        return None
    return Asker(organisation, f"gate {hashlib.sha256(msgspec.json.encode(question)).hexdigest()}")


def earlier(store: Store, asked: Collection[Asker], now: int) -> Mapping[Asker, GateAnswer]:
    """Give the answers that these questions got within the last half minute."""
    found = dict[Asker, GateAnswer]()
    for organisation in {each.organisation for each in asked}:
        keys = [each.key for each in asked if each.organisation == organisation]
        rows = store.connection.execute(
            f"SELECT key, answer FROM answered_request WHERE organisation = ? AND at > ? AND key IN ({', '.join('?' * len(keys))})",
            (organisation, now - _WHILE, *keys),
        ).fetchall()
        found |= {Asker(organisation, key): msgspec.json.decode(bytes(told), type=GateAnswer) for key, told in rows}
    return found


def keep(store: Store, answers: Mapping[Asker, GateAnswer], now: int) -> None:
    """Keep answers, in the transaction in which they were reached."""
    rows = [(each.organisation, each.key, b"", msgspec.json.encode(answer), now) for each, answer in answers.items()]
    cast("Database", store.connection).executemany(_KEEP, rows)
