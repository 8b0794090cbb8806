"""What is done now and then, so that no request waits for it: the use of keys and denials are noted, and what is old is forgotten."""

__all__ = ["keep_tidy"]

import asyncio
import logging
from collections.abc import Mapping, Sequence

from belbaar.api.access.keys import seen
from belbaar.api.cases import tidy as tidy_cases
from belbaar.api.desk import Act
from belbaar.api.figures.denials import Key
from belbaar.api.figures.denials import keep as keep_denials
from belbaar.api.gate.rows import forget as forget_calls
from belbaar.api.idempotency import forget as forget_answers
from belbaar.api.my.entering import tidy as tidy_portal
from belbaar.api.permits.using import forget as forget_permits
from belbaar.api.service import Service
from belbaar.api.trace import Tracing
from belbaar.clock import now_us
from belbaar.errors import BelbaarError
from belbaar.ledger import Store

_LOG = logging.getLogger("belbaar.api")
_SECONDS = 30


async def keep_tidy(service: Service) -> None:
    """Note every half minute, and once more when told to stop, which keys were used since; forget permits and answers."""
    going_on = True
    while going_on:
        try:
            await asyncio.sleep(_SECONDS)
        except asyncio.CancelledError:
            going_on = False
        used, denied = service.remembered.taken(), service.denials.taken()
        try:
            await service.desk.does(Act(_tidy, (service.tracing, used, denied)))
            await service.tracing.catch_up(service.desk)
        except BelbaarError as error:
            service.remembered.used = used | service.remembered.used  # until the store is back
            service.denials.put_back(denied)
            _LOG.warning("the use of keys is not noted yet: %s", error.code)


def _tidy(store: Store, items: Sequence[tuple[Tracing, Mapping[str, int], Mapping[Key, int]]]) -> list[None]:
    now = now_us()
    for tracing, used, denied in items:
        seen(store, used)
        keep_denials(store, denied)
        tracing.tidy(store, now)
    forget_permits(store, now)
    forget_answers(store, now)
    forget_calls(store, now)
    tidy_cases(store, now)
    tidy_portal(store, now=now)
    return [None] * len(items)
