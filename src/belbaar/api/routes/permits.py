"""Permits: the keys to check them with, and using one up."""

__all__ = ["ROUTES"]

from typing import Any

from litestar import get, post

from belbaar.api.access import Principal
from belbaar.api.desk import Act
from belbaar.api.permits import jwks
from belbaar.api.permits.using import Shown, Used
from belbaar.api.service import Service


@get(
    "/.well-known/jwks.json",
    operation_id="permitKeys",
    tags=["Permits"],
    summary="The keys that sign permits.",
)
async def keys(service: Service) -> dict[str, Any]:
    """Give the public keys (RFC 7517): with these anybody checks a permit offline, but not whether it is still good."""
    return jwks(service.permit_keys)


@post("/v1/permits/use", status_code=200, operation_id="usePermit", tags=["Permits"], summary="Use a permit up.")
async def use(data: Shown, principal: Principal, service: Service) -> Used:
    """Use a permit for the call that is about to be made, once.

    It is judged again by all that is known at this moment: an objection made a second ago revokes it.
    """
    principal.needs("permit")
    return await service.desk.does(Act(service.using.uses, (principal, data)))


ROUTES = (keys, use)
