"""Webhooks: where changes are sent, what was delivered, and having it delivered again."""

__all__ = ["ROUTES"]

from typing import Annotated, Literal

import msgspec
from litestar import delete, get, post
from litestar.params import QueryParameter

from belbaar.api.access import Principal
from belbaar.api.desk import Act
from belbaar.api.feed.deliveries import Delivery, deliveries
from belbaar.api.feed.webhooks import MadeWebhook, NewWebhook, Rotate, Webhook
from belbaar.api.service import Service

State = Literal["pending", "delivered", "dead", "gone"]


class Replay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From which cursor on all is delivered again."""

    after: Annotated[str, msgspec.Meta(max_length=40)]


@post("/v1/webhooks", status_code=201, operation_id="makeWebhook", tags=["Webhooks"], summary="Have changes sent.")
async def make(data: NewWebhook, principal: Principal, service: Service) -> MadeWebhook:
    """Have changes sent to a URL as they are recorded, signed as Standard Webhooks has it; the secret is shown once.

    Each message is one change, under a ``webhook-id`` that stays the same however often it is sent: drop what you have.
    They may come in another order than that of the ledger: of two, the one with the greater ``seq`` was recorded later.
    An answer of 2xx confirms. Else it is sent again for a day, at intervals that grow.
    """
    principal.needs("feed")
    return await service.desk.does(Act(service.webhooks.makes, (principal, data)))


@get("/v1/webhooks", operation_id="listWebhooks", tags=["Webhooks"], summary="Where are changes sent?")
async def list_all(principal: Principal, service: Service) -> list[Webhook]:
    """Give the webhooks of your organisation."""
    return await service.readers.reads(lambda store: service.webhooks.shown(store, principal))


@delete("/v1/webhooks/{webhook:str}", status_code=204, operation_id="endWebhook", tags=["Webhooks"], summary="End one.")
async def end(webhook: str, principal: Principal, service: Service) -> None:
    """Have nothing sent there any more; what it confirmed is still told."""
    await service.desk.does(Act(service.webhooks.ends, (principal, webhook)))


@post(
    "/v1/webhooks/{webhook:str}/rotate",
    status_code=200,
    operation_id="rotateWebhook",
    tags=["Webhooks"],
    summary="A new secret.",
)
async def rotate(webhook: str, data: Rotate, principal: Principal, service: Service) -> MadeWebhook:
    """Give a new secret; for some hours messages are signed with both, so that you can change yours in between."""
    return await service.desk.does(Act(service.webhooks.rotates, (principal, webhook, data)))


@post(
    "/v1/webhooks/{webhook:str}/replay",
    status_code=200,
    operation_id="replayWebhook",
    tags=["Webhooks"],
    summary="Send again.",
)
async def replay(webhook: str, data: Replay, principal: Principal, service: Service) -> Webhook:
    """Have all after a cursor sent again, what is dead too."""
    return await service.desk.does(Act(service.webhooks.replays, (principal, webhook, data.after)))


@get(
    "/v1/webhooks/{webhook:str}/deliveries",
    operation_id="listDeliveries",
    tags=["Webhooks"],
    summary="What was delivered?",
)
async def list_deliveries(
    webhook: str,
    principal: Principal,
    service: Service,
    only: State | None = None,
    limit: Annotated[int, QueryParameter(ge=1, le=1000)] = 100,
) -> list[Delivery]:
    """Give deliveries, the latest changes first; ``dead`` were given up after a day, ``gone`` have nothing to tell."""
    return await service.readers.reads(
        lambda store: deliveries(store, service.webhooks.of(store, principal, webhook), only, limit)
    )


ROUTES = (make, list_all, end, rotate, replay, list_deliveries)
