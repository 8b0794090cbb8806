"""What the person of a number does in My number: each an act of the desk, its session looked at again in the transaction.

What is stopped, objected to or denied is an event, in force for the very next verdict. What is asked is a request of the
organisation whose caller it is; of no caller that is known, of the installation's first organisation.
"""

__all__ = ["Complaining", "My", "Searching"]

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import msgspec

from belbaar.api.access.audit import Actor
from belbaar.api.cases import Cases
from belbaar.api.desk import Act
from belbaar.api.my import entering
from belbaar.api.my.entering import Pending, Typed, Visitor
from belbaar.api.my.seen import Mine, mine_of
from belbaar.api.refusing import answered, whole
from belbaar.api.trace import Tracing
from belbaar.capture import outbox
from belbaar.capture.asking import Sending
from belbaar.clock import now_us
from belbaar.complaints.filing import Filed, file
from belbaar.complaints.linking import Link
from belbaar.errors import BelbaarError, InputError
from belbaar.law import PACKS
from belbaar.law.calendar import iso
from belbaar.ledger import Source, Store, read_event, record
from belbaar.ledger.organisations import Organisation, organisations, owner_of
from belbaar.ledger.record import events_of
from belbaar.ledger.suppliers import freezing, supplier_of
from belbaar.numbers import e164
from belbaar.proof.log.keeping import log_of
from belbaar.proof.receipt.issuing import Wanted, receipt_of
from belbaar.proof.receipt.words import as_page
from belbaar.reading import ZONE
from belbaar.requests.cases import Asking, Papers, open_request
from belbaar.requests.hand import Hand
from belbaar.trace.cases import add, open_case, running
from belbaar.trace.requests import Request as TraceRequest

T = TypeVar("T")
U = TypeVar("U")
BY = "my-number"
"""Who acts, as events and entries name it."""
_ROLE = "person"
_PACK = PACKS["NL"]
_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that a visitor does: given the ledger and the visitor, in the write transaction."""

    visitor: Visitor
    does: Callable[[Store, Visitor], Any]


@dataclass(frozen=True, slots=True, eq=False)
class My:
    """Acts by the ledger.

    Args:
        sending: how codes and messages are sent.
        cases: takes in requests and complaints.
        tracing: takes in requests to find who called.
    """

    sending: Sending
    cases: Cases
    tracing: Tracing

    def asks(self, store: Store, items: Sequence[Pending]) -> list[Pending | BelbaarError]:
        """Send codes to come in with."""
        return answered(lambda store, item: entering.ask(store, self.sending, item, now=now_us()), store, items)

    def agains(self, store: Store, items: Sequence[Pending]) -> list[Pending | BelbaarError]:
        """Send new codes."""
        return answered(lambda store, item: entering.again(store, self.sending, item, now=now_us()), store, items)

    def enters(self, store: Store, items: Sequence[Typed]) -> list[Visitor | BelbaarError]:
        """Begin sessions."""
        return answered(lambda store, item: entering.enter(store, self.sending, item, now=now_us()), store, items)

    def act(self, visitor: Visitor, does: Callable[[Store, Visitor], T]) -> Act[T]:
        """Give the act for the desk: before verdicts, for it may forbid a call."""
        return Act(self.deeds, Deed(visitor, does), first=True)

    def deeds(self, store: Store, items: Sequence[Deed]) -> list[Any]:
        """Do what visitors do; what is refused leaves nothing behind."""
        return [whole(store, partial(self._done, store, item)) for item in items]

    def sees(self, store: Store, visitor: Visitor) -> Mine:
        """Give what is known of a visitor's number.

        Raises:
            Unauthorised: when the session has ended.
        """
        entering.check(store, self.sending, visitor, now=now_us())
        with store.outside_wall():
            return mine_of(store, visitor.number, requests_key=self.cases.key, trace_key=self.tracing.key, now=now_us())

    def leave(self, store: Store, visitor: Visitor) -> None:
        """End a session."""
        entering.leave(store, self.sending, visitor)

    def stop(self, caller: str, product: str) -> Callable[[Store, Visitor], None]:
        """Take a consent back."""

        def does(store: Store, visitor: Visitor) -> None:
            _known(store, visitor, caller)
            self._record(store, visitor, caller, {"event": "consent.withdrawn", "product": product})

        return does

    def objects(self, caller: str) -> Callable[[Store, Visitor], None]:
        """Object to a caller, or to all ("")."""

        def does(store: Store, visitor: Visitor) -> None:
            if caller:
                _known(store, visitor, caller)
            self._record(store, visitor, caller, {"event": "objection.made", "scope": "caller" if caller else "all"})
            self._tell(store, visitor, caller)

        return does

    def deny(self, caller: str, product: str) -> Callable[[Store, Visitor], None]:
        """Say that consents are not one's own: they are frozen, and a complaint counts against who supplied them."""

        def does(store: Store, visitor: Visitor) -> None:
            now, whose = now_us(), self._whose(store, caller)
            given = [
                event
                for event in events_of(store, visitor.number)
                if (event.kind, event.caller, event.fields.get("product")) == ("consent.given", caller, product)
            ]
            if not given:
                raise _nothing()
            frozen = [
                (place, freezing(event, since=now, why="not-mine", recorded_at=now))
                for place, event in enumerate(given, 1)
            ]
            digest = hashlib.sha256(msgspec.json.encode([visitor.number, caller, product, now])).hexdigest()
            record(store, frozen, Source("my number", digest, now, BY, whose.key), _PACK)
            query = "SELECT source.name FROM event JOIN source ON source.id = event.source WHERE seq = ?"
            last = max(given, key=lambda event: event.at)
            (name,) = store.connection.execute(query, (last.seq,)).fetchone()
            link = Link(caller=caller, agent=last.agent, supplier=supplier_of(last.fields, name))
            filed = Filed(visitor.number, (caller,), 0, False, Papers(lang=visitor.lang, way=BY))
            file(store, self._hand(store, whose), filed, recorded_by=BY, link=link)

        return does

    def ask(self, kind: str, caller: str, text: str = "") -> Callable[[Store, Visitor], None]:
        """Ask for proof, correction or erasure: of one caller, or of all who have anything of the number ("")."""

        def does(store: Store, visitor: Visitor) -> None:
            callers = [caller] if caller else sorted({each.caller for each in events_of(store, visitor.number)} - {""})
            if caller:
                _known(store, visitor, caller)
            papers = Papers(lang=visitor.lang, way=BY, text=text.strip())
            for each in callers:
                asking = Asking(kind, visitor.number, each, papers)
                open_request(store, self._hand(store, self._whose(store, each)), asking)

        return does

    def complain(self, told: "Complaining") -> Callable[[Store, Visitor], None]:
        """Complain about a call."""

        def does(store: Store, visitor: Visitor) -> None:
            papers = Papers(
                lang=visitor.lang, way=BY, text=told.about, who=told.who, name=told.name, address=told.address
            )
            if told.caller:
                _known(store, visitor, told.caller)
            callers = (told.caller,) if told.caller else ()
            whose = self._whose(store, told.caller)
            filed = Filed(visitor.number, callers, told.at, told.objects, papers)
            file(store, self._hand(store, whose), filed, recorded_by=BY)

        return does

    def trace(self, told: "Searching") -> Callable[[Store, Visitor], None]:
        """Ask to find who called anonymously."""

        def does(store: Store, visitor: Visitor) -> None:
            request = TraceRequest(
                told.name, told.address, told.postcode, told.town, visitor.number, told.times, visitor.lang
            )
            open_case(store, self.tracing.hand_of(store, BY, _ROLE), request)

        return does

    def add_to_trace(self, case_id: str, told: "Searching") -> Callable[[Store, Visitor], None]:
        """Add later calls, and what was missing, to a search that the person of this number asked for and that runs."""

        def does(store: Store, visitor: Visitor) -> None:
            query = "SELECT organisation FROM trace_case WHERE id = ? AND number = ?"
            row = store.connection.execute(query, (case_id, visitor.number)).fetchone()
            whose = next((each for each in organisations(store).values() if row and each.key == row[0]), None)
            if whose is None:
                raise _nothing()
            hand = self.tracing.hand_of(store, BY, _ROLE, whose)
            if running(store, hand, case_id)[1].asks:  # it is another provider's
                raise _nothing()
            more = {"name": told.name, "address": told.address, "postcode": told.postcode, "town": told.town}
            add(store, hand, case_id, more, told.times)

        return does

    def receipt(self, caller: str, product: str, about: str) -> Callable[[Store, Visitor], str]:
        """Make the receipt of a consent, as a page by itself; that it was made is an entry under the number's own key."""

        def does(store: Store, visitor: Visitor) -> str:
            _known(store, visitor, caller)
            wanted = Wanted(visitor.number, caller, product, about, visitor.lang)
            return as_page(receipt_of(log_of(store), wanted, at=now_us()).receipt)

        return does

    def _done(self, store: Store, item: Deed) -> Any:  # noqa: ANN401  whatever the deed gives
        entering.check(store, self.sending, item.visitor, now=now_us())
        return item.does(store, item.visitor)

    def _hand(self, store: Store, whose: Organisation) -> Hand:
        return self.cases.hand(store, Actor(BY, whose, _ROLE))

    def _whose(self, store: Store, caller: str) -> Organisation:
        """Give whose a caller is; of none that is known, or nobody's, the first organisation."""
        known = list(organisations(store).values())
        key = owner_of(store, caller) if caller else 0
        return next((each for each in known if each.key == key), known[0])

    def _record(self, store: Store, visitor: Visitor, caller: str, row: dict[str, Any]) -> None:
        now = now_us()
        told = {**row, "at": iso(now, ZONE), **({"caller": caller} if caller else {})}
        event = read_event(told, number=visitor.number, zone=ZONE, where="my number", recorded_at=now)
        digest = hashlib.sha256(msgspec.json.encode([visitor.number, told])).hexdigest()
        organisation = self._whose(store, caller).key if caller else 0
        record(store, [(1, event)], Source("my number", digest, now, BY, organisation), _PACK)

    def _tell(self, store: Store, visitor: Visitor, caller: str) -> None:
        """Send the person that an objection is recorded (pages.md 7)."""
        now = now_us()
        known = store.callers().get(caller)
        day = "-".join(reversed(iso(now, ZONE)[:10].split("-")))
        link = f"{self.sending.public_url}/{visitor.lang}/my"
        told = {"caller": known.name if known else "", "day": day, "link": link, "host": self.sending.host}
        kind = "objection" if known else "objection-all"
        whose = self._whose(store, caller).key if known else 0
        item = outbox.Post(
            *(whose, known.key if known else 0, visitor.number, kind, "sms", e164(visitor.number)),
            *(visitor.lang, told, now + _DAY),
        )
        outbox.post(store, self.sending.key, item, now=now)


@dataclass(frozen=True, slots=True)
class Complaining:
    """A complaint as its person writes it.

    Args:
        about: what happened.
        caller: the caller's id; "" where it is none that has anything of the number.
        who: who called, as the person says.
        at: about when, UTC microseconds; 0: not known.
        objects: whether the person wants no more calls of that caller.
        name: of the person, with ``address``: for an answer by letter.
        address: "" where none is told.
    """

    about: str
    caller: str = ""
    who: str = ""
    at: int = 0
    objects: bool = False
    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Searching:
    """Who asks to find a caller, by article 11.11 Tw, and when the calls came (UTC microseconds)."""

    name: str
    address: str
    postcode: str
    town: str
    times: tuple[int, ...]


def _known(store: Store, visitor: Visitor, caller: str) -> None:
    """Refuse a caller that has nothing of the number as one that there is not."""
    if caller not in {event.caller for event in events_of(store, visitor.number)}:
        raise _nothing()


def _nothing() -> InputError:
    return InputError("there is no such page.", code="not-found")
