"""What has figures computed: those that are asked for, and every night those of every organisation."""

__all__ = ["FigureRunner"]

import logging
from collections.abc import Callable

from belbaar.api.figures.keeping import claim, want_everywhere
from belbaar.api.looking import Looking
from belbaar.clock import now_us
from belbaar.law import PACKS
from belbaar.law.calendar import local_day_and_minute
from belbaar.ledger import Store

_LOG = logging.getLogger("belbaar.api.figures")
_LOOK_SECONDS = 1.0
_NIGHT = 3 * 60 + 30
"""The minute of the day after which the figures of every organisation are computed anew."""
_LONGEST_SECONDS = 1800


class FigureRunner:
    """Guards which night it is, and what looks.

    Args:
        store: the store's name.
        opened: opens it.
    """

    def __init__(self, store: str, opened: Callable[[], Store]) -> None:
        self._looking = Looking("figures", store, opened, self._look, seconds=_LOOK_SECONDS)
        self._night = _night(now_us())

    def start(self) -> None:
        """Begin to look for what is wanted."""
        self._looking.start()

    def stop(self) -> None:
        """End the process that computes; what it computed is claimed again later."""
        self._looking.stop()

    def _look(self, store: Store) -> None:
        now = now_us()
        if _night(now) > self._night:
            want_everywhere(store, now)
            self._night = _night(now)
        claimed = claim(store, now)
        if claimed:
            organisation, name = claimed
            words = (str(organisation), name)
            came = self._looking.has_done("belbaar.api.figures.working", *words, longest=_LONGEST_SECONDS)
            if came != 0 and not self._looking.stopping:
                _LOG.error("a figure was not computed: %s", name)


def _night(now: int) -> int:
    """Count the nights up to now."""
    day, minute = local_day_and_minute(now, PACKS["NL"].zone)
    return day if minute >= _NIGHT else day - 1
