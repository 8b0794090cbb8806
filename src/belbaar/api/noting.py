"""When keys were last used, written down now and then: in batches, so that no request waits for it."""

__all__ = ["note_use"]

import asyncio
import logging
from collections.abc import Mapping, Sequence

from belbaar.api.access.keys import seen
from belbaar.api.desk import Act
from belbaar.api.service import Service
from belbaar.errors import BelbaarError
from belbaar.ledger import Store

_LOG = logging.getLogger("belbaar.api")
_SECONDS = 30


async def note_use(service: Service) -> None:
    """Note every half minute, and once more when told to stop, which keys were used since."""
    going_on = True
    while going_on:
        try:
            await asyncio.sleep(_SECONDS)
        except asyncio.CancelledError:
            going_on = False
        if used := service.remembered.taken():
            try:
                await service.desk.does(Act(_seen, used))
            except BelbaarError as error:
                service.remembered.used = used | service.remembered.used  # until the store is back
                _LOG.warning("the use of keys is not noted yet: %s", error.code)


def _seen(store: Store, used: Sequence[Mapping[str, int]]) -> list[None]:
    for each in used:
        seen(store, each)
    return [None] * len(used)
