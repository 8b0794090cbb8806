"""Work that takes long: a thread looks for it again and again, and has one process after another do it.

Each process that answers has such threads. They outlive a store that is away, and end what they started when told to stop.
"""

__all__ = ["STORE", "Looking"]

import logging
import math
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

from belbaar.ledger import Store

_LOG = logging.getLogger("belbaar.api")
STORE = "BELBAAR_WORKING_STORE"
"""In which a process that works finds the store's name: that may hold a password, and all see a process's words."""
_PACE = 0.1


class Looking:
    """Guards a thread, its connection, and the process that it has started.

    Args:
        name: what is looked for; a word for the log.
        store: the store's name.
        opened: opens it.
        look: looks once, and has done what it finds.
        seconds: between two looks.
    """

    def __init__(
        self, name: str, store: str, opened: Callable[[], Store], look: Callable[[Store], None], *, seconds: float
    ) -> None:
        self._name, self._target, self._opened, self._look, self._seconds = name, store, opened, look, seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End the process that works, and the thread."""
        self._stopping.set()
        self._thread.join(10)

    @property
    def stopping(self) -> bool:
        """Whether it was told to stop."""
        return self._stopping.is_set()

    def has_done(self, module: str, *words: str, longest: float = math.inf) -> int | None:
        """Have a process work, and wait for it; give its exit status, None where it was ended.

        Args:
            module: what it runs; it finds the store in ``STORE``.
            words: what it is told.
            longest: seconds after which it is ended.
        """
        command = [sys.executable, "-m", module, *words]
        environment = {**os.environ, STORE: self._target}
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True, env=environment) as process:  # noqa: S603  our own
            waited = 0.0
            while process.poll() is None and waited < longest and not self._stopping.wait(_PACE):
                waited += _PACE
            if process.poll() is None:
                process.kill()
                return None
        return process.returncode

    def _run(self) -> None:
        store: Store | None = None
        while not self._stopping.wait(self._seconds):
            try:
                store = store or self._opened()
                self._look(store)
            except Exception as error:  # noqa: BLE001  the thread must live on: the store may be there again
                _LOG.error("%s must wait: %s", self._name, getattr(error, "code", type(error).__name__))
                if store is not None:
                    with suppress(Exception):
                        store.close()
                store = None
        if store is not None:
            store.close()
