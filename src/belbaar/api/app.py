"""The application: routes, who asks, what goes wrong, what every answer carries."""

__all__ = ["create_app"]

import asyncio
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

from litestar import Litestar, Request, Response, Router
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from belbaar import __version__
from belbaar.api.asking import provide_principal, service_of
from belbaar.api.noting import keep_tidy
from belbaar.api.refused import refusal_of
from belbaar.api.routes import (
    accounts,
    callers,
    calls,
    changes,
    complaints,
    description,
    dialers,
    events,
    forms,
    gate,
    health,
    history,
    keys,
    lists,
    metrics,
    permits,
    proofs,
    public,
    rulesets,
    trace,
    trace_exchange,
    verdicts,
    webhooks,
)
from belbaar.api.service import Service
from belbaar.api.settings import Settings
from belbaar.api.watch.seen import route_of, seen
from belbaar.errors import BelbaarError, InputError, InternalError

_LOG = logging.getLogger("belbaar.api")
_ROUTES = (
    *verdicts.ROUTES,
    *events.ROUTES,
    *permits.ROUTES,
    *history.ROUTES,
    *lists.ROUTES,
    *proofs.ROUTES,
    *changes.ROUTES,
    *accounts.ROUTES,
    *webhooks.ROUTES,
    *callers.ROUTES,
    *keys.ROUTES,
    *rulesets.ROUTES,
    *gate.ROUTES,
    *dialers.ROUTES,
    *trace.ROUTES,
    *forms.ROUTES,
    *public.ROUTES,
    *calls.ROUTES,
    *trace_exchange.ROUTES,
    *complaints.ROUTES,
    *health.ROUTES,
    *metrics.ROUTES,
    *description.ROUTES,
)
AnyRequest = Request[Any, Any, State]


def create_app(settings: Settings, *more: Router) -> Litestar:
    """Make the application of one process. ``more``: what other front doors answer beside the service's end points."""

    @asynccontextmanager
    async def running(app: Litestar) -> AsyncIterator[None]:
        service = Service(settings)
        app.state.service = service
        service.start()
        service.watch.ends_with(signal.SIGTERM, signal.SIGINT)
        comparing = asyncio.create_task(service.tally.watch(service.readers.reads))
        tidying = asyncio.create_task(keep_tidy(service))
        try:
            yield
        finally:
            comparing.cancel()
            tidying.cancel()
            await tidying
            service.stop()

    return Litestar(
        route_handlers=[*_ROUTES, *more],
        lifespan=[running],
        dependencies={
            "service": Provide(service_of, sync_to_thread=False),
            "principal": Provide(provide_principal),
        },
        exception_handlers={BelbaarError: _refused, HTTPException: _refused_by_litestar, Exception: _failed},
        openapi_config=_openapi(),
        request_max_body_size=settings.body_bytes,
        logging_config=None,
    )


def _openapi() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="belbaar",
        version=__version__,
        summary="May I call this number, on what lawful ground, and can I prove it?",
        path="/v1/description",
        create_examples=False,
        use_handler_docstrings=True,
        components=Components(
            security_schemes={
                "key": SecurityScheme(type="http", scheme="bearer"),
                "twilio": SecurityScheme(type="apiKey", name="X-Twilio-Signature", security_scheme_in="header"),
            }
        ),
        security=[{"key": []}],
        render_plugins=[JsonRenderPlugin()],
    )


def _refused(request: AnyRequest, error: BelbaarError) -> Response[bytes]:
    del request
    status, headers, body = refusal_of(error)
    return Response(body, status_code=status, media_type=headers.pop("content-type"), headers=headers)


def _refused_by_litestar(request: AnyRequest, error: HTTPException) -> Response[bytes]:
    """Tell what Litestar refused: a body that is not what is wanted, a path that there is not."""
    if isinstance(error, ValidationException):
        told = [each for each in error.extra or [] if isinstance(each, dict)]
        first = told[0] if told else {}
        field = str(first.get("key", "")).replace(".", "/").replace("[", "/").replace("]", "")
        what = str(first.get("message", "") or "what was sent cannot be read")
        return _refused(request, InputError(f"{what}.", where=f"/{field}" if field else "", code="malformed"))
    answer = _refused(request, _of_status(error))
    answer.headers.update({name: value for name, value in (error.headers or {}).items() if name.lower() == "allow"})
    return answer


def _of_status(error: HTTPException) -> BelbaarError:
    codes = {404: "not-found", 405: "method-not-allowed", 408: "too-slow", 413: "too-large"}
    code = codes.get(error.status_code, "malformed")
    return InputError(f"{error.detail}.", code=code, todo="The end points are described at /v1/openapi.json.")


def _failed(request: AnyRequest, error: Exception) -> Response[bytes]:
    """Tell that belbaar made a mistake, and nothing of what it was working on: that may be somebody's number."""
    extra = {"route": route_of(cast("dict[str, Any]", request.scope)), "request_id": seen().id}
    _LOG.error("failed", exc_info=error, extra=extra)
    return _refused(request, InternalError("belbaar itself made a mistake.", todo="Do not call. Please report it."))
