"""Impact: what if the customer term became another on a day: how many numbers of which caller fall away, and when."""

__all__ = ["ROUTES"]

import datetime as dt
from typing import Any

import msgspec
from litestar import Response, get, post

from belbaar.api.access import Principal
from belbaar.api.books.reading import reads
from belbaar.api.figures.keeping import IMPACTS, Kept, kept, want
from belbaar.api.figures.told import Impact
from belbaar.api.service import Service
from belbaar.clock import now_us
from belbaar.errors import InputError
from belbaar.law.calendar import local_day
from belbaar.ledger import Store
from belbaar.reading import ZONE
from belbaar.web.calls import Books, books_of
from belbaar.web.figures import impact_charts
from belbaar.web.rendering import page, redirect
from belbaar.web.routes.today import chart_file
from belbaar.web.sent import Form
from belbaar.web.visits import Person, Visit

_RIGHT = "books"
_MOST_MONTHS = 120
_MOST_YEARS = 10
"""How far ahead a change may lie."""


@get("/law/impact")
async def ask_page(visit: Visit, person: Person) -> Response[Any]:
    """Ask which term, from which day on."""
    person.principal.needs(_RIGHT)
    return _form(visit, {"months": "12", "day": _next_year()}, "")


@post("/law/impact")
async def ask(visit: Visit, service: Service, person: Person, data: Form) -> Response[Any]:
    """Have it computed."""
    months, day = data.get("months", "").strip(), data.get("day", "").strip()
    if wrong := _wrong(months, day):
        person.principal.needs(_RIGHT)
        return _form(visit, {"months": months, "day": day}, wrong)
    months = str(int(months))

    def asks(store: Store, who: Principal) -> None:
        want(store, who.organisation.key, f"{IMPACTS}{day}/{months}", now_us())

    await service.desk.does(service.books.act(person.principal, _RIGHT, asks))
    return redirect(visit, f"/law/impact/{day}/{months}")


@get("/law/impact/{day:str}/{months:str}")
async def one(visit: Visit, service: Service, person: Person, day: str, months: str) -> Response[Any]:
    """Show what came of it, or that it is being computed."""
    figure, books = await _read(service, person, day, months)
    told = _told(figure)
    charts = impact_charts(told, dict(books.callers), visit.lang) if told else []
    return page(
        visit,
        "impact.html.j2",
        asked={"months": months, "day": day},
        wrong="",
        figure=figure,
        told=told,
        charts=charts,
        lost=sum(each.lost for each in told.callers) if told else 0,
        books=books,
    )


@get("/law/impact/{day:str}/{months:str}/{file:str}")
async def drawing(visit: Visit, service: Service, person: Person, day: str, months: str, file: str) -> Response[Any]:
    """Give a chart as a picture or a table."""
    figure, books = await _read(service, person, day, months)
    told = _told(figure)
    return chart_file(visit, impact_charts(told, dict(books.callers), visit.lang) if told else [], file)


async def _read(service: Service, person: Person, day: str, months: str) -> tuple[Kept, Books]:
    def read(store: Store, who: Principal) -> tuple[Kept | None, Books]:
        return kept(store, who.organisation.key, f"{IMPACTS}{day}/{months}"), books_of(store, who)

    figure, books = await reads(service, person.principal, _RIGHT, read)
    if figure is None:
        raise InputError("there is no such page.", code="not-found")
    return figure, books


def _form(visit: Visit, asked: dict[str, str], wrong: str) -> Response[Any]:
    shown: dict[str, Any] = {"figure": None, "told": None, "charts": [], "lost": 0, "books": None}
    return page(visit, "impact.html.j2", status=422 if wrong else 200, asked=asked, wrong=wrong, **shown)


def _wrong(months: str, day: str) -> str:
    """Name the field that cannot be used, "" where both can."""
    if not months.isascii() or not months.isdecimal() or int(months) > _MOST_MONTHS:
        return "months"
    try:
        first = dt.date.fromisoformat(day).toordinal()
    except ValueError:
        return "day"
    today = local_day(now_us(), ZONE)
    return (
        "" if today <= first <= today + 366 * _MOST_YEARS and day == dt.date.fromordinal(first).isoformat() else "day"
    )


def _next_year() -> str:
    return f"{dt.date.fromordinal(local_day(now_us(), ZONE)).year + 1}-01-01"


def _told(figure: Kept | None) -> Impact | None:
    return msgspec.json.decode(figure.body, type=Impact) if figure and figure.at else None


ROUTES = (ask_page, ask, one, drawing)
