"""The record of calls, as Kamailio appends it to files: lines, and what each of them tells the service.

>>> told = "INVITE|a|b|1@dialer|200|OK|0|1788868801.25|1788868800|bureau||" + "0f" * 16 + "|v-7|allowed||autumn|||"
>>> [(each.path, each.body["answered_at"]) for each in requests(line_of(told))]
[('/v1/calls', '2026-09-08T12:00:01.250000+00:00')]
"""

__all__ = ["Line", "Request", "line_of", "requests"]

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from belbaar.errors import InputError

_ANSWERED = range(200, 300)
_MOST = 200
"""Characters of a call's id that are told: some dialers write novels."""


class Line(NamedTuple):
    """A line: what Kamailio writes of its own, and what ``gate.cfg`` adds. Instants are seconds since 1970."""

    method: str
    from_tag: str
    to_tag: str
    call_id: str
    code: str
    words: str
    second: str
    at: str
    begun: str
    trunk: str
    agent: str
    permit: str
    verdict: str
    cause: str
    said: str
    campaign: str
    product: str
    called: str
    presented: str


class Request(NamedTuple):
    """What to send to the service: where, and what."""

    path: str
    body: Mapping[str, object]


def line_of(text: str) -> Line:
    """Read a line.

    Raises:
        InputError: when it is none.
    """
    parts = text.rstrip("\n").split("|")
    if len(parts) != len(Line._fields):
        raise InputError(f"this line has {len(parts)} parts, and not {len(Line._fields)}.")
    line = Line._make(parts)
    if not line.code.isdigit():
        raise InputError("this line has no code.")
    return line


def requests(line: Line) -> Iterator[Request]:
    """Give what a line tells: what became of a call, and what was said in it, once more, if nobody was there to hear it."""
    if line.method in ("INVITE", "BYE"):
        yield Request("/v1/calls", {name: value for name, value in _call(line) if value})
    if line.permit and line.said == "offered":
        yield Request("/v1/gate/offers", {"permit": line.permit, "how": line.said})
    elif line.permit and line.said:
        yield Request("/v1/gate/objections", {"permit": line.permit, "how": line.said})


def _call(line: Line) -> Iterator[tuple[str, object]]:
    yield from (
        ("permit", line.permit),
        ("call_id", line.call_id[:_MOST]),
        ("trunk", line.trunk),
        ("cause", line.cause),
    )
    if line.method == "BYE":
        yield "ended_at", _iso(line.at)
        return
    code = int(line.code)
    yield from (("code", code), ("begun_at", _iso(line.begun or line.at)), ("agent", line.agent))
    yield "answered_at" if code in _ANSWERED else "ended_at", _iso(line.at)
    yield from (("verdict", line.verdict), ("campaign", line.campaign), ("product", line.product))
    yield from (("called", line.called), ("presented", line.presented))


def _iso(seconds: str) -> str:
    return dt.datetime.fromtimestamp(float(seconds), dt.UTC).isoformat()
