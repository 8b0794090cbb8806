"""My number: a code proves it, then its person sees who may call and why, and stops, objects, denies and asks.

The number is in no address: it is in a cookie that only this house reads, for twenty minutes after the last page.
"""

__all__ = ["ROUTES"]

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal, NamedTuple

from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.params import QueryParameter

from belbaar.api.access import Unauthorised
from belbaar.api.consents.outside import limited
from belbaar.api.desk import Act
from belbaar.api.my.acting import Complaining, My, Searching
from belbaar.api.my.entering import Pending, Typed, Visitor
from belbaar.api.my.seen import Mine
from belbaar.api.service import Service
from belbaar.clock import now_us
from belbaar.errors import InputError, ProofError
from belbaar.ledger import Store
from belbaar.reading import read_instant, read_number
from belbaar.web.mine import as_json, due_of
from belbaar.web.rendering import page, redirect
from belbaar.web.sent import Form
from belbaar.web.visits import Visit

AnyRequest = Request[object, object, State]
_Text = Annotated[str, QueryParameter(max_length=300)]
_PENDING, _SESSION = "belbaar-code", "belbaar-my"
"""The cookies of who typed a number, and of who proved it."""


class Deed(NamedTuple):
    """What a person does with one button: whether a caller is named, and what is done."""

    of_caller: bool
    does: Callable[[My, str, str], Callable[[Store, Visitor], None]]


_DEEDS: Mapping[str, Deed] = {
    "stop": Deed(of_caller=True, does=lambda my, caller, product: my.stop(caller, product)),
    "object": Deed(of_caller=True, does=lambda my, caller, _: my.objects(caller)),
    "object-all": Deed(of_caller=False, does=lambda my, _caller, _product: my.objects("")),
    "not-mine": Deed(of_caller=True, does=lambda my, caller, product: my.deny(caller, product)),
    "proof": Deed(of_caller=True, does=lambda my, caller, _: my.ask("proof", caller)),
    "erase": Deed(of_caller=False, does=lambda my, _caller, _product: my.ask("erasure", "")),
}


@get("/my")
async def my(visit: Visit, service: Service, done: _Text = "", caller: _Text = "") -> Response[Any]:
    """Ask for a number, or show what is known of the one that was proven."""
    visitor = _visitor(visit)
    if visitor is None:
        return page(visit, "my/start.html.j2", number="", error=None, ended=False, ways=_ways(service))
    try:
        mine = await _sees(service, visitor)
    except Unauthorised:
        visit.cookies.end(_SESSION)
        return page(visit, "my/start.html.j2", number="", error=None, ended=True, ways=_ways(service))
    _stay(visit, visitor)
    return page(visit, "my/home.html.j2", mine=mine, number=visitor.number, done=done, of=caller, now=now_us())


@post("/my")
async def send_code(request: AnyRequest, visit: Visit, service: Service, data: Form) -> Response[Any]:
    """Send a code to a number, whichever it is."""
    text = data.get("number", "")
    try:
        ip = limited(request, service)
        number = read_number(text, "/number", lang=visit.lang)
        pending = Pending("", number, visit.lang, ip, _way(service, data))
        asked = await service.desk.does(Act(service.my.asks, pending))
    except InputError as error:
        ways = _ways(service)
        return page(visit, "my/start.html.j2", status=422, number=text, error=error, ended=False, ways=ways)
    visit.cookies.set(_PENDING, f"{asked.id} {asked.number}")
    return redirect(visit, "/my/code")


@get("/my/code")
async def code_page(visit: Visit, service: Service) -> Response[Any]:
    """Ask for the code."""
    asked = _pending(visit)
    if asked is None:
        return redirect(visit, "/my")
    return page(visit, "my/code.html.j2", number=asked.number, error=None, sent=False, ways=_ways(service))


@post("/my/code")
async def type_code(request: AnyRequest, visit: Visit, service: Service, data: Form) -> Response[Any]:
    """Let in who types the code."""
    asked = _pending(visit)
    if asked is None:
        return redirect(visit, "/my")
    limited(request, service)
    code = "".join(sign for sign in data.get("code", "") if sign.isdigit())
    try:
        visitor = await service.desk.does(Act(service.my.enters, Typed(asked, code)))
    except InputError as error:
        return page(
            visit, "my/code.html.j2", status=422, number=asked.number, error=error, sent=False, ways=_ways(service)
        )
    visit.cookies.end(_PENDING)
    _stay(visit, visitor)
    return redirect(visit, "/my")


@post("/my/code/again")
async def new_code(request: AnyRequest, visit: Visit, service: Service, data: Form) -> Response[Any]:
    """Send a new code."""
    asked = _pending(visit)
    if asked is None:
        return redirect(visit, "/my")
    limited(request, service)
    try:
        await service.desk.does(Act(service.my.agains, replace(asked, way=_way(service, data))))
    except InputError as error:
        return page(
            visit, "my/code.html.j2", status=422, number=asked.number, error=error, sent=False, ways=_ways(service)
        )
    return page(visit, "my/code.html.j2", number=asked.number, error=None, sent=True, ways=_ways(service))


@post("/my/leave")
async def leave(visit: Visit, service: Service) -> Response[Any]:
    """End the session."""
    visitor = _visitor(visit)
    if visitor is not None:
        await service.desk.does(service.my.act(visitor, service.my.leave))
    visit.cookies.end(_SESSION)
    return redirect(visit, "/my")


@get("/my/data")
async def data_page(visit: Visit, service: Service) -> Response[Any]:
    """Show what can be done with what is known."""
    return await _inside(visit, service, "my/data.html.j2", {})


@get("/my/data/json")
async def data_json(visit: Visit, service: Service) -> Response[Any]:
    """Give all that is known, for programs."""
    visitor = _needed(visit)
    try:
        mine = await _sees(service, visitor)
    except Unauthorised:
        return redirect(visit, "/my")
    name = 'attachment; filename="my-number.json"'
    return Response(as_json(mine, visitor.number), media_type="application/json", headers={"Content-Disposition": name})


@get("/my/data/page")
async def data_readable(visit: Visit, service: Service) -> Response[Any]:
    """Give all that is known, for people: a page by itself, to keep or print."""
    answer = await _inside(visit, service, "my/everything.html.j2", {})
    if answer.status_code == 200:  # noqa: PLR2004
        answer.headers["Content-Disposition"] = 'attachment; filename="my-number.html"'
    return answer


@get("/my/correct")
async def correct_page(visit: Visit, service: Service, caller: _Text = "") -> Response[Any]:
    """Ask what is wrong."""
    return await _inside(visit, service, "my/correct.html.j2", {"caller": caller})


@post("/my/correct")
async def correct(visit: Visit, service: Service, data: Form) -> Response[Any]:
    """Ask for a correction."""
    if not data.get("text", "").strip():
        return await _inside(visit, service, "my/correct.html.j2", data, wrong="text")
    return await _does(visit, service, service.my.ask("correction", data.get("caller", ""), data["text"]), "correct")


@get("/my/complaint")
async def complaint_page(visit: Visit, service: Service, caller: _Text = "") -> Response[Any]:
    """Ask what happened."""
    return await _inside(visit, service, "my/complaint.html.j2", {"caller": caller})


@post("/my/complaint")
async def complaint(visit: Visit, service: Service, data: Form) -> Response[Any]:
    """Take a complaint in."""
    try:
        at = _instant(data.get("at", ""))
    except InputError:
        return await _inside(visit, service, "my/complaint.html.j2", data, wrong="at")
    if not data.get("about", "").strip():
        return await _inside(visit, service, "my/complaint.html.j2", data, wrong="about")
    told = Complaining(
        about=data["about"].strip(),
        caller=data.get("caller", ""),
        who=data.get("who", "").strip(),
        at=at,
        objects=data.get("objects") == "yes",
        name=data.get("name", "").strip(),
        address=data.get("address", "").strip(),
    )
    return await _does(visit, service, service.my.complain(told), "complaint")


@get("/my/trace")
async def trace_page(visit: Visit, service: Service, case: _Text = "") -> Response[Any]:
    """Ask what a search needs; ``case``: one that runs, to which something is added."""
    return await _inside(visit, service, "my/trace.html.j2", {"case": case})


@post("/my/trace")
async def trace(visit: Visit, service: Service, data: Form) -> Response[Any]:
    """Have the trace desk find out who called, or tell it more of a search that runs."""
    try:
        at = _instant(data.get("at", ""))
    except InputError:
        return await _inside(visit, service, "my/trace.html.j2", data, wrong="at")
    name, address, postcode, town = (data.get(each, "").strip() for each in ("name", "address", "postcode", "town"))
    told = Searching(name, address, postcode, town, (at,) if at else ())
    if case := data.get("case", ""):
        return await _does(visit, service, service.my.add_to_trace(case, told), "trace-add")
    return await _does(visit, service, service.my.trace(told), "trace")


@post("/my/receipt")
async def receipt(visit: Visit, service: Service, data: Form) -> Response[Any]:
    """Give the receipt of a consent, to keep; where none can be made the person is told to ask for proof."""
    visitor = _visitor(visit)
    if visitor is None:
        return redirect(visit, "/my")
    caller = data.get("caller", "")
    does = service.my.receipt(caller, data.get("product", ""), data.get("about", ""))
    try:
        made = await service.desk.does(service.my.act(visitor, does))
    except Unauthorised:
        return redirect(visit, "/my")
    except (InputError, ProofError):
        return redirect(visit, f"/my?done=no-receipt&caller={caller}")
    _stay(visit, visitor)
    named = {"Content-Disposition": 'attachment; filename="receipt.html"'}
    return Response(made, media_type="text/html; charset=utf-8", headers=named)


@get("/my/{deed:str}")
async def deed_page(
    visit: Visit, service: Service, deed: str, caller: _Text = "", product: _Text = ""
) -> Response[Any]:
    """Say in one sentence what a button does."""
    found = _deed(deed)
    told = {"deed": deed, "caller": caller, "product": product}
    return await _inside(visit, service, "my/deed.html.j2", told, of_caller=found.of_caller)


@post("/my/{deed:str}")
async def do(visit: Visit, service: Service, deed: str, data: Form) -> Response[Any]:
    """Do it, at once."""
    caller = data.get("caller", "")
    does = _deed(deed).does(service.my, caller, data.get("product", ""))
    return await _does(visit, service, does, deed, caller)


def _deed(name: str) -> Deed:
    if name not in _DEEDS:
        raise InputError("there is no such page.", code="not-found")
    return _DEEDS[name]


async def _does(
    visit: Visit, service: Service, does: Callable[[Store, Visitor], None], done: str, caller: str = ""
) -> Response[Any]:
    """Do something for a visitor, and say on the next page that it is done."""
    visitor = _visitor(visit)
    if visitor is None:
        return redirect(visit, "/my")
    try:
        await service.desk.does(service.my.act(visitor, does))
    except Unauthorised:
        return redirect(visit, "/my")
    _stay(visit, visitor)
    return redirect(visit, f"/my?done={done}" + (f"&caller={caller}" if caller else ""))


async def _inside(
    visit: Visit,
    service: Service,
    template: str,
    told: Mapping[str, str],
    *,
    wrong: str = "",
    of_caller: bool = False,
) -> Response[Any]:
    """Make a page for who proved a number; others are sent to prove one."""
    visitor = _visitor(visit)
    if visitor is None:
        return redirect(visit, "/my")
    try:
        mine = await _sees(service, visitor)
    except Unauthorised:
        return redirect(visit, "/my")
    names = {each.id: each.name for each in mine.callers}
    if of_caller and told.get("caller", "") not in names:
        raise InputError("there is no such page.", code="not-found")
    if told.get("case") and told["case"] not in {each.id for each in mine.cases if not each.ended_at}:
        raise InputError("there is no such page.", code="not-found")
    _stay(visit, visitor)
    shown = {"mine": mine, "number": visitor.number, "told": told, "wrong": wrong, "names": names}
    return page(visit, template, status=422 if wrong else 200, **shown, now=now_us(), due=due_of(now_us()))


async def _sees(service: Service, visitor: Visitor) -> Mine:
    return await service.readers.reads(lambda store: service.my.sees(store, visitor))


def _visitor(visit: Visit) -> Visitor | None:
    session, _, number = visit.cookies.read(_SESSION).partition(" ")
    return Visitor(session, int(number), visit.lang) if number else None


def _needed(visit: Visit) -> Visitor:
    visitor = _visitor(visit)
    if visitor is None:
        raise InputError("there is no such page.", code="not-found")
    return visitor


def _pending(visit: Visit) -> Pending | None:
    asked, _, number = visit.cookies.read(_PENDING).partition(" ")
    return Pending(asked, int(number), visit.lang) if number else None


def _stay(visit: Visit, visitor: Visitor) -> None:
    visit.cookies.set(_SESSION, f"{visitor.session} {visitor.number}")


def _ways(service: Service) -> list[str]:
    """Give the ways by which a code can be sent."""
    return [way for way in ("sms", "voice") if service.post_office.can_send(way)]


def _way(service: Service, data: Mapping[str, str]) -> Literal["sms", "voice"]:
    """Give the way that was chosen.

    Raises:
        InputError: when there is none by which anything can be sent.
    """
    ways, wanted = _ways(service), data.get("way", "sms")
    if not ways:
        raise InputError("there is no way to send codes.", code="no-way-to-send")
    return "voice" if (wanted == "voice" and "voice" in ways) or "sms" not in ways else "sms"


def _instant(text: str) -> int:
    """Read when a call was; 0 where that is not said.

    Raises:
        InputError: it is no time, or lies in the future.
    """
    at = read_instant(text, "/at") if text.strip() else 0
    if at > now_us():
        raise InputError("no call came at this time yet.", where="/at")
    return at


ROUTES = (
    my,
    send_code,
    code_page,
    type_code,
    new_code,
    leave,
    data_page,
    data_json,
    data_readable,
    correct_page,
    correct,
    complaint_page,
    complaint,
    trace_page,
    trace,
    receipt,
    deed_page,
    do,
)
