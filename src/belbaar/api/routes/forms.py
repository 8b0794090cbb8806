"""Forms, for the officers who make them: designed, looked at by the law, published in versions that never change."""

__all__ = ["ROUTES"]

from typing import Annotated, Literal

import msgspec
from litestar import delete, get, post, put

from belbaar.api.access import Principal
from belbaar.api.books.reading import reads
from belbaar.api.consents import officers
from belbaar.api.consents.officers import FormTold, NewForm, NumberGiven, Related, Secret
from belbaar.api.service import Service
from belbaar.capture.design import Design
from belbaar.capture.forms import Published
from belbaar.capture.lint import Finding, lint_page
from belbaar.errors import InputError


class Forms(msgspec.Struct, frozen=True):
    """The forms of your organisation."""

    forms: list[FormTold]


class LintAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is looked at: a design, or the HTML of a page that you have.

    Args:
        design: of a form that is made here.
        html: of a page, or of the part of it with the form.
        caller: the name that must stand beside the box of a page.
    """

    design: Design | None = None
    html: Annotated[str, msgspec.Meta(max_length=1_000_000)] | None = None
    caller: Annotated[str, msgspec.Meta(max_length=200)] = ""


class Findings(msgspec.Struct, frozen=True):
    """What the law refuses; nothing does not mean that a page is good, only that this found no fault."""

    findings: list[Finding]


class VersionTold(msgspec.Struct, frozen=True):
    """A version that was published: the texts are in the log, by these hashes."""

    form: str
    version: int
    texts: dict[Literal["nl", "en"], str]


@get("/v1/forms", operation_id="listForms", tags=["Forms"], summary="Your forms.")
async def list_forms(principal: Principal, service: Service) -> Forms:
    """Give the forms of your organisation, with their drafts and what the law refuses in them."""
    return Forms(await reads(service, principal, "books", officers.forms))


@post("/v1/forms", operation_id="addForm", tags=["Forms"], summary="Make a form.")
async def add_form(data: NewForm, principal: Principal, service: Service) -> FormTold:
    """Make a form, which nobody sees before it is published."""
    act = service.books.act(principal, "register", lambda store, who: officers.add(store, who, data))
    told: FormTold = await service.desk.does(act)
    return told


@get("/v1/forms/{form:str}", operation_id="getForm", tags=["Forms"], summary="One form.")
async def get_form(form: str, principal: Principal, service: Service) -> FormTold:
    """Give a form, its draft, and what the law refuses in that."""
    return await reads(service, principal, "books", lambda store, who: officers.one(store, who, form))


@put("/v1/forms/{form:str}", operation_id="changeForm", tags=["Forms"], summary="Change a form's draft.")
async def change_form(form: str, data: NewForm, principal: Principal, service: Service) -> FormTold:
    """Change the draft; what was published stays as it is until the next version."""
    act = service.books.act(principal, "register", lambda store, who: officers.change(store, who, form, data))
    told: FormTold = await service.desk.does(act)
    return told


@post("/v1/forms/{form:str}/publish", operation_id="publishForm", tags=["Forms"], summary="Publish a form.")
async def publish_form(form: str, principal: Principal, service: Service) -> VersionTold:
    """Publish the draft as the next version, which never changes. Its texts are entries of the log from now on.

    What the law refuses is refused here, with where it stands.
    """
    can = service.post_office.can_send
    act = service.books.act(principal, "register", lambda store, who: officers.publish(store, who, form, can))
    made: Published = await service.desk.does(act)
    return VersionTold(form, made.version, {lang: put.sha256 for lang, put in made.shown.items()})


@delete("/v1/forms/{form:str}", status_code=204, operation_id="endForm", tags=["Forms"], summary="End a form.")
async def end_form(form: str, principal: Principal, service: Service) -> None:
    """Take nothing by a form any more. What was given by it stays, and so do its versions."""
    act = service.books.act(principal, "register", lambda store, who: officers.end(store, who, form))
    await service.desk.does(act)


@post("/v1/forms/lint", status_code=200, operation_id="lintForm", tags=["Forms"], summary="What would the law refuse?")
async def lint_form(data: LintAsked, principal: Principal, service: Service) -> Findings:
    """Look at a design, or at a page that you have: pre-ticked boxes, consent tied to terms, partners without names."""
    principal.needs("books")
    if (data.design is None) == (data.html is None):
        raise InputError("it takes a design or a page.", where="/design", todo="Send design, or html.")
    if data.html is not None:
        return Findings(lint_page(data.html, data.caller))
    design = data.design
    assert design is not None  # noqa: S101  for mypy
    return Findings(await reads(service, principal, "books", lambda store, who: officers.lint(store, who, design)))


@post("/v1/forms/{form:str}/secret", operation_id="makeFormSecret", tags=["Forms"], summary="A secret for a shop.")
async def make_secret(form: str, principal: Principal, service: Service) -> Secret:
    """Make the secret by which a shop signs what it sends for a form. The former is good no more."""
    sending = service.capturing.sending
    act = service.books.act(principal, "register", lambda store, who: officers.make_secret(store, who, form, sending))
    made: Secret = await service.desk.does(act)
    return made


@post(
    "/v1/forms/{form:str}/numbers",
    status_code=200,
    operation_id="giveNumber",
    tags=["Forms"],
    summary="A number was given at a sale or a gift.",
)
async def give_number(form: str, data: NumberGiven, principal: Principal, service: Service) -> Related:
    """Record the relation, whether the opt-out was offered beside the number, and whether it was used.

    That it was offered follows from the form as it was published.
    """
    act = service.books.act(principal, "record", lambda store, who: officers.related(store, who, form, data))
    told: Related = await service.desk.does(act)
    return told


ROUTES = (
    list_forms,
    add_form,
    get_form,
    change_form,
    publish_form,
    end_form,
    lint_form,
    make_secret,
    give_number,
)
