"""Fold events that are alone with their number, as nearly all of an import are: what is alike is folded once.

What ``fold`` makes of an event alone depends on its number and its place only by copying them, and on its instant only by
copying it and by the local day it lies in. So events that say the same on one day have the same rows, but for the copies.
Where those stand is found by folding an event of that day twice, the second time of another number, place and instant;
a row in which anything else differs is folded every time. A test folds all kinds of events both ways.
"""

__all__ = ["Lone"]

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from operator import itemgetter

from belbaar.law import Pack
from belbaar.law.calendar import instant_of_day, local_day
from belbaar.ledger.events import Event
from belbaar.ledger.standing import Row, fold
from belbaar.ledger.store import StoredRow

_REMEMBERED = 100_000
"""Patterns that are kept."""

_Pattern = tuple[StoredRow, Callable[[StoredRow], StoredRow]]
"""The values of a row, and what picks them from number, place and instant with those behind."""


class Lone:
    """Gives the stored rows of events that are alone. Guards the patterns it has found."""

    def __init__(self, pack: Pack, stored: Callable[[Row], StoredRow]) -> None:
        self._pack = pack
        self._stored = stored
        self._known: dict[tuple[str, str, int, int], tuple[Mapping[str, object], Sequence[_Pattern] | None]] = {}

    def rows(self, event: Event, seq: int) -> list[StoredRow]:
        """Fold an event that has a place in the ledger."""
        day = local_day(event.at, self._pack.zone)
        key = (
            event.kind,
            event.caller,
            id(event.fields),
            day,
        )  # what is known keeps the fields, so the id stays theirs
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[key] = (event.fields, self._patterns(event, seq, day))
        if known[1] is None:
            return self._folded(event, seq)
        copied = (event.number, seq, event.at)
        return [pick(copied + values) for values, pick in known[1]]

    def _folded(self, event: Event, seq: int) -> list[StoredRow]:
        return [self._stored(row) for row in fold([replace(event, seq=seq)], self._pack)]

    def _patterns(self, event: Event, seq: int, day: int) -> Sequence[_Pattern] | None:
        """Fold the event, and again as another one of that day; None when their rows differ in more than copies."""
        first, last = instant_of_day(day, self._pack.zone), instant_of_day(day + 1, self._pack.zone) - 1
        other = replace(event, number=-1, at=first if event.at != first else last)
        rows, others = self._folded(event, seq), self._folded(other, -2)
        copies = {(event.number, -1): 0, (seq, -2): 1, (event.at, other.at): 2}
        places = [
            [
                place + len(copies) if one == two else copies.get((one, two))
                for place, (one, two) in enumerate(zip(row, like, strict=True))
            ]
            for row, like in zip(rows, others, strict=False)
        ]
        if len(rows) != len(others) or any(None in picked for picked in places):
            return None
        return [(row, itemgetter(*picked)) for row, picked in zip(rows, places, strict=True)]
