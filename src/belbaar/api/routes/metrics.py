"""Figures, for Prometheus."""

__all__ = ["ROUTES"]

from litestar import Request, Response, get
from litestar.datastructures import State

from belbaar.api.access import Forbidden
from belbaar.api.asking import provide_principal
from belbaar.api.service import Service
from belbaar.api.watch.metrics import figures
from belbaar.errors import StoreUnavailable


@get(
    "/metrics",
    operation_id="metrics",
    tags=["Running it"],
    summary="Figures of all processes, for Prometheus.",
    media_type="text/plain",
    security=[{"key": []}],
)
async def metrics(request: Request[object, object, State], service: Service) -> Response[bytes]:
    """Give what was asked, answered and refused, how long it took, and how the ledger stands.

    They are of all organisations together. So they are for the first organisation, which runs the installation: it
    needs a key with the right to the audit trail, unless the setting ``metrics`` is ``open``.
    """
    if service.settings.metrics == "key":
        principal = await provide_principal(request, service)
        principal.needs("audit")
        access = await service.readers.reads(service.remembered.of)
        if principal.organisation.key != min(access.owners):
            raise Forbidden("these figures are of all organisations.", todo="Ask who runs this installation.")
    try:
        position = await service.readers.reads(lambda store: store.position())
    except StoreUnavailable:
        position = None  # the figures are wanted most when the ledger is away
    return Response(figures(position), media_type="text/plain; version=1.0.0; charset=utf-8")


ROUTES = (metrics,)
