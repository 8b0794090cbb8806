"""What the law makes of many questions at once, in one view of the ledger, each by who asks it.

What was recorded has happened, even where this machine's clock has not come that far: an objection that another machine,
whose clock is ahead, recorded a moment ago is in force here too.
"""

__all__ = ["Lot", "judged", "judged_alike"]

from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter
from typing import NamedTuple

from belbaar.api.access import Principal
from belbaar.api.questions import Asked
from belbaar.clock import now_us
from belbaar.errors import BelbaarError, StoreUnavailable
from belbaar.ledger import Store
from belbaar.verdict import Alike, Call, Group, Verdict, judge_alike, weigh_alike
from belbaar.verdict.levels import check_level

_alike = attrgetter("caller", "at", "product", "channel", "kind", "purpose", "presents", "known_at")


class Lot(NamedTuple):
    """Numbers of which somebody asks the same; ``asked`` is the question about one of them."""

    who: Principal
    asked: Asked
    numbers: Sequence[int]


def judged(store: Store, requests: Sequence[tuple[Principal, Asked]]) -> list[Verdict | BelbaarError]:
    """Judge questions; what is wrong with one is no matter of the others. Inside a transaction, within ``still``.

    Raises:
        StoreUnavailable: when the ledger cannot be read.
    """
    lots: dict[tuple[object, ...], list[int]] = {}
    for place, (who, asked) in enumerate(requests):
        lots.setdefault((who.id, asked.question.evidence, _alike(asked.call)), []).append(place)
    numbers = [[requests[place][1].call.number for place in places] for places in lots.values()]
    came = judged_alike(
        store, [Lot(*requests[places[0]], of) for places, of in zip(lots.values(), numbers, strict=True)]
    )
    answers: dict[int, Verdict | BelbaarError] = {}
    for places, alike in zip(lots.values(), came, strict=True):
        answers |= zip(places, [alike] * len(places) if isinstance(alike, BelbaarError) else alike.each(), strict=True)
    return [answers[place] for place in range(len(requests))]


def judged_alike(store: Store, lots: Sequence[Lot]) -> list[Alike | BelbaarError]:
    """Judge questions that were put together; for each lot what came of its numbers, or what was wrong with all.

    Raises:
        StoreUnavailable: when the ledger cannot be read.
    """
    now, heard = now_us(), store.heard()
    calls = [_call(lot, now, heard) for lot in lots]
    sound = [(call, lot) for call, lot in zip(calls, lots, strict=True) if isinstance(call, Call)]
    came = judge_alike(store, [Group(call, lot.numbers) for call, lot in sound])
    levels = [lot.asked.question.evidence for _, lot in sound]
    weighed = iter(weigh_alike(store, list(zip(came, levels, strict=True))))
    return [_pointing(next(weighed)) if isinstance(call, Call) else call for call in calls]


def _call(lot: Lot, now: int, heard: int) -> Call | BelbaarError:
    asked = lot.asked
    try:
        lot.who.needs("ask")
        lot.who.speaks_for(asked.call.caller)
        check_level(asked.question.evidence, "/evidence")
    except StoreUnavailable:
        raise
    except BelbaarError as error:
        return error
    return asked.call if asked.call.at else replace(asked.call, at=now, heard=heard)


def _pointing(alike: Alike) -> Alike:
    """Have errors of the rooms point to the field of the question."""
    for error in alike.answers:
        if isinstance(error, BelbaarError):
            if error.where and not error.where.startswith("/"):
                error.where = f"/{error.where}" if error.where in ("channel", "kind", "purpose", "presents") else ""
            if not error.where and error.code == "unknown-caller":
                error.where = "/caller"
    return alike
