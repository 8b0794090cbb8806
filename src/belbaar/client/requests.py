"""What a client can ask, as requests; the same for both clients."""

__all__ = ["MOST", "batches", "permit_use", "question", "recording"]

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import msgspec

from belbaar.client.exchange import Send

MOST = 10_000
"""Questions or events of one request."""


def question(number: str, caller: str, product: str, more: Mapping[str, Any]) -> Send:
    """Ask whether one call may be made."""
    return _post("/v1/verdicts", {"number": number, "caller": caller, "product": product, **more})


def batches(calls: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Send, int]]:
    """Ask for many, some thousands at a time; beside each request how many it asks for."""
    left = iter(calls)
    while some := list(islice(left, MOST)):
        yield _post("/v1/verdicts/batch", {"calls": some}), len(some)


def permit_use(permit: str, number: str, presents: str, campaign: str) -> Send:
    """Show a permit."""
    body = {"permit": permit, "number": number, "presents": presents, "campaign": campaign}
    return _post("/v1/permits/use", body)


def recording(events: Sequence[Mapping[str, Any]]) -> Send:
    """Record events, once, however often it is sent."""
    return _post("/v1/events", list(events), {"Idempotency-Key": secrets.token_hex(16)})


def _post(path: str, body: object, headers: Mapping[str, str] | None = None) -> Send:
    told = {"Content-Type": "application/json", **(headers or {})}
    return Send("POST", path, msgspec.json.encode(body), told)
