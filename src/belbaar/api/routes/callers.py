"""Callers, agents and products."""

__all__ = ["ROUTES"]

from typing import Annotated

import msgspec
from litestar import get, patch, post

from belbaar.api.access import Principal
from belbaar.api.books import callers as books
from belbaar.api.books.callers import AgentTold, CallerTold, Registered, RegisteredAgent
from belbaar.api.books.reading import reads
from belbaar.api.service import Service
from belbaar.ledger.details import DETAILS

Details = Annotated[dict[str, Annotated[str, msgspec.Meta(max_length=2000)]], msgspec.Meta(max_length=len(DETAILS))]


class Callers(msgspec.Struct, frozen=True):
    """The callers that a key may speak for."""

    callers: list[CallerTold]


class Agents(msgspec.Struct, frozen=True):
    """The agents of an organisation."""

    agents: list[AgentTold]


class Products(msgspec.Struct, frozen=True):
    """The products that callers were seen with, dotted paths."""

    products: list[str]


@get("/v1/callers", operation_id="listCallers", tags=["Books"], summary="The callers that you may speak for.")
async def list_callers(principal: Principal, service: Service) -> Callers:
    """Give your organisation's callers, and those that it has a mandate of."""
    return Callers(await reads(service, principal, "books", books.callers_of))


@get("/v1/callers/{caller:str}", operation_id="getCaller", tags=["Books"], summary="One caller.")
async def get_caller(caller: str, principal: Principal, service: Service) -> CallerTold:
    """Give a caller: its numbers, and what is known of it for receipts."""
    return await reads(service, principal, "books", lambda store, who: books.one_caller(store, who, caller))


@post("/v1/callers", status_code=200, operation_id="registerCaller", tags=["Books"], summary="Register a caller.")
async def register_caller(data: Registered, principal: Principal, service: Service) -> CallerTold:
    """Register a caller, which is your organisation's, or further numbers of one; the very same again changes nothing.

    Where an installation has several organisations an id begins with that of yours and a dot, such as ``house.voltix``.
    """
    act = service.books.act(principal, "register", lambda store, who: books.register_caller(store, who, data))
    told: CallerTold = await service.desk.does(act)
    return told


@patch("/v1/callers/{caller:str}", operation_id="describeCaller", tags=["Books"], summary="Say more of a caller.")
async def describe_caller(caller: str, data: Details, principal: Principal, service: Service) -> CallerTold:
    """Set details: ``kvk``, ``address``, ``email``, ``privacy_url`` and others; an empty text takes one away."""
    act = service.books.act(principal, "register", lambda store, who: books.describe_caller(store, who, caller, data))
    told: CallerTold = await service.desk.does(act)
    return told


@get("/v1/agents", operation_id="listAgents", tags=["Books"], summary="The bureaus that dial for your callers.")
async def list_agents(principal: Principal, service: Service) -> Agents:
    """Give your organisation's agents."""
    return Agents(await reads(service, principal, "books", books.agents_of))


@post("/v1/agents", status_code=200, operation_id="registerAgent", tags=["Books"], summary="Register an agent.")
async def register_agent(data: RegisteredAgent, principal: Principal, service: Service) -> AgentTold:
    """Register a bureau that dials for your callers, to name it in events; the same id again changes nothing."""
    act = service.books.act(principal, "register", lambda store, who: books.register_agent(store, who, data))
    told: AgentTold = await service.desk.does(act)
    return told


@get("/v1/products", operation_id="listProducts", tags=["Books"], summary="The products seen.")
async def list_products(principal: Principal, service: Service) -> Products:
    """Give the products that events of your callers name. A product needs no registration."""
    return Products(
        await reads(service, principal, "books", lambda store, who: store.products_of(who.callers.values()))
    )


ROUTES = (
    list_callers,
    get_caller,
    register_caller,
    describe_caller,
    list_agents,
    register_agent,
    list_products,
)
