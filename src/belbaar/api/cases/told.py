"""Complaints, requests and sources as the service tells of them, and as they are sent."""

__all__ = [
    "Answered", "ComplaintTold", "FiguresTold", "Filing", "RateTold", "RequestTold", "SourceTold", "Stopping",
    "complaint_told", "figures_told", "request_told", "source_told",
]  # fmt: skip

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec

from belbaar.clock import now_us
from belbaar.complaints.counting import month_name
from belbaar.complaints.figures import MARKET, Figures, Rate
from belbaar.complaints.filing import Complaint
from belbaar.complaints.sources import Stopped
from belbaar.law.calendar import local_day
from belbaar.numbers import e164
from belbaar.reading import ZONE, written
from belbaar.requests.cases import Request, Step, state_of

_Short = Annotated[str, msgspec.Meta(max_length=200)]
_Text = Annotated[str, msgspec.Meta(max_length=4000)]
_Lang = Literal["nl", "en"]


class Filing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A complaint.

    Args:
        number: that was called, as people write it.
        about: what happened, in the person's words.
        caller: which of your callers it is about; left out: whichever called.
        at: about when the call was, ISO 8601; left out: not known.
        who: who called, as the person said.
        objects: whether the person wants no more calls of that caller: in force at once.
        name: of the person, with ``address``, for the answer.
        address: street, number, postcode and town.
        lang: in which the person is answered.
        region: the country of a number without a country code.
    """

    number: _Short
    about: _Text = ""
    caller: _Short = ""
    at: _Short = ""
    who: _Short = ""
    objects: bool = False
    name: _Short = ""
    address: _Short = ""
    lang: _Lang = "nl"
    region: Annotated[str, msgspec.Meta(min_length=2, max_length=2)] = "NL"


class Answered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An answer: whether what was asked is done, and what the person is told."""

    decision: Literal["granted", "refused"]
    reply: _Text
    name: _Short = ""
    address: _Short = ""


class Stopping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A source to stop: its name as complaints and figures have it, and why; name no person."""

    source: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
    reason: Annotated[str, msgspec.Meta(max_length=300)]


class StepTold(msgspec.Struct, frozen=True):
    """What was done, when, by whom (the id of a key, or ``my-number``), and its entry in the log."""

    step: str
    at: str
    by: str
    entry: int


class RequestTold(msgspec.Struct, frozen=True, kw_only=True):
    """A request of a called person.

    Args:
        id: by which it is named; ``ref`` by which people name it.
        kind: ``proof``, ``erasure``, ``correction`` or ``complaint``.
        state: ``new``, ``busy`` or ``done``; ``standing`` is ``soon`` or ``late`` where it is not done in time.
        caller: of which it is asked; None: of none that is known.
        number: whose; None once that is gone.
        due: the last day on which an answer is in time.
        text: what the person wrote; "" in lists.
        decision: "", ``granted`` or ``refused``.
        reply: what the person was told.
        steps: what was done; empty in lists.
    """

    id: str
    ref: str
    kind: str
    state: str
    standing: str
    caller: str | None
    number: str | None
    opened_at: str
    ended_at: str | None
    due: str
    text: str = ""
    who: str = ""
    name: str = ""
    address: str = ""
    lang: str = "nl"
    decision: str = ""
    reply: str = ""
    steps: list[StepTold] = []


class ComplaintTold(msgspec.Struct, frozen=True, kw_only=True):
    """A complaint: the request that it is, and the call it is about.

    Args:
        request: the request; it is taken up and answered as any.
        call: the call's place in the ledger; None: no call that is known fits.
        called_at: when it was, or is said to have been.
        agent: through whom it was made.
        source: from whom the consent came on which it rested; None: there was none.
    """

    request: RequestTold
    call: int | None
    called_at: str | None
    agent: str | None
    source: str | None


class RateTold(msgspec.Struct, frozen=True):
    """Complaints on the calls of an agent, or on consents of a source, and per 1 000 calls, with its 95 % interval.

    ``name`` is "" for calls of no agent, or without a consent; ``stop`` says that it stands out from all others.
    """

    name: str
    complaints: int
    calls: int
    per_1000: float
    low: float
    high: float
    stop: bool


class FiguresTold(msgspec.Struct, frozen=True):
    """Complaints of the last twelve months: by month, per agent and per source, beside what others counted in a year."""

    months: dict[str, int]
    agents: list[RateTold]
    sources: list[RateTold]
    market: list[str]


class SourceTold(msgspec.Struct, frozen=True):
    """A source that is stopped: since when, how many of its consents are frozen, why, and the entry in the log."""

    source: str
    at: str
    frozen: int
    reason: str
    by: str
    entry: int


def request_told(found: Request, steps: list[Step] | None = None) -> RequestTold:
    """Tell a request; ``steps``: what was done, where that is told too."""
    papers = found.papers
    told: Mapping[str, str] = (
        {} if papers is None else {name: getattr(papers, name) for name in papers.__struct_fields__ if name != "way"}
    )
    return RequestTold(
        id=found.id,
        ref=found.ref,
        kind=found.kind,
        state=found.state,
        standing=state_of(found.state, due=found.due, today=local_day(now_us(), ZONE)),
        caller=found.caller or None,
        number=e164(found.number) if found.number else None,
        opened_at=written(found.opened_at),
        ended_at=written(found.ended_at) if found.ended_at else None,
        due=dt.date.fromordinal(found.due).isoformat(),
        steps=[StepTold(each.step, written(each.at), each.by, each.entry) for each in steps or []],
        **told,
    )


def complaint_told(found: Complaint, steps: list[Step] | None = None) -> ComplaintTold:
    """Tell a complaint."""
    link = found.link
    return ComplaintTold(
        request=request_told(found.request, steps),
        call=link.call or None,
        called_at=written(link.called_at) if link.called_at else None,
        agent=link.agent or None,
        source=link.supplier or None,
    )


def figures_told(found: Figures) -> FiguresTold:
    """Tell figures."""
    return FiguresTold(
        {month_name(month): count for month, count in found.months},
        [_rate(each) for each in found.agents],
        [_rate(each) for each in found.suppliers],
        [f"{who} {year}: {count}" for who, year, count in MARKET],
    )


def source_told(stop: Stopped) -> SourceTold:
    """Tell a source that is stopped."""
    return SourceTold(stop.supplier, written(stop.at), stop.frozen, stop.reason, stop.who, stop.entry)


def _rate(one: Rate) -> RateTold:
    per_1000, low, high = (round(value, 2) for value in (one.per_1000, one.low, one.high))
    return RateTold(one.name, one.complaints, one.calls, per_1000, low, high, one.stop)
