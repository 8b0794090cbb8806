"""Changes: what was recorded, to be followed, and confirmed by whoever follows."""

__all__ = ["ROUTES"]

import time
from typing import Annotated

from litestar import delete, get, post
from litestar.params import QueryParameter

from belbaar.api.access import Principal
from belbaar.api.desk import Act
from belbaar.api.feed.changes import Changes, read_kinds
from belbaar.api.feed.confirmations import Asked, Confirmations, Pending, confirmations, unconfirmed
from belbaar.api.feed.following import Confirm, Confirmed, Leave
from belbaar.api.service import Service
from belbaar.clock import now_us
from belbaar.errors import InputError
from belbaar.ledger.json_lines import PROTECTIVE

_LONGEST = 30
_MINUTE = 60_000_000
_LOOKING = 1.0
"""Seconds for which is looked on through what others recorded, before an empty page is given."""


@get("/v1/changes", operation_id="followChanges", tags=["Changes"], summary="What was recorded since?")
async def follow(
    principal: Principal,
    service: Service,
    after: Annotated[str | None, QueryParameter(max_length=40)] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=1000)] = 100,
    kinds: Annotated[str | None, QueryParameter(max_length=1000)] = None,
    wait: Annotated[float, QueryParameter(ge=0, le=_LONGEST)] = 0,
) -> Changes:
    """Give what was recorded after a cursor and concerns your callers, in the order of the ledger.

    Begin without ``after`` for all there is, or with ``after=now``; go on with ``next``. ``kinds`` are events with
    commas between, such as ``objection.made,consent.withdrawn``. With ``wait`` the answer comes when there is anything,
    or after so many seconds. Nothing is missed, and nothing comes twice. The key counts as a connected system from
    now on: confirm what is done with ``POST /v1/changes/confirm``.
    """
    wanted = read_kinds(filter(None, (kinds or "").split(",")), "/kinds")
    begun = time.monotonic()
    place = await service.readers.reads(lambda store: service.following.after(store, after))
    first = place
    while True:
        changes, upto, known = await service.readers.reads(
            lambda store, place=place: service.following.page(store, principal, place, limit, wanted)  # type: ignore[misc]  # a default binds it
        )
        if not known:
            await service.desk.does(Act(service.following.follows, (principal, first)))
        left = begun + (wait or (_LOOKING if changes.more else 0)) - time.monotonic()
        if changes.changes or left <= 0 or service.watch.stopped:
            return changes
        place = upto
        if not changes.more:
            await service.watch.news(place, left)


@post("/v1/changes/confirm", status_code=200, operation_id="confirmChanges", tags=["Changes"], summary="Confirm them.")
async def confirm(data: Confirm, principal: Principal, service: Service) -> Confirmed:
    """Say that your system has done what the changes up to a cursor ask: it calls nobody any more who objected.

    Who answers for the calls can ask which systems have confirmed an objection, when, and which have not.
    """
    principal.needs("feed")
    return await service.desk.does(Act(service.following.confirms, (principal, data)))


@delete(
    "/v1/changes/systems/{system:str}",
    status_code=204,
    operation_id="disconnectSystem",
    tags=["Changes"],
    summary="A system follows no longer.",
)
async def disconnect(system: str, principal: Principal, service: Service) -> None:
    """Have a key of your organisation count as a connected system no longer, until it follows again."""
    principal.needs("feed")
    await service.desk.does(Act(service.following.leaves, Leave(principal, system)))


@post(
    "/v1/changes/confirmations",
    status_code=200,
    operation_id="askConfirmations",
    tags=["Changes"],
    summary="Which systems have confirmed this objection?",
)
async def confirmed(data: Asked, principal: Principal, service: Service) -> list[Confirmations]:
    """Tell which connected systems have confirmed an objection (or another event that protects a person), and when.

    They are the keys that follow, and the webhooks, of your organisation and of the agents with a mandate of a caller
    that is yours.
    """
    return await service.readers.reads(lambda store: confirmations(store, service.remembered, principal, data))


@get(
    "/v1/changes/confirmations",
    operation_id="listUnconfirmed",
    tags=["Changes"],
    summary="What has which system not confirmed?",
)
async def pending(
    principal: Principal,
    service: Service,
    minutes: Annotated[int, QueryParameter(ge=0, le=5_000_000)] = 5,
    kinds: Annotated[str | None, QueryParameter(max_length=1000)] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=1000)] = 100,
) -> list[Pending]:
    """Give what connected systems have not confirmed for longer than some minutes, at most ``limit`` for each.

    Objections, unless ``kinds`` says which: of ``objection.made``, ``consent.withdrawn``, ``register.entered`` and
    ``number.reassigned``.
    """
    wanted = read_kinds(filter(None, (kinds or "objection.made").split(",")), "/kinds")
    if not wanted <= PROTECTIVE:
        raise InputError("these kinds protect nobody.", where="/kinds", todo=f"Known: {', '.join(sorted(PROTECTIVE))}.")
    before = now_us() - minutes * _MINUTE
    return await service.readers.reads(
        lambda store: unconfirmed(store, service.remembered, principal, before=before, kinds=wanted, limit=limit),
        seconds=30,
    )


ROUTES = (follow, confirm, confirmed, pending, disconnect)
