"""The trace desk's pages: requests by article 11.11 Tw, the calls that may be meant, who called, the decision, letters."""

__all__ = ["ROUTES"]

from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import State

from belbaar.api.routes import trace
from belbaar.api.service import Service
from belbaar.api.trace.told import (
    Added,
    CaseTold,
    Chosen,
    Disclosure,
    LineTold,
    LineWanted,
    LookedTold,
    PartyTold,
    Refusal,
    TraceWanted,
)
from belbaar.errors import InputError
from belbaar.trace.deciding import REFUSALS
from belbaar.web.rendering import page, redirect
from belbaar.web.sent import fields_of, lines_of, text_of
from belbaar.web.visits import Person, Visit

AnyRequest = Request[object, object, State]
_PARTY = ("number", "name", "address", "postcode", "town")


@get("/traces")
async def desk(visit: Visit, service: Service, person: Person) -> Response[str]:
    """Show the cases, and take a request in."""
    return await _desk(visit, service, person)


@post("/traces")
async def take_in(request: AnyRequest, visit: Visit, service: Service, person: Person) -> Response[Any]:
    """Take a request in, as it was written."""
    data = await fields_of(request)
    told = {name: text_of(data, name) for name in _PARTY}
    wanted = TraceWanted(**told, times=lines_of(data, "times"), lang="en" if text_of(data, "lang") == "en" else "nl")
    try:
        case: CaseTold = await trace.open_trace.fn(data=wanted, principal=person.principal, service=service)
    except InputError as error:
        return await _desk(visit, service, person, filled=wanted, error=error)
    return redirect(visit, f"/traces/{case.case}")


@post("/traces/lines")
async def set_line(request: AnyRequest, visit: Visit, service: Service, person: Person) -> Response[Any]:
    """Set what a subscriber refuses."""
    data = await fields_of(request)
    wanted = LineWanted(
        text_of(data, "line"), "anonymous" in data.get("refuse", ()), "unavailable" in data.get("refuse", ())
    )
    try:
        line = await trace.set_line.fn(data=wanted, principal=person.principal, service=service)
    except InputError as error:
        error.where = "/line"
        return await _desk(visit, service, person, error=error)
    return await _desk(visit, service, person, line=line)


@get("/traces/{case:str}")
async def one(visit: Visit, service: Service, person: Person, case: str) -> Response[str]:
    """Show a case; who called is not on this page."""
    return await _case(visit, service, person, case)


@post("/traces/{case:str}/add")
async def add(request: AnyRequest, visit: Visit, service: Service, person: Person, case: str) -> Response[Any]:
    """Add what was missing, and later calls."""
    data = await fields_of(request)
    more = Added(**{name: text_of(data, name) for name in _PARTY[1:]}, times=lines_of(data, "times"))
    return await _then(visit, service, person, case, (trace.add_to_trace, more))


@post("/traces/{case:str}/look")
async def look(request: AnyRequest, visit: Visit, service: Service, person: Person, case: str) -> Response[Any]:
    """Read who made a call, with a reason; it is shown this once."""
    data = await fields_of(request)
    chosen = Chosen(text_of(data, "call"), text_of(data, "why"))
    try:
        looked = await trace.look_in_trace.fn(case=case, data=chosen, principal=person.principal, service=service)
    except InputError as error:
        return await _case(visit, service, person, case, error=error, call=chosen.call)
    return await _case(visit, service, person, case, looked=looked)


@post("/traces/{case:str}/disclose")
async def disclose(request: AnyRequest, visit: Visit, service: Service, person: Person, case: str) -> Response[Any]:
    """Decide to disclose who called."""
    data = await fields_of(request)
    party = PartyTold(**{name: text_of(data, name) for name in _PARTY})
    decided = Disclosure(party, [*data.get("calls", ())], text_of(data, "reason"))
    return await _then(visit, service, person, case, (trace.disclose_trace, decided))


@post("/traces/{case:str}/refuse")
async def refuse(request: AnyRequest, visit: Visit, service: Service, person: Person, case: str) -> Response[Any]:
    """Decide not to."""
    data = await fields_of(request)
    why = text_of(data, "why")
    if why not in REFUSALS:
        raise InputError("this is no reason to refuse.", where="/why")
    decided = msgspec.convert({"why": why, "note": text_of(data, "note")}, Refusal)
    return await _then(visit, service, person, case, (trace.refuse_trace, decided))


async def _then(
    visit: Visit, service: Service, person: Person, case: str, deed: tuple[Any, msgspec.Struct]
) -> Response[Any]:
    """Do something in a case (an operation, and what it is given) and show it again, with what was wrong."""
    handler, asked = deed
    try:
        await handler.fn(case=case, data=asked, principal=person.principal, service=service)
    except InputError as error:
        return await _case(visit, service, person, case, error=error, filled=asked)
    return redirect(visit, f"/traces/{case}")


async def _desk(
    visit: Visit,
    service: Service,
    person: Person,
    *,
    filled: TraceWanted | None = None,
    error: InputError | None = None,
    line: LineTold | None = None,
) -> Response[str]:
    cases = (await trace.list_traces.fn(principal=person.principal, service=service)).cases
    return page(
        visit,
        "traces.html.j2",
        status=422 if error else 200,
        cases=cases,
        filled=filled or TraceWanted(""),
        error=error,
        where=_where(error),
        line=line,
    )


async def _case(
    visit: Visit,
    service: Service,
    person: Person,
    case: str,
    *,
    error: InputError | None = None,
    filled: msgspec.Struct | None = None,
    looked: LookedTold | None = None,
    call: str = "",
) -> Response[str]:
    told: CaseTold = await trace.get_trace.fn(case=case, principal=person.principal, service=service)
    return page(
        visit,
        "trace.html.j2",
        status=422 if error else 200,
        case=told,
        open=told.state not in {"found", "refused"},
        error=error,
        where=_where(error),
        filled=filled if isinstance(filled, Disclosure) else None,
        looked=looked,
        at_call=call,
        refusals=REFUSALS,
    )


def _where(error: InputError | None) -> str:
    """Give the field that an error is about: the last word of its pointer, places in a list apart."""
    words = [word for word in (error.where if error else "").split("/") if word and not word.isdigit()]
    return words[-1] if words else ""


ROUTES = (desk, take_in, set_line, one, add, look, disclose, refuse)
