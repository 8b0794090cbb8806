"""The trace desk: cases by article 11.11 Tw, calls that are marked, and what subscribers refuse."""

__all__ = ["ROUTES"]

from collections.abc import Callable
from typing import TypeVar

import msgspec
from litestar import get, post

from belbaar.api.access import Principal
from belbaar.api.books.reading import reads
from belbaar.api.service import Service
from belbaar.api.trace.told import (
    Added,
    CaseTold,
    Chosen,
    Disclosure,
    LineAsked,
    LineTold,
    LineWanted,
    LookedTold,
    MarkTold,
    MarkWanted,
    Refusal,
    TraceWanted,
    case_told,
    looked_told,
    party_of,
    request_of,
)
from belbaar.ledger import Store
from belbaar.numbers import e164
from belbaar.reading import read_instant, read_number, written
from belbaar.trace import Hand, cases, open_case
from belbaar.trace.calls import mark
from belbaar.trace.cases import add, call_marked, case_of
from belbaar.trace.deciding import Disclosed, disclose, refuse
from belbaar.trace.lines import Line, line_of
from belbaar.trace.lines import refuse as refuse_on_line
from belbaar.trace.looking import look

T = TypeVar("T")
_TAGS = ["The trace desk"]


class Cases(msgspec.Struct, frozen=True):
    """The cases of your organisation, newest first."""

    cases: list[CaseTold]


async def acts(service: Service, principal: Principal, does: Callable[[Store, Hand], T]) -> T:
    """Have something done at the trace desk, with all calls at hand that came in before."""
    principal.needs("trace")
    await service.tracing.catch_up(service.desk)
    done: T = await service.desk.does(service.books.act(principal, "trace", service.tracing.does(does)))
    return done


@post("/v1/trace/cases", status_code=201, operation_id="openTrace", tags=_TAGS, summary="Take a request in.")
async def open_trace(data: TraceWanted, principal: Principal, service: Service) -> CaseTold:
    """Open a case for a request in writing: what is missing is told, and the calls that may be meant are found."""
    asked = request_of(data)
    return await acts(service, principal, lambda store, hand: case_told(open_case(store, hand, asked)))


@get("/v1/trace/cases", operation_id="listTraces", tags=_TAGS, summary="Your cases.")
async def list_traces(principal: Principal, service: Service) -> Cases:
    """Give the cases of your organisation."""
    reader = service.tracing.reader
    return Cases(
        await reads(
            service, principal, "trace", lambda store, who: [case_told(each) for each in cases(store, reader(who))]
        )
    )


@get("/v1/trace/cases/{case:str}", operation_id="getTrace", tags=_TAGS, summary="One case.")
async def get_trace(case: str, principal: Principal, service: Service) -> CaseTold:
    """Give a case: what is missing, what is due, its calls and its steps. Who called is not in it."""
    reader = service.tracing.reader
    return await reads(service, principal, "trace", lambda store, who: case_told(case_of(store, reader(who), case)))


@post(
    "/v1/trace/cases/{case:str}/add", status_code=200, operation_id="addToTrace", tags=_TAGS, summary="Add to a case."
)
async def add_to_trace(case: str, data: Added, principal: Principal, service: Service) -> CaseTold:
    """Add what was missing, and later calls. What was said already stays as it was."""
    times = tuple(read_instant(text, f"/times/{place}") for place, text in enumerate(data.times))
    more = {"name": data.name, "address": data.address, "postcode": data.postcode, "town": data.town}
    return await acts(service, principal, lambda store, hand: case_told(add(store, hand, case, more, times)))


@post(
    "/v1/trace/cases/{case:str}/look",
    status_code=200,
    operation_id="lookInTrace",
    tags=_TAGS,
    summary="Who made a call?",
)
async def look_in_trace(case: str, data: Chosen, principal: Principal, service: Service) -> LookedTold:
    """Read who made a call of a case. That you did, and in which case, is an entry of the log before you are answered."""
    return await acts(service, principal, lambda store, hand: looked_told(look(store, hand, case, data.call, data.why)))


@post(
    "/v1/trace/cases/{case:str}/disclose",
    status_code=200,
    operation_id="discloseTrace",
    tags=_TAGS,
    summary="Disclose.",
)
async def disclose_trace(case: str, data: Disclosure, principal: Principal, service: Service) -> CaseTold:
    """Decide that who called is disclosed to who asked. Both are told: POST /v1/trace/cases/{case}/letter."""
    decided = Disclosed(party_of(data.party), tuple(data.calls), data.reason)
    return await acts(service, principal, lambda store, hand: case_told(disclose(store, hand, case, decided)))


@post("/v1/trace/cases/{case:str}/refuse", status_code=200, operation_id="refuseTrace", tags=_TAGS, summary="Refuse.")
async def refuse_trace(case: str, data: Refusal, principal: Principal, service: Service) -> CaseTold:
    """Decide that nothing is disclosed, with the reason that stands in the letter."""
    return await acts(service, principal, lambda store, hand: case_told(refuse(store, hand, case, data.why, data.note)))


@post("/v1/trace/marks", status_code=200, operation_id="markCall", tags=_TAGS, summary="Mark the latest call.")
async def mark_call(data: MarkWanted, principal: Principal, service: Service) -> MarkTold:
    """Mark the latest call to a number, so that it is kept for a request. Nobody hears who made it."""
    number = read_number(data.number, "/number")
    return MarkTold(await acts(service, principal, lambda store, hand: _marked(store, hand, number)))


@post("/v1/trace/lines", status_code=200, operation_id="setLine", tags=_TAGS, summary="What a subscriber refuses.")
async def set_line(data: LineWanted, principal: Principal, service: Service) -> LineTold:
    """Refuse calls without a number on a subscriber's line, or let them through. It counts for the very next call."""
    number = read_number(data.number, "/number")
    line = await acts(
        service,
        principal,
        lambda store, hand: refuse_on_line(
            store, hand, number, anonymous=data.refuse_anonymous, unavailable=data.refuse_unavailable
        ),
    )
    await service.tracing.catch_up(service.desk)
    return _line_told(line)


@post(
    "/v1/trace/lines/ask", status_code=200, operation_id="getLine", tags=_TAGS, summary="What does a subscriber refuse?"
)
async def get_line(data: LineAsked, principal: Principal, service: Service) -> LineTold:
    """Give what a subscriber refuses."""
    number = read_number(data.number, "/number")
    return _line_told(
        await reads(service, principal, "trace", lambda store, who: line_of(store, who.organisation.key, number))
    )


def _marked(store: Store, hand: Hand, number: int) -> bool:
    done = mark(store, hand, number)
    if done:
        call_marked(store, hand, number)
    return done


def _line_told(line: Line) -> LineTold:
    return LineTold(
        e164(line.number), line.anonymous, line.unavailable, written(line.changed_at) if line.changed_at else None
    )


ROUTES = (
    *(open_trace, list_traces, get_trace, add_to_trace, look_in_trace, disclose_trace, refuse_trace),
    *(mark_call, set_line, get_line),
)
