"""Reading the books: who asks is looked at again in the transaction that answers."""

__all__ = ["reads"]

from collections.abc import Callable
from typing import TypeVar

from belbaar.api.access import Principal
from belbaar.api.service import Service
from belbaar.ledger import Store

T = TypeVar("T")


async def reads(service: Service, principal: Principal, right: str, work: Callable[[Store, Principal], T]) -> T:
    """Have something read that needs a right; "" for what needs none.

    Raises:
        BelbaarError: what it was refused for.
    """

    def read(store: Store) -> T:
        who = service.remembered.again(store, principal)
        if right:
            who.needs(right)
        return work(store, who)

    return await service.readers.reads(read)
