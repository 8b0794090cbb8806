"""A demand on evidence, for a list: which consents of its numbers are proven less well than is demanded.

Only numbers with a consent among their grounds are looked at, and their events are read a thousand numbers at a time.
What the demand makes of each number is what ``belbaar.verdict.evidence`` makes of one.
"""

__all__ = ["Demand", "weak_consents"]

from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby, islice
from operator import attrgetter, itemgetter

from belbaar.law import Law
from belbaar.ledger import Store
from belbaar.ledger.record import events_among
from belbaar.verdict.engine import Engine
from belbaar.verdict.evidence import PROVING, levels_of
from belbaar.verdict.many import carrying
from belbaar.verdict.question import Call

_AT_ONCE = 1_000
"""Numbers of which the events are read together."""

_Placed = list[tuple[int, int]]
"""Numbers, and places of their consents in the ledger."""


@dataclass(frozen=True, slots=True)
class Demand:
    """A level that a question demands, beside its caller's and the law's own, on a list judged at a ledger position."""

    asked: int
    position: int


def weak_consents(
    engine: Engine,
    store: Store,
    call: Call,
    law: Law,
    *,
    wanted: int,
    position: int,
    grounds: Collection[str],
    numbers: str,
) -> tuple[_Placed, _Placed]:
    """Find the consents that are a ground by the law and fall short of a level.

    Args:
        engine: holds ``standing``.
        store: gives the events.
        call: the question; its number plays no part.
        law: the law it is judged by.
        wanted: the level.
        position: the ledger position that ``standing`` shows.
        grounds: those that rest on consents.
        numbers: which rows of ``standing`` count, as for ``judge``.

    Returns:
        Those of numbers that have no consent left, and those of numbers that have another.
    """
    carried = groupby(carrying(engine, store, call, law, grounds, numbers=numbers), key=itemgetter(0))
    pairs = ((number, [place for _, place in group]) for number, group in carried)
    none_left, others_left = _Placed(), _Placed()
    while some := list(islice(pairs, _AT_ONCE)):
        events = events_among(store, [number for number, _ in some], PROVING, upto=position, known_at=call.known_at)
        known = {number: list(group) for number, group in groupby(events, key=attrgetter("number"))}
        for number, places in some:
            history = known.get(number, [])
            levels = levels_of(store, [event for event in history if event.seq in places], history, call, law)
            enough = {place for place, found in levels.items() if found.level >= wanted}  # erased meanwhile: not there
            weak = [(number, place) for place in places if place not in enough]
            (others_left if enough else none_left).extend(weak)
    return none_left, others_left
