"""One exchange with the service, without any network: what to send, when to try again, when to give up.

``exchange`` is a generator that both clients drive: it yields a ``Send`` or a ``Wait`` and is given what came of it. So
there is one place that decides, and it can be tested without a service.

    >>> steps = exchange(Send("POST", "/v1/verdicts", b"{}"), seconds=2.0, clock=lambda: 0.0)
    >>> next(steps).path
    '/v1/verdicts'
    >>> steps.send(Reply(503, b"", retry_after=1.0))
    Wait(seconds=1.0)
"""

__all__ = ["UNREACHABLE", "Reply", "Send", "Wait", "exchange", "problem_of", "read", "retry_after"]

import random
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec

from belbaar.client.answers import Problem

T = TypeVar("T")
_AGAIN = frozenset({429, 502, 503, 504})
_OK, _SHORTEST, _LONGEST = 200, 0.05, 2.0
UNREACHABLE = Problem("unreachable", "The service did not answer in time.", remedy="Do not call. Ask again later.")
_NONSENSE = Problem("nonsense", "What came back is no answer of the service.", remedy="Do not call. Check the address.")


@dataclass(frozen=True, slots=True)
class Send:
    """A request to send. ``seconds``: how long to wait for its answer."""

    method: str
    path: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Wait:
    """A pause."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; ``status`` 0 where nothing did. ``retry_after``: seconds, 0 where it was not said."""

    status: int
    body: bytes = b""
    retry_after: float = 0.0


def exchange(
    request: Send, *, seconds: float, clock: Callable[[], float]
) -> Generator[Send | Wait, Reply | None, Reply]:
    """Send a request, and again while that may help and there is time.

    Args:
        request: what to send; sending it twice must do no harm.
        seconds: how long all of it may take.
        clock: seconds that only ever increase.

    Returns:
        The last reply.
    """
    end, pause = clock() + seconds, _SHORTEST
    while True:
        left = end - clock()
        reply = yield Send(request.method, request.path, request.body, request.headers, max(left, _SHORTEST))
        reply = reply or Reply(0)
        if reply.status and reply.status not in _AGAIN:
            return reply
        wait = reply.retry_after or pause * (0.5 + random.random())  # noqa: S311  spreads, guards nothing
        if clock() + wait >= end:
            return reply
        yield Wait(wait)
        pause = min(pause * 2, _LONGEST)


def read(reply: Reply, kind: type[T]) -> T | Problem:
    """Read an answer, or the problem there was; only a whole answer with status 200 is one."""
    if reply.status != _OK:
        return problem_of(reply)
    try:
        return msgspec.json.decode(reply.body, type=kind)
    except msgspec.MsgspecError:
        return _NONSENSE


def retry_after(text: str) -> float:
    """Read the header Retry-After; 0 where it says no whole seconds."""
    return float(text) if text.isdigit() else 0.0


def problem_of(reply: Reply) -> Problem:
    """Read what was wrong."""
    if not reply.status:
        return UNREACHABLE
    try:
        return msgspec.json.decode(reply.body, type=Problem)
    except msgspec.MsgspecError:
        return msgspec.structs.replace(_NONSENSE, status=reply.status)
