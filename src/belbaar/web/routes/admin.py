"""Administration: the books, each on its page; the audit trail; how this installation runs, and which rules are off."""

__all__ = ["ROUTES"]

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.params import QueryParameter

from belbaar.api.access import Forbidden
from belbaar.api.access.audit import ACTS, Actor, Noted, entries, note
from belbaar.api.books.reading import reads
from belbaar.api.service import Service
from belbaar.api.settings import shown_settings
from belbaar.clock import now_us
from belbaar.errors import InputError
from belbaar.law import PACKS
from belbaar.law.rulesets import switchable
from belbaar.ledger import Store
from belbaar.ledger.switches import switch, switches
from belbaar.web.books import BOOKS, Book, Deed
from belbaar.web.rendering import page, redirect
from belbaar.web.sent import Fields, fields_of, lines_of, text_of
from belbaar.web.visits import Person, Visit

AnyRequest = Request[object, object, State]
_BOOKS = {book.name: book for book in BOOKS}
_PAGE = 100
_LAST = 2**53 - 1


@get("/admin")
async def admin(visit: Visit, person: Person) -> Response[str]:
    """Show which books there are."""
    return page(visit, "admin/index.html.j2", books=[book for book in BOOKS if person.may(book.right)])


@get("/admin/{name:str}")
async def book(visit: Visit, service: Service, person: Person, name: str) -> Response[str]:
    """Show a book."""
    return await _shown(visit, service, person, _book(name, person))


@post("/admin/{name:str}/{deed:str}")
async def do(
    request: AnyRequest, visit: Visit, service: Service, person: Person, name: str, deed: str
) -> Response[Any]:
    """Do something in a book."""
    found = _book(name, person)
    what = next((each for each in found.deeds if each.name == deed), None)
    if what is None:
        raise InputError("there is no such page.", code="not-found")
    filled = _read(what, await fields_of(request))
    try:
        answer = await what.does(service, person.principal, filled)
    except (InputError, msgspec.ValidationError) as error:
        return await _shown(visit, service, person, found, wrong=(what, filled, error))
    if what.secret:
        return await _shown(visit, service, person, found, secret=getattr(answer, what.secret))
    return redirect(visit, f"/admin/{name}")


@get("/admin/audit")
async def audit(
    visit: Visit, service: Service, person: Person, after: Annotated[int, QueryParameter(ge=-1, le=_LAST)] = -1
) -> Response[str]:
    """Show what was done in the organisation's name, in the order in which it was done."""
    found: list[Noted] = await reads(
        service,
        person.principal,
        "audit",
        lambda store, who: entries(store, who.organisation, after=after, limit=_PAGE),
    )
    more = found[-1].entry if len(found) == _PAGE else None
    return page(visit, "admin/audit.html.j2", entries=found, acts=ACTS, more=more)


@get("/admin/settings")
async def settings(visit: Visit, service: Service, person: Person) -> Response[str]:
    """Show how this installation runs, and which rules are off, since when and why."""
    return await _settings(visit, service, person)


@post("/admin/settings/switch")
async def switch_rule(request: AnyRequest, visit: Visit, service: Service, person: Person) -> Response[Any]:
    """Switch a rule of the supervisor or the code off, or on again, with a reason."""
    form = await fields_of(request)
    rule, off, reason = text_of(form, "rule"), text_of(form, "to") == "off", text_of(form, "reason")

    def does(store: Store, who: Any) -> None:  # noqa: ANN401  the principal as it is now
        switch(store, rule, off=off, reason=reason, at=now_us(), by=who.id)
        note(store, Actor.of(who), "rule.switch", {"rule": rule, "to": "off" if off else "on"})

    try:
        await service.desk.does(service.books.act(person.principal, "administer", does))
    except InputError as error:
        return await _settings(visit, service, person, error)
    return redirect(visit, "/admin/settings")


async def _settings(visit: Visit, service: Service, person: Person, error: InputError | None = None) -> Response[str]:
    made = await reads(service, person.principal, "books", lambda store, _: switches(store))
    return page(
        visit,
        "admin/settings.html.j2",
        status=422 if error else 200,
        settings=shown_settings(service.settings) if person.may("administer") else {},
        switchable=[(name, name) for pack in PACKS.values() for name in sorted(switchable(pack))],
        switches=list(reversed(made)),
        error=error,
    )


async def _shown(
    visit: Visit,
    service: Service,
    person: Person,
    found: Book,
    *,
    wrong: tuple[Deed, Mapping[str, Any], Exception] | None = None,
    secret: str = "",
) -> Response[str]:
    rows = msgspec.to_builtins(await found.rows(service, person.principal))
    deed, filled, error = wrong or (None, {}, None)
    return page(
        visit,
        "admin/book.html.j2",
        status=422 if wrong else 200,
        book=found,
        rows=rows,
        making=[each for each in found.deeds if not each.row and person.may(each.right)],
        changing=[each for each in found.deeds if each.row and person.may(each.right)],
        deed=deed,
        filled=filled,
        error=error,
        where=getattr(error, "where", "").lstrip("/").partition("/")[0],
        secret=secret,
    )


def _book(name: str, person: Person) -> Book:
    """Give a book that somebody may see.

    Raises:
        InputError: when there is none of that name.
        Forbidden: when it is not this person's to see.
    """
    if name not in _BOOKS:
        raise InputError("there is no such page.", code="not-found")
    if not person.may(_BOOKS[name].right):
        raise Forbidden("this page is for others.", todo="Ask an administrator of your organisation.")
    return _BOOKS[name]


def _read(deed: Deed, form: Fields) -> dict[str, Any]:
    """Read what was filled in: the fields of the deed, and the row that it is about."""
    many = {each.name: each.many for each in deed.fields} | {deed.row: False}
    return {name: lines_of(form, name) if many[name] else text_of(form, name) for name in form if name in many}


ROUTES = (admin, audit, settings, switch_rule, book, do)
