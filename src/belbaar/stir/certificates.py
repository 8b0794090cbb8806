"""Where certificates are got: out of a folder, or from addresses that were said to be good, and from nowhere else.

A header names an address, and who calls writes the header: whatever is not under one of the prefixes is not asked for.
"""

__all__ = ["Certificates", "address_of"]

import asyncio
import logging
import re
import time
from collections.abc import Sequence
from pathlib import Path

import httpx

from belbaar.errors import InputError

_LOG = logging.getLogger("belbaar.stir")
_ADDRESS = re.compile(r"https?://([a-z0-9][a-z0-9.-]*(?::[0-9]{1,5})?)(/[A-Za-z0-9._~/-]*)", re.ASCII)
"""What a certificate's address may be: no names or passwords in it, nothing escaped, no query."""
_KEPT, _KEPT_MISSING = 3600.0, 30.0
"""Seconds for which a certificate is kept, and that there was none."""
_SECONDS = 5.0
"""How long a server may take; who waits for the answer is less patient."""
_LARGEST, _MOST, _AT_ONCE = 65_536, 1_000, 8


def address_of(text: str) -> str:
    """Give the place in a folder for a certificate's address: host and path; "" for what is no such address.

    >>> address_of("https://sti.example/certs/a.pem"), address_of("https://sti.example/../a.pem")
    ('sti.example/certs/a.pem', '')
    """
    form = _ADDRESS.fullmatch(text)
    return form[1] + form[2] if form and ".." not in text else ""


class Certificates:
    """Guards what was got, for a while, and what is being asked for. One event loop's own.

    Args:
        prefixes: of addresses that may be asked, each to the end of a folder: ``https://sti.example/certs/``.
        folder: in which they are looked for first, by host and path, as ``wget --force-directories`` puts them; None: none.

    Raises:
        InputError: when a prefix leaves open where it leads.
    """

    def __init__(self, prefixes: Sequence[str], folder: Path | None = None) -> None:
        for prefix in prefixes:
            if not address_of(prefix) or not prefix.endswith("/"):
                raise InputError(
                    f'"{prefix}" leaves open where certificates are asked for.',
                    where="stir_urls",
                    todo="Such as https://sti.example/certs/",
                )
        self._prefixes = tuple(prefixes)
        self._folder = folder
        # made once: reading which web servers to trust takes 40 ms, in which nobody is answered
        self._http = httpx.AsyncClient(timeout=_SECONDS) if prefixes else None
        self._asked = dict[str, tuple[float, asyncio.Task[bytes]]]()
        self._few = asyncio.Semaphore(_AT_ONCE)

    async def get(self, url: str, patience: float) -> bytes:
        """Give what stands at an address; empty where nothing does, it may not be asked for, or it takes longer.

        It is asked for all the same: a later call finds it. ``patience``: seconds.
        """
        place = address_of(url)
        if not place or not (self._folder or url.startswith(self._prefixes)):
            return b""
        try:
            return await asyncio.wait_for(asyncio.shield(self._asking(url, place)), patience)
        except TimeoutError:
            return b""

    def _asking(self, url: str, place: str) -> "asyncio.Task[bytes]":
        """Give who asks for it, or has done so not long ago."""
        now = time.monotonic()
        at, task = self._asked.get(url, (0.0, None))
        if task is None or (task.done() and now - at > (_KEPT if task.result() else _KEPT_MISSING)):
            while len(self._asked) >= _MOST:
                del self._asked[next(iter(self._asked))]
            task = asyncio.create_task(self._got(url, place))
            self._asked.pop(url, None)
            self._asked[url] = now, task
        return task

    async def _got(self, url: str, place: str) -> bytes:
        async with self._few:
            content = await asyncio.to_thread(_read, self._folder / place) if self._folder else b""
            return content or (
                await _fetched(url, self._http) if self._http and url.startswith(self._prefixes) else b""
            )


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError:
        return b""  # it is not there: it may be at its address
    return content if len(content) <= _LARGEST else b""


async def _fetched(url: str, http: httpx.AsyncClient) -> bytes:
    """Ask for a certificate; a redirect leads elsewhere, so it is no answer."""
    content = bytearray()
    try:
        async with (
            asyncio.timeout(_SECONDS),
            http.stream("GET", url, headers={"Accept-Encoding": "identity"}, follow_redirects=False) as answer,
        ):
            if answer.status_code != httpx.codes.OK:
                return _none(url, f"status {answer.status_code}")
            async for piece in answer.aiter_raw():
                content += piece
                if len(content) > _LARGEST:
                    return _none(url, "it is too large")
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:  # a timeout is an OSError
        return _none(url, type(error).__name__)
    return bytes(content)


def _none(url: str, why: str) -> bytes:
    """Give nothing, and say why: of the address its host alone, for who calls writes the rest, and it may be a number."""
    _LOG.warning("no certificate from %s: %s", url.split("/", 3)[2], why)
    return b""
