"""Sending a message to a receiver: addresses looked at when they are connected to, no redirects, all within limits."""

__all__ = ["Said", "Sender"]

import asyncio
import socket
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

import httpcore

from belbaar.api.feed.addresses import is_outside

SECONDS = 5.0
"""How long one message may take, from resolving the name to the end of the answer."""
_BODY_BYTES = 16 * 1024
_KEPT_OPEN = 64
_IDLE_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Said:
    """What came of a message: the HTTP status, 0 where there was no answer, and then why."""

    status: int
    error: str = ""

    @property
    def good(self) -> bool:
        """Whether the receiver took it."""
        return 200 <= self.status < 300  # noqa: PLR2004

    @property
    def away(self) -> bool:
        """Whether nobody was there, or had the time: another message would fare no better."""
        return self.status in (0, 429, 502, 503, 504)


class _InsideRefusedError(Exception):
    """A name leads into the service's own network."""


class _Network(httpcore.AnyIOBackend):
    """Connects to an address that was looked at, and to no other that the name may stand for a moment later."""

    def __init__(self, *, inside: bool) -> None:
        self._inside = inside

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  httpcore's own
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
        if not self._inside and not all(map(is_outside, addresses)):
            raise _InsideRefusedError
        for address in addresses[:-1]:
            try:
                return await super().connect_tcp(address, port, timeout, local_address, socket_options)
            except httpcore.ConnectError:
                continue  # the next one may answer
        return await super().connect_tcp(addresses[-1], port, timeout, local_address, socket_options)


class Sender:
    """Guards the connections to receivers.

    Args:
        inside: whether they may be in the service's own network.
    """

    def __init__(self, *, inside: bool) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=ssl.create_default_context(),
            max_connections=None,  # a receiver that is slow must not take another's
            max_keepalive_connections=_KEPT_OPEN,
            keepalive_expiry=_IDLE_SECONDS,
            network_backend=_Network(inside=inside),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._pool.aclose()

    async def sent(self, url: str, headers: Mapping[str, str], body: bytes) -> Said:
        """Send a message, and give what came of it."""
        try:
            async with asyncio.timeout(SECONDS):
                return await self._sent(url, headers, body)
        except TimeoutError:
            return Said(0, "timeout")
        except _InsideRefusedError:
            return Said(0, "address-refused")
        except OSError:  # of the resolver
            return Said(0, "name-unknown")
        except (httpcore.NetworkError, httpcore.TimeoutException):
            return Said(0, "connection")
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol):
            return Said(0, "not-http")

    async def _sent(self, url: str, headers: Mapping[str, str], body: bytes) -> Said:
        async with self._pool.stream("POST", url, headers=list(headers.items()), content=body) as answer:
            size = 0
            async for chunk in answer.aiter_stream():  # read, so that the connection can be used again
                size += len(chunk)
                if size > _BODY_BYTES:
                    break  # the connection is closed with the rest unread
        error = "" if 200 <= answer.status < 300 else f"http-{answer.status}"  # noqa: PLR2004
        return Said(answer.status, error)
