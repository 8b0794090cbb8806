"""The short way: what a dialer asks while the phone is about to ring skips what a framework does for any request.

It is the same end point: the same function answers it, found under the same route, of the same types. A body that is not
plainly what is wanted goes the framework's way as it came, so what is wrong with it is told in one place.
"""

__all__ = ["with_short_way"]

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, NamedTuple, get_type_hints

import msgspec
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from belbaar.api.asking import principal_of, token_of
from belbaar.api.refused import refusal_of
from belbaar.api.routes import gate, permits, verdicts
from belbaar.api.watch.seen import App, Message, Receive, Scope, Send
from belbaar.errors import BelbaarError

_HANDLERS = (verdicts.ask, verdicts.ask_many, gate.ask, permits.use)
"""These take ``data`` as JSON, ``principal`` and ``service``, and answer 200 with JSON."""
_MOST_BYTES = 8 * 1024 * 1024
"""What is longer is the framework's, which knows how much is too much."""
_JSON = b"application/json"


class _Way(NamedTuple):
    """An end point: what answers, how its question is read, and its route."""

    answers: Callable[..., Awaitable[object]]
    read: Callable[[bytes], object]
    handler: HTTPRouteHandler


def with_short_way(app: Litestar) -> App:
    """Let the end points of calls that are about to be made be reached by the short way; the application answers all else."""
    ways = {path: _way(handler) for handler in _HANDLERS for path in handler.paths}

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        way = ways.get(scope.get("path", "")) if scope.get("method") == "POST" else None
        headers = dict(scope["headers"]) if way else {}
        if way is None or not _plain(headers):
            await app(scope, receive, send)  # type: ignore[arg-type]  # litestar has narrower types of its own
            return
        came = [message async for message in _body(receive)]
        try:
            data = way.read(b"".join([message.get("body", b"") for message in came]))
        except (msgspec.MsgspecError, UnicodeDecodeError):
            await app(scope, _again(came, receive), send)  # type: ignore[arg-type]
            return
        scope["route_handler"], scope["path_template"] = way.handler, scope["path"]
        try:
            service = app.state.service
            token = token_of(headers.get(b"authorization", b"").decode("latin-1"))
            principal = await principal_of(service, token)
            told = await way.answers(data=data, principal=principal, service=service)
            status, more, answered = 200, dict[str, str](), msgspec.json.encode(told)
        except BelbaarError as error:
            status, more, answered = refusal_of(error)
        more = {"content-type": "application/json", "content-length": str(len(answered)), **more}
        start = [(name.encode(), value.encode("latin-1")) for name, value in more.items()]
        await send({"type": "http.response.start", "status": status, "headers": start})
        await send({"type": "http.response.body", "body": answered, "more_body": False})

    return answer


def _way(handler: HTTPRouteHandler) -> _Way:
    data: Any = get_type_hints(handler.fn)["data"]
    return _Way(handler.fn, msgspec.json.Decoder(data).decode, handler)


def _plain(headers: dict[bytes, bytes]) -> bool:
    length = headers.get(b"content-length", b"")
    return headers.get(b"content-type") == _JSON and length.isdigit() and int(length) <= _MOST_BYTES


async def _body(receive: Receive) -> AsyncIterator[Message]:
    """Give the messages that make a body."""
    more = True
    while more:
        message = await receive()
        yield message
        more = message.get("more_body", False)


def _again(came: Sequence[Message], receive: Receive) -> Receive:
    """Give what came already once more, then what comes."""
    waiting = iter(came)

    async def receiving() -> Message:
        return next(waiting, None) or await receive()

    return receiving
