"""Screen a list: a file, its columns, how far it is, and what came of it."""

__all__ = ["ROUTES"]

import asyncio
import base64
import binascii
import secrets
from pathlib import Path
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.params import QueryParameter
from litestar.response import File

from belbaar.api.desk import Act
from belbaar.api.lists.files import forget, job_folder, make_folder, result_of, upload_of
from belbaar.api.lists.jobs import DONE, Job, jobs_of
from belbaar.api.lists.questions import read_question
from belbaar.api.lists.queueing import new_job, refuse_unusable, unready
from belbaar.api.lists.told import told
from belbaar.api.lists.uploading import take_upload
from belbaar.api.proving import DossierAsked
from belbaar.api.service import Service
from belbaar.errors import BelbaarError, InputError, StoreUnavailable
from belbaar.ledger import Store
from belbaar.numbers import REFUSALS, parse_e164
from belbaar.tables.hostile import refuse_swelling
from belbaar.web.calls import Books, books_of
from belbaar.web.explaining import sentences
from belbaar.web.opaque import NUMBER, seal_id
from belbaar.web.rendering import page, redirect
from belbaar.web.screening import Draft, Filter, Row, draft_of, filtered_file, keep_draft, previewed, rows_of
from belbaar.web.sent import Form
from belbaar.web.texts import said
from belbaar.web.visits import Person, Visit

_Text = Annotated[str, QueryParameter(max_length=200)]
_RECENT = 20
_DRAWN_UP = ("caller", "product", "channel", "at", "compare")
"""Fields of the form that are asked of the list as they stand."""


@get("/lists")
async def lists(visit: Visit, service: Service, person: Person) -> Response[Any]:
    """Ask for a file, and show the lists of before."""
    return await _start(visit, service, person)


@post("/lists", request_max_body_size=None)
async def upload(
    request: Request[object, object, State], visit: Visit, service: Service, person: Person
) -> Response[Any]:
    """Take a file in."""
    person.principal.needs("lists")
    job_id = secrets.token_hex(16)
    folder = await asyncio.to_thread(make_folder, service.settings.store, job_id)
    try:
        kind = request.headers.get("content-type", "")
        taken = await take_upload(request.stream(), kind, folder, service.settings.upload_bytes)
        await asyncio.to_thread(_refuse_unusable, taken.path)
        await asyncio.to_thread(previewed, taken.path)
        draft = Draft(person.principal.organisation.key, person.principal.id, taken.name)
        await asyncio.to_thread(keep_draft, folder, draft)
    except InputError as error:
        await asyncio.shield(asyncio.to_thread(forget, folder))
        return await _start(visit, service, person, error)
    except BaseException:
        await asyncio.shield(asyncio.to_thread(forget, folder))
        raise
    return redirect(visit, f"/lists/{_address(job_id)}/columns")


@get("/lists/{address:str}/columns")
async def columns_page(visit: Visit, service: Service, person: Person, address: str) -> Response[Any]:
    """Show what was recognised in the file, and ask what the calls will be about."""
    return await _columns(visit, service, person, address, {})


@post("/lists/{address:str}/columns")
async def queue(visit: Visit, service: Service, person: Person, address: str, data: Form) -> Response[Any]:
    """Put the list in the queue."""
    job_id, folder, draft = await _draft(service, person, address)
    named = [name.partition(":")[2] for name, value in data.items() if name.startswith("column:") and value == "number"]
    fields = {name: [data[name].strip()] for name in _DRAWN_UP if data.get(name, "").strip()}
    try:
        if not named:
            raise InputError("no column is chosen.", where="/column")
        if "product" not in fields:
            raise InputError("the product is missing.", where="/product")
        question = read_question({**fields, "column": named})
        await service.desk.does(
            Act(service.queueing.adds, (person.principal, new_job(job_id, person.principal, question, draft.name)))
        )
    except StoreUnavailable:
        raise
    except BelbaarError as error:
        return await _columns(visit, service, person, address, data, error)
    await asyncio.to_thread((folder / "draft.json").unlink, missing_ok=True)
    return redirect(visit, f"/lists/{address}")


@get("/lists/{address:str}")
async def one(
    visit: Visit,
    service: Service,
    person: Person,
    address: str,
    may: _Text = "",
    ground: _Text = "",
    reason: _Text = "",
) -> Response[Any]:
    """Show how far a list is; when it is done what came of it, and rows of it."""

    def read(store: Store) -> tuple[Job, Books]:
        job = service.queueing.one(store, person.principal, _id_of(address))
        return job, books_of(store, service.remembered.again(store, person.principal))

    job, books = await service.readers.reads(read)
    path = await asyncio.to_thread(result_of, job_folder(service.settings.store, job.id), job)
    there, wanted = job.state == DONE and path is not None and path.exists(), Filter(may, ground, reason)
    rows = await asyncio.to_thread(rows_of, path, wanted) if there and path else []
    list_told = told(job)
    return page(
        visit,
        "list.html.j2",
        address=address,
        job=job,
        told=list_told,
        books=books,
        there=there,
        wanted=wanted,
        query=msgspec.structs.asdict(wanted),
        rows=[(each, _sealed(service, person, each)) for each in rows],
        word=sentences(list_told.counts.at[:10], visit.lang, list_told.product) if list_told.counts else {},
    )


@get("/lists/{address:str}/download")
async def download(
    service: Service, person: Person, address: str, may: _Text = "", ground: _Text = "", reason: _Text = ""
) -> File:
    """Give the rows that are wanted, as the file has them."""
    job = await _job(service, person, address)
    path = await asyncio.to_thread(result_of, job_folder(service.settings.store, job.id), job)
    if job.state != DONE or path is None or not path.exists():
        raise unready(job)
    made = await asyncio.to_thread(filtered_file, path, Filter(may, ground, reason))
    name = f"{Path(job.name).stem}.belbaar{'-' + may if may else ''}{path.suffix}"
    return File(made, filename=name, media_type="application/octet-stream")


@post("/lists/{address:str}/dossier")
async def dossier(service: Service, person: Person, address: str) -> Response[bytes]:
    """Give the dossier of a screening, which proves itself."""
    person.principal.needs("evidence")
    job = await _job(service, person, address)
    if job.state != DONE:
        raise unready(job)
    made = await service.proving.dossier(person.principal, DossierAsked(screening=job.entry))
    headers = {"Content-Disposition": 'attachment; filename="dossier.zip"'}
    return Response(made.content, media_type="application/zip", status_code=200, headers=headers)


@post("/lists/{address:str}/remove")
async def remove(visit: Visit, service: Service, person: Person, address: str) -> Response[Any]:
    """Call a list off, or remove its files. Its entry in the log stays."""
    job = await _job(service, person, address)
    await service.desk.does(Act(service.queueing.calls_off, (person.principal, job.id)))
    if job.state != "running":  # else its process still has them open, and they go when it has ended
        await asyncio.to_thread(forget, job_folder(service.settings.store, job.id))
    return redirect(visit, "/lists")


async def _start(visit: Visit, service: Service, person: Person, error: InputError | None = None) -> Response[Any]:
    def read(store: Store) -> tuple[list[Job], Books]:
        who = service.remembered.again(store, person.principal)
        who.needs("lists")
        return jobs_of(store, who, _RECENT), books_of(store, who)

    jobs, books = await service.readers.reads(read)
    shown = [(_address(job.id), job) for job in jobs]
    return page(visit, "lists.html.j2", status=422 if error else 200, jobs=shown, books=books, error=error)


async def _columns(
    visit: Visit,
    service: Service,
    person: Person,
    address: str,
    data: dict[str, str],
    error: BelbaarError | None = None,
) -> Response[Any]:
    _, folder, draft = await _draft(service, person, address)
    path = upload_of(folder)
    if path is None:
        raise _not_there()
    seen = await asyncio.to_thread(previewed, path)
    books = await service.readers.reads(
        lambda store: books_of(store, service.remembered.again(store, person.principal))
    )
    unread = [(row, text, _refusal(code, visit.lang)) for row, text, code in seen.unread]
    shown = {"address": address, "draft": draft, "seen": seen, "unread": unread, "books": books, "data": data}
    return page(visit, "columns.html.j2", status=422 if error else 200, error=error, **shown)


async def _draft(service: Service, person: Person, address: str) -> tuple[str, Path, Draft]:
    """Find an upload of the organisation's own that is not queued yet."""
    person.principal.needs("lists")
    job_id = _id_of(address)
    folder = job_folder(service.settings.store, job_id)
    draft = await asyncio.to_thread(draft_of, folder)
    if draft is None or draft.organisation != person.principal.organisation.key:
        raise _not_there()
    return job_id, folder, draft


async def _job(service: Service, person: Person, address: str) -> Job:
    return await service.readers.reads(lambda store: service.queueing.one(store, person.principal, _id_of(address)))


def _refuse_unusable(path: Path) -> None:
    refuse_unusable(path)
    if path.suffix == ".parquet":
        refuse_swelling(path)


def _address(job_id: str) -> str:
    """Write the id of a list so that no part of it looks like a number."""
    return base64.urlsafe_b64encode(bytes.fromhex(job_id)).decode().rstrip("=")


def _id_of(address: str) -> str:
    try:
        return base64.b64decode(address + "==", altchars=b"-_", validate=True).hex()
    except (ValueError, binascii.Error):
        raise _not_there() from None


def _not_there() -> InputError:
    return InputError("there is no such page.", code="not-found")


def _sealed(service: Service, person: Person, row: Row) -> tuple[int, str]:
    """Give the number of a row, and the id of its page; 0 and "" where it cannot be read."""
    if not row.number:
        return 0, ""
    return parse_e164(row.number), seal_id(service.web_key, person.principal.organisation.key, NUMBER, row.number)


def _refusal(code: str, lang: str) -> str:
    found = REFUSALS.get(code)
    return said(lang, found.nl, found.en) if found else code


ROUTES = (lists, upload, columns_page, queue, one, download, dossier, remove)
