"""What people do with forms, as acts of the desk: fill in, confirm, ask for a new code, take back.

A wrong code is counted though it is refused: what these functions refuse leaves what they wrote.
"""

__all__ = ["Capturing", "Confirming", "Receipt", "Shop"]

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from belbaar.api.desk import Act
from belbaar.api.refusing import answered
from belbaar.capture import asking, codes, giving, links, outbox
from belbaar.capture.asking import Asked, Confirmed, Sending
from belbaar.capture.evidence import Filled
from belbaar.capture.forms import Form, Published, published
from belbaar.capture.giving import Stopped
from belbaar.capture.links import Linked
from belbaar.clock import now_us
from belbaar.errors import BelbaarError
from belbaar.ledger import Store, events_of
from belbaar.proof.log.keeping import log_of
from belbaar.proof.receipt.issuing import Wanted, receipt_of
from belbaar.proof.receipt.words import as_page

T = TypeVar("T")
U = TypeVar("U")


class Confirming(NamedTuple):
    """What is confirmed: by its id and a code, or by a link."""

    asked: str = ""
    code: str = ""
    link: str = ""


class Shop(NamedTuple):
    """What a shop sent, of somebody who is not there to type a code."""

    filled: Filled


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a link to a receipt shows.

    Args:
        form: by which it was given.
        of: as it was read.
        linked: the consent.
        products: as people call them.
        until: the last day, ISO; "": none.
        entry: its place in the log.
        stopped_at: since when it is taken back, UTC microseconds; 0: it is not.
        refused: whether the caller may call about nothing any more.
    """

    form: Form
    of: Published
    linked: Linked
    products: str
    until: str
    entry: int
    stopped_at: int
    refused: bool


@dataclass(frozen=True, slots=True, eq=False)
class Capturing:
    """Writes what people do. ``sending``: how is sent."""

    sending: Sending

    def ask(self, filled: Filled, *, by_link: bool = False) -> Act[Asked]:
        """Keep what was filled in, and send a code or a link."""
        return Act(self.asks_by_link if by_link else self.asks, filled)

    def asks(self, store: Store, items: Sequence[Filled]) -> list[Asked | BelbaarError]:
        """Keep what several filled in; inside the write transaction, as all of these."""
        return answered(lambda store, item: asking.ask(store, self.sending, item, now=now_us()), store, items)

    def asks_by_link(self, store: Store, items: Sequence[Filled]) -> list[Asked | BelbaarError]:
        """Keep what shops sent of several."""
        return answered(
            lambda store, item: asking.ask(store, self.sending, item, by_link=True, now=now_us()), store, items
        )

    def agains(self, store: Store, items: Sequence[str]) -> list[Asked | BelbaarError]:
        """Send new codes."""
        return answered(lambda store, item: asking.again(store, self.sending, item, now=now_us()), store, items)

    def confirms(self, store: Store, items: Sequence[Confirming]) -> list[Confirmed | BelbaarError]:
        """Confirm what waited."""
        return answered(self._confirmed, store, items)

    def stops(self, store: Store, items: Sequence[str]) -> list[Stopped | BelbaarError]:
        """Take back what links are to; what is stopped stays as it is."""
        return answered(self._stopped, store, items)

    def refuses(self, store: Store, items: Sequence[str]) -> list[Stopped | BelbaarError]:
        """Take back what links are to, and record that the caller may call about nothing any more."""
        return answered(self._refused, store, items)

    def prints(self, store: Store, items: Sequence[str]) -> list[str | BelbaarError]:
        """Make the receipts that links are to, as pages; that they were made is logged."""
        return answered(self._printed, store, items)

    def receipt(self, store: Store, token: str) -> Receipt:
        """Give what a link shows; reads only.

        Raises:
            InputError: ``not-found`` when there is no such link.
        """
        of = links.linked(store, token, now=now_us())
        form, version = published(store, of.form, of.version, ended=True)
        with store.outside_wall():
            events = [
                event
                for event in events_of(store, of.number)
                if event.caller == form.caller and event.at >= of.given_at
            ]
            given = next(event for event in events if (event.kind, event.at) == ("consent.given", of.given_at))
            return Receipt(
                form,
                version,
                of,
                giving.names_of(version, of),
                str(given.fields.get("until", "")),
                log_of(store).place_of_event(given.seq),
                giving.stopped_at(store, form, of),
                any(event.kind == "objection.made" for event in events),
            )

    def tidy(self, store: Store, items: Sequence[int]) -> list[int]:
        """Forget what is over; give how many messages were lost with a process that died."""
        return [self._tidied(store, now) for now in items]

    def _tidied(self, store: Store, now: int) -> int:
        codes.tidy(store, now=now)
        asking.purge(store, now=now)
        links.purge(store, now=now)
        return outbox.purge(store, now=now)

    def _confirmed(self, store: Store, item: Confirming) -> Confirmed:
        now = now_us()
        if item.link:
            return asking.by_link(store, self.sending, item.link, now=now)
        return asking.confirm(store, self.sending, item.asked, item.code, now=now)

    def _refused(self, store: Store, token: str) -> Stopped:
        of = links.linked(store, token, now=now_us())
        form, _ = published(store, of.form, of.version, ended=True)
        stopped = self._stopped(store, token)
        giving.refuse(store, form, of, now=now_us())
        return stopped

    def _printed(self, store: Store, token: str) -> str:
        now = now_us()
        of = links.linked(store, token, now=now)
        form, version = published(store, of.form, of.version, ended=True)
        named = giving.names_of(version, of)
        wanted = Wanted(of.number, form.caller, of.products[0], named, of.language)
        return as_page(receipt_of(log_of(store), wanted, at=now).receipt)

    def _stopped(self, store: Store, token: str) -> Stopped:
        now = now_us()
        of = links.linked(store, token, now=now)
        form, version = published(store, of.form, of.version, ended=True)
        link = f"{self.sending.public_url}/r/{token}"
        return giving.stop(store, form, version, of, link, key=self.sending.key, now=now)
