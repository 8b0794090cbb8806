"""History: what was known of a number, and when."""

__all__ = ["ROUTES"]

from litestar import post

from belbaar.api.access import Principal
from belbaar.api.access.audit import Actor, about_number
from belbaar.api.books.reading import reads
from belbaar.api.history import History, HistoryAsked, history
from belbaar.api.service import Service
from belbaar.ledger import Store
from belbaar.numbers import parse_e164


@post(
    "/v1/history",
    status_code=200,
    operation_id="askHistory",
    tags=["History"],
    summary="What was known of a number at an instant?",
)
async def ask_history(data: HistoryAsked, principal: Principal, service: Service) -> History:
    """Give the events of a number that your callers are concerned in, and those that are about the number alone.

    That it was read is an entry of the audit trail before it is told. With ``known_at`` those that were known by then. The number is asked for in the body, so that no URL holds it.
    """
    told = await reads(service, principal, "history", lambda store, who: history(store, who, data))

    def noted(store: Store, who: Principal) -> int:
        return about_number(store, Actor.of(who), "history.read", parse_e164(told.number), list(who.callers))

    await service.desk.does(service.books.act(principal, "history", noted))
    return told


ROUTES = (ask_history,)
