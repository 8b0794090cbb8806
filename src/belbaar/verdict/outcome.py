"""What is judged, and what one ruleset makes of the rows of one number at one moment."""

__all__ = ["Judged", "Outcome", "last_day"]

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from belbaar.law import Moment
from belbaar.law.products import ProductSets
from belbaar.law.program import Program
from belbaar.law.rulesets import last_day_under
from belbaar.ledger.store import StoredRow


class Judged(NamedTuple):
    """``facts["number"]`` judged by a program at a moment; by its standing, or by rows that are given."""

    program: Program
    facts: dict[str, int]
    now: Moment
    sets: ProductSets
    given: Sequence[StoredRow] | None = None


class Outcome:
    """The outcome's integers, the last day of its grounds, and the events that played a part, in their order.

    ``revision`` is that of the small tables when all was read: the question's ids are good while it is theirs too.
    """

    __slots__ = ("duties", "events", "grounds", "last_day", "mask", "revision", "vetoes")

    def __init__(
        self, mask: int, grounds: int, vetoes: int, duties: int, last_day: int, events: tuple[int, ...], revision: int
    ) -> None:
        self.mask, self.grounds, self.vetoes, self.duties = mask, grounds, vetoes, duties
        self.last_day, self.events, self.revision = last_day, events, revision


def last_day(program: Program, unending: int, extremes: Mapping[str, int]) -> int:
    """Let the calendar add the terms: the last day on which any ground holds."""
    ends = (last_day_under(program.ruleset, cutoff, extremes[f"lasts_{cutoff}"]) for cutoff in program.cutoffs)
    return max(unending, *ends)
