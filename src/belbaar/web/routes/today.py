"""Today: how an organisation's callers stand, and what is to be done first.

Figures were computed in the background and say when; what is due and how the installation does is looked up now.
"""

__all__ = ["ROUTES"]

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from litestar import Response, get, post

from belbaar.api.access import Principal
from belbaar.api.books.reading import reads
from belbaar.api.figures.keeping import TODAY, Kept, kept, want
from belbaar.api.figures.told import Today
from belbaar.api.service import Service
from belbaar.clock import now_us
from belbaar.errors import InputError, ProofError
from belbaar.law import PACKS, Law, ruleset
from belbaar.law.calendar import local_day
from belbaar.ledger import Store
from belbaar.numbers import e164
from belbaar.reading import ZONE
from belbaar.requests.cases import Request, state_of
from belbaar.web.calls import Books, books_of
from belbaar.web.charts import Chart
from belbaar.web.figures import today_charts
from belbaar.web.opaque import NUMBER, seal_id
from belbaar.web.rendering import drawn, page, redirect
from belbaar.web.visits import Person, Visit

_PACK = PACKS["NL"]
_RIGHT = "books"
_SHOWN = 8
"""Open requests that are shown, those first that are due first."""


@dataclass(frozen=True, slots=True)
class Health:
    """How the installation does; instants are UTC microseconds, 0: never.

    ``sound``: every verdict that was acted on was found in the log. ``witnessed``: when a head of the log was last
    stamped by somebody else. ``gate``: when a gate last told of a call.
    """

    sound: bool
    witnessed: int
    gate: int


@dataclass(frozen=True, slots=True)
class _Seen:
    figure: Kept | None
    books: Books
    open: Sequence[Request]
    health: Health


@get("/today")
async def today(visit: Visit, service: Service, person: Person) -> Response[Any]:
    """Show the day."""
    seen = await reads(service, person.principal, _RIGHT, lambda store, who: _seen(service, store, who))
    told, now = _told(seen.figure), now_us()
    day = local_day(now, ZONE)
    opens, closes = _PACK.opening(dt.date.fromordinal(day)) or (0, 0)
    return page(
        visit,
        "today.html.j2",
        now=now,
        figure=seen.figure,
        told=told,
        charts={chart.name: chart for chart in today_charts(told, visit.lang)} if told else {},
        soon=[sum(number for days, number in told.ending.items() if days <= most) for most in (30, 90)] if told else [],
        books=seen.books,
        rules=ruleset(Law(_PACK, off=seen.books.off), day).name,
        hours=(f"{opens // 60}.{opens % 60:02}", f"{closes // 60}.{closes % 60:02}") if closes else None,
        due=[_due(service, person, each, day) for each in seen.open[:_SHOWN]],
        waiting=len(seen.open),
        health=seen.health,
    )


@post("/today")
async def anew(visit: Visit, service: Service, person: Person) -> Response[Any]:
    """Have the figures computed anew."""

    def asks(store: Store, who: Principal) -> None:
        want(store, who.organisation.key, TODAY, now_us())

    await service.desk.does(service.books.act(person.principal, _RIGHT, asks))
    return redirect(visit, "/today")


@get("/today/{file:str}")
async def drawing(visit: Visit, service: Service, person: Person, file: str) -> Response[Any]:
    """Give a chart as a picture or a table."""
    seen = await reads(service, person.principal, _RIGHT, lambda store, who: kept(store, who.organisation.key, TODAY))
    told = _told(seen)
    return chart_file(visit, today_charts(told, visit.lang) if told else [], file)


def chart_file(visit: Visit, charts: Sequence[Chart], file: str) -> Response[Any]:
    """Give one of some charts as SVG or CSV, by the name of the file.

    Raises:
        InputError: there is no such chart.
    """
    name, _, kind = file.partition(".")
    chart = next((each for each in charts if each.name == name), None)
    if chart is None or kind not in {"svg", "csv"}:
        raise InputError("there is no such page.", code="not-found")
    headers = {"Content-Disposition": f'attachment; filename="{chart.name}.{kind}"'}
    if kind == "csv":
        return Response(chart.as_csv(), media_type="text/csv; charset=utf-8", headers=headers)
    return Response(drawn(visit.lang, chart), media_type="image/svg+xml; charset=utf-8", headers=headers)


def _seen(service: Service, store: Store, who: Principal) -> _Seen:
    return _Seen(
        kept(store, who.organisation.key, TODAY),
        books_of(store, who),
        service.cases.open(store, who),
        _health(service, store, who.organisation.key),
    )


def _health(service: Service, store: Store, organisation: int) -> Health:
    try:
        service.tally.check()
        sound = True
    except ProofError:
        sound = False
    query = store.connection.execute
    stamped = query("SELECT stamped_at FROM head WHERE anchored = 1 ORDER BY size DESC LIMIT 1").fetchone()
    gate = query(
        "SELECT told_at FROM gated_call WHERE organisation = ? ORDER BY told_at DESC LIMIT 1", (organisation,)
    ).fetchone()
    return Health(sound, int(stamped[0]) if stamped else 0, int(gate[0]) if gate else 0)


def _told(figure: Kept | None) -> Today | None:
    return msgspec.json.decode(figure.body, type=Today) if figure and figure.at else None


def _due(service: Service, person: Person, request: Request, today_: int) -> dict[str, Any]:
    """Give what is shown of a request: never the whole number."""
    organisation = person.principal.organisation.key
    sealed = seal_id(service.web_key, organisation, NUMBER, e164(request.number)) if request.number else ""
    state = state_of(request.state, due=request.due, today=today_)
    return {"request": request, "state": state, "due": dt.date.fromordinal(request.due), "sealed": sealed}


ROUTES = (today, anew, drawing)
