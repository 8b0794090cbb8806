"""Which calls are meant: those without a number, around the times that were stated, and those that were marked.

All are listed with how certain each is; a person decides.

    >>> certainty(marked=True, alone=False), certainty(marked=False, alone=True), certainty(marked=False, alone=False)
    ('marked', 'only', 'one-of-several')
"""

__all__ = ["AROUND", "Candidate", "candidates", "certainty"]

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from belbaar.trace.calls import SHOWN, Incoming

AROUND = 300_000_000
"""Microseconds around a stated time: five minutes, for people write down what a clock shows."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A call that may be meant.

    Args:
        call: the call.
        certainty: ``marked`` by the person, the ``only`` one around a stated time, or ``one-of-several``.
        off: seconds from the nearest stated time; None: it was marked, at no stated time.
        same: a letter that calls of one caller share; "" where no number came with it.
    """

    call: Incoming
    certainty: str
    off: int | None
    same: str


def certainty(*, marked: bool, alone: bool) -> str:
    """Say how certain it is that a call is meant."""
    return "marked" if marked else "only" if alone else "one-of-several"


def candidates(times: Iterable[int], calls: Sequence[Incoming]) -> list[Candidate]:
    """Give the calls that may be meant, in their order: of those to the number, the hidden ones."""
    hidden = [call for call in calls if call.hidden != SHOWN]
    around = {at: _around(at, hidden) for at in times}
    letters: dict[bytes, str] = {}
    found = []
    for call in hidden:
        near = [at for at, there in around.items() if call in there]
        if not near and not call.marked_at:
            continue
        alone = any(len(around[at]) == 1 for at in near)
        off = min((abs(call.received_at - at) // 1_000_000 for at in near), default=None)
        same = letters.setdefault(call.tag, chr(ord("A") + len(letters) % 26)) if call.tag else ""
        found.append(Candidate(call, certainty(marked=bool(call.marked_at), alone=alone), off, same))
    return found


def _around(at: int, hidden: Sequence[Incoming]) -> list[Incoming]:
    """Give the calls around a time; where a mark filled that in, it means this very call and no other."""
    marked = [call for call in hidden if call.marked_at and call.received_at == at]
    return marked or [call for call in hidden if abs(call.received_at - at) <= AROUND]
