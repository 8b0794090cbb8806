"""Deliveries, as they are shown: what became of each message of a webhook, and why it failed."""

__all__ = ["Delivery", "deliveries"]

import msgspec

from belbaar.api.feed.cursor import write_cursor
from belbaar.api.feed.outbox import PENDING, STATES
from belbaar.api.feed.webhooks import Hook
from belbaar.ledger import Store
from belbaar.reading import written

_SELECT = (
    "SELECT seq, state, attempts, queued_at, due_at, tried_at, confirmed_at, status, error FROM webhook_delivery "
    "WHERE webhook = ?"
)
_NAMES = {state: name for name, state in STATES.items()}


class Delivery(msgspec.Struct, frozen=True):
    """What became of a message.

    Args:
        seq: of the change, and its cursor.
        state: pending, delivered, dead (given up after a day) or gone (there is nothing to tell any more).
        attempts: how often it was sent.
        status: the HTTP status of the last answer; 0: there was none.
        error: why the last try failed: timeout, connection, address-refused, name-unknown, not-http, http-STATUS.
    """

    seq: int
    cursor: str
    state: str
    attempts: int
    queued_at: str
    due_at: str | None
    tried_at: str | None
    confirmed_at: str | None
    status: int
    error: str


def deliveries(store: Store, of: Hook, state: str | None, limit: int) -> list[Delivery]:
    """Give the deliveries of a webhook, the latest first."""
    which, values = ("", ()) if state is None else (" AND state = ?", (STATES[state],))
    query = f"{_SELECT}{which} ORDER BY seq DESC LIMIT ?"
    rows = store.connection.execute(query, (of.id, *values, limit)).fetchall()
    return [
        Delivery(
            seq, write_cursor(seq), _NAMES[is_], attempts, written(queued), written(due) if is_ == PENDING else None,
            written(tried) if tried else None, written(confirmed) if confirmed else None, status, error,
        )
        for seq, is_, attempts, queued, due, tried, confirmed, status, error in rows
    ]  # fmt: skip
