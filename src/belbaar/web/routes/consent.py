"""Where consent begins, for who has no shop: the form, the code, the receipt with its stop. All work without a script.

Nothing here asks who it is. What is shown of a person is what that person's own link or code leads to, its number
masked. A page that is only opened changes nothing: mail programs open links before people do.
"""

__all__ = ["ROOT", "ROUTES"]

import secrets
from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.params import QueryParameter

from belbaar.api.consents.capturing import Confirming
from belbaar.api.consents.outside import limited
from belbaar.api.desk import Act
from belbaar.api.service import Service
from belbaar.capture import asking, links
from belbaar.capture.evidence import Filled
from belbaar.capture.forms import Published, published
from belbaar.capture.words import WORDS
from belbaar.clock import now_us
from belbaar.errors import BelbaarError, InputError
from belbaar.reading import read_number
from belbaar.web.opaque import open_id, seal_id
from belbaar.web.rendering import page, redirect
from belbaar.web.sent import Form
from belbaar.web.visits import Visit

AnyRequest = Request[Any, Any, State]
_Asked = Annotated[str, QueryParameter(name="a", max_length=64)]
_SHOWN = "shown"
_NOBODYS = 0
_LONGEST_MS = 31 * 86_400_000


@get("/o/{form:str}")
async def form_page(
    request: AnyRequest,
    visit: Visit,
    service: Service,
    form: str,
    no: Annotated[str, QueryParameter(max_length=1)] = "",
) -> Response[Any]:
    """Show a form; ``no``: whoever said no to it is told that that is fine. Nothing is kept of that."""
    limited(request, service)
    of = await _published(service, form)
    if visit.lang not in of.shown:
        return Response(None, status_code=303, headers={"Location": f"/{of.design.languages[0]}/o/{form}"})
    if no:
        return page(visit, "consent-said.html.j2", title=WORDS[_lang(visit)]["fine"], lines=[])
    return _form(visit, service, form, of, {})


@post("/o/{form:str}")
async def fill_in(request: AnyRequest, visit: Visit, service: Service, form: str, data: Form) -> Response[Any]:
    """Keep what was filled in, and go on to the code."""
    ip = limited(request, service)
    of = await _published(service, form, _version(data))
    if visit.lang not in of.shown:
        raise InputError("the form is not shown in this language.", code="not-found")
    wrong = _wrong(visit, of, data)
    if wrong:
        return _form(visit, service, form, of, data, wrong=wrong, status=422)
    try:
        filled = _filled(request, visit, service, of, form, data, ip)
        asked = await service.desk.does(service.capturing.ask(filled))
    except InputError as error:
        return _form(visit, service, form, of, data, wrong=[_told(visit, error)], status=422)
    return redirect(visit, f"/o/{form}/code?a={asked.id}")


@get("/o/{form:str}/code")
async def code_page(
    request: AnyRequest, visit: Visit, service: Service, form: str, asked: _Asked = ""
) -> Response[Any]:
    """Ask for the code."""
    limited(request, service)
    return await _code(visit, service, form, asked)


@post("/o/{form:str}/code")
async def confirm(
    request: AnyRequest, visit: Visit, service: Service, form: str, data: Form, asked: _Asked = ""
) -> Response[Any]:
    """Confirm by the code that was typed, or send a new one."""
    limited(request, service)
    words = WORDS[_lang(visit)]
    if data.get("again"):
        try:
            await service.desk.does(Act(service.capturing.agains, asked))
        except InputError as error:
            return await _code(visit, service, form, asked, wrong=_told(visit, error)[1])
        return await _code(visit, service, form, asked, told=words["sent_again"])
    code = "".join(sign for sign in data.get("code", "") if sign.isdigit())
    try:
        done = await service.desk.does(Act(service.capturing.confirms, Confirming(asked, code), first=True))
    except InputError as error:
        if error.code == "not-found":
            raise
        return await _code(visit, service, form, asked, wrong=_told(visit, error)[1])
    return await _confirmed(visit, service, form, done.receipt, opted_out=False)


@get("/c/{token:str}")
async def link_page(request: AnyRequest, visit: Visit, service: Service, token: str) -> Response[str]:
    """Show what a link would confirm. Only the button on this page confirms it."""
    limited(request, service)
    row = await _pending(service, token)
    of = await _published(service, row.form, row.version)
    put = of.shown[row.language]
    ticked = [put.boxes[place] for place in asking.ticked_of(row)]
    return page(visit, "consent-link.html.j2", of=of, put=put, ticked=ticked, words=WORDS[_lang(visit)], token=token)


@post("/c/{token:str}")
async def confirm_link(request: AnyRequest, visit: Visit, service: Service, token: str) -> Response[Any]:
    """Confirm by a link whose button was pressed."""
    limited(request, service)
    row = await _pending(service, token)
    done = await service.desk.does(Act(service.capturing.confirms, Confirming(link=token), first=True))
    return await _confirmed(visit, service, row.form, done.receipt, opted_out=False)


@get("/r/{token:str}")
async def receipt_page(request: AnyRequest, visit: Visit, service: Service, token: str) -> Response[str]:
    """Show a receipt: this one only."""
    limited(request, service)
    shown = await service.readers.reads(lambda store: service.capturing.receipt(store, token))
    put = shown.of.shown.get(_lang(visit)) or next(iter(shown.of.shown.values()))
    read = shown.of.shown[_of(shown.linked.language)]
    channels = sorted({each for box in read.boxes if box.product in shown.linked.products for each in box.channels})
    named = ", ".join(box.name for box in put.boxes if box.product in shown.linked.products)
    return page(visit, "receipt.html.j2", receipt=shown, read=read, channels=channels, named=named, token=token)


@post("/r/{token:str}/stop")
async def stop(request: AnyRequest, visit: Visit, service: Service, token: str) -> Response[Any]:
    """Take the consent back."""
    limited(request, service)
    await service.desk.does(Act(service.capturing.stops, token, first=True))
    return redirect(visit, f"/r/{token}")


@post("/r/{token:str}/never")
async def never(request: AnyRequest, visit: Visit, service: Service, token: str) -> Response[Any]:
    """Take the consent back, and want no calls of this caller any more."""
    limited(request, service)
    await service.desk.does(Act(service.capturing.refuses, token, first=True))
    return redirect(visit, f"/r/{token}")


@post("/r/{token:str}/download")
async def download(request: AnyRequest, service: Service, token: str) -> Response[str]:
    """Give the receipt as a file that its reader keeps, and can check without belbaar."""
    limited(request, service)
    text: str = await service.desk.does(Act(service.capturing.prints, token))
    headers = {
        "Content-Disposition": 'attachment; filename="receipt.html"',
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    }
    return Response(text, media_type="text/html; charset=utf-8", headers=headers)


@get("/r/{token:str}")
async def short_receipt(request: AnyRequest, service: Service, token: str) -> Response[None]:
    """Lead from the short link of a message to the page in the person's language."""
    limited(request, service)
    of = await service.readers.reads(lambda store: links.linked(store, token, now=now_us()))
    return Response(None, status_code=302, headers={"Location": f"/{of.language}/r/{token}"})


@get("/c/{token:str}")
async def short_link(request: AnyRequest, service: Service, token: str) -> Response[None]:
    """Lead from the short link of a message to the page in the person's language."""
    limited(request, service)
    row = await _pending(service, token)
    return Response(None, status_code=302, headers={"Location": f"/{row.language}/c/{token}"})


async def _published(service: Service, form: str, version: int = 0) -> Published:
    _, of = await service.readers.reads(lambda store: published(store, form, version))
    return of


async def _pending(service: Service, token: str) -> asking.Row:
    sending = service.capturing.sending
    return await service.readers.reads(lambda store: asking.pending(store, sending, token, now=now_us()))


async def _confirmed(visit: Visit, service: Service, form: str, receipt: str, *, opted_out: bool) -> Response[Any]:
    """Go on to the receipt; of a number that was given there is none."""
    if receipt:
        return redirect(visit, f"/r/{receipt}")
    words, of = WORDS[_lang(visit)], await _published(service, form)
    line = words["given_opt_out" if opted_out else "number_given"].format(caller=of.caller_name)
    return page(visit, "consent-said.html.j2", title=words["given"], lines=[line])


def _form(
    visit: Visit,
    service: Service,
    form: str,
    of: Published,
    data: dict[str, str],
    *,
    wrong: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> Response[str]:
    """Make the page of a form: when it was first shown, and under which key it is sent, is sealed in it."""
    sealed = data.get(_SHOWN) or seal_id(service.web_key, _NOBODYS, _SHOWN, f"{now_us()} {secrets.token_hex(16)}")
    lang = _lang(visit)
    return page(
        visit,
        "consent-form.html.j2",
        status=status,
        form=form,
        of=of,
        put=of.shown[lang],
        words=WORDS[lang],
        sealed=sealed,
        data=data,
        wrong=wrong or [],
    )


async def _code(
    visit: Visit, service: Service, form: str, asked: str, *, wrong: str = "", told: str = ""
) -> Response[Any]:
    waiting = await service.readers.reads(lambda store: asking.waiting(store, asked, now=now_us()))
    return page(
        visit,
        "consent-code.html.j2",
        status=422 if wrong else 200,
        form=form,
        asked=waiting,
        words=WORDS[_lang(visit)],
        wrong=wrong,
        told=told,
    )


def _wrong(visit: Visit, of: Published, data: dict[str, str]) -> list[tuple[str, str]]:
    """Tell what is missing, by the field's id."""
    words = WORDS[_lang(visit)]
    found = []
    try:
        read_number(data.get("number", ""), "/number", lang=visit.lang)
    except InputError:
        found.append(("number", words["number_missing"]))
    email = data.get("email", "").strip()
    if (of.design.confirm == "email" and not email) or (email and ("@" not in email or " " in email)):
        found.append(("email", words["email_missing"]))
    if of.design.kind == "consent" and not any(name.startswith("box-") for name in data):
        found.append(("box-1", words["nothing_chosen"]))
    return found


def _filled(
    request: AnyRequest, visit: Visit, service: Service, of: Published, form: str, data: dict[str, str], ip: str
) -> Filled:
    lang = _lang(visit)
    put = of.shown[lang]
    shown, _, key = open_id(service.web_key, _NOBODYS, _SHOWN, data.get(_SHOWN, "")).partition(" ")
    ms = min((now_us() - int(shown)) // 1000, _LONGEST_MS)
    return Filled(
        form=form,
        version=of.version,
        language=lang,
        number=read_number(data["number"], "/number", lang=visit.lang),
        boxes=tuple((False, f"box-{place}" in data) for place, _ in enumerate(put.boxes, 1)),
        way="page",
        sent_under=f"page:{key}",
        address=data.get("email", "").strip(),
        sha256=put.sha256,
        steps=(("shown", 0), ("submitted", ms)),
        shown_ms=ms,
        page=f"{service.capturing.sending.public_url}{request.url.path}",
        ip=ip,
    )


def _told(visit: Visit, error: BelbaarError) -> tuple[str, str]:
    """Say in the person's words what was refused, and at which field."""
    words = WORDS[_lang(visit)]
    left = error.details[0] if error.details else ""
    known = {
        "code-wrong": words["code_wrong"].format(left=left),
        "code-expired": words["code_expired"],
        "too-many-tries": words["too_many"],
        "too-many-codes": words["too_many"],
        "too-soon": words["too_soon"],
        "form-changed": words["changed"],
        "another-wording": words["changed"],
        "nothing-chosen": words["nothing_chosen"],
        "address-needed": words["email_missing"],
    }
    return "", known.get(error.code, words["failed"])


def _version(data: dict[str, str]) -> int:
    text = data.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 7 else 0  # noqa: PLR2004  a version has few digits


def _lang(visit: Visit) -> Any:  # noqa: ANN401  ``nl`` or ``en``, which a visit's language is
    return visit.lang


def _of(lang: str) -> Any:  # noqa: ANN401  as above
    return lang


ROUTES = (
    form_page,
    fill_in,
    code_page,
    confirm,
    link_page,
    confirm_link,
    receipt_page,
    stop,
    never,
    download,
)
ROOT = (short_receipt, short_link)
