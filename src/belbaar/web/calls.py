"""What pages of who calls have in common: for whom and about what may be asked, and events that a button records."""

__all__ = ["Books", "books_of", "looked", "records"]

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from belbaar.api.access import Principal
from belbaar.api.desk import Act
from belbaar.api.questions import Answer, Asked
from belbaar.api.recording import Outcome, Posted
from belbaar.api.service import Service
from belbaar.api.together import alone
from belbaar.errors import BelbaarError, InternalError
from belbaar.ledger import Store


@dataclass(frozen=True, slots=True)
class Books:
    """For whom and about what somebody may ask.

    Args:
        callers: pairs of id and name, by name.
        products: those that events of its callers name.
        off: rules that are switched off here.
    """

    callers: Sequence[tuple[str, str]]
    products: Sequence[str]
    off: frozenset[str]

    def name(self, caller: str) -> str:
        """Give the name of a caller; its id where it is not one of these."""
        return dict(self.callers).get(caller, caller)


def books_of(store: Store, who: Principal) -> Books:
    """Read for whom and about what somebody may ask, as it is now."""
    known = store.known()
    named = sorted(((name, known.callers[name].name) for name in who.callers), key=lambda pair: pair[1].casefold())
    products = [product for product in store.products_of(who.callers.values()) if product != "*"]
    return Books(named, sorted(products), known.switched_off)


def looked(service: Service, store: Store, who: Principal, asked: Sequence[Asked]) -> list[Answer | BelbaarError]:
    """Answer questions on which nobody acts, in one view of the ledger."""
    return [answer for (answer,) in service.answering.looks(store, who, [alone(each) for each in asked])]


async def records(service: Service, principal: Principal, event: Mapping[str, Any]) -> int:
    """Record an event, as the service records what is sent to it; give its place in the ledger.

    Raises:
        BelbaarError: what it was refused for.
    """
    body = msgspec.json.encode(event)
    outcome: Outcome = await service.desk.does(
        Act(service.recording.records, Posted(principal, [event], body, one=True), first=True)
    )
    (recorded,) = outcome.results
    if recorded.seq is None:
        raise InternalError("an event was neither recorded nor refused.")
    return recorded.seq
