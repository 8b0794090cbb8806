"""Coming in and going out: sign in, sign out, set up an account that an administrator made."""

__all__ = ["HOME", "ROOT", "ROUTES"]

from dataclasses import replace
from typing import Annotated, Any

import msgspec
import segno
from litestar import Request, Response, get, post
from litestar.datastructures import Cookie, State
from litestar.params import QueryParameter

from belbaar.api.access import Unauthorised
from belbaar.api.access.oidc import Returned, SignInElsewhere
from belbaar.api.service import Service
from belbaar.api.signing_in import SetUp, SignIn
from belbaar.clock import now_us
from belbaar.errors import InputError
from belbaar.ledger.organisations import organisations
from belbaar.web.rendering import page, redirect
from belbaar.web.sent import Form
from belbaar.web.sessions import STAFF
from belbaar.web.visits import Person, Visit

HOME = "/home"
_AWAY = "belbaar-away"
_HOMES = (("books", "/today"), ("permit", "/card"), ("", "/law"))
"""Where who signs in begins: the first of which it has the right."""


@get("/sign-in")
async def sign_in_page(
    visit: Visit, service: Service, next_: Annotated[str, QueryParameter(name="next", max_length=300)] = ""
) -> Response[Any]:
    """Ask who it is."""
    if visit.person:
        return redirect(visit, _inside(next_))
    return page(visit, "sign-in.html.j2", wanted=next_, email="", error=None, elsewhere=service.elsewhere is not None)


@post("/sign-in")
async def sign_in(visit: Visit, service: Service, data: Form) -> Response[Any]:
    """Let a person in who shows password and code."""
    email, wanted = data.get("email", ""), data.get("next", "")
    try:
        signed = await service.signing_in.sign_in(SignIn(email, data.get("password", ""), data.get("code", "").strip()))
    except Unauthorised as error:
        elsewhere = service.elsewhere is not None
        return page(visit, "sign-in.html.j2", status=401, wanted=wanted, email=email, error=error, elsewhere=elsewhere)
    visit.cookies.set(STAFF, signed.key)
    return redirect(visit, _inside(wanted))


@get("/sign-in/elsewhere")
async def leave(
    visit: Visit, service: Service, organisation: Annotated[str, QueryParameter(max_length=200)] = ""
) -> Response[None]:
    """Send a browser to where people sign in (OpenID Connect), if the installation has such a place."""
    url, sealed = await _elsewhere(service).leave(now_us(), organisation)
    cookie = Cookie(_AWAY, value=f"{visit.lang}{sealed}", path="/sign-in", httponly=True, samesite="lax", max_age=600)
    return Response(None, status_code=302, headers={"Location": url}, cookies=[cookie])


@get("/sign-in/back")
async def back(
    request: Request[object, object, State],
    visit: Visit,
    service: Service,
    told: Annotated[str, QueryParameter(name="state")] = "",
    answer: Annotated[str, QueryParameter(name="code")] = "",
) -> Response[Any]:
    """Let a person in on that place's word."""
    kept = request.cookies.get(_AWAY, "")
    said = await _elsewhere(service).back(Returned(answer, told, kept[2:]), now_us())
    visit = replace(visit, lang="en" if kept.startswith("en") else "nl")
    try:
        signed = await service.signing_in.by_word(said)
    except Unauthorised as error:
        if error.code != "which-organisation":
            raise
        known = await service.readers.reads(organisations)
        return page(visit, "which-organisation.html.j2", choices=[known[each] for each in error.details])
    visit.cookies.set(STAFF, signed.key)
    return redirect(visit, HOME)


@get("/home")
async def home(visit: Visit, person: Person) -> Response[Any]:
    """Send who is signed in to where its work is."""
    return redirect(visit, next(path for right, path in _HOMES if not right or person.may(right)))


@post("/sign-out")
async def sign_out(visit: Visit, service: Service, person: Person) -> Response[Any]:
    """End the session."""
    await service.signing_in.sign_out(person.principal)
    visit.cookies.end(STAFF)
    return redirect(visit, "/sign-in")


@get("/set-up")
async def set_up_begin(visit: Visit) -> Response[str]:
    """Ask for the code of an invitation."""
    return page(visit, "set-up.html.j2", invitation="", ticket=None, qr="", error=None)


@post("/set-up")
async def set_up(visit: Visit, service: Service, data: Form) -> Response[Any]:
    """Show the secret of one-time codes, then keep it with the password that the person chooses."""
    invitation = data.get("invitation", "").strip()
    if not data.get("ticket"):
        return await _ticket(visit, service, invitation, None)
    try:
        await service.signing_in.finish(
            SetUp(invitation, data["ticket"], data.get("password", ""), data.get("code", "").strip())
        )
    except InputError as error:
        return await _ticket(visit, service, invitation, error)
    return redirect(visit, "/sign-in")


async def _ticket(visit: Visit, service: Service, invitation: str, error: InputError | None) -> Response[str]:
    """Show what the second step needs: with each wrong answer a new secret."""
    try:
        ticket = await service.signing_in.begin(invitation)
    except InputError as refusal:
        shown: dict[str, Any] = {"ticket": None, "qr": "", "error": refusal}
    else:
        drawn = segno.make(ticket.uri).svg_data_uri(scale=4, border=2)
        shown = {"ticket": msgspec.structs.asdict(ticket), "qr": drawn, "error": error}
    return page(visit, "set-up.html.j2", status=422 if shown["error"] else 200, invitation=invitation, **shown)


def _elsewhere(service: Service) -> SignInElsewhere:
    if service.elsewhere_by_page is None:
        raise InputError("nobody signs in elsewhere here.", code="not-found")
    return service.elsewhere_by_page


def _inside(wanted: str) -> str:
    """Give where to go: to a page of ours that was asked for, else home; no address leads elsewhere."""
    inside = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return wanted if inside else HOME


ROUTES = (sign_in_page, sign_in, leave, home, sign_out, set_up_begin, set_up)
ROOT = (back,)
"""What stands outside the languages: the address that is registered elsewhere."""
