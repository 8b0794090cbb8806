"""Denials of single questions, counted: in memory as they are answered, and every half minute in the database.

The verdicts themselves are entries of the log, sealed under the keys of their numbers: to count them there would be to
open them all. A process that is killed takes the counts of half a minute with it; they are for a chart.
"""

__all__ = ["Denials", "keep", "week_of", "weeks"]

import threading
from collections import Counter
from collections.abc import Mapping

from belbaar.api.questions import Answer
from belbaar.clock import now_us
from belbaar.law.calendar import local_day
from belbaar.law.words import NO_GROUND
from belbaar.ledger import Store
from belbaar.reading import ZONE

Key = tuple[int, int, str]
"""An organisation's key, a week's Monday (an ordinal), a reason."""
_KEEP = (
    "INSERT INTO denial_count (organisation, week, reason, denials) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (organisation, week, reason) DO UPDATE SET denials = denial_count.denials + excluded.denials"
)


def week_of(day: int) -> int:
    """Give the Monday of a day's week, both ordinals.

    >>> week_of(739866) == week_of(739866 + 6), week_of(739866) == week_of(739866 + 7)
    (True, False)
    """
    return day - (day - 1) % 7


class Denials:
    """Guards what was denied since this was last asked."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[Key] = Counter()

    def saw(self, organisation: int, answer: Answer) -> None:
        """Count an answer that was kept, if it is a no: under each of its reasons."""
        if answer.allowed:
            return
        week = week_of(local_day(now_us(), ZONE))
        reasons = {*answer.vetoes, *answer.defects} or {NO_GROUND}
        with self._lock:
            self._counts.update((organisation, week, reason) for reason in reasons)

    def taken(self) -> Mapping[Key, int]:
        """Give what was counted since this was last asked."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
        return counts

    def put_back(self, counts: Mapping[Key, int]) -> None:
        """Take back what could not be written."""
        with self._lock:
            self._counts.update(counts)


def keep(store: Store, counts: Mapping[Key, int]) -> None:
    """Add counts to those of before, in the write transaction."""
    for key, denials in sorted(counts.items()):
        store.connection.execute(_KEEP, (*key, denials))


def weeks(store: Store, organisation: int, since: int) -> dict[int, dict[str, int]]:
    """Give the denials of an organisation by week and reason; ``since``: the first week's Monday."""
    rows = store.connection.execute(
        "SELECT week, reason, denials FROM denial_count WHERE organisation = ? AND week >= ? ORDER BY week, reason",
        (organisation, since),
    )
    found: dict[int, dict[str, int]] = {}
    for week, reason, denials in rows.fetchall():
        found.setdefault(week, {})[reason] = denials
    return found
