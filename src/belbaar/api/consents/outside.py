"""Requests of people, who have no key: from where they come, how often, and whether their page may ask.

A page of another origin may ask only where the form lists that origin. It is told so by the headers of CORS, on good
answers and on refusals; a page that is not listed gets neither, and nothing is done for it.
"""

__all__ = ["client_ip", "cors", "limited", "permitted", "preflight"]

import math
from typing import Any, cast

from litestar import Request, Response
from litestar.datastructures import MutableScopeHeaders, State
from litestar.types.asgi_types import ASGIApp, HeaderScope, Message, Receive, Scope, Send

from belbaar.api.access import Forbidden
from belbaar.api.rate import TooMany
from belbaar.api.service import Service, seen_at
from belbaar.capture.evidence import prefix_of
from belbaar.capture.forms import Form, Published, published
from belbaar.clock import now_us

AnyRequest = Request[Any, Any, State]
_PERMITTED = "belbaar_origin"
_A_DAY = "86400"


def client_ip(request: AnyRequest, proxies: int) -> str:
    """Give the address of whoever asks; ``proxies``: how many before the service tell it in ``X-Forwarded-For``."""
    told = [part.strip() for part in request.headers.get("x-forwarded-for", "").split(",") if part.strip()]
    if proxies and len(told) >= proxies:
        return told[-proxies]
    return request.client.host if request.client else ""


def limited(request: AnyRequest, service: Service) -> str:
    """Give the address of whoever asks, who does so not too often.

    Raises:
        TooMany: with after how many seconds to ask again.
    """
    service.steady.check()
    ip = client_ip(request, service.settings.proxies)
    if wait := service.public.take(prefix_of(ip) or ip, now=now_us()):
        raise TooMany(math.ceil(wait))
    return ip


async def permitted(request: AnyRequest, service: Service, form: str, version: int = 0) -> tuple[Form, Published]:
    """Give a form that was published, and note that the page which asks for it may.

    Raises:
        InputError: ``not-found`` when there is no such form.
        Forbidden: when the page's origin is not listed.
    """
    found = await service.readers.reads(lambda store: published(store, form, version))
    origin = request.headers.get("origin", "")
    listed = (*found[1].design.origins, seen_at(service.settings))
    if origin and origin not in listed:
        raise Forbidden(
            "this page may not show the form.",
            where="Origin",
            todo=f"Have the form's owner list it: {origin}",
            code="origin-refused",
        )
    if origin:
        request.scope["state"][_PERMITTED] = origin
    return found


def cors(app: ASGIApp) -> ASGIApp:
    """Tell the browser that a page may read an answer, where ``permitted`` noted so."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableScopeHeaders(cast("HeaderScope", message))
                headers["Vary"] = "Origin"
                if origin := scope["state"].get(_PERMITTED):
                    headers["Access-Control-Allow-Origin"] = origin
                    headers["Access-Control-Expose-Headers"] = "Retry-After"
            await send(message)

        await app(scope, receive, sending)

    return answer


def preflight() -> Response[None]:
    """Answer a browser that asks whether a page may ask."""
    headers = {
        "Access-Control-Allow-Methods": "GET, POST",
        "Access-Control-Allow-Headers": "content-type, idempotency-key",
        "Access-Control-Max-Age": _A_DAY,
    }
    return Response(None, status_code=204, headers=headers)
