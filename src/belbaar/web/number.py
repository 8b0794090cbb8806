"""What is known of one number, and whether it may be called: read in one view of the ledger."""

__all__ = ["Seen", "Wanted", "seen_of"]

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from belbaar.api.access import Principal
from belbaar.api.history import History, HistoryAsked, history
from belbaar.api.questions import Answer, Asked, Question, read_question
from belbaar.api.service import Service
from belbaar.errors import BelbaarError, InputError
from belbaar.law import PACKS
from belbaar.law.products import check_product
from belbaar.ledger import Store
from belbaar.web.calls import Books, books_of, looked

_CHANGES = tuple(period.first for _, period in PACKS["NL"].periods[1:])
"""The days on which the law became another: a call is judged on each, and on the day before."""
_IN_HOURS = "T14:00"
"""A time at which calls may be made on any working day."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked about a number, as the form has it; "" where it leaves something out. ``number``: E.164."""

    number: str
    caller: str = ""
    product: str = ""
    channel: str = "voice"
    at: str = ""
    known: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read of a number.

    Args:
        told: its events.
        books: for whom and about what may be asked.
        wanted: what was asked, with a caller and a product where it named none.
        answer: the verdict, or what is wrong with the question; None where there is nothing that could be asked.
        days: days before and after changes of the law (ISO), each with its verdict.
    """

    told: History
    books: Books
    wanted: Wanted
    answer: Answer | BelbaarError | None = None
    days: Sequence[tuple[str, Answer | BelbaarError]] = ()


def seen_of(service: Service, store: Store, who: Principal, wanted: Wanted, lang: str) -> Seen:
    """Read what is known of a number, and judge the call that is asked about.

    Raises:
        InputError: who asks may not speak for the caller.
    """
    books = books_of(store, who)
    if wanted.caller:
        who.speaks_for(wanted.caller)
    try:
        told = history(store, who, HistoryAsked(wanted.number, wanted.known or None))
    except InputError as error:
        error.where = "/known"
        return Seen(history(store, who, HistoryAsked(wanted.number)), books, wanted, error)
    wanted = _filled(wanted, books, told)
    if not wanted.caller or not wanted.product or "ask" not in who.rights:
        return Seen(told, books, wanted)
    try:
        asked = _asked(wanted, wanted.at, lang)
    except InputError as error:
        return Seen(told, books, wanted, error)
    days = [dt.date.fromordinal(day).isoformat() for first in _CHANGES for day in (first - 1, first)]
    others = [_asked(wanted, day + _IN_HOURS, lang) for day in days]
    answer, *then = looked(service, store, who, [asked, *others])
    return Seen(told, books, wanted, answer, list(zip(days, then, strict=True)))


def _filled(wanted: Wanted, books: Books, told: History) -> Wanted:
    """Choose a caller and a product where none is named: those of the number's latest event, else the first."""
    callers = [each.caller for each in reversed(told.events) if each.caller] + [name for name, _ in books.callers]
    caller = wanted.caller or next(iter(callers), "")
    products = [str(each.fields.get("product", "")) for each in reversed(told.events) if each.caller == caller]
    known = [each for each in products if each not in ("", "*")] + list(books.products)
    return replace(wanted, caller=caller, product=wanted.product or next(iter(known), ""))


def _asked(wanted: Wanted, at: str, lang: str) -> Asked:
    """Make the question; nobody acts on its answer."""
    try:
        check_product(wanted.product, all_allowed=False)
    except InputError as error:
        error.where = "/product"
        raise
    return read_question(
        Question(
            number=wanted.number,
            caller=wanted.caller,
            product=wanted.product,
            channel=wanted.channel,
            at=at or None,
            known_at=wanted.known or None,
            lang="nl" if lang == "nl" else "en",
            permit=False,
        )
    )
