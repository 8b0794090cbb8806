"""A number: what happened, whether it may be called on any day, why, and what would have to be so.

The number itself is in no address: it is sent in a form, and its page is found by a sealed id of the organisation's own.
"""

__all__ = ["ROUTES"]

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.params import QueryParameter

from belbaar.api.access import Principal
from belbaar.api.access.audit import Actor, about_number
from belbaar.api.history import History
from belbaar.api.proving import DossierAsked
from belbaar.api.questions import Answer
from belbaar.api.service import Service
from belbaar.clock import now_us
from belbaar.errors import BelbaarError, InputError
from belbaar.ledger import Store
from belbaar.numbers import e164, parse_e164
from belbaar.reading import read_instant, read_number
from belbaar.web.calls import books_of, records
from belbaar.web.explaining import explained, rules_of
from belbaar.web.number import Seen, Wanted, seen_of
from belbaar.web.opaque import NUMBER, open_id, seal_id
from belbaar.web.rendering import page, redirect
from belbaar.web.sent import Form
from belbaar.web.visits import Person, Visit

_Text = Annotated[str, QueryParameter(max_length=200)]


@get("/numbers")
async def look_up_page(visit: Visit, person: Person) -> Response[Any]:
    """Ask which number."""
    person.principal.needs("history")
    return page(visit, "numbers.html.j2", number="", error=None)


@post("/numbers")
async def look_up(visit: Visit, service: Service, person: Person, data: Form) -> Response[Any]:
    """Go to the page of a number."""
    person.principal.needs("history")
    text = data.get("number", "")
    try:
        number = read_number(text, "/number", lang=visit.lang)
    except InputError as error:
        return page(visit, "numbers.html.j2", status=422, number=text, error=error)
    sealed = seal_id(service.web_key, person.principal.organisation.key, NUMBER, e164(number))
    return redirect(visit, f"/numbers/{sealed}")


@get("/numbers/{sealed:str}")
async def one(  # noqa: PLR0913  what the form asks, field by field
    visit: Visit,
    service: Service,
    person: Person,
    sealed: str,
    *,
    caller: _Text = "",
    product: _Text = "",
    channel: _Text = "voice",
    at: _Text = "",
    known: _Text = "",
    recorded: int = 0,
) -> Response[Any]:
    """Show a number. That it was read is an entry of the audit trail before it is told."""
    asked = Wanted(
        _opened(service, person, sealed), caller.strip(), product.strip(), channel, at.strip(), known.strip()
    )

    def read(store: Store) -> Seen:
        who = service.remembered.again(store, person.principal)
        who.needs("history")
        return seen_of(service, store, who, asked, visit.lang)

    seen = await service.readers.reads(read)
    await service.desk.does(service.books.act(person.principal, "history", _noted(asked.number)))
    wrong = seen.answer if isinstance(seen.answer, BelbaarError) else None
    return page(
        visit,
        "number.html.j2",
        status=422 if wrong and wrong.where else 200,
        sealed=sealed,
        number=parse_e164(asked.number),
        subscriber=_subscriber(seen.told),
        books=seen.books,
        wanted=seen.wanted,
        events_=[(read_instant(each.at, ""), each) for each in reversed(seen.told.events)],
        wrong=wrong,
        days=[(day, answer if isinstance(answer, Answer) else None) for day, answer in seen.days],
        recorded=recorded if recorded in {each.seq for each in seen.told.events if each.own} else 0,
        **_verdict(seen, visit.lang),
    )


@get("/numbers/{sealed:str}/objection")
async def ask_objection(
    visit: Visit, service: Service, person: Person, sealed: str, caller: _Text = ""
) -> Response[Any]:
    """Ask to whom a person objects."""
    return await _objection(visit, service, person, sealed, caller)


@post("/numbers/{sealed:str}/objection")
async def take_objection(visit: Visit, service: Service, person: Person, sealed: str, data: Form) -> Response[Any]:
    """Record an objection; it is in force for the very next verdict."""
    number, caller, scope = _opened(service, person, sealed), data.get("caller", ""), data.get("scope", "")
    if scope not in {"caller", "all"}:
        return await _objection(visit, service, person, sealed, caller, wrong=True)
    event = {"event": "objection.made", "number": number, "caller": caller, "scope": scope}
    seq = await records(service, person.principal, event)
    return redirect(visit, f"/numbers/{sealed}?caller={caller}&recorded={seq}")


@post("/numbers/{sealed:str}/dossier")
async def dossier(service: Service, person: Person, sealed: str) -> Response[bytes]:
    """Give all evidence on a number in one file, which proves itself."""
    person.principal.needs("evidence")
    made = await service.proving.dossier(person.principal, DossierAsked(_opened(service, person, sealed)))
    headers = {"Content-Disposition": 'attachment; filename="dossier.zip"'}
    return Response(made.content, media_type="application/zip", status_code=200, headers=headers)


async def _objection(
    visit: Visit, service: Service, person: Person, sealed: str, caller: str, *, wrong: bool = False
) -> Response[Any]:
    number = parse_e164(_opened(service, person, sealed))

    def read(store: Store) -> Any:  # noqa: ANN401
        who = service.remembered.again(store, person.principal)
        who.needs("record")
        return books_of(store, who)

    books = await service.readers.reads(read)
    shown = {"sealed": sealed, "number": number, "books": books, "caller": caller, "wrong": wrong}
    return page(visit, "objection.html.j2", status=422 if wrong else 200, **shown)


def _opened(service: Service, person: Person, sealed: str) -> str:
    """Give the number that an id stands for, in E.164."""
    return open_id(service.web_key, person.principal.organisation.key, NUMBER, sealed)


def _noted(number: str) -> Callable[[Store, Principal], int]:
    """Give the act that writes down that a number was read."""
    return lambda store, who: about_number(store, Actor.of(who), "history.read", parse_e164(number), list(who.callers))


def _verdict(seen: Seen, lang: str) -> Mapping[str, Any]:
    """Give what the page shows of the verdict."""
    if not isinstance(seen.answer, Answer):
        return {"answer": None, "why": None, "at": now_us(), "until": None}
    relations = {
        str(each.fields["kind"])
        for each in seen.told.events
        if each.event == "relation.started" and each.caller == seen.answer.caller
    }
    return {
        "answer": seen.answer,
        "why": explained(seen.answer, rules_of(seen.answer), lang, relations),
        "at": read_instant(seen.answer.at, ""),
        "until": read_instant(seen.answer.until, "") if seen.answer.until else None,
    }


def _subscriber(told: History) -> str:
    """Tell who is described as having the number: the latest that was said counts."""
    described = [each for each in told.events if each.event in {"subscriber.described", "number.reassigned"}]
    if not described or described[-1].event == "number.reassigned":
        return "unknown"
    return str(described[-1].fields.get("type", "unknown"))


ROUTES = (look_up_page, look_up, one, ask_objection, take_objection, dossier)
