"""Look up a whole column of keys in the tables of intervals, as `Table.dial` and `Table.kind` do for one.

>>> import numpy as np
>>> one = Keys(np.array([201234567]), np.array([10]), np.array([False]), np.array([True]))
>>> lines(one, "NL").tolist()
[31201234567]
"""

__all__ = ["lines"]

from functools import cache
from typing import NamedTuple

import numpy as np

from belbaar.numbers import table
from belbaar.numbers.column_dress import Integers, Keys, Truths
from belbaar.numbers.kinds import Kind

_POWERS = 10 ** np.arange(table.LONGEST + 1, dtype=np.int64)


class _Dialled(NamedTuple):
    """How digits become a number, as `table.Dialled`, in arrays."""

    firsts: Integers
    actions: Integers
    shifts: Integers


def lines(keys: Keys, region: str) -> Integers:
    """Give the number of each sure key that reaches a line; 0 for all others, also for what the library must say."""
    numbers = _dialled(keys, region)
    firsts, is_line = _kinds()
    return np.where(is_line[np.searchsorted(firsts, numbers, side="right") - 1], numbers, 0)


def _dialled(keys: Keys, region: str) -> Integers:
    power = _POWERS[np.where(keys.sure, keys.digits, 0)]
    actions, reached = _shifted(keys.values + power, _home(region))
    whole = keys.values * 10 >= power  # no zero behind the plus
    abroad = np.flatnonzero(keys.sure & np.where(keys.abroad, whole, actions == table.IDD))
    numbers = np.where(keys.sure & ~keys.abroad & (actions == table.SHIFT), reached, 0)
    actions, reached = _shifted(np.where(keys.abroad, keys.values, reached)[abroad], _plus())
    numbers[abroad] = np.where(actions == table.SHIFT, reached, 0)
    return numbers


def _shifted(keys: Integers, dialled: _Dialled) -> tuple[Integers, Integers]:
    row = np.searchsorted(dialled.firsts, keys, side="right") - 1
    return dialled.actions[row], keys + dialled.shifts[row]


@cache
def _home(region: str) -> _Dialled:
    return _Dialled(*(np.array(part, np.int64) for part in table.load().region(region)))


@cache
def _plus() -> _Dialled:
    return _Dialled(*(np.array(part, np.int64) for part in table.load().plus))


@cache
def _kinds() -> tuple[Integers, Truths]:
    plans = table.load()
    return np.array(plans.kind_firsts, np.int64), np.array(plans.kinds) == Kind.LINE
