"""What goes around every request: its id, its time limit, the headers of every answer, its line in the log, its figures.

It stands outside the framework, so it holds for what the framework itself answers too: no such path, no such method.
"""

__all__ = ["watched"]

import asyncio
import logging
import time

import msgspec

from belbaar.api.problems import problem_of
from belbaar.api.watch import metrics
from belbaar.api.watch.seen import METHODS, App, Message, Receive, Scope, Seen, Send, request_id, route_of, seen
from belbaar.errors import InputError, InternalError

_LOG = logging.getLogger("belbaar.api")
_HEADERS = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"interest-cohort=()"),
    (b"referrer-policy", b"no-referrer"),
    (b"server", b"belbaar"),
    (b"strict-transport-security", b"max-age=31536000"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
)
"""On every answer, unless it says otherwise itself."""
_GRACE_SECONDS, _BYTES_A_SECOND = 10, 1024
"""A body may take ten seconds, and a second more for each KiB of it."""


def watched(app: App) -> App:
    """Watch an application: what it is asked, and what it answers."""
    metrics.counted()  # made before there are threads

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        noted = seen(Seen(request_id(_header(scope, b"x-request-id"))))
        begun, status = time.perf_counter(), 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _complete(message, noted)
            await send(message)

        try:
            await app(scope, _in_time(receive), sending)
        except Exception as error:
            _LOG.exception("failed", extra={"request_id": noted.id, "error": type(error).__name__})
            if status:
                raise
            await _mistake(sending)
        finally:
            _tell(scope, noted, status, time.perf_counter() - begun)

    return answer


def _header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


def _complete(message: Message, noted: Seen) -> None:
    own = list(message.get("headers", ()))
    there = {name.lower() for name, _ in own}
    own.append((b"x-request-id", noted.id.encode("latin-1")))
    message["headers"] = own + [header for header in _HEADERS if header[0] not in there]


def _in_time(receive: Receive) -> Receive:
    """Give what is sent for as long as it comes fast enough: nobody holds a request open by sending it drop by drop."""
    begun, size, whole = time.monotonic(), 0, False

    async def receiving() -> Message:
        nonlocal size, whole
        if whole:
            return await receive()  # the connection's end: that may be long in coming
        left = begun + _GRACE_SECONDS + size / _BYTES_A_SECOND - time.monotonic()
        try:
            async with asyncio.timeout(max(left, 0.001)):
                message = await receive()
        except TimeoutError:
            raise InputError(
                "what was sent came too slowly.", todo="Send it again, in one go.", code="too-slow"
            ) from None
        if message["type"] == "http.request":
            size += len(message.get("body", b""))
            whole = not message.get("more_body", False)
        return message

    return receiving


async def _mistake(send: Send) -> None:
    problem = problem_of(InternalError("belbaar itself made a mistake.", todo="Do not call. Please report it."))
    headers = [(b"content-type", b"application/problem+json")]
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": msgspec.json.encode(problem), "more_body": False})


def _tell(scope: Scope, noted: Seen, status: int, seconds: float) -> None:
    method = str(scope["method"]) if scope["method"] in METHODS else "other"
    route = route_of(scope)
    metrics.count_request(method, route, status, seconds)
    _LOG.info(
        "request",
        extra={
            "method": method,
            "route": route,
            "status": status,
            "ms": round(seconds * 1000, 1),
            "key": noted.key,
            "organisation": noted.organisation,
            "code": noted.code,
            "request_id": noted.id,
            "trace_id": noted.trace,
        },
    )
