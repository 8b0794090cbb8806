"""The outbox: what webhooks are still to be told, kept in the ledger's database until a receiver has taken it.

A line is a place in the ledger and nothing of what stands there: the message is written anew for every try, of what the
webhook may hear then. One process at a time delivers for a webhook, the one that holds its lease; who is killed loses
it by time. A message is known by its place, so that a receiver can drop what it has already.

What can only protect a person goes before all else.
"""

__all__ = ["Claim", "Claimed", "Message", "Outcome", "Settled", "claim", "due_hooks", "messages", "purge", "settle"]

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from belbaar.api.access import Access
from belbaar.api.feed.changes import changes_among
from belbaar.api.feed.sending import Said
from belbaar.api.feed.webhooks import Hook, hook, hooks, view_of_hook
from belbaar.ledger import Store
from belbaar.ledger.json_lines import PROTECTIVE

PENDING, DELIVERED, DEAD, GONE = 0, 1, 2, 3
"""What became of a delivery; ``GONE``: there is nothing to be told any more, the person was erased or a mandate ended."""
STATES: Mapping[str, int] = {"pending": PENDING, "delivered": DELIVERED, "dead": DEAD, "gone": GONE}
_SECOND = 1_000_000
_LEASE = 10 * _SECOND
_AT_ONCE = 16
"""Messages of one webhook that are under way together; their time limit is less than the lease."""
_DAY = 86_400 * _SECOND
_KEPT = 30 * _DAY
_LONGEST_PAUSE, _LONGEST_RETRY = 300, 3600
"""Seconds: between tries of a receiver that is away, and of one message that a receiver does not take."""
_HAS_DUE = "SELECT 1 FROM webhook_delivery WHERE webhook = ? AND state = 0 AND due_at <= ? LIMIT 1"
_DUE = (
    "SELECT seq FROM webhook_delivery WHERE webhook = ? AND state = 0 AND due_at <= ? "
    "ORDER BY urgent DESC, due_at, seq LIMIT ?"
)
_QUEUE = (
    "INSERT INTO webhook_delivery (webhook, seq, urgent, state, attempts, queued_at, due_at, tried_at, confirmed_at, "
    "status, error) VALUES (?, ?, ?, 0, 0, ?, ?, 0, 0, 0, '') ON CONFLICT (webhook, seq) DO UPDATE SET "
    "state = 0, attempts = 0, queued_at = excluded.queued_at, due_at = excluded.due_at"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a process wants to do for a webhook: queue what it found up to a place, and deliver what is due.

    Args:
        hook: the webhook as it was when it was looked at.
        found: places and kinds of what it is to be told.
        upto: the place up to which was looked.
        owner: the process.
        now: UTC microseconds.
    """

    hook: Hook
    found: Sequence[tuple[int, str]]
    upto: int
    owner: str
    now: int


@dataclass(frozen=True, slots=True)
class Claimed:
    """The places that are to be told now; none where another process holds the lease."""

    due: Sequence[int]


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: the id by which a receiver knows it again, the body, and the secrets that sign."""

    seq: int
    id: str
    body: bytes
    secrets: Sequence[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a message; ``said`` is None where there was nothing to tell any more."""

    seq: int
    said: Said | None


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of the messages that a process claimed."""

    webhook: str
    owner: str
    outcomes: Sequence[Outcome]
    now: int


def due_hooks(store: Store, owner: str, now: int) -> list[tuple[Hook, bool]]:
    """Give the webhooks that a process may deliver for now, each with whether anything is due already."""
    free = [
        each for each in hooks(store) if each.retry_at <= now and (each.lease in ("", owner) or each.lease_until <= now)
    ]
    query = store.connection.execute
    return [(each, query(_HAS_DUE, (each.id, now)).fetchone() is not None) for each in free]


def claim(store: Store, items: Sequence[Claim]) -> list[Claimed]:
    """Take webhooks' leases, queue what was found, and give what is due; inside the write transaction."""
    return [_claimed(store, item) for item in items]


def _claimed(store: Store, item: Claim) -> Claimed:
    query = store.connection.execute
    now = hook(store, item.hook.id)
    if now is None or (now.lease not in ("", item.owner) and now.lease_until > item.now) or now.retry_at > item.now:
        return Claimed(())
    if (now.fanned, now.replayed_at) == (item.hook.fanned, item.hook.replayed_at):  # nobody else has looked meanwhile
        for seq, kind in item.found:
            query(_QUEUE, (now.id, seq, int(kind in PROTECTIVE), item.now, item.now))
        query("UPDATE webhook SET fanned = ? WHERE id = ?", (item.upto, now.id))
    due = query(_DUE, (now.id, item.now, 1 if now.failures else _AT_ONCE)).fetchall()
    if due:
        query("UPDATE webhook SET lease = ?, lease_until = ? WHERE id = ?", (item.owner, item.now + _LEASE, now.id))
    return Claimed([seq for (seq,) in due])


def messages(
    store: Store, access: Access, of: Hook, seqs: Sequence[int], secrets: Sequence[str]
) -> list[tuple[int, Message | None]]:
    """Write the messages of some places; None where there is nothing to tell."""
    where = f"seq IN ({', '.join('?' * len(seqs))})"
    found = {each.seq: each for each in changes_among(store, view_of_hook(access, of), where, seqs)}
    told = list[tuple[int, Message | None]]()
    for seq in seqs:
        change = found.get(seq)
        if change is None:
            told.append((seq, None))
        else:
            body = msgspec.json.encode({"type": change.event, "timestamp": change.recorded_at, "data": change})
            told.append((seq, Message(seq, f"chg_{seq}", body, secrets)))
    return told


def settle(store: Store, items: Sequence[Settled]) -> list[None]:
    """Keep what came of messages, and give the leases back; inside the write transaction."""
    for item in items:
        for outcome in item.outcomes:
            _settle(store, item, outcome)
        _settle_hook(store, item)
    return [None] * len(items)


def _settle(store: Store, item: Settled, outcome: Outcome) -> None:
    query, key, said = store.connection.execute, (item.webhook, outcome.seq), outcome.said
    if said is None:
        query("UPDATE webhook_delivery SET state = ? WHERE webhook = ? AND seq = ?", (GONE, *key))
        return
    query(
        "UPDATE webhook_delivery SET attempts = attempts + 1, tried_at = ?, status = ?, error = ? "
        "WHERE webhook = ? AND seq = ?",
        (item.now, said.status, said.error, *key),
    )
    if said.good:
        query(
            "UPDATE webhook_delivery SET state = ?, confirmed_at = CASE WHEN confirmed_at = 0 THEN ? ELSE confirmed_at END "
            "WHERE webhook = ? AND seq = ?",
            (DELIVERED, item.now, *key),
        )
    elif not said.away:
        (tries,) = query("SELECT attempts FROM webhook_delivery WHERE webhook = ? AND seq = ?", key).fetchone() or (1,)
        due = item.now + _pause(tries, _LONGEST_RETRY)
        query("UPDATE webhook_delivery SET due_at = ? WHERE webhook = ? AND seq = ?", (due, *key))


def _settle_hook(store: Store, item: Settled) -> None:
    query, said = store.connection.execute, [each.said for each in item.outcomes if each.said]
    if any(not each.good for each in said):
        query(
            "UPDATE webhook_delivery SET state = ? WHERE webhook = ? AND state = 0 AND attempts > 0 AND queued_at <= ?",
            (DEAD, item.webhook, item.now - _DAY),
        )
    if said and all(each.away for each in said):
        row = query("SELECT failures FROM webhook WHERE id = ?", (item.webhook,)).fetchone()
        failures = int(row[0]) + 1 if row else 1
        until = item.now + _pause(failures, _LONGEST_PAUSE)
        query("UPDATE webhook SET failures = ?, retry_at = ? WHERE id = ?", (failures, until, item.webhook))
    elif said:
        query("UPDATE webhook SET failures = 0, retry_at = 0 WHERE id = ?", (item.webhook,))
    query("UPDATE webhook SET lease = '', lease_until = 0 WHERE id = ? AND lease = ?", (item.webhook, item.owner))


def _pause(tries: int, longest: int) -> int:
    """Give how long to wait after so many tries, in microseconds: twice as long each time, and not all at one instant."""
    return int(min(longest, 2 ** min(tries - 1, 20)) * _SECOND * random.uniform(0.5, 1))  # noqa: S311  no secret


def purge(store: Store, items: Sequence[int]) -> list[int]:
    """Forget what was delivered a month before some instants, but for what protects a person: that proves something."""
    for now in items:
        store.connection.execute(
            "DELETE FROM webhook_delivery WHERE state = ? AND urgent = 0 AND tried_at < ?", (DELIVERED, now - _KEPT)
        )
    return list(items)
