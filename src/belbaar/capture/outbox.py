"""What is to be sent to people, kept in the ledger's database until it was sent: each message once, and never twice.

A message is claimed, durably, before it is sent. What came of it is kept afterwards: sent, refused for good, or not
taken yet, then it is tried again. Of one whose process died in between, nobody knows; it is not sent again, for a
person must not get the same code or receipt twice. Its words are sealed: a copy of the database tells no code.
"""

__all__ = ["TO_NUMBERS", "Due", "Outcome", "Post", "claim", "drop", "due", "post", "purge", "settle", "stuck"]

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from belbaar.ledger import Store
from belbaar.proof.keys.sealed import sealed, unsealed

WAITING, CLAIMED = 0, 1
_SECOND = 1_000_000
_CLAIM = 60 * _SECOND
"""After which time a claimed message counts as lost: longer than any sending takes."""
_PAUSES = (5, 15, 60, 300, 900)
"""Seconds between tries; the last goes on."""
_AT_ONCE = 16
Channel = Literal["sms", "voice", "email"]
TO_NUMBERS: tuple[Channel, ...] = ("sms", "voice")
"""Channels that reach whoever has a number."""


@dataclass(frozen=True, slots=True)
class Post:
    """A message to be sent.

    Args:
        organisation: the key of whose it is; 0: the installation's own.
        caller: the key of the caller on whose behalf; 0: of none.
        number: of the person, E.164.
        kind: one of ``messages.KINDS``.
        channel: ``sms``, ``voice`` or ``email``.
        recipient: the number in E.164, or the mail address.
        language: ``nl`` or ``en``.
        told: what it tells: facts by name.
        until: after which instant it is of no use, UTC microseconds.
    """

    organisation: int
    caller: int
    number: int
    kind: str
    channel: Channel
    recipient: str
    language: str
    told: dict[str, Any]
    until: int


@dataclass(frozen=True, slots=True)
class Due:
    """A message that is to be sent now; ``id`` is the same at every try."""

    id: str
    post: Post
    tries: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a message: ``sent``, ``later`` (certainly not taken, to be tried again), ``refused``, ``unsure``."""

    id: str
    came: Literal["sent", "later", "refused", "unsure"]
    error: str = ""


def post(store: Store, key: bytes, item: Post, *, now: int) -> str:
    """Put a message in the outbox, in the write transaction; give its id."""
    made = secrets.token_hex(16)
    told = sealed(key, msgspec.json.encode(item.told), made)
    store.connection.execute(
        "INSERT INTO outgoing (id, organisation, caller, number, kind, channel, recipient, language, told, state, tries, "
        "made_at, due_at, until, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?, '')",
        (
            *(
                made,
                item.organisation or None,
                item.caller or None,
                item.number,
                item.kind,
                item.channel,
                item.recipient,
            ),
            *(item.language, told, now, now, item.until),
        ),
    )
    return made


def drop(store: Store, number: int, caller: int, kind: str) -> None:
    """Forget messages of a kind that are not under way yet, for what they tell holds no more; in the write transaction."""
    store.connection.execute(
        "DELETE FROM outgoing WHERE number = ? AND caller = ? AND kind = ? AND state = 0", (number, caller, kind)
    )


def due(store: Store, *, now: int) -> list[str]:
    """Give the ids of messages that are to be sent now."""
    rows = store.connection.execute(
        "SELECT id FROM outgoing WHERE state = 0 AND due_at <= ? ORDER BY due_at LIMIT ?", (now, _AT_ONCE)
    )
    return [id_ for (id_,) in rows.fetchall()]


def claim(store: Store, key: bytes, ids: Sequence[str], *, now: int) -> list[Due]:
    """Claim messages, in the write transaction; those that another process has, or that are too late, are left out."""
    claimed = list[Due]()
    for each in ids:
        row = store.connection.execute(
            "UPDATE outgoing SET state = 1, tries = tries + 1, due_at = ? WHERE id = ? AND state = 0 AND until > ? "
            "RETURNING organisation, caller, number, kind, channel, recipient, language, told, until, tries",
            (now + _CLAIM, each, now),
        ).fetchone()
        if row is not None:
            organisation, caller, number, kind, channel, recipient, language, told, until, tries = row
            facts = msgspec.json.decode(unsealed(key, bytes(told), each))
            item = Post(organisation or 0, caller or 0, number, kind, channel, recipient, language, facts, until)
            claimed.append(Due(each, item, tries))
    return claimed


def settle(store: Store, outcome: Outcome, *, now: int) -> None:
    """Keep what came of a message, in the write transaction: what was sent or refused for good is forgotten."""
    query = store.connection.execute
    if outcome.came == "later":
        row = query("SELECT tries FROM outgoing WHERE id = ?", (outcome.id,)).fetchone()
        pause = _PAUSES[min(row[0] if row else 1, len(_PAUSES)) - 1] * _SECOND
        query(
            "UPDATE outgoing SET state = 0, due_at = ?, error = ? WHERE id = ? AND state = 1",
            (now + pause, outcome.error, outcome.id),
        )
    else:
        query("DELETE FROM outgoing WHERE id = ?", (outcome.id,))


def stuck(store: Store, channel: Channel) -> bool:
    """Tell whether a message by a channel was tried and not taken yet: whoever waits for a code waits in vain."""
    query = "SELECT 1 FROM outgoing WHERE channel = ? AND state = 0 AND error <> '' LIMIT 1"
    return store.connection.execute(query, (channel,)).fetchone() is not None


def purge(store: Store, *, now: int) -> int:
    """Forget what is too late, and what a process claimed that died; give how many of the latter.

    A code is asked for again by the person; a receipt that may not have arrived is not told as delivered.
    """
    query = store.connection.execute
    lost = query("SELECT count(*) FROM outgoing WHERE state = 1 AND due_at <= ?", (now,)).fetchone()[0]
    query("DELETE FROM outgoing WHERE until <= ? OR (state = 1 AND due_at <= ?)", (now, now))
    return int(lost)
