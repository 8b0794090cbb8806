"""Traces by OpenTelemetry, where a collector is named; a request's own trace is continued (W3C Trace Context).

A span tells method, route, status and what was refused: neither address nor query, for a sender may have put a number
in either.
"""

__all__ = ["traced"]

from typing import TYPE_CHECKING, Any

from belbaar import __version__
from belbaar.api.watch.seen import METHODS, App, Message, Receive, Scope, Send, route_of, seen
from belbaar.errors import InputError

if TYPE_CHECKING:
    from opentelemetry.trace import Span


def traced(app: App, collector: str) -> App:
    """Have an application traced; as it is where no collector is named.

    Args:
        app: what answers.
        collector: where spans are sent, by OTLP over HTTP, such as ``http://localhost:4318``.

    Raises:
        InputError: when OpenTelemetry is not installed.
    """
    if not collector:
        return app
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.instrumentation.asgi import OpenTelemetryMiddleware  # noqa: PLC0415
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ImportError as error:
        raise InputError(
            "traces need OpenTelemetry, which is not installed.", todo="Install belbaar[telemetry], or leave it out."
        ) from error
    provider = TracerProvider(resource=Resource.create({"service.name": "belbaar", "service.version": __version__}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{collector.rstrip('/')}/v1/traces")))
    traced_app: Any = OpenTelemetryMiddleware(
        _named(app),
        tracer_provider=provider,
        default_span_details=lambda scope: (_method(scope), {}),
        server_request_hook=_hide,
        exclude_spans=["receive", "send"],
    )

    async def until_sent(scope: Scope, receive: Receive, send: Send) -> None:
        await traced_app(scope, receive, send)
        if scope["type"] == "lifespan":  # it has ended
            provider.shutdown()

    return until_sent


def _method(scope: Scope) -> str:
    return str(scope["method"]) if scope.get("method") in METHODS else "other"


def _hide(span: "Span", scope: Scope) -> None:
    del scope
    for name in ("http.url", "http.target", "url.full", "url.path", "url.query", "http.user_agent", "net.peer.ip"):
        span.set_attribute(name, "")


def _named(app: App) -> App:
    """Name the span after the route, once that is found."""
    from opentelemetry import trace  # noqa: PLC0415  installed where traces are wanted

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        span, noted = trace.get_current_span(), seen()
        noted.trace = f"{span.get_span_context().trace_id:032x}"

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":  # the span ends with the answer
                route = route_of(scope)
                span.update_name(f"{_method(scope)} {route}".strip())
                span.set_attributes({"http.route": route, "belbaar.request_id": noted.id, "belbaar.code": noted.code})
            await send(message)

        await app(scope, receive, sending)

    return answer
