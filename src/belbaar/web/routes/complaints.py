"""Complaints and requests of called persons: what is to be answered first, how many there are, the source that is stopped."""

__all__ = ["ROUTES"]

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, NamedTuple, TypeVar

import msgspec
from litestar import Response, get, post
from litestar.params import QueryParameter

from belbaar.api.access import Principal
from belbaar.api.books.reading import reads
from belbaar.api.cases.due import Due, due_of
from belbaar.api.cases.officers import acts, answers, files, letters, read_filing, stops
from belbaar.api.cases.told import Answered, Filing, Stopping
from belbaar.api.cases.working import concerns
from belbaar.api.routes.complaints import pdf_of
from belbaar.api.service import Service
from belbaar.clock import now_us
from belbaar.complaints.counting import month_name
from belbaar.complaints.figures import MARKET, Figures, Rate, figures
from belbaar.complaints.filing import Complaint, complaint_of, complaints
from belbaar.complaints.sources import Stopped, stopped_sources
from belbaar.errors import InputError
from belbaar.law.calendar import local_day
from belbaar.ledger import Store
from belbaar.ledger.callers import agents
from belbaar.ledger.details import details_of
from belbaar.reading import ZONE
from belbaar.requests.cases import Request, Step, request_of, state_of, steps_of, take_up
from belbaar.web.drawing import bars, ranges
from belbaar.web.rendering import page, redirect
from belbaar.web.sent import Form
from belbaar.web.texts import texts
from belbaar.web.visits import Person, Visit

T = TypeVar("T")
_Text = Annotated[str, QueryParameter(max_length=2000)]
_State = Annotated[str, QueryParameter(name="state", max_length=20)]
_WIDE, _SLIM = 720, 328
_SHOWN, _DRAWN = 100, 8
"""Rows of the list, and of a chart: the highest rates."""
_OPEN = ("new", "busy", "soon", "late")


class Overview(NamedTuple):
    """What the page of complaints shows: complaints, figures, sources that are stopped, names of agents."""

    complaints: Sequence[Complaint]
    figures: Figures
    stopped: Sequence[Stopped]
    agents: Mapping[str, str]


class One(NamedTuple):
    """A request with what was done, and the complaint that it is, if it is one; what is known of its caller."""

    request: Request
    complaint: Complaint | None
    steps: Sequence[Step]
    party: Mapping[str, str]
    agent: str


@get("/complaints")
async def overview(
    visit: Visit, service: Service, person: Person, standing_: _State = "", done: _Text = ""
) -> Response[Any]:
    """Show complaints, and what they say of agents and sources."""
    told = await reads(service, person.principal, "history", _overview(service))
    today = local_day(now_us(), ZONE)
    standing = [(each, _standing(each.request, today)) for each in told.complaints]
    counts = {name: sum(how == name for _, how in standing) for name in _OPEN}
    wanted = {"late": ("late",), "busy": ("busy", "soon"), "new": ("new",), "done": ("done",)}.get(standing_, _OPEN)
    rates = {"sources": told.figures.suppliers, "agents": told.figures.agents}
    return page(
        visit,
        "complaints/overview.html.j2",
        told=told,
        rows=[(each, how) for each, how in standing if how in wanted][:_SHOWN],
        counts=counts,
        state=standing_,
        done=done,
        names={each.id: each.name for each in (await _callers(service, person)).values()},
        months=_months(told.figures, visit.lang),
        charts={
            "sources": _ranges(told.figures.suppliers, {"": texts(visit.lang).gettext("no consent")}),
            "agents": _ranges(told.figures.agents, {"": texts(visit.lang).gettext("no agent"), **told.agents}),
        },
        rates=rates,
        market=MARKET,
        stopped={each.supplier: each for each in told.stopped},
    )


@get("/complaints/csv")
async def as_csv(service: Service, person: Person) -> Response[str]:
    """Give the figures for a spreadsheet."""
    told = await reads(service, person.principal, "history", _overview(service))
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(("what", "name", "complaints", "calls", "per_1000", "low", "high", "stop"))
    rows.writerows(("month", month_name(month), count, "", "", "", "", "") for month, count in told.figures.months)
    for what, found in (("agent", told.figures.agents), ("source", told.figures.suppliers)):
        for each in found:
            figures_ = (round(value, 2) for value in (each.per_1000, each.low, each.high))
            rows.writerow((what, _harmless(each.name), each.complaints, each.calls, *figures_, int(each.stop)))
    name = 'attachment; filename="complaints.csv"'
    return Response(text.getvalue(), media_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})


@get("/complaints/new")
async def new_page(visit: Visit, service: Service, person: Person) -> Response[Any]:
    """Ask what somebody complains about."""
    person.principal.needs("answer")
    return await _new(visit, service, person, {})


@post("/complaints/new")
async def new(visit: Visit, service: Service, person: Person, data: Form) -> Response[Any]:
    """Take a complaint in."""
    told = {name: value for name, value in data.items() if name in Filing.__struct_fields__}
    try:
        filing = msgspec.convert(
            {**told, "objects": told.get("objects") == "yes", "lang": told.get("lang", "nl")}, Filing
        )
        filed = read_filing(filing, way="officer")
        made: Complaint = await service.desk.does(files(service, person.principal, filed, filing.caller))
    except (InputError, msgspec.ValidationError) as error:
        return await _new(visit, service, person, data, wrong=error)
    return redirect(visit, f"/requests/{made.request.id}")


@get("/complaints/stop")
async def stop_page(visit: Visit, person: Person, source: _Text = "") -> Response[Any]:
    """Say what stopping a source does, and ask why."""
    person.principal.needs("stop")
    return page(visit, "complaints/stop.html.j2", source=source, reason="", error=None)


@post("/complaints/stop")
async def stop(visit: Visit, service: Service, person: Person, data: Form) -> Response[Any]:
    """Stop a source: none of its consents counts any more."""
    source, reason = data.get("source", ""), data.get("reason", "")
    try:
        await stops(service, person.principal, Stopping(source, reason))
    except InputError as error:
        return page(visit, "complaints/stop.html.j2", status=422, source=source, reason=reason, error=error)
    return redirect(visit, "/complaints?done=stopped")


@get("/requests")
async def open_requests_page(visit: Visit, service: Service, person: Person) -> Response[Any]:
    """Show what is not answered yet, of all kinds."""

    def read(store: Store, who: Principal) -> list[Due]:
        return due_of(store, who, service.cases, service.tracing, now=now_us())

    found = await reads(service, person.principal, "history", read)
    names = {each.id: each.name for each in (await _callers(service, person)).values()}
    return page(visit, "complaints/requests.html.j2", rows=found, names=names)


@get("/requests/{id_:str}")
async def one(visit: Visit, service: Service, person: Person, id_: str) -> Response[Any]:
    """Show a request or complaint."""
    return await _one(visit, service, person, id_)


@post("/requests/{id_:str}/take-up")
async def begin(visit: Visit, service: Service, person: Person, id_: str) -> Response[Any]:
    """Begin to work on a request."""
    await service.desk.does(acts(service, person.principal, id_, take_up))
    return redirect(visit, f"/requests/{id_}")


@post("/requests/{id_:str}/answer")
async def reply(visit: Visit, service: Service, person: Person, id_: str, data: Form) -> Response[Any]:
    """Answer a request."""
    decision, text = data.get("decision", ""), data.get("reply", "").strip()
    wrong = [name for name, value in (("decision", decision in {"granted", "refused"}), ("reply", text)) if not value]
    if wrong:
        return await _one(visit, service, person, id_, data, wrong)
    answered = Answered(
        "granted" if decision == "granted" else "refused", text, data.get("name", ""), data.get("address", "")
    )
    await answers(service, person.principal, id_, answered)
    return redirect(visit, f"/requests/{id_}")


@get("/requests/{id_:str}/letter")
async def letter(visit: Visit, service: Service, person: Person, id_: str) -> Response[Any]:
    """Show the answer as a letter: in the language of the person who asked."""
    told = await reads(service, person.principal, "history", letters(service, id_))
    return page(visit, "complaints/letter.html.j2", letter=told, id=id_)


@get("/requests/{id_:str}/letter.pdf")
async def letter_pdf(service: Service, person: Person, id_: str) -> Response[bytes]:
    """Give that letter as PDF."""
    return await pdf_of(await reads(service, person.principal, "history", letters(service, id_)))


def _overview(service: Service) -> Callable[[Store, Principal], Overview]:
    def read(store: Store, who: Principal) -> Overview:
        found = [each for each in complaints(store, service.cases.reader(who)) if concerns(who, each.request)]
        counted = figures(store, who.organisation.key, sorted(who.callers.values()), now_us())
        names = agents(store, who.organisation.key)
        return Overview(found, counted, stopped_sources(store, who.organisation.key), names)

    return read


def _request(service: Service, id_: str) -> Callable[[Store, Principal], One]:
    def read(store: Store, who: Principal) -> One:
        service.cases.one(store, who, id_)
        reader = service.cases.reader(who)
        found = request_of(store, reader, id_)
        complaint = complaint_of(store, reader, id_) if found.kind == "complaint" else None
        party = {"name": store.caller(found.caller).name, **details_of(store, found.caller)} if found.caller else {}
        agent = agents(store).get(complaint.link.agent, "") if complaint else ""
        return One(found, complaint, steps_of(store, reader, id_), party, agent)

    return read


async def _one(
    visit: Visit,
    service: Service,
    person: Person,
    id_: str,
    filled: Mapping[str, str] | None = None,
    wrong: Sequence[str] = (),
) -> Response[Any]:
    told = await reads(service, person.principal, "history", _request(service, id_))
    return page(
        visit,
        "complaints/one.html.j2",
        status=422 if wrong else 200,
        told=told,
        request=told.request,
        papers=told.request.papers,
        standing=_standing(told.request, local_day(now_us(), ZONE)),
        filled=filled or {},
        wrong=wrong,
    )


async def _new(
    visit: Visit, service: Service, person: Person, data: Mapping[str, str], wrong: Exception | None = None
) -> Response[Any]:
    where = wrong.where.removeprefix("/") if isinstance(wrong, InputError) else "about" if wrong else ""
    callers = [(each.id, each.name) for each in (await _callers(service, person)).values()]
    status = 422 if wrong else 200
    return page(visit, "complaints/new.html.j2", status=status, told=data, where=where, wrong=wrong, callers=callers)


async def _callers(service: Service, person: Person) -> Mapping[str, Any]:
    def read(store: Store, who: Principal) -> Mapping[str, Any]:
        return {name: store.caller(name) for name in sorted(who.callers)}

    return await reads(service, person.principal, "", read)


def _standing(request: Request, today: int) -> str:
    return state_of(request.state, due=request.due, today=today)


def _months(told: Figures, lang: str) -> dict[str, Any]:
    months = (
        "jan feb mrt apr mei jun jul aug sep okt nov dec"
        if lang == "nl"
        else "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
    )
    named = [(months.split()[month % 100 - 1], count) for month, count in told.months]
    return {"wide": bars(named, width=_WIDE), "slim": bars(named, width=_SLIM), "rows": told.months}


def _ranges(found: Sequence[Rate], names: Mapping[str, str]) -> dict[str, Any]:
    told = [
        (names.get(each.name, each.name), each.low, each.per_1000, each.high, each.stop) for each in found if each.calls
    ][:_DRAWN]
    return {"wide": ranges(told, width=_WIDE), "slim": ranges(told, width=_SLIM), "any": bool(told)}


def _harmless(name: str) -> str:
    """Keep a spreadsheet from taking a name for a formula."""
    return f"'{name}" if name.startswith(("=", "+", "-", "@", "\t")) else name


ROUTES = (
    overview,
    as_csv,
    new_page,
    new,
    stop_page,
    stop,
    open_requests_page,
    one,
    begin,
    reply,
    letter,
    letter_pdf,
)
