"""What has figures computed: a thread of each process that answers, which starts a process for one after another."""

__all__ = ["STORE", "FigureRunner"]

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

from belbaar.api.figures.keeping import claim, want_everywhere
from belbaar.clock import now_us
from belbaar.law import PACKS
from belbaar.law.calendar import local_day_and_minute
from belbaar.ledger import Store

_LOG = logging.getLogger("belbaar.api.figures")
STORE = "BELBAAR_COUNTED_STORE"
"""In which a process that computes finds the store's name."""
_LOOK_SECONDS = 1.0
_NIGHT = 3 * 60 + 30
"""The minute of the day after which the figures of every organisation are computed anew."""
_LONGEST_SECONDS = 1800


class FigureRunner:
    """Guards a thread, its connection, and the process that it has started.

    Args:
        store: the store's name.
        opened: opens it.
    """

    def __init__(self, store: str, opened: Callable[[], Store]) -> None:
        self._target, self._opened = store, opened
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="figures", daemon=True)
        self._night = _night(now_us())

    def start(self) -> None:
        """Begin to look for what is wanted."""
        self._thread.start()

    def stop(self) -> None:
        """End the process that computes; what it computed is claimed again later."""
        self._stopping.set()
        self._thread.join(10)

    def _run(self) -> None:
        store: Store | None = None
        while not self._stopping.wait(_LOOK_SECONDS):
            try:
                store = store or self._opened()
                self._look(store)
            except Exception as error:  # noqa: BLE001  the thread must live on: the store may be there again
                _LOG.error("figures cannot be computed now: %s", getattr(error, "code", type(error).__name__))
                if store is not None:
                    with suppress(Exception):
                        store.close()
                store = None
        if store is not None:
            store.close()

    def _look(self, store: Store) -> None:
        now = now_us()
        if _night(now) > self._night:
            want_everywhere(store, now)
            self._night = _night(now)
        claimed = claim(store, now)
        if claimed:
            self._compute(*claimed)

    def _compute(self, organisation: int, name: str) -> None:
        words = [sys.executable, "-m", "belbaar.api.figures.working", str(organisation), name]
        environment = {**os.environ, STORE: self._target}  # its name may hold a password, and all see a process's words
        with subprocess.Popen(words, stdin=subprocess.DEVNULL, start_new_session=True, env=environment) as process:  # noqa: S603  our own
            waited = 0.0
            while process.poll() is None and waited < _LONGEST_SECONDS and not self._stopping.wait(0.1):
                waited += 0.1
            if process.poll() is None:
                process.kill()
        if process.returncode and not self._stopping.is_set():
            _LOG.error("a figure was not computed: %s", name)


def _night(now: int) -> int:
    """Count the nights up to now."""
    day, minute = local_day_and_minute(now, PACKS["NL"].zone)
    return day if minute >= _NIGHT else day - 1
