"""Who asks, found out from a request: its key, in the header ``Authorization: Bearer …`` and nowhere else.

What can send a password only, such as the gate in the path of calls, sends the key as that: ``Authorization: Basic …``.
"""

__all__ = ["principal_of", "provide_principal", "service_of", "token_of"]

import base64
import binascii

from litestar import Request
from litestar.datastructures import State

from belbaar.api.access import Access, Principal, Unauthorised
from belbaar.api.rate import TooMany
from belbaar.api.service import Service
from belbaar.api.watch.seen import seen
from belbaar.clock import now_us

AnyRequest = Request[object, object, State]


def service_of(state: State) -> Service:
    """Give the service that this process runs."""
    service: Service = state.service
    return service


async def provide_principal(request: AnyRequest, service: Service) -> Principal:
    """Tell who asks.

    Raises:
        Unauthorised: when no good key came along.
        BelbaarError: when it asks too much, or nobody knows what time it is.
    """
    return await principal_of(service, token_of(request.headers.get("authorization", "")))


async def principal_of(service: Service, token: str) -> Principal:
    """Tell whose a key is, and count that it asks.

    Raises:
        Unauthorised: when it is no good key.
        BelbaarError: as ``provide_principal``.
    """
    service.steady.check()
    now = now_us()
    principal = _known(service.remembered.access, token, now)
    if principal is None:  # the key may be newer than what is remembered
        access = await service.readers.reads(service.remembered.of)
        principal = access.principal(token, now)
    noted = seen()
    noted.key, noted.organisation = principal.id, principal.organisation.id
    if wait := service.buckets.take(principal.id, now=now):
        raise TooMany(wait)
    service.remembered.used[principal.id] = now
    return principal


def token_of(header: str) -> str:
    """Give the key that a header has; "" where it has none."""
    scheme, _, told = header.partition(" ")
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(told, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return told.strip() if scheme.lower() == "bearer" else ""


def _known(access: Access | None, token: str, now: int) -> Principal | None:
    try:
        return access.principal(token, now) if access else None
    except Unauthorised:
        return None
