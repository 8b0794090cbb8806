"""How many requests a second one key may make: a bucket that fills at that rate, and holds two seconds' worth.

>>> buckets = Buckets(rate=2)
>>> [buckets.take("key", now=0) for _ in range(5)]
[0.0, 0.0, 0.0, 0.0, 0.5]
>>> buckets.take("key", now=500_000)
0.0
"""

__all__ = ["Buckets", "TooMany"]

import math

from belbaar.errors import BelbaarError

_BURST_SECONDS = 2
_KEYS = 10_000


class Buckets:
    """Guards a bucket for each key.

    Args:
        rate: tokens a second that flow into each; 0: nobody is held back.
    """

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._levels: dict[str, tuple[float, int]] = {}

    def take(self, key: str, *, now: int, tokens: float = 1) -> float:
        """Take tokens, and give 0; or give after how many seconds there will be enough.

        Args:
            key: whose bucket.
            now: UTC microseconds.
            tokens: how many; more than a bucket holds are as many as it holds.
        """
        if not self._rate:
            return 0.0
        full = self._rate * _BURST_SECONDS
        level, since = self._levels.get(key, (full, now))
        level = min(full, level + (now - since) / 1e6 * self._rate)
        wanted = min(tokens, full)
        if level < wanted:
            return (wanted - level) / self._rate
        if len(self._levels) >= _KEYS:
            self._levels.clear()
        self._levels[key] = (level - wanted, now)
        return 0.0


class TooMany(BelbaarError):
    """A key asks more than it may. ``seconds``: after how many it may ask again, whole ones."""

    default_code = "too-many"

    def __init__(self, seconds: float) -> None:
        self.seconds = max(1, math.ceil(seconds))
        super().__init__(
            "this key asks more often than it may.",
            todo=f"Ask again in {self.seconds} s, or ask for many at once: POST /v1/verdicts/batch",
        )
