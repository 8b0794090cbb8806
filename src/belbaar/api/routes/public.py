"""Forms, for the people who fill them in: without a key, by the form's id. Same answer for any number."""

__all__ = ["ROUTES"]

import re
import secrets
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, Response, get, post, route
from litestar.datastructures import State
from litestar.enums import RequestEncodingType
from litestar.params import Body, HeaderParameter
from litestar.response import Redirect

from belbaar.api.consents.capturing import Confirming
from belbaar.api.consents.outside import cors, limited, permitted, preflight
from belbaar.api.consents.taking import Came, Taken
from belbaar.api.desk import Act
from belbaar.api.service import Service
from belbaar.capture.asking import Asked, Confirmed
from belbaar.capture.evidence import Filled
from belbaar.capture.giving import Stopped
from belbaar.capture.shops import SHOPS
from belbaar.capture.showing import ShownForm
from belbaar.capture.words import WORDS
from belbaar.errors import InputError
from belbaar.reading import read_number

AnyRequest = Request[Any, Any, State]
Sent = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
_Short = Annotated[str, msgspec.Meta(max_length=200)]
_Ms = Annotated[int, msgspec.Meta(ge=0, le=31 * 86_400_000)]
_EMAIL = re.compile(r"[^\s@<>\",;]+@[^\s@<>\",;]+\.[^\s@<>\",;]+")
_SCRIPT = (Path(__file__).parents[1] / "consents" / "optin.js").read_bytes()
_A_MINUTE = "public, max-age=60"


class PublicForm(msgspec.Struct, frozen=True):
    """A form as a page shows it.

    Args:
        form: its id.
        kind: ``consent``, or ``number``.
        version: that is shown.
        confirm: by which way a code is sent.
        email: whether a mail address is asked too: ``no``, ``optional`` or ``needed``.
        languages: in which it can be shown.
        shown: the words of the form, in one of them.
        words: those of buttons and messages.
    """

    form: str
    kind: Literal["consent", "number"]
    version: int
    confirm: Literal["sms", "email"]
    email: Literal["no", "optional", "needed"]
    languages: list[str]
    shown: ShownForm
    words: dict[str, str]


class BoxState(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether a box began ticked, and whether it ended so."""

    initial: bool
    final: bool


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the person did: a word, and of which box; how many milliseconds after the form was shown."""

    what: Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2,20}( [0-9]{1,3})?$")]
    ms: _Ms


class FilledIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A form as a person filled it in.

    Args:
        version: of the form that was shown.
        language: in which.
        number: as people write it.
        boxes: in the order shown.
        sha256: of the text as it was shown.
        email: a mail address, where one was told.
        steps: what the person did.
        shown_ms: how long before it was sent the form was shown.
        queued_ms: how long it waited for a connection.
        viewport: the size of the page, ``360x740``.
        page: its URL.
        region: the country of a number without a country code.
    """

    version: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    language: Literal["nl", "en"]
    number: Annotated[str, msgspec.Meta(max_length=40)]
    boxes: Annotated[list[BoxState], msgspec.Meta(max_length=10)]
    sha256: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
    email: _Short = ""
    steps: Annotated[list[Step], msgspec.Meta(max_length=100)] = []
    shown_ms: _Ms = 0
    queued_ms: _Ms = 0
    viewport: Annotated[str, msgspec.Meta(pattern=r"^([0-9]{2,5}x[0-9]{2,5})?$")] = ""
    page: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    region: Annotated[str, msgspec.Meta(min_length=2, max_length=2)] = "NL"


class CodeTyped(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A code as a person typed it."""

    code: Annotated[str, msgspec.Meta(max_length=20)]


@get(
    "/v1/public/forms/{form:str}",
    operation_id="showForm",
    tags=["Forms, for people"],
    summary="A form as a page shows it.",
    middleware=[cors],
)
async def show_form(
    request: AnyRequest, service: Service, form: str, lang: Literal["nl", "en"] | None = None
) -> Response[PublicForm]:
    """Give the words of a form's latest version; in another language than it has, those of its first."""
    limited(request, service)
    _, of = await permitted(request, service, form)
    language = lang if lang in of.design.languages else of.design.languages[0]
    email: Literal["no", "optional", "needed"] = "optional" if "email" in of.design.fields else "no"
    told = PublicForm(
        form,
        of.design.kind,
        of.version,
        of.design.confirm,
        "needed" if of.design.confirm == "email" else email,
        list(of.design.languages),
        of.shown[language],
        dict(WORDS[language]),
    )
    return Response(told, headers={"Cache-Control": _A_MINUTE})


@post(
    "/v1/public/forms/{form:str}/asked",
    status_code=200,
    operation_id="fillForm",
    tags=["Forms, for people"],
    summary="Fill a form in: a code is sent.",
    middleware=[cors],
)
async def fill_form(
    request: AnyRequest,
    data: FilledIn,
    service: Service,
    form: str,
    idempotency_key: Annotated[
        str, HeaderParameter(name="Idempotency-Key", min_length=16, max_length=100, pattern=r"^[\x21-\x7e]+$")
    ],
) -> Asked:
    """Keep what was filled in, and send a code to the number or address. Nothing counts before it is confirmed.

    The same sent again under its ``Idempotency-Key`` gets the same answer, and no second code.
    """
    ip = limited(request, service)
    await permitted(request, service, form, data.version)
    email = data.email.strip()
    if email and not _EMAIL.fullmatch(email):
        raise InputError("this is not a mail address.", where="/email", code="address-needed")
    filled = Filled(
        form=form,
        version=data.version,
        language=data.language,
        number=read_number(data.number, "/number", region=data.region),
        boxes=tuple((box.initial, box.final) for box in data.boxes),
        way="widget",
        sent_under=f"key:{idempotency_key}",
        address=email,
        sha256=data.sha256,
        steps=tuple((step.what, step.ms) for step in data.steps),
        shown_ms=data.shown_ms,
        queued_ms=data.queued_ms,
        viewport=data.viewport,
        page=data.page,
        ip=ip,
    )
    return await service.desk.does(service.capturing.ask(filled))


@post(
    "/v1/public/forms/{form:str}/asked/{asked:str}/confirm",
    status_code=200,
    operation_id="confirmCode",
    tags=["Forms, for people"],
    summary="Type a code: the consent is recorded.",
    middleware=[cors],
)
async def confirm_code(request: AnyRequest, data: CodeTyped, service: Service, form: str, asked: str) -> Confirmed:
    """Record the consent, at this instant, and send its receipt. ``details`` of a wrong code are the tries left."""
    limited(request, service)
    await permitted(request, service, form)
    code = "".join(sign for sign in data.code if sign.isdigit())
    return await service.desk.does(Act(service.capturing.confirms, Confirming(asked, code), first=True))


@post(
    "/v1/public/forms/{form:str}/asked/{asked:str}/again",
    status_code=200,
    operation_id="askNewCode",
    tags=["Forms, for people"],
    summary="Ask for a new code.",
    middleware=[cors],
)
async def ask_new_code(request: AnyRequest, service: Service, form: str, asked: str) -> Asked:
    """Send a new code; the former is good no more. After a minute, and three in an hour."""
    limited(request, service)
    await permitted(request, service, form)
    return await service.desk.does(Act(service.capturing.agains, asked))


@post(
    "/v1/public/receipts/{token:str}/stop",
    status_code=200,
    operation_id="stopConsent",
    tags=["Forms, for people"],
    summary="Take a consent back, by the link in its receipt.",
)
async def stop_consent(request: AnyRequest, service: Service, token: str) -> Stopped:
    """Take the consent back, at once. Mail programs do this with one press (RFC 8058)."""
    limited(request, service)
    return await service.desk.does(Act(service.capturing.stops, token, first=True))


@post(
    "/v1/public/forms/{form:str}/orders/{shop:str}",
    status_code=200,
    operation_id="takeOrder",
    tags=["Forms, for people"],
    summary="A shop sends an order: a webhook of WooCommerce or Shopify.",
)
async def take_order(request: AnyRequest, service: Service, form: str, shop: str) -> Taken:
    """Take in an order, signed by the form's secret: ``woocommerce`` or ``shopify``, as they document it.

    A yes in it has a link sent to the person, and counts when that is confirmed. A number in it is a relation.
    """
    limited(request, service)
    kind = SHOPS.get(shop)
    if kind is None:
        raise InputError("there is no such shop.", todo=f"Known: {', '.join(SHOPS)}.", code="not-found")
    body = await request.body()
    if body.startswith(b"webhook_id="):  # how WooCommerce looks whether anybody is there
        return Taken(taken=False)
    came = Came(form, shop, body, request.headers.get(kind.header, ""))
    return await service.desk.does(Act(service.taking.takes, came))


@post("/v1/public/forms/{form:str}/post", status_code=303, include_in_schema=False)
async def post_form(request: AnyRequest, service: Service, form: str, data: Sent) -> Redirect:
    """Take what a plain HTML form sent, without a script, and lead on to the code; or back to the form's own page.

    Its fields: ``number``, ``email``, ``box-1`` and so on, ``lang``.
    """
    ip = limited(request, service)
    _, of = await permitted(request, service, form)
    lang = "en" if data.get("lang") == "en" and "en" in of.shown else of.design.languages[0]
    put = of.shown[lang]
    page = f"/{lang}/o/{form}"
    try:
        filled = Filled(
            form=form,
            version=of.version,
            language=lang,
            number=read_number(data.get("number", ""), "/number"),
            boxes=tuple((False, f"box-{place}" in data) for place, _ in enumerate(put.boxes, 1)),
            way="post",
            sent_under=f"post:{secrets.token_hex(16)}",
            address=data.get("email", "").strip(),
            page=request.headers.get("referer", ""),
            ip=ip,
        )
        asked = await service.desk.does(service.capturing.ask(filled))
    except InputError:
        return Redirect(page, status_code=303)
    return Redirect(f"{page}/code?a={asked.id}", status_code=303)


@route(
    [
        "/v1/public/forms/{form:str}",
        "/v1/public/forms/{form:str}/asked",
        "/v1/public/forms/{form:str}/asked/{asked:str}/confirm",
        "/v1/public/forms/{form:str}/asked/{asked:str}/again",
    ],
    http_method=["OPTIONS"],
    include_in_schema=False,
    status_code=204,
    middleware=[cors],
)
async def may_ask(request: AnyRequest, service: Service, form: str, asked: str = "") -> Response[None]:
    """Tell a browser whether a page may ask."""
    del asked
    limited(request, service)
    await permitted(request, service, form)
    return preflight()


@get("/widget/optin.js", include_in_schema=False)
async def widget() -> Response[bytes]:
    """Give the widget to any page: what it may do there is for each form to say."""
    headers = {
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Cache-Control": "public, max-age=3600",
    }
    return Response(_SCRIPT, media_type="text/javascript; charset=utf-8", headers=headers)


ROUTES = (may_ask, show_form, fill_form, confirm_code, ask_new_code, take_order, post_form, stop_consent, widget)
