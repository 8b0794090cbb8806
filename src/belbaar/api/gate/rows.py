"""Rows of the table of gated calls: read, put together out of parts that come in any order, written."""

__all__ = ["GatedCall", "forget", "merged", "row_of", "write_row"]

from typing import NamedTuple

from belbaar.ledger import Store

_KEPT = 90 * 86_400_000_000
"""Microseconds for which a call is remembered here; its event and verdict stay as long as the law says."""


class GatedCall(NamedTuple):
    """What is known of a call; instants are UTC microseconds, 0: not, or not known."""

    id: bytes
    caller: int = 0
    entry: int = 0
    event: int = 0
    trunk: str = ""
    call_id: str = ""
    cause: str = ""
    code: int = 0
    begun_at: int = 0
    answered_at: int = 0
    ended_at: int = 0
    offered_at: int = 0
    objected_at: int = 0


_COLUMNS = ", ".join(GatedCall._fields)
_SELECT = f"SELECT {_COLUMNS} FROM gated_call WHERE organisation = ? AND id = ?"
_WRITE = (
    f"INSERT INTO gated_call ({_COLUMNS}, organisation, told_at) VALUES ({', '.join('?' * len(GatedCall._fields))}, ?, ?) "
    f"ON CONFLICT (id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in GatedCall._fields[1:])}"
)


def row_of(store: Store, organisation: int, id_: bytes) -> GatedCall:
    """Give what is known of a call; of one that is not known, its id alone."""
    row = store.connection.execute(_SELECT, (organisation, id_)).fetchone()
    return GatedCall(id_, *row[1:]) if row else GatedCall(id_)


def merged(known: GatedCall, told: GatedCall) -> GatedCall:
    """Put two parts together, whichever came first: each says what the other does not.

    >>> begin, end = GatedCall(b"1", code=200, answered_at=5), GatedCall(b"1", ended_at=9)
    >>> merged(begin, end) == merged(end, begin) == GatedCall(b"1", code=200, answered_at=5, ended_at=9)
    True
    """
    return GatedCall._make(one or other for one, other in zip(known, told, strict=True))


def write_row(store: Store, organisation: int, row: GatedCall, now: int) -> None:
    """Write what is known of a call; inside the write transaction."""
    store.connection.execute(_WRITE, (*row, organisation, now))


def forget(store: Store, now: int) -> None:
    """Forget calls that were told of ninety days ago; inside the write transaction."""
    store.connection.execute("DELETE FROM gated_call WHERE told_at < ?", (now - _KEPT,))
