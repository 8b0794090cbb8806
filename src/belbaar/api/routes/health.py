"""Is it alive, and can it answer?"""

__all__ = ["ROUTES"]

import msgspec
from litestar import get

from belbaar.api.service import Service
from belbaar.ledger import Store


class Alive(msgspec.Struct, frozen=True):
    """The process runs."""

    status: str = "alive"


class Ready(msgspec.Struct, frozen=True):
    """The ledger answers. ``position`` is the number of events in it."""

    position: int
    status: str = "ready"


@get("/healthz", operation_id="health", tags=["Running it"], summary="Does the process run?")
async def health() -> Alive:
    """Answer without asking anybody: whoever hears nothing should start it anew."""
    return Alive()


@get("/readyz", operation_id="ready", tags=["Running it"], summary="Can it answer?")
async def ready(service: Service) -> Ready:
    """Ask the ledger for its position; 503 where it does not answer: send nobody here then.

    409 where verdicts were given whose entries are not in the log: nobody may act on these.
    """
    service.steady.check()
    return Ready(await service.readers.reads(lambda store: _position(service, store)))


def _position(service: Service, store: Store) -> int:
    service.tally.compare(store)
    return store.position()


ROUTES = (health, ready)
