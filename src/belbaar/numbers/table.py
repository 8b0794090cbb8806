"""The numbering plans of the world as tables of intervals: the library's answers, looked up instead of worked out.

    >>> table = load()
    >>> table.dial("0201234567", "NL"), table.kind(31201234567).name
    (31201234567, 'LINE')

Two steps. *Dialling*: digits become an E.164 integer by adding a constant that depends on the interval they lie in.
*Kind*: what sort of number that integer is depends on the interval it lies in. What is in no interval is asked of the
library. `plan_build` compiles `plan.gz`; docs/decisions/0002 tells why this is exact.
"""

__all__ = ["ASK", "FILE", "IDD", "LONGEST", "REFUSED", "SHIFT", "Dialled", "Table", "load"]

import gzip
import json
from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from belbaar.numbers.kinds import Kind

FILE = Path(__file__).with_name("plan.gz")
LONGEST = 18  # digits: 00, the longest number and a (0); with a 1 in front they fit an int64

SHIFT, IDD, ASK = 0, 1, 2  # add; add, then as behind a plus; ask the library
REFUSED: Mapping[int, str] = {3: "too-short", 4: "too-long", 5: "not-valid"}


class Dialled(NamedTuple):
    """How digits become a number: from which key on, what to do, what to add."""

    firsts: Sequence[int]
    actions: Sequence[int]
    shifts: Sequence[int]


@dataclass(frozen=True, slots=True)
class Table:
    """The compiled plans, and the version of the metadata that they were compiled from."""

    version: str
    kind_firsts: Sequence[int]
    kinds: Sequence[Kind]
    plus: Dialled
    lengths_of: Mapping[str, tuple[int, int, int]] = field(repr=False)  # by calling code
    parts: Mapping[str, str] = field(repr=False)  # not yet looked into
    opened: dict[str, Dialled] = field(default_factory=dict, repr=False)

    def region(self, name: str) -> Dialled:
        """Give the dialling table of a region; a key is the digits with a 1 in front, which keeps their zeros."""
        if name not in self.opened:
            self.opened[name] = _dialled(self.parts[f"from {name}"])
        return self.opened[name]

    def dial(self, digits: str, region: str) -> int | str | None:
        """Say which number digits reach, or the refusal code; None is for the library to say."""
        if digits[0] == "+":
            return self._dial_plus(int(digits[1:])) if digits[1] != "0" else None
        key = int("1" + digits)
        firsts, actions, shifts = self.region(region)
        row = bisect_right(firsts, key) - 1
        action = actions[row]
        if action == SHIFT:
            return key + shifts[row]
        return self._dial_plus(key + shifts[row]) if action == IDD else REFUSED.get(action)

    def _dial_plus(self, key: int) -> int | str | None:
        row = bisect_right(self.plus.firsts, key) - 1
        action = self.plus.actions[row]
        return key + self.plus.shifts[row] if action == SHIFT else REFUSED.get(action)

    def kind(self, number: int) -> Kind:
        """Say what sort of number an E.164 integer is."""
        return self.kinds[bisect_right(self.kind_firsts, number) - 1]

    def begun(self, number: int) -> set[Kind]:
        """Say of what sorts the longer numbers are that begin with these digits."""
        found: set[Kind] = set()
        for more in range(1, LONGEST - len(str(number))):
            first = number * 10**more
            start = bisect_right(self.kind_firsts, first) - 1
            found.update(self.kinds[start : bisect_right(self.kind_firsts, first + 10**more - 1)])
        return found

    def lengths(self, number: int) -> tuple[int, int]:
        """Give the fewest and the most digits of a line with this calling code; the fewest of any behind a stray 0."""
        digits = str(number)
        size = next(size for size in (1, 2, 3) if digits[:size] in self.lengths_of)
        fewest, line, most = self.lengths_of[digits[:size]]
        return fewest if digits[size] == "0" else line, most

    def regions(self) -> Collection[str]:
        """Give the regions that have a dialling table."""
        return {name.removeprefix("from ") for name in self.parts if name.startswith("from ")}


@cache
def load() -> Table:
    """Read the compiled plans: lines of a name and a JSON array, in which keys are written as steps."""
    lines = gzip.decompress(FILE.read_bytes()).decode("ascii").splitlines()
    parts = dict(line.split(": ", maxsplit=1) for line in lines)
    kinds = json.loads(parts["kinds"])
    sorts = tuple(Kind)
    return Table(
        version=parts["phonenumbers"],
        kind_firsts=list(accumulate(kinds[::2])),
        kinds=[sorts[kind] for kind in kinds[1::2]],
        plus=_dialled(parts["plus"]),
        lengths_of={code: tuple(lengths) for code, lengths in json.loads(parts["lengths"]).items()},
        parts=parts,
    )


def _dialled(text: str) -> Dialled:
    rows = json.loads(text)
    return Dialled(list(accumulate(rows[::3])), rows[1::3], rows[2::3])
