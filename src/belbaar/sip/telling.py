"""What a dialer tells: what became of a call, an objection. What the service cannot take now is kept, and told again.

It is kept in a file, durably before anybody hears that it is; each line is a request. They are told in the order in which
they came, once more rather than not at all: the service knows what it was told already. What it refuses for good goes to
``refused.jsonl`` beside it.
"""

__all__ = ["Service", "ask", "tell", "tell_again"]

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import httpx
import msgspec

from belbaar.errors import StoreUnavailable

_SECONDS = 1.0
"""For which the service is waited for."""
_OK, _TOO_MANY, _FAILED = 200, 429, 500
_TAKEN: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    "/v1/calls": lambda told: "call" in (told.get("results") or [{}])[0],
    "/v1/events": lambda told: told.get("refused") == 0,
    "/v1/gate/objections": lambda told: "event" in told,
}
"""By path: whether an answer says that it was taken."""


@dataclass(frozen=True, slots=True)
class Service:
    """Who is told: a client with a key; and the file in which is kept what it cannot take now, None for nowhere."""

    http: httpx.AsyncClient
    untold: Path | None = None


class _Request(msgspec.Struct, frozen=True):
    path: str
    body: Any


async def ask(service: Service, path: str, body: object) -> tuple[int, dict[str, Any]]:
    """Send JSON; give the status, 0 where nobody answered in time, and what was answered where it is 200."""
    try:
        reply = await service.http.post(path, json=body, timeout=_SECONDS)
        told = reply.json() if reply.status_code == _OK else {}
    except (httpx.HTTPError, ValueError):
        return 0, {}
    return reply.status_code, told if isinstance(told, dict) else {}


async def tell(service: Service, path: str, body: object) -> Literal["yes", "no", "later"]:
    """Tell something; ``later``: it is kept, and will be told again.

    Raises:
        StoreUnavailable: when it can neither be told nor be kept.
    """
    came = await _told(service, _Request(path, body))
    if came == "later" and service.untold is None:
        return "no"
    if came == "later" and service.untold:
        _keep(service.untold, msgspec.json.encode(_Request(path, body)) + b"\n")
    return came


async def tell_again(service: Service) -> bool:
    """Tell what was kept; give whether all of it was taken, or refused for good.

    Raises:
        StoreUnavailable: when the files cannot be written.
    """
    if service.untold is None:
        return True
    sending = service.untold.with_suffix(".sending")  # what is kept meanwhile goes to the file itself
    if not sending.exists():
        if not service.untold.exists():
            return True
        service.untold.rename(sending)
    lines = sending.read_bytes().splitlines(keepends=True)
    for place, line in enumerate(lines):
        came = await _told(service, _read(line)) if line.endswith(b"\n") else "yes"  # half a line was never kept
        if came == "no":
            _keep(service.untold.with_name("refused.jsonl"), line)
        elif came == "later":
            _keep(service.untold, b"".join(lines[place:]))
            sending.unlink()
            return False
    sending.unlink()
    return True


async def _told(service: Service, request: _Request) -> Literal["yes", "no", "later"]:
    status, answered = await ask(service, request.path, request.body)
    if status in (0, _TOO_MANY) or status >= _FAILED:
        return "later"
    return "yes" if status == _OK and _TAKEN[request.path](answered) else "no"


def _read(line: bytes) -> _Request:
    try:
        return msgspec.json.decode(line, type=_Request)
    except msgspec.MsgspecError as error:
        raise StoreUnavailable("what was kept cannot be read.", todo="Look at the file, and take it away.") from error


def _keep(file: Path, text: bytes) -> None:
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "wb") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
    except OSError as error:
        raise StoreUnavailable(f"it cannot be written: {error.strerror}.", where=str(file)) from error
