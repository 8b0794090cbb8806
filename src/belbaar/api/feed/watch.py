"""Waiting for news: one thread of a process looks at the ledger's position, ten times a second while anybody waits.

That finds what any process recorded, on the command line too, and costs one small question however many wait.
"""

__all__ = ["Watch"]

import asyncio
import logging
import signal
import threading
from collections.abc import Callable
from contextlib import suppress

from belbaar.errors import BelbaarError
from belbaar.ledger import Store

_LOG = logging.getLogger("belbaar.api")
_PACE = 0.1
_PATIENCE = 1.0
"""Seconds between two looks: as a rule, and after the ledger did not answer."""
_MOST = 1_000
"""Who may wait in one process; the others are answered at once, and ask again."""


class Watch:
    """Guards one thread and its connection, and who waits.

    Args:
        opened: opens the store.
    """

    def __init__(self, opened: Callable[[], Store]) -> None:
        self._opened = opened
        self._waiting: dict[asyncio.Future[None], int] = {}
        self._awake = threading.Condition()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Let everybody go who waits, and end."""
        self._stopped.set()
        with self._awake:
            self._awake.notify()
        self._thread.join(5)

    def ends_with(self, *signals: int) -> None:
        """Let everybody go as soon as this process is told to end: a server waits for requests that are under way.

        The loop hears of a signal by its wake-up descriptor, whatever handler there is; so what it does then stays.
        """
        if threading.current_thread() is threading.main_thread():
            for each in signals:
                signal.signal(each, lambda *_: self._stopped.set())

    async def news(self, after: int, seconds: float) -> None:
        """Wait until there is anything behind a place in the ledger, or the time is over."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        with self._awake:
            if self._stopped.is_set() or len(self._waiting) >= _MOST:
                return
            self._waiting[future] = after
            self._awake.notify()
        try:
            with suppress(TimeoutError):  # no news either
                await asyncio.wait_for(future, seconds)
        finally:
            with self._awake:
                self._waiting.pop(future, None)

    @property
    def stopped(self) -> bool:
        """Whether the process is about to end."""
        return self._stopped.is_set()

    def _run(self) -> None:
        store: Store | None = None
        while not self._stopped.is_set():
            with self._awake:
                self._awake.wait_for(lambda: self._waiting or self._stopped.is_set())
            pace = _PACE
            try:
                store = store or self._opened()
                self._tell(store.position())
            except BelbaarError as error:  # who waits is answered when the time is over; then the ledger is asked again
                _LOG.warning("the ledger's position is not known: %s", error.what)
                _close(store)
                store, pace = None, _PATIENCE
            self._stopped.wait(pace)
        self._tell(None)
        _close(store)

    def _tell(self, position: int | None) -> None:
        with self._awake:
            told = [each for each, after in self._waiting.items() if position is None or position > after]
            for future in told:
                del self._waiting[future]
        for future in told:
            with suppress(RuntimeError):  # its loop is closed: nobody waits any more
                future.get_loop().call_soon_threadsafe(_settle, future)


def _settle(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def _close(store: Store | None) -> None:
    if store is not None:
        with suppress(Exception):  # it is broken already, or we are leaving
            store.close()
