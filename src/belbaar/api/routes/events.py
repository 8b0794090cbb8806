"""Events: what happened, written once."""

__all__ = ["ROUTES"]

from collections.abc import Mapping
from typing import Annotated, Any

from litestar import Request, post
from litestar.datastructures import State
from litestar.params import HeaderParameter

from belbaar.api.access import Principal
from belbaar.api.desk import Act
from belbaar.api.idempotency import once
from belbaar.api.recording import Outcome, Posted
from belbaar.api.service import Service
from belbaar.errors import InputError

MOST = 10_000
"""Events of one request."""


@post(
    "/v1/events",
    status_code=200,
    operation_id="recordEvents",
    tags=["Events"],
    summary="Record what happened, once.",
)
async def record_events(
    request: Request[object, object, State],
    data: dict[str, Any] | list[dict[str, Any]],
    principal: Principal,
    service: Service,
    idempotency_key: Annotated[str | None, HeaderParameter(name="Idempotency-Key", max_length=200)] = None,
) -> Outcome:
    """Record one event or an array: consent, withdrawal, relation, objection, call made, number reassigned and others.

    When this answers, what was recorded is durable and in force for the very next verdict on every process. Sending the
    same event again does no harm: events are known by their content. With an ``Idempotency-Key`` the same request gets
    the same answer for a day.
    """
    principal.needs("record")
    events: list[Mapping[str, Any]] = [data] if isinstance(data, dict) else list(data)
    if len(events) > MOST:
        raise InputError(
            f"these are more than {MOST:,} events.", todo="Send them in several requests.", code="too-large"
        )
    posted = Posted(principal, events, await request.body(), isinstance(data, dict))
    return await once(
        service,
        Act(service.recording.records, posted, first=True, weight=len(events)),
        principal,
        idempotency_key,
        posted.body,
    )


ROUTES = (record_events,)
