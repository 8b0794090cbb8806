"""Lists as jobs: upload, look how far it is, fetch, call off."""

__all__ = ["ROUTES"]

import asyncio
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import msgspec
from litestar import Request, delete, get, post
from litestar.datastructures import State
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType
from litestar.params import QueryParameter
from litestar.response import File, ServerSentEvent, ServerSentEventMessage

from belbaar.api.access import Principal
from belbaar.api.desk import Act
from belbaar.api.lists.files import forget, job_folder, make_folder, result_of
from belbaar.api.lists.jobs import DONE, ENDED, RUNNING, Job, jobs_of
from belbaar.api.lists.questions import ListQuestion, read_question
from belbaar.api.lists.queueing import new_job, refuse_unusable, unready
from belbaar.api.lists.told import ListTold, told
from belbaar.api.lists.uploading import take_upload
from belbaar.api.service import Service
from belbaar.errors import BelbaarError
from belbaar.ledger import Store

_LOOK_SECONDS = 0.5
_SILENT_LOOKS = 20
"""Looks after which something is said though nothing changed: who listens hears that somebody is there."""
_Limit = Annotated[int, QueryParameter(ge=1, le=1000)]


class Lists(msgspec.Struct, frozen=True):
    """Lists, latest first."""

    lists: list[ListTold]


@dataclass
class _UploadOperation(Operation):
    """Describes the form, which is taken in piece by piece and not by Litestar."""

    def __post_init__(self) -> None:
        text, whole = Schema(type=OpenAPIType.STRING), Schema(type=OpenAPIType.INTEGER)
        fields = {name: whole if name == "evidence" else text for name in ListQuestion.__struct_fields__}
        fields |= {"column": Schema(type=OpenAPIType.ARRAY, items=text)}
        file = Schema(type=OpenAPIType.STRING, content_media_type="application/octet-stream")
        form = Schema(
            type=OpenAPIType.OBJECT, properties={"file": file, **fields}, required=["file", "caller", "product"]
        )
        self.request_body = RequestBody({"multipart/form-data": OpenAPIMediaType(schema=form)}, required=True)


@post(
    "/v1/lists",
    status_code=202,
    operation_id="uploadList",
    tags=["Lists"],
    summary="Upload a list, to know which of its numbers may be called.",
    request_max_body_size=None,
    operation_class=_UploadOperation,
)
async def upload(request: Request[object, object, State], principal: Principal, service: Service) -> ListTold:
    """Take a list in: CSV, XLSX or Parquet as the field ``file``, and what is asked as ``belbaar screen`` has it.

    It is screened by a process of its own, after those that came before it; one of each organisation at a time, in turn.
    Look at ``GET /v1/lists/{id}`` how far it is. Its files are kept for some days, and are then removed.
    """
    principal.needs("lists")
    job_id = secrets.token_hex(16)
    folder = await asyncio.to_thread(make_folder, service.settings.store, job_id)
    try:
        most, kind = service.settings.upload_bytes, request.headers.get("content-type", "")
        taken = await take_upload(request.stream(), kind, folder, most)
        question = read_question(taken.fields)
        await service.readers.reads(
            lambda store: service.remembered.again(store, principal).speaks_for(question.caller)
        )
        await asyncio.to_thread(refuse_unusable, taken.path)
        job = new_job(job_id, principal, question, taken.name)
        return told(await service.desk.does(Act(service.queueing.adds, (principal, job))))
    except BaseException:
        await asyncio.shield(asyncio.to_thread(forget, folder))
        raise


@get("/v1/lists", operation_id="listLists", tags=["Lists"], summary="Your lists, latest first.")
async def lists(principal: Principal, service: Service, limit: _Limit = 100) -> Lists:
    """Give the lists that were uploaded for your callers."""
    principal.needs("lists")

    def read(store: Store) -> Lists:
        return Lists([told(job) for job in jobs_of(store, service.remembered.again(store, principal), limit)])

    return await service.readers.reads(read)


@get("/v1/lists/{list_id:str}", operation_id="getList", tags=["Lists"], summary="How far is a list, what came of it?")
async def one(list_id: str, principal: Principal, service: Service) -> ListTold:
    """Tell its state, how many rows are done and how many a second; when it is done its counts, and its log entry."""
    return told(await _job_of(service, principal, list_id))


@get(
    "/v1/lists/{list_id:str}/progress",
    operation_id="followList",
    tags=["Lists"],
    summary="How far is a list, told as it goes on.",
)
async def progress(list_id: str, principal: Principal, service: Service) -> ServerSentEvent:
    """Tell of a list as server-sent events: ``progress`` when something changed, at last ``end``; each as GET has it."""
    first = await _job_of(service, principal, list_id)
    return ServerSentEvent(_follow(first, principal, service))


@get(
    "/v1/lists/{list_id:str}/result",
    operation_id="fetchList",
    tags=["Lists"],
    summary="Fetch a list that was screened.",
    media_type="application/octet-stream",
)
async def result(list_id: str, principal: Principal, service: Service) -> File:
    """Give the list as it was, with a verdict to every row, in the format that was asked.

    In CSV and XLSX a cell that a spreadsheet would run is made text by an apostrophe: what begins with = @ or a tab, and
    what begins with + or - and is more than digits and their signs. Telephone numbers stay as they are.
    """
    job = await _job_of(service, principal, list_id)
    path = await asyncio.to_thread(result_of, job_folder(service.settings.store, job.id), job)
    if job.state != DONE or path is None or not path.exists():
        raise unready(job)
    return File(path, filename=f"{Path(job.name).stem}.belbaar{path.suffix}", media_type="application/octet-stream")


@delete(
    "/v1/lists/{list_id:str}",
    status_code=200,
    operation_id="deleteList",
    tags=["Lists"],
    summary="Call a list off, or remove its files.",
)
async def remove(list_id: str, principal: Principal, service: Service) -> ListTold:
    """Call off a list that waits or is being screened; of one that ended remove the files. Its log entry stays."""
    principal.needs("lists")
    seen = await _job_of(service, principal, list_id)
    answer = told(await service.desk.does(Act(service.queueing.calls_off, (principal, list_id))))
    if seen.state != RUNNING:  # else its process still has them open, and they go when it has ended
        await asyncio.to_thread(forget, job_folder(service.settings.store, list_id))
    return answer


async def _job_of(service: Service, principal: Principal, job_id: str) -> Job:
    return await service.readers.reads(lambda store: service.queueing.one(store, principal, job_id))


async def _follow(job: Job, principal: Principal, service: Service) -> AsyncIterator[ServerSentEventMessage]:
    before: Any = None
    silent = 0
    while not service.watch.stopped:
        now = told(job)
        if now != before:
            name = "end" if job.state in ENDED else "progress"
            yield ServerSentEventMessage(msgspec.json.encode(now).decode(), event=name)
            before, silent = now, 0
        if job.state in ENDED:
            return
        silent += 1
        if silent % _SILENT_LOOKS == 0:
            yield ServerSentEventMessage(None, comment="still there")
        await asyncio.sleep(_LOOK_SECONDS)
        try:
            job = await _job_of(service, principal, job.id)
        except BelbaarError:  # a key that is good no more, a ledger that is away: who listens asks again, and is told
            return


ROUTES = (upload, lists, one, progress, result, remove)
