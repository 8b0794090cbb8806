"""What officers and programs do with complaints and requests, as acts of the desk; pages and end points both use them."""

__all__ = ["acts", "answers", "files", "letters", "read_filing", "stops"]

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from belbaar.api.access import Principal
from belbaar.api.cases.told import Answered, Filing, Stopping
from belbaar.api.desk import Act
from belbaar.api.service import Service
from belbaar.clock import now_us
from belbaar.complaints.filing import Complaint, Filed, file
from belbaar.complaints.sources import Stopped, stop_source, stopped_sources
from belbaar.errors import InputError, StoreUnavailable
from belbaar.law import PACKS
from belbaar.ledger import Store
from belbaar.ledger.details import details_of
from belbaar.letters import Page
from belbaar.opening import opened
from belbaar.proof.erasure.erasing import check_said, erase, finish
from belbaar.proof.log.keeping import log_of
from belbaar.reading import read_instant, read_number
from belbaar.requests.cases import Papers, Request, answer, request_of
from belbaar.requests.hand import Hand
from belbaar.requests.letter import letter

T = TypeVar("T")
_LOG = logging.getLogger("belbaar.api")
_PACK = PACKS["NL"]
_BY = "officer"
"""In what role data is erased here, as the log says for ever."""


def read_filing(data: Filing, *, way: str) -> Filed:
    """Read a complaint as it was sent; whose callers it may be about is not known yet.

    Raises:
        InputError: when number or instant cannot be read, or it lies in the future.
    """
    number = read_number(data.number, "/number", region=data.region, lang=data.lang)
    at = read_instant(data.at, "/at") if data.at.strip() else 0
    if at > now_us():
        raise InputError("no call came at this time yet.", where="/at", todo="Mend the date.")
    papers = Papers(
        lang=data.lang, way=way, text=data.about.strip(), who=data.who.strip(), name=data.name, address=data.address
    )
    return Filed(number, (), at, data.objects, papers)


def files(service: Service, principal: Principal, filed: Filed, caller: str) -> Act[Complaint]:
    """Take a complaint in, about one caller or whichever of the principal's called."""

    def does(store: Store, who: Principal, hand: Hand) -> Complaint:
        if caller:
            who.speaks_for(caller)
        callers = (caller,) if caller else tuple(sorted(who.callers))
        return file(store, hand, replace(filed, callers=callers), recorded_by=who.id)

    return service.books.act(principal, "answer", service.cases.does(does))


def acts(service: Service, principal: Principal, id_: str, does: Callable[[Store, Hand, str], T]) -> Act[T]:
    """Do something with a request that is the principal's to see."""

    def done(store: Store, who: Principal, hand: Hand) -> T:
        service.cases.one(store, who, id_)
        return does(store, hand, id_)

    return service.books.act(principal, "answer", service.cases.does(done))


def letters(service: Service, id_: str) -> Callable[[Store, Principal], Page]:
    """Write the answer to a request as a letter, of the caller whom it is about, or of who answers it; reads only."""

    def read(store: Store, who: Principal) -> Page:
        found = service.cases.one(store, who, id_)
        if not found.caller:
            return letter(found, who.organisation.name, "")
        return letter(found, store.caller(found.caller).name, details_of(store, found.caller).get("address", ""))

    return read


async def answers(service: Service, principal: Principal, id_: str, data: Answered) -> Request:
    """Answer a request, and give it as it is then.

    An erasure that is granted is done: what is kept of the number goes, as far as the caller is concerned of which it was
    asked, and what was written in the request with it.
    """

    def does(store: Store, hand: Hand, id_: str) -> Request:
        made = answer(store, hand, id_, decision=data.decision, reply=data.reply, name=data.name, address=data.address)
        if made.kind != "erasure" or data.decision != "granted" or not made.number:
            return made
        reason = f"asked by the person, request {made.ref}"
        erase(log_of(store), made.number, pack=_PACK, reason=reason, caller=made.caller, by=_BY)
        return request_of(store, hand, id_)

    made = await service.desk.does(acts(service, principal, id_, does))
    if made.kind == "erasure" and not made.number:
        await asyncio.to_thread(_finish, service.settings.store)
    return made


def _finish(store: str) -> None:
    """Shred the keys of what was erased, and clear what deletions leave behind.

    Where somebody else holds the store for too long, the next erasure does it, or ``belbaar erase --due``.
    """
    try:
        with opened(store) as kept:
            finish(log_of(kept))
    except StoreUnavailable as error:
        _LOG.warning("an erasure is to be finished: %s", error.code)


async def stops(service: Service, principal: Principal, data: Stopping) -> Stopped:
    """Stop a source, freeze what came from it, and tell how it stands then.

    Raises:
        InputError: when no consent came from it, or the reason could hold a person's data.
    """
    check_said(data.reason, "/reason")

    def does(store: Store, who: Principal, hand: Hand) -> Stopped:
        del who
        return stop_source(store, hand, data.source, data.reason)

    stop: Stopped = await service.desk.does(service.books.act(principal, "stop", service.cases.does(does)))
    await service.cases.freeze(service.desk, stop)
    found = await service.readers.reads(lambda store: stopped_sources(store, stop.organisation))
    return next(each for each in found if each.supplier == stop.supplier)
