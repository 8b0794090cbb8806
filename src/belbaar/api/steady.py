"""A clock that is watched: when it jumps nobody knows what time it is, and then nothing is decided or recorded.

A jump is seen against the machine's count of seconds since it was started, which nobody can set. Which of the two times
is the right one cannot be told; so answers wait until the clock has run evenly for a while, and then trust it again.

    >>> told = iter([(99.0, -1.0), (100.0, 0.0), (101.0, 1.0), (4701.0, 1.5), (4705.0, 5.5), (4707.0, 7.5)])
    >>> clock = Steady(lambda: next(told))
    >>> [clock.unsteady() for _ in range(5)]
    [0.0, 0.0, 5.0, 1.0, 0.0]
"""

__all__ = ["ClockJumped", "Steady"]

import math
import threading
import time
from collections.abc import Callable

from belbaar.clock import now_us
from belbaar.errors import StoreUnavailable

_JUMP = 1.0
"""Seconds by which a clock may be set right without anybody minding."""
_EVEN = 5.0
"""Seconds for which a clock must run evenly after a jump."""


class ClockJumped(StoreUnavailable):
    """Nobody knows what time it is. ``seconds``: after how many it may be asked again, whole ones."""

    def __init__(self, seconds: float) -> None:
        self.seconds = max(1, math.ceil(seconds))
        super().__init__(
            "the clock of this machine jumped; until it has run evenly nothing is decided or recorded.",
            todo=f"Do not call; ask again in {self.seconds} s. Nothing was changed.",
            code="clock-jumped",
        )


def _both() -> tuple[float, float]:
    return now_us() / 1e6, time.monotonic()


class Steady:
    """Guards how far the clock is ahead of the count of seconds, and since when.

    Args:
        told: gives the time and the count, in seconds.
    """

    def __init__(self, told: Callable[[], tuple[float, float]] = _both) -> None:
        self._told = told
        self._lock = threading.Lock()
        now, count = told()
        self._ahead, self._since = now - count, count - _EVEN

    def check(self) -> None:
        """Refuse while the clock is not to be trusted.

        Raises:
            ClockJumped: when it jumped a moment ago.
        """
        if seconds := self.unsteady():
            raise ClockJumped(seconds)

    def unsteady(self) -> float:
        """Give for how many seconds from now the clock is not to be trusted; 0.0 when it is."""
        with self._lock:
            now, count = self._told()
            if abs(now - count - self._ahead) > _JUMP:
                self._since = count
            self._ahead = now - count
            return max(0.0, self._since + _EVEN - count)
