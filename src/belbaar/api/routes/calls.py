"""Calls that are going on and have been: what was said in them, what became of them, and what is missing."""

__all__ = ["ROUTES", "tell_one"]

import asyncio
from collections.abc import Callable
from typing import Annotated

import msgspec
from litestar import get, post

from belbaar.api.access import Principal
from belbaar.api.books.reading import reads
from belbaar.api.gate.calls import CallTold, Kept, told
from belbaar.api.gate.missing import CallerOffers, Missing, missing, offers_by_caller
from belbaar.api.gate.said import Objected, Objection, Offer, Offered, objected, offered
from belbaar.api.problems import Problem, problem_of
from belbaar.api.service import Service
from belbaar.clock import now_us
from belbaar.errors import InputError
from belbaar.ledger import Store

_TAG = ["Calls"]


class Calls(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Calls to be told of, at most a thousand."""

    calls: Annotated[list[CallTold], msgspec.Meta(max_length=1000)]


class Told(msgspec.Struct, frozen=True, omit_defaults=True):
    """What came of one: what was kept of it, or what was wrong with it."""

    call: Kept | None = None
    problem: Problem | None = None


class AllTold(msgspec.Struct, frozen=True):
    """What came of each, in the order in which they were sent."""

    results: list[Told]


class Offers(msgspec.Struct, frozen=True):
    """Callers, and how many of their answered calls of the last ninety days have the offer of the objection recorded."""

    callers: list[CallerOffers]


@post("/v1/calls", status_code=200, operation_id="tellCalls", tags=_TAG, summary="Tell what became of calls.")
async def tell(data: Calls, principal: Principal, service: Service) -> AllTold:
    """Tell when calls were placed, answered and ended, and how. What was answered becomes ``call.made``.

    Sending the same again does no harm, and a call may be told of in parts. What is wrong with one is no matter of the
    others.
    """
    principal.needs("permit")
    acts = [service.books.act(principal, "permit", _told(service, call)) for call in data.calls]
    came = await asyncio.gather(*map(service.desk.does, acts), return_exceptions=True)
    return AllTold([_result(each) for each in came])


@get("/v1/calls/missing", operation_id="missingCalls", tags=_TAG, summary="What does not fit together.")
async def lacking(principal: Principal, service: Service) -> Missing:
    """Give permits that were used and of whose call nobody told within three minutes, and answered calls without a permit."""
    return await reads(service, principal, "books", lambda store, who: missing(store, who.organisation.key, now_us()))


@get("/v1/calls/offers", operation_id="objectionOffers", tags=_TAG, summary="Who tells people of their right?")
async def offers(principal: Principal, service: Service) -> Offers:
    """Give for each caller how many calls were answered, and in how many the right to object was offered (Tw 11.7(12))."""
    return Offers(await reads(service, principal, "books", _offers))


@post("/v1/gate/objections", status_code=200, operation_id="objectInCall", tags=_TAG, summary="Do not call me again.")
async def object_(data: Objection, principal: Principal, service: Service) -> Objected:
    """Record the objection of the person in a call, which the call's permit or verdict names.

    When this answers it is in force: the next attempt is refused, while the call may still be going on.
    """
    principal.needs("permit")
    act = service.books.act(principal, "permit", lambda store, who: objected(store, who, data, service.permit_keys))
    came: Objected = await service.desk.does(act)
    return came


@post("/v1/gate/offers", status_code=200, operation_id="offerInCall", tags=_TAG, summary="The right was offered.")
async def offer(data: Offer, principal: Principal, service: Service) -> Offered:
    """Record that the person in a call was told of the right to object."""
    principal.needs("permit")
    act = service.books.act(principal, "permit", lambda store, who: offered(store, who, data, service.permit_keys))
    came: Offered = await service.desk.does(act)
    return came


def _offers(store: Store, who: Principal) -> list[CallerOffers]:
    return offers_by_caller(store, who.organisation.key, who.callers)


async def tell_one(service: Service, principal: Principal, call: CallTold) -> Kept:
    """Keep what is told of one call, in whichever form it was told.

    Raises:
        InputError: when it is no call of who asks.
    """
    principal.needs("permit")
    kept: Kept = await service.desk.does(service.books.act(principal, "permit", _told(service, call)))
    return kept


def _told(service: Service, call: CallTold) -> Callable[[Store, Principal], Kept]:
    return lambda store, who: told(store, who, call, service.permit_keys)


def _result(came: Kept | BaseException) -> Told:
    """Tell what came of a call; that the ledger is not there is no matter of one call alone."""
    if isinstance(came, InputError):
        return Told(problem=problem_of(came))
    if isinstance(came, BaseException):
        raise came
    return Told(came)


ROUTES = (tell, lacking, offers, object_, offer)
