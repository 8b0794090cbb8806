"""Judge a whole column of keys with the tables of intervals, as `judgement.judge` does with one.

>>> import numpy as np
>>> both = Keys(np.array([201234567, 201]), np.array([10, 4]), np.array([False, False]), np.array([True, True]))
>>> numbers, codes = judged(both, "NL")
>>> numbers.tolist(), [CODES[code] for code in codes]
([31201234567, 0], ['', 'too-short'])
"""

__all__ = ["CODES", "UNKNOWN", "judged"]

from functools import cache
from typing import NamedTuple

import numpy as np

from belbaar.numbers import table
from belbaar.numbers.column_dress import POWERS, Integers, Keys
from belbaar.numbers.kinds import Kind

UNKNOWN = -1  # for `read` to say
CODES = ("", "not-callable", *table.REFUSED.values())
_BY_ACTION = np.array(
    [CODES.index(table.REFUSED[action]) if action in table.REFUSED else UNKNOWN for action in range(6)]
)
_LINE, _NOT_CALLABLE, _TOO_SHORT, _TOO_LONG, _NOT_VALID = (
    CODES.index(code) for code in ("", "not-callable", "too-short", "too-long", "not-valid")
)
_SHORTEST = 3  # digits, as in judgement


class _Dialled(NamedTuple):
    """How digits become a number, as `table.Dialled`, in arrays."""

    firsts: Integers
    actions: Integers
    shifts: Integers


class _Kinds(NamedTuple):
    """The kinds by interval, how many lines and paid intervals lie before each, and the lengths by three first digits."""

    firsts: Integers
    kinds: Integers
    before: dict[Kind, Integers]
    lengths: Integers  # the fewest of any number, the fewest of a line, the most
    codes: Integers  # how long the calling code is


def judged(keys: Keys, region: str) -> tuple[Integers, Integers]:
    """Give for each key the number (0 when refused) and the place of its code in `CODES`, or `UNKNOWN`."""
    numbers, actions = _dialled(keys, region)
    codes = _BY_ACTION[actions]
    found = np.flatnonzero(actions == table.SHIFT)
    codes[found] = _LINE
    plan = _plan()
    kinds = plan.kinds[_row(plan.firsts, numbers)]
    odd = found[kinds[found] != Kind.LINE]
    if len(odd):
        whole = numbers[odd] % POWERS[keys.digits[odd]] == keys.values[odd]  # dialled as it is
        special = (kinds[odd] == Kind.PAID) | ((kinds[odd] == Kind.SHORT) & whole)
        codes[odd] = _NOT_CALLABLE
        codes[odd[~special]] = _near_misses(numbers[odd[~special]])
    return np.where(codes == _LINE, numbers, 0), codes


def _dialled(keys: Keys, region: str) -> tuple[Integers, Integers]:
    """Give the number that each key reaches, and the action that led there: `SHIFT` when there is one."""
    power = POWERS[np.where(keys.sure, keys.digits, 0)]
    actions, numbers = _shifted(keys.values + power, _home(region))
    whole = keys.values * 10 >= power  # no zero behind the plus
    actions[keys.abroad] = np.where(whole, table.IDD, table.ASK)[keys.abroad]
    actions[~keys.sure] = table.ASK
    abroad = np.flatnonzero(actions == table.IDD)
    dialled = np.where(keys.abroad, keys.values, numbers)[abroad]
    actions[abroad], numbers[abroad] = _shifted(dialled, _plus())
    return np.where(actions == table.SHIFT, numbers, 0), actions


def _shifted(keys: Integers, dialled: _Dialled) -> tuple[Integers, Integers]:
    row = _row(dialled.firsts, keys)
    return dialled.actions[row], keys + dialled.shifts[row]


def _row(firsts: Integers, keys: Integers) -> Integers:
    return np.searchsorted(firsts, keys, side="right") - 1


def _near_misses(numbers: Integers) -> Integers:
    """Say of numbers that do not exist why not, as `judgement` does."""
    plan = _plan()
    size = np.searchsorted(POWERS, numbers, side="right")
    front = numbers // POWERS[size - _SHORTEST]
    near = {Kind.LINE: np.zeros((2, len(numbers)), np.bool_), Kind.PAID: np.zeros((2, len(numbers)), np.bool_)}
    for cut in range(1, len(POWERS)):
        live = np.flatnonzero(size - cut >= _SHORTEST)
        kinds = plan.kinds[_row(plan.firsts, numbers[live] // 10**cut)]
        for kind, (shorter, _) in near.items():
            shorter[live] |= kinds == kind
    for more in range(1, table.LONGEST):
        live = np.flatnonzero(size + more < table.LONGEST)
        first = numbers[live] * 10**more
        start, stop = _row(plan.firsts, first), _row(plan.firsts, first + (10**more - 1)) + 1
        for kind, (_, longer) in near.items():
            longer[live] |= plan.before[kind][stop] > plan.before[kind][start]
    fewest, line, most = plan.lengths[:, front]
    stray = numbers // POWERS[size - plan.codes[front] - 1] % 10 == 0
    conditions = {
        _TOO_LONG: near[Kind.LINE][0] | (size > most),
        _TOO_SHORT: near[Kind.LINE][1],
        _NOT_CALLABLE: near[Kind.PAID].any(axis=0),
    }
    late = np.where(size < np.where(stray, fewest, line), _TOO_SHORT, _NOT_VALID)
    found: Integers = np.select(list(conditions.values()), list(conditions), late)
    return found


@cache
def _home(region: str) -> _Dialled:
    return _Dialled(*(np.array(part, np.int64) for part in table.load().region(region)))


@cache
def _plus() -> _Dialled:
    return _Dialled(*(np.array(part, np.int64) for part in table.load().plus))


@cache
def _plan() -> _Kinds:
    plans = table.load()
    kinds = np.array(plans.kinds, np.int64)
    lengths, codes = np.zeros((3, 1000), np.int64), np.zeros(1000, np.int64)
    for code, counted in plans.lengths_of.items():
        every = slice(int(code.ljust(3, "0")), int(code.ljust(3, "9")) + 1)
        lengths[:, every] = np.array(counted)[:, None]
        codes[every] = len(code)
    return _Kinds(
        np.array(plans.kind_firsts, np.int64),
        kinds,
        {kind: np.concatenate([[0], np.cumsum(kinds == kind)]) for kind in (Kind.LINE, Kind.PAID)},
        lengths,
        codes,
    )
