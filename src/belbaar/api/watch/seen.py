"""What is noted of the request that is being answered: for its line in the log and its figures."""

__all__ = ["METHODS", "App", "Message", "Receive", "Scope", "Seen", "Send", "request_id", "route_of", "seen"]

import re
import uuid
from collections.abc import Awaitable, Callable, MutableMapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
"""An ASGI application."""
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""What is told of; any other word a sender may have made up."""
_UUID = re.compile(r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")
_WORD = re.compile(r"[A-Za-z0-9._-]{1,64}")
_LIKE_A_NUMBER = re.compile(r"\d(?:[._-]?\d){6}")


@dataclass(slots=True)
class Seen:
    """A request.

    Args:
        id: its ``X-Request-Id``, the sender's or our own.
        key: the id of the key by which it was asked; "" where nobody known asked.
        organisation: whose that is.
        code: what it was refused for.
        trace: the id of its trace, where there is one.
    """

    id: str = ""
    key: str = ""
    organisation: str = ""
    code: str = ""
    trace: str = ""


_SEEN: ContextVar[Seen] = ContextVar("seen")


def seen(new: Seen | None = None) -> Seen:
    """Give what is noted of this request; a new one begins where it is given."""
    if new is not None:
        _SEEN.set(new)
        return new
    return _SEEN.get(Seen())


def route_of(scope: Scope) -> str:
    """Give the route that was found, as it is declared: ``/v1/jobs/{job}``; "" where there is none."""
    if "route_handler" not in scope:
        return ""
    return str(scope["path_template"] or scope["path"])  # Litestar names the template of routes with parameters only


def request_id(sent: str) -> str:
    """Take the id that a sender gave to its request, unless it could be a telephone number; else make one.

    >>> request_id("order-17"), request_id("8f14e45f-ceea-467f-a9d6-1d2b1c0a1111")
    ('order-17', '8f14e45f-ceea-467f-a9d6-1d2b1c0a1111')
    >>> len(request_id("020-1000007")), len(request_id(""))
    (32, 32)
    """
    if _UUID.fullmatch(sent) or (_WORD.fullmatch(sent) and not _LIKE_A_NUMBER.search(sent)):
        return sent
    return uuid.uuid4().hex
