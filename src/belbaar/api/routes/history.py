"""History: what was known of a number, and when."""

__all__ = ["ROUTES"]

from litestar import post

from belbaar.api.access import Principal
from belbaar.api.history import History, HistoryAsked, history
from belbaar.api.service import Service
from belbaar.ledger import Store


@post(
    "/v1/history",
    status_code=200,
    operation_id="askHistory",
    tags=["History"],
    summary="What was known of a number at an instant?",
)
async def ask_history(data: HistoryAsked, principal: Principal, service: Service) -> History:
    """Give the events of a number that your callers are concerned in, and those that are about the number alone.

    With ``known_at`` those that were known by then. The number is asked for in the body, so that no URL holds it.
    """

    def read(store: Store) -> History:
        who = service.remembered.again(store, principal)
        who.needs("history")
        return history(store, who, data)

    return await service.readers.reads(read)


ROUTES = (ask_history,)
