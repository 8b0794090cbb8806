"""Verdicts that were given against entries that were written: whoever acts on a verdict must find it in the log.

By how the desk works none can be given whose entry is not durable. Should a disk or a server have lied about that, or an
older copy of the ledger been put back under a running service, this tells: each entry that was named in an answer is
looked for afterwards, on another connection. One that is not there is an alarm, until the process is started anew.
"""

__all__ = ["Tally"]

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from belbaar.api.watch.metrics import counted
from belbaar.errors import BelbaarError, ProofError
from belbaar.ledger import Store

_LOG = logging.getLogger("belbaar.api")
_AT_ONCE = 500
_EVERY_SECONDS = 5.0


class Tally:
    """Guards which entries were named in answers and not looked for yet, and which were not found."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._given: list[int] = []
        self._missing: list[int] = []

    def give(self, entry: int) -> None:
        """Note that an answer is about to name an entry."""
        counted().given.inc()
        with self._lock:
            self._given.append(entry)

    def compare(self, store: Store) -> None:
        """Look for the entries that were named since this was last asked; in a transaction begun afterwards.

        Raises:
            ProofError: when entries are missing, now or before.
        """
        with self._lock:
            given, self._given = self._given, []
        try:
            missing = _missing(store, given)
        except BaseException:
            with self._lock:
                self._given += given  # nobody knows yet
            raise
        counted().written.inc(len(given) - len(missing))
        if missing:
            _LOG.critical("verdicts were given whose entries are not in the log", extra={"entries": missing[:20]})
            with self._lock:
                self._missing += missing
        self.check()

    def check(self) -> None:
        """Refuse when entries are missing.

        Raises:
            ProofError: names some of them.
        """
        if self._missing:
            raise ProofError(
                f"{len(self._missing)} verdicts were given whose entries are not in the log.",
                todo="Stop calling. See: belbaar log check; put the latest copy of the ledger back, and start anew.",
                details=tuple(f"entry {entry}" for entry in self._missing[:20]),
                code="entries-missing",
            )

    async def watch(self, read: Callable[[Callable[[Store], None]], Coroutine[Any, Any, None]]) -> None:
        """Compare now and then, until cancelled; where the ledger does not answer, later."""
        while True:
            await asyncio.sleep(_EVERY_SECONDS)
            with suppress(BelbaarError):  # what is missing was logged, and is told by /readyz
                await read(self.compare)


def _missing(store: Store, entries: list[int]) -> list[int]:
    found: set[int] = set()
    for start in range(0, len(entries), _AT_ONCE):
        some = entries[start : start + _AT_ONCE]
        query = f"SELECT ix FROM leaf WHERE about = 0 AND ix IN ({', '.join('?' * len(some))})"
        found.update(ix for (ix,) in store.connection.execute(query, some))
    return [entry for entry in entries if entry not in found]
