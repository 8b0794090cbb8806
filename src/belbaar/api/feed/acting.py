"""Acts of the desk that are done one by one: what one is refused for is no matter of the others."""

__all__ = ["answered"]

from collections.abc import Callable, Sequence
from typing import TypeVar

from belbaar.errors import BelbaarError, StoreUnavailable
from belbaar.ledger import Store

T = TypeVar("T")
Item = TypeVar("Item")


def answered(work: Callable[[Store, Item], T], store: Store, items: Sequence[Item]) -> list[T | BelbaarError]:
    """Do each of some things; a refusal stands in the place of its answer, and nothing was written for it.

    Raises:
        StoreUnavailable: which is a matter of all.
    """
    return [_one(work, store, item) for item in items]


def _one(work: Callable[[Store, Item], T], store: Store, item: Item) -> T | BelbaarError:
    try:
        return work(store, item)
    except StoreUnavailable:
        raise
    except BelbaarError as error:
        return error
