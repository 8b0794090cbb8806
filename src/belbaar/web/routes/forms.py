"""Forms, for officers: designed beside what people will see and what the law says to it; poster and sheet to print."""

__all__ = ["ROUTES"]

from typing import Any

import msgspec
import segno
from litestar import Request, Response, get, post
from litestar.datastructures import State

from belbaar.api.books.reading import reads
from belbaar.api.consents import officers
from belbaar.api.consents.officers import FormTold, NewForm
from belbaar.api.service import Service
from belbaar.capture.design import Design
from belbaar.capture.forms import published
from belbaar.capture.lint import Finding, lint_design
from belbaar.capture.showing import ShownForm, shown
from belbaar.capture.words import WORDS
from belbaar.errors import BelbaarError, InputError
from belbaar.law.plain import LANGUAGES
from belbaar.ledger import Caller, Store
from belbaar.ledger.details import details_of, missing_details
from belbaar.web.designs import ROWS, design_of, first_design
from belbaar.web.rendering import page, redirect
from belbaar.web.sent import fields_of, text_of
from belbaar.web.visits import Person, Visit

AnyRequest = Request[Any, Any, State]


class Facing(msgspec.Struct, frozen=True):
    """What a person would see of a draft, and what the law says to it."""

    caller: Caller
    findings: list[Finding]
    shown: list[ShownForm]
    missing: list[str]


@get("/forms")
async def forms(visit: Visit, service: Service, person: Person) -> Response[str]:
    """List the forms."""
    told: list[FormTold] = await reads(service, person.principal, "books", officers.forms)
    callers = sorted(person.principal.callers)
    return page(
        visit,
        "forms.html.j2",
        told=told,
        callers=callers,
        pairs=[(each, each) for each in callers],
        wrong=None,
        name="",
    )


@post("/forms")
async def add(request: AnyRequest, visit: Visit, service: Service, person: Person) -> Response[Any]:
    """Make a form, and go on to design it."""
    fields = await fields_of(request)
    caller, kind = text_of(fields, "caller"), text_of(fields, "kind")
    try:
        design = first_design(caller, kind or "consent", text_of(fields, "relation") or "purchase")
        new = NewForm(text_of(fields, "name"), design)
        act = service.books.act(person.principal, "register", lambda store, who: officers.add(store, who, new))
        made: FormTold = await service.desk.does(act)
    except InputError as error:
        told: list[FormTold] = await reads(service, person.principal, "books", officers.forms)
        callers = sorted(person.principal.callers)
        values = {
            "told": told,
            "callers": callers,
            "pairs": [(each, each) for each in callers],
            "name": text_of(fields, "name"),
        }
        return page(visit, "forms.html.j2", status=422, wrong=error, **values)
    return redirect(visit, f"/forms/{made.form}")


@get("/forms/{form:str}")
async def one(visit: Visit, service: Service, person: Person, form: str) -> Response[str]:
    """Show a form's draft, its preview, and what the law refuses in it."""
    told = await reads(service, person.principal, "books", lambda store, who: officers.one(store, who, form))
    return await _designer(visit, service, person, told, told.design, told.name)


@post("/forms/{form:str}")
async def change(request: AnyRequest, visit: Visit, service: Service, person: Person, form: str) -> Response[Any]:
    """Keep the draft; with ``publish`` publish it, with ``end`` take nothing by it any more."""
    fields = await fields_of(request)
    told = await reads(service, person.principal, "books", lambda store, who: officers.one(store, who, form))
    if text_of(fields, "end"):
        act = service.books.act(person.principal, "register", lambda store, who: officers.end(store, who, form))
        await service.desk.does(act)
        return redirect(visit, "/forms")
    name = text_of(fields, "name")
    try:
        design = design_of(fields)
    except InputError as error:
        return await _designer(visit, service, person, told, told.design, name, wrong=error)
    try:
        await _keep(service, person, form, NewForm(name, design), publish=bool(text_of(fields, "publish")))
    except InputError as error:
        return await _designer(visit, service, person, told, design, name, wrong=error)
    return redirect(visit, f"/forms/{form}")


@post("/forms/{form:str}/preview")
async def preview(request: AnyRequest, visit: Visit, service: Service, person: Person, form: str) -> Response[str]:
    """Show what a draft would be, while it is written; nothing is kept."""
    fields = await fields_of(request)
    told = await reads(service, person.principal, "books", lambda store, who: officers.one(store, who, form))
    try:
        design, wrong = design_of(fields), None
    except InputError as error:
        design, wrong = told.design, error
    facing = await _facing(service, person, design)
    return page(visit, "form-preview.html.j2", design=design, facing=facing, wrong=wrong, words=WORDS)


@get("/forms/{form:str}/poster")
async def poster(visit: Visit, service: Service, person: Person, form: str) -> Response[str]:
    """Show a poster to print: a question, and a QR code that leads to the form."""
    return await _printed(visit, service, person, form, "form-poster.html.j2")


@get("/forms/{form:str}/sheet")
async def sheet(visit: Visit, service: Service, person: Person, form: str) -> Response[str]:
    """Show an A4 sheet to print, on which people sign up by hand."""
    return await _printed(visit, service, person, form, "form-sheet.html.j2")


async def _keep(service: Service, person: Person, form: str, new: NewForm, *, publish: bool) -> None:
    act = service.books.act(person.principal, "register", lambda store, who: officers.change(store, who, form, new))
    await service.desk.does(act)
    if publish:
        can = service.post_office.can_send
        act = service.books.act(
            person.principal, "register", lambda store, who: officers.publish(store, who, form, can)
        )
        await service.desk.does(act)


async def _designer(
    visit: Visit,
    service: Service,
    person: Person,
    told: FormTold,
    design: Design,
    name: str,
    *,
    wrong: BelbaarError | None = None,
) -> Response[str]:
    facing = await _facing(service, person, design)
    return page(
        visit,
        "form.html.j2",
        status=422 if wrong else 200,
        told=told,
        name=name,
        design=design,
        facing=facing,
        wrong=wrong,
        words=WORDS,
        rows=range(1, min(len(design.choices) + 1, ROWS) + 1 if design.kind == "consent" else 2),
        languages=LANGUAGES,
        public_url=service.capturing.sending.public_url,
    )


async def _facing(service: Service, person: Person, design: Design) -> Facing:
    def look(store: Store, _: object) -> Facing:
        caller, details = store.caller(design.caller), details_of(store, design.caller)
        put = [shown(design, lang, caller, details) for lang in design.languages]
        return Facing(caller, lint_design(design, caller, details), put, missing_details(details))

    return await reads(service, person.principal, "books", look)


async def _printed(visit: Visit, service: Service, person: Person, form: str, template: str) -> Response[str]:
    told = await reads(service, person.principal, "books", lambda store, who: officers.one(store, who, form))
    _, of = await service.readers.reads(lambda store: published(store, told.form))
    lang: Any = visit.lang if visit.lang in of.shown else of.design.languages[0]
    address = f"{service.capturing.sending.public_url}/{lang}/o/{form}"
    drawn = segno.make(address, error="m").svg_data_uri(scale=8, border=2)
    return page(visit, template, told=told, of=of, put=of.shown[lang], address=address, qr=drawn)


ROUTES = (forms, add, one, change, preview, poster, sheet)
