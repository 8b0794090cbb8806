"""What one act of the desk is refused for is no matter of the others: it stands in the place of that one's answer."""

__all__ = ["answered", "whole"]

from collections.abc import Callable, Sequence
from typing import TypeVar

from belbaar.errors import BelbaarError, StoreUnavailable
from belbaar.ledger import Store

T = TypeVar("T")
Item = TypeVar("Item")


def answered(work: Callable[[Store, Item], T], store: Store, items: Sequence[Item]) -> list[T | BelbaarError]:
    """Do each of some things, and give what came of each. What was written before a refusal stays: see ``whole``.

    Raises:
        StoreUnavailable: which is a matter of all.
    """
    return [_one(work, store, item) for item in items]


def whole(store: Store, does: Callable[[], T]) -> T | BelbaarError:
    """Do something in a write transaction whole; what is refused leaves nothing behind.

    Raises:
        StoreUnavailable: which is a matter of all.
    """
    query = store.connection.execute
    query("SAVEPOINT act")
    try:
        answer = does()
    except StoreUnavailable:
        raise
    except BelbaarError as error:
        query("ROLLBACK TO act")
        return error
    query("RELEASE act")
    return answer


def _one(work: Callable[[Store, Item], T], store: Store, item: Item) -> T | BelbaarError:
    try:
        return work(store, item)
    except StoreUnavailable:
        raise
    except BelbaarError as error:
        return error
