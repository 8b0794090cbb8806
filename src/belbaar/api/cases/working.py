"""The hands that work on complaints and requests: each act is an entry of the log, and of the audit trail."""

__all__ = ["Cases", "concerns", "tidy"]

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from belbaar.api.access import Principal
from belbaar.api.access.audit import Actor, note
from belbaar.api.desk import Act, Desk
from belbaar.clock import now_us
from belbaar.complaints.counting import count_calls
from belbaar.complaints.sources import Stopped, freeze_more, going_on
from belbaar.errors import InputError
from belbaar.ledger import Store
from belbaar.requests.cases import Request, forget_ended, open_requests, request_of
from belbaar.requests.hand import Hand, Reader

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """Acts by the ledger. ``key``: seals what people wrote."""

    key: bytes

    def hand(self, store: Store, actor: Actor) -> Hand:
        """Give who acts, in a transaction that writes."""

        def notes(act: str, details: Mapping[str, str], number: int, caller: str) -> int:
            about = number if caller else 0  # of no caller, others would see that somebody complained
            return note(store, actor, act, details, number=about, caller=caller)

        return Hand(actor.organisation.key, self.key, actor.by, now_us(), notes)

    def reader(self, who: Principal) -> Reader:
        """Give who reads of who asks."""
        return Reader(who.organisation.key, self.key)

    def does(self, does: Callable[[Store, Principal, Hand], T]) -> Callable[[Store, Principal], T]:
        """Give what changes the books, of what needs a hand."""
        return lambda store, who: does(store, who, self.hand(store, Actor.of(who)))

    def one(self, store: Store, who: Principal, id_: str) -> Request:
        """Give a request that is the principal's to see.

        Raises:
            InputError: when there is none such.
        """
        found = request_of(store, self.reader(who), id_)
        if not concerns(who, found):
            raise InputError(
                "there is no such request.", todo="Yours are listed by GET /v1/requests.", code="not-found"
            )
        return found

    def open(self, store: Store, who: Principal) -> list[Request]:
        """Give what is not answered yet, of all kinds, what is due first in front; without papers."""
        return [each for each in open_requests(store, self.reader(who)) if concerns(who, each)]

    async def freeze(self, desk: Desk, stop: Stopped) -> None:
        """Have the consents of a stopped source frozen, some in each transaction, so that nobody waits long."""
        while not await desk.does(Act(_freezes, stop)):
            pass


def concerns(who: Principal, request: Request) -> bool:
    """Tell whether a request is a principal's to see: a key may be for some callers only."""
    return not request.caller or request.caller in who.callers


def tidy(store: Store, now: int) -> None:
    """Let go what is kept no longer, count calls on, and go on freezing where a process died over it."""
    forget_ended(store, now)
    count_calls(store)
    for stop in going_on(store):
        freeze_more(store, stop, now=now)


def _freezes(store: Store, items: Sequence[Stopped]) -> list[bool]:
    return [freeze_more(store, stop, now=now_us()) for stop in items]
