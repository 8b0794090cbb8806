"""Complaints, requests of called persons, and sources that are stopped."""

__all__ = ["ROUTES", "pdf_of"]

import asyncio
import re
from typing import Annotated, Literal

import msgspec
from litestar import Response, get, post
from litestar.params import QueryParameter

from belbaar.api.access import Principal
from belbaar.api.books.reading import reads
from belbaar.api.cases.officers import acts, answers, files, letters, read_filing, stops
from belbaar.api.cases.told import (
    Answered,
    ComplaintTold,
    FiguresTold,
    Filing,
    RequestTold,
    SourceTold,
    Stopping,
    complaint_told,
    figures_told,
    request_told,
    source_told,
)
from belbaar.api.cases.working import concerns
from belbaar.api.service import Service
from belbaar.clock import now_us
from belbaar.complaints.figures import figures
from belbaar.complaints.filing import complaint_of, complaints
from belbaar.complaints.sources import stopped_sources
from belbaar.ledger import Store
from belbaar.letters import Page
from belbaar.requests.cases import steps_of, take_up

_TAGS = ["Complaints and requests"]
_State = Annotated[Literal["new", "busy", "done"] | None, QueryParameter(name="state")]
_Limit = Annotated[int, QueryParameter(ge=1, le=1000)]


async def pdf_of(page: Page) -> Response[bytes]:
    """Answer with a letter that is saved by the name of its reference."""
    from belbaar.letters.pdf import pdf  # noqa: PLC0415  what makes PDF loads slowly

    name = re.sub(r"[^0-9A-Za-z]+", "-", page.reference).strip("-").lower()
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return Response(await asyncio.to_thread(pdf, page), media_type="application/pdf", headers=headers)


class Complaints(msgspec.Struct, frozen=True):
    """Complaints: what is to be answered first, then those answered last."""

    complaints: list[ComplaintTold]


class Requests(msgspec.Struct, frozen=True):
    """What is not answered yet, what is due first in front."""

    requests: list[RequestTold]


class Sources(msgspec.Struct, frozen=True):
    """Sources that are stopped, the latest first."""

    sources: list[SourceTold]


@post("/v1/complaints", status_code=201, operation_id="fileComplaint", tags=_TAGS, summary="Take a complaint in.")
async def file_complaint(data: Filing, principal: Principal, service: Service) -> ComplaintTold:
    """Record a complaint, and find the call, the agent and the source of the consent that it is about."""
    filed = read_filing(data, way="api")
    told = await service.desk.does(files(service, principal, filed, data.caller))
    return complaint_told(told)


@get("/v1/complaints", operation_id="listComplaints", tags=_TAGS, summary="The complaints of your callers.")
async def list_complaints(
    principal: Principal, service: Service, standing: _State = None, limit: _Limit = 100
) -> Complaints:
    """Give complaints, those that are to be answered first in front."""
    found = await reads(
        service,
        principal,
        "history",
        lambda store, who: [
            each
            for each in complaints(store, service.cases.reader(who), state=standing or "", limit=limit)
            if concerns(who, each.request)
        ],
    )
    return Complaints([complaint_told(each) for each in found])


@get("/v1/complaints/figures", operation_id="complaintFigures", tags=_TAGS, summary="Complaints, counted.")
async def complaint_figures(principal: Principal, service: Service) -> FiguresTold:
    """Count complaints of the last twelve months, and per 1 000 calls of each agent and source.

    Calls are counted every half minute, and when a complaint is taken in.
    """
    return figures_told(
        await reads(
            service,
            principal,
            "history",
            lambda store, who: figures(store, who.organisation.key, sorted(who.callers.values()), now_us()),
        )
    )


@get("/v1/complaints/{id_:str}", operation_id="getComplaint", tags=_TAGS, summary="One complaint.")
async def get_complaint(id_: str, principal: Principal, service: Service) -> ComplaintTold:
    """Give a complaint, with what was done on it."""

    def told(store: Store, who: Principal) -> ComplaintTold:
        service.cases.one(store, who, id_)
        reader = service.cases.reader(who)
        return complaint_told(complaint_of(store, reader, id_), steps_of(store, reader, id_))

    return await reads(service, principal, "history", told)


@get("/v1/requests", operation_id="listRequests", tags=_TAGS, summary="What is not answered yet.")
async def list_requests(principal: Principal, service: Service) -> Requests:
    """Give open requests of all kinds, with their last days, what is due first in front."""
    found = await reads(service, principal, "history", service.cases.open)
    return Requests([request_told(each) for each in found])


@get("/v1/requests/{id_:str}", operation_id="getRequest", tags=_TAGS, summary="One request.")
async def get_request(id_: str, principal: Principal, service: Service) -> RequestTold:
    """Give a request, with what was written and done."""

    def told(store: Store, who: Principal) -> RequestTold:
        found = service.cases.one(store, who, id_)
        return request_told(found, steps_of(store, service.cases.reader(who), id_))

    return await reads(service, principal, "history", told)


@post("/v1/requests/{id_:str}/take-up", status_code=200, operation_id="takeUpRequest", tags=_TAGS, summary="Begin.")
async def take_up_request(id_: str, principal: Principal, service: Service) -> RequestTold:
    """Begin to work on a request or complaint; one that is begun stays as it is."""
    return request_told(await service.desk.does(acts(service, principal, id_, take_up)))


@post("/v1/requests/{id_:str}/answer", status_code=200, operation_id="answerRequest", tags=_TAGS, summary="Answer.")
async def answer_request(id_: str, data: Answered, principal: Principal, service: Service) -> RequestTold:
    """Answer a request or complaint, which ends it. An erasure that is granted is done at once."""
    return request_told(await answers(service, principal, id_, data))


@get(
    "/v1/requests/{id_:str}/letter",
    operation_id="getLetter",
    tags=_TAGS,
    summary="The answer as a letter.",
    opt={"gives": ("application/pdf",)},
)
async def get_letter(id_: str, principal: Principal, service: Service) -> Response[bytes]:
    """Give the answer as a letter, as PDF in the language of the person: the same bytes each time."""
    return await pdf_of(await reads(service, principal, "history", letters(service, id_)))


@get("/v1/sources/stopped", operation_id="listStoppedSources", tags=_TAGS, summary="Sources that are stopped.")
async def list_stopped_sources(principal: Principal, service: Service) -> Sources:
    """Give the sources of which no consent counts any more."""
    found = await reads(service, principal, "books", lambda store, who: stopped_sources(store, who.organisation.key))
    return Sources([source_told(each) for each in found])


@post("/v1/sources/stop", status_code=200, operation_id="stopSource", tags=_TAGS, summary="Stop a source.")
async def stop_source_of_consents(data: Stopping, principal: Principal, service: Service) -> SourceTold:
    """Let none of a source's consents count from now on, whenever they are recorded; verdicts follow at once."""
    return source_told(await stops(service, principal, data))


ROUTES = (
    file_complaint,
    list_complaints,
    complaint_figures,
    get_complaint,
    list_requests,
    get_request,
    take_up_request,
    answer_request,
    get_letter,
    list_stopped_sources,
    stop_source_of_consents,
)
