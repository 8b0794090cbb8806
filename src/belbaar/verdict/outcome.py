"""What is judged, and what one ruleset makes of the rows of some numbers at one moment."""

__all__ = ["Found", "Judged", "Outcome", "last_day"]

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from belbaar.law import Moment
from belbaar.law.products import ProductSets
from belbaar.law.program import Program
from belbaar.law.rulesets import last_day_under
from belbaar.ledger.store import StoredRow


class Judged(NamedTuple):
    """Some numbers, judged by a program at a moment; each by its standing, or one of them by rows that are given."""

    program: Program
    facts: dict[str, int]
    now: Moment
    sets: ProductSets
    numbers: Sequence[int]
    given: Sequence[StoredRow] | None = None


class Outcome(NamedTuple):
    """The outcome's integers, and the last day of its grounds."""

    mask: int
    grounds: int
    vetoes: int
    duties: int
    last_day: int


class Found(NamedTuple):
    """What came of numbers, in their order: the outcome of each, and the events that played a part in it, in theirs.

    ``revision`` is that of the small tables when all was read: the question's ids are good while it is theirs too.
    """

    outcomes: Sequence[Outcome]
    events: Sequence[tuple[int, ...]]
    revision: int


def last_day(program: Program, unending: int, extremes: Mapping[str, int]) -> int:
    """Let the calendar add the terms: the last day on which any ground holds."""
    ends = (last_day_under(program.ruleset, cutoff, extremes[f"lasts_{cutoff}"]) for cutoff in program.cutoffs)
    return max(unending, *ends)
