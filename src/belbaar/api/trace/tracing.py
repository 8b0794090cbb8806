"""The hands of the trace desk: each act is an entry of the log under the number that was called, and of the audit trail."""

__all__ = ["Tracing"]

import asyncio
import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from joserfc.jwk import OKPKey

from belbaar.api.access import Principal
from belbaar.api.access.audit import OPERATOR, Actor, note
from belbaar.api.desk import Act, Desk
from belbaar.api.trace.vouching import judged
from belbaar.clock import now_us
from belbaar.ledger import Store
from belbaar.ledger.organisations import Organisation, organisation, organisations
from belbaar.stir import Verifier
from belbaar.trace.calls import forget
from belbaar.trace.cases import forget_ended
from belbaar.trace.hand import Hand, Reader
from belbaar.trace.messages import Signer
from belbaar.trace.spool import Taken, Written, make_spool, read, take, tell

T = TypeVar("T")
_DAY = 86_400_000_000
_PROXY = "sip:incoming"
"""Who writes down what the proxy saw."""


@dataclass(frozen=True, slots=True, eq=False)
class Tracing:
    """Acts by the ledger.

    Args:
        key: seals who called and what people wrote.
        spool: the folder between the proxy of incoming calls and this service; None: there is none.
        whose: the id of the organisation whose subscribers are called; "": the first one.
        days: for which calls are kept of which nobody asks.
        issuer: the log's name, in whose name other providers are written to.
        signing: signs that.
        verifier: judges what the callers' providers signed; None: it is not judged.
    """

    key: bytes
    spool: Path | None
    whose: str
    days: int
    issuer: str
    signing: OKPKey
    verifier: Verifier | None

    def hand(self, store: Store, who: Principal) -> Hand:
        """Give who acts of who asks, in a transaction that writes."""
        return self._hand(store, Actor.of(who))

    def signer(self, who: Principal) -> Signer:
        """Give in whose name other providers are written to."""
        return Signer(f"{self.issuer}/{who.organisation.id}", self.signing)

    def hand_of(self, store: Store, by: str, role: str, whose: Organisation | None = None) -> Hand:
        """Give who acts without a key, for an organisation; None: the one whose subscribers are called."""
        return self._hand(store, Actor(by, whose or self._organisation(store), role))

    def reader(self, who: Principal) -> Reader:
        """Give who reads of who asks."""
        return Reader(who.organisation.key, self.key)

    def does(self, does: Callable[[Store, Hand], T]) -> Callable[[Store, Principal], T]:
        """Give what changes the books, of what needs a hand."""
        return lambda store, who: does(store, self.hand(store, who))

    async def catch_up(self, desk: Desk) -> None:
        """Have what the proxy wrote down since stand in the ledger, and tell it what subscribers refuse."""
        more, since = self.spool is not None, None
        while more and self.spool is not None:
            written = await self._judged(await asyncio.to_thread(read, self.spool, since))
            taken = await desk.does(Act(self._takes, written, first=True))
            await asyncio.to_thread(tell, self.spool, taken)
            more, since = taken.more, taken.line

    async def _judged(self, written: Written) -> Written:
        """Judge what calls are signed with, before the write transaction: a certificate may have to be fetched."""
        if self.verifier is None:
            return written
        changes = await asyncio.gather(*(judged(self.verifier, change) for change in written.changes))
        return dataclasses.replace(written, changes=changes)

    def tidy(self, store: Store, now: int) -> None:
        """Forget calls that nobody asks about, and what is left of cases that ended long ago."""
        forget(store, now, self.days * _DAY)
        forget_ended(store, now)

    def make_spool(self) -> None:
        """Make the folder between the proxy and this service, where there is to be one."""
        if self.spool is not None:
            make_spool(self.spool)

    def _takes(self, store: Store, items: Sequence[Written]) -> list[Taken]:
        hand = self._hand(store, Actor(_PROXY, self._organisation(store), OPERATOR))
        return [take(store, hand, written) for written in items]

    def _organisation(self, store: Store) -> Organisation:
        return organisation(store, self.whose) if self.whose else next(iter(organisations(store).values()))

    def _hand(self, store: Store, actor: Actor) -> Hand:
        def notes(act: str, details: Mapping[str, str], number: int) -> int:
            return note(store, actor, act, details, number=number)

        return Hand(actor.organisation.key, self.key, actor.by, now_us(), notes)
