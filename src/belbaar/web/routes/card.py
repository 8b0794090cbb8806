"""The agent's card, beside a dialer: may I call, what must I say, and one button by which a person is called no more.

What the card is about is in its address, sealed for the organisation; the verdict is looked at anew whenever the card is
shown, so what was recorded since, by whomever, counts.
"""

__all__ = ["ROUTES"]

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from litestar import Response, get, post
from litestar.params import QueryParameter

from belbaar.api.desk import Act
from belbaar.api.history import HistoryAsked, PastEvent, history
from belbaar.api.questions import Answer, Asked, Question, read_question
from belbaar.api.service import Service
from belbaar.api.watch.metrics import count_verdicts
from belbaar.clock import now_us
from belbaar.errors import BelbaarError, InputError, StoreUnavailable
from belbaar.law.calendar import moment_of
from belbaar.ledger import Store
from belbaar.ledger.campaigns import Campaign, campaigns
from belbaar.ledger.organisations import owner_of
from belbaar.numbers import parse_e164
from belbaar.reading import ZONE, read_instant, read_number, written
from belbaar.web.calls import Books, books_of, looked, records
from belbaar.web.explaining import explained, rules_of
from belbaar.web.opaque import open_id, seal_id
from belbaar.web.rendering import page, redirect
from belbaar.web.sent import Form
from belbaar.web.visits import Person, Visit

_Text = Annotated[str, QueryParameter(max_length=200)]
_KIND = "card"
_CALLBACK_DAYS = 7
"""Until when a person is called back who does not say."""


class _Card(msgspec.Struct, frozen=True):
    """What a card is about: the call, the place in the log of the verdict that was kept for it, and until when it counts.

    ``until`` is that of the permit, UTC microseconds; 0 where the call was denied.
    """

    number: str
    caller: str
    product: str
    presents: str
    entry: int
    until: int


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a card shows: the verdict as it is now, what was just recorded, and in whose name the agent speaks."""

    answer: Answer | BelbaarError
    books: Books
    recorded: PastEvent | None
    bureau: str


@get("/card")
async def ask_page(
    visit: Visit, service: Service, person: Person, caller: _Text = "", product: _Text = "", campaign: _Text = ""
) -> Response[Any]:
    """Ask whom the agent is about to call, on whose behalf and about what."""
    told = {"number": "", "caller": caller, "product": product, "campaign": campaign}
    return await _ask(visit, service, person, told)


@post("/card")
async def ask(visit: Visit, service: Service, person: Person, data: Form) -> Response[Any]:
    """Have the verdict kept, as for any call that is about to be made, and show the card."""
    told = {name: data.get(name, "").strip() for name in ("number", "caller", "product", "campaign")}
    try:
        asked = await _question(visit, service, person, told)
        answer: Answer = await service.desk.does(Act(service.answering.keeps, (person.principal, asked)))
    except StoreUnavailable:
        raise
    except BelbaarError as error:
        return await _ask(visit, service, person, told, error)
    service.gave(person.principal, answer)
    count_verdicts([(answer.allowed, answer.ground, answer.entry is not None)])
    until = read_instant(answer.permit.expires_at, "") if answer.permit else 0
    card = _Card(answer.number, answer.caller, answer.product, answer.presents, answer.entry or 0, until)
    sealed = seal_id(service.web_key, person.principal.organisation.key, _KIND, msgspec.json.encode(card).decode())
    return redirect(visit, f"/card/{sealed}")


@get("/card/{sealed:str}")
async def one(visit: Visit, service: Service, person: Person, sealed: str, recorded: int = 0) -> Response[Any]:
    """Show the card: the verdict as it is now."""
    card, now = _opened(service, person, sealed), now_us()

    def read(store: Store) -> _Shown:
        who = service.remembered.again(store, person.principal)
        who.needs("permit")
        who.speaks_for(card.caller)
        (answer,) = looked(service, store, who, [_again(card, visit.lang)])
        own = history(store, who, HistoryAsked(card.number)).events if recorded else []
        bureau = "" if owner_of(store, card.caller) == who.organisation.key else who.organisation.name
        return _Shown(answer, books_of(store, who), next((e for e in own if e.seq == recorded and e.own), None), bureau)

    shown = await service.readers.reads(read)
    answer = shown.answer if isinstance(shown.answer, Answer) else None
    recorded_event = shown.recorded
    return page(
        visit,
        "card.html.j2",
        sealed=sealed,
        card=card,
        number=parse_e164(card.number),
        books=shown.books,
        answer=answer,
        over=bool(card.until) and now >= card.until,
        why=explained(answer, rules_of(answer), visit.lang) if answer else None,
        bureau=shown.bureau,
        hour=moment_of(now, ZONE).hour,
        recorded=recorded_event,
        recorded_at=read_instant(recorded_event.recorded_at, "") if recorded_event else 0,
        callback_day=(moment_of(now, ZONE).date() + dt.timedelta(days=_CALLBACK_DAYS)).isoformat(),
    )


@post("/card/{sealed:str}/objection")
async def object_(visit: Visit, service: Service, person: Person, sealed: str, data: Form) -> Response[Any]:
    """Record that the person wants no more calls: of this caller, or of all. It is in force at once."""
    card = _opened(service, person, sealed)
    scope = "all" if data.get("scope") == "all" else "caller"
    event = {"event": "objection.made", "number": card.number, "caller": card.caller, "scope": scope}
    return redirect(visit, f"/card/{sealed}?recorded={await records(service, person.principal, event)}")


@post("/card/{sealed:str}/callback")
async def call_back(visit: Visit, service: Service, person: Person, sealed: str, data: Form) -> Response[Any]:
    """Record that the person asked to be called again, and until which day."""
    card = _opened(service, person, sealed)
    asked = {"event": "callback.requested", "number": card.number, "caller": card.caller, "product": card.product}
    event = {**asked, "at": written(now_us()), "until": data.get("until", "")}
    return redirect(visit, f"/card/{sealed}?recorded={await records(service, person.principal, event)}")


async def _ask(
    visit: Visit, service: Service, person: Person, told: dict[str, str], error: BelbaarError | None = None
) -> Response[Any]:
    def read(store: Store) -> tuple[Books, list[Campaign]]:
        who = service.remembered.again(store, person.principal)
        who.needs("permit")
        return books_of(store, who), [
            each for each in campaigns(store, who.organisation.key) if each.caller in who.callers
        ]

    books, known = await service.readers.reads(read)
    shown = {"told": told, "books": books, "campaigns": known, "error": error}
    return page(visit, "card-ask.html.j2", status=422 if error else 200, **shown)


async def _question(visit: Visit, service: Service, person: Person, told: dict[str, str]) -> Asked:
    """Read the form: a campaign says on whose behalf, about what and with which number."""

    def read(store: Store) -> Campaign | None:
        who = service.remembered.again(store, person.principal)
        return next(
            (each for each in campaigns(store, who.organisation.key) if each.campaign == told["campaign"]), None
        )

    campaign = await service.readers.reads(read) if told["campaign"] else None
    if told["campaign"] and campaign is None:
        raise InputError("there is no such campaign.", where="/campaign")
    read_number(told["number"], "/number", lang=visit.lang)
    return read_question(
        Question(
            number=told["number"],
            caller=campaign.caller if campaign else told["caller"],
            product=campaign.product if campaign else told["product"],
            presents=campaign.presents if campaign else None,
            campaign=told["campaign"],
        )
    )


def _again(card: _Card, lang: str) -> Asked:
    """Ask the same once more; nobody acts on this answer."""
    return read_question(
        Question(
            number=card.number,
            caller=card.caller,
            product=card.product,
            presents=card.presents,
            lang="nl" if lang == "nl" else "en",
            permit=False,
        )
    )


def _opened(service: Service, person: Person, sealed: str) -> _Card:
    told = open_id(service.web_key, person.principal.organisation.key, _KIND, sealed)
    return msgspec.json.decode(told, type=_Card)


ROUTES = (ask_page, ask, one, object_, call_back)
