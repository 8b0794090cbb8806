"""How many complaints there are: by month, and per 1 000 calls of each agent and supplier, with those to stop.

    >>> one = rate("LeadPunt", 41, 9_200)
    >>> round(one.per_1000, 2), round(one.low, 2), round(one.high, 2)
    (4.46, 3.29, 6.04)

Few calls say little, so each rate comes with the interval that holds the true one 95 times in a hundred (Wilson's). One is
to be stopped when even the lowest it may be lies above the rate of all others together.
"""

__all__ = ["MARKET", "Figures", "Rate", "figures", "rate"]

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from belbaar.complaints.counting import month_of, months_from
from belbaar.ledger import Store

_Z = 1.959964
"""Of a normal distribution, what leaves 2.5 % at each side."""
_FEWEST = 3
"""Complaints below which nobody is to be stopped by figures alone."""
_MONTHS = 12

MARKET: Sequence[tuple[str, int, str]] = (("ACM", 2019, "1231"), ("ACM", 2020, ">3700"), ("KVK", 2020, "~5000"))
"""Complaints about telemarketing in a year, by who counted them: ACM's consultation on the code for telemarketing, 2021."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Complaints on calls of one agent or supplier.

    Args:
        name: which; "": calls of none, for a supplier those without a consent.
        complaints: about its calls.
        calls: that it made, or that rested on its consents.
        per_1000: complaints per 1 000 calls; 0 where there are no calls.
        low: the lowest that may be meant, per 1 000.
        high: the highest.
        stop: whether it stands out.
    """

    name: str
    complaints: int
    calls: int
    per_1000: float
    low: float
    high: float
    stop: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """Complaints of an organisation: pairs of a month (as 202611) and a count, and the rates since the first of them."""

    months: Sequence[tuple[int, int]]
    agents: Sequence[Rate]
    suppliers: Sequence[Rate]


def figures(store: Store, organisation: int, callers: Sequence[int], now: int) -> Figures:
    """Count an organisation's complaints of the last twelve months, on the calls of its callers (their keys)."""
    last = month_of(now)
    first = months_from(last - 100, 2)[1]
    query = store.connection.execute
    by_month = query(
        "SELECT month, count(*) FROM complaint WHERE organisation = ? AND month >= ? GROUP BY month",
        (organisation, first),
    )
    counts = dict(by_month.fetchall())
    months = [(month, counts.get(month, 0)) for month in months_from(first, _MONTHS)]
    names = {0: "", **dict(query("SELECT id, handle FROM agent").fetchall())}
    agents = {names.get(key, ""): told for key, told in _both(store, "agent", organisation, callers, first).items()}
    suppliers = _both(store, "supplier", organisation, callers, first)
    return Figures(months, _ranked(agents), _ranked({str(name): told for name, told in suppliers.items()}))


def rate(name: str, complaints: int, calls: int) -> Rate:
    """Work out complaints per 1 000 calls, and between what it lies."""
    if calls <= 0:
        return Rate(name, complaints, 0, 0.0, 0.0, 1000.0)
    share = min(complaints / calls, 1.0)
    middle, over = share + _Z**2 / (2 * calls), 1 + _Z**2 / calls
    spread = _Z * math.sqrt(share * (1 - share) / calls + _Z**2 / (4 * calls**2))
    low, high = max(0.0, (middle - spread) / over), min(1.0, (middle + spread) / over)
    return Rate(name, complaints, calls, 1000 * share, 1000 * min(low, share), 1000 * max(high, share))


def _both(
    store: Store, of: str, organisation: int, callers: Sequence[int], first: int
) -> dict[int | str, tuple[int, int]]:
    """Give complaints and calls since a month, by agent or supplier. ``of``: the name of that column."""
    query, listed = store.connection.execute, ", ".join("?" * len(callers)) or "NULL"
    told = query(
        f"SELECT {of}, count(*) FROM complaint WHERE organisation = ? AND month >= ? GROUP BY {of}",
        (organisation, first),
    )
    made = query(
        f"SELECT {of}, sum(calls) FROM call_count WHERE caller IN ({listed}) AND month >= ? GROUP BY {of}",
        (*callers, first),
    )
    complaints, calls = dict(told.fetchall()), dict(made.fetchall())
    return {name: (complaints.get(name, 0), int(calls.get(name, 0))) for name in {*complaints, *calls}}


def _ranked(told: Mapping[str, tuple[int, int]]) -> list[Rate]:
    """Work out rates, the highest in front, and which of them stand out from all others together."""
    found = [rate(name, *both) for name, both in told.items()]
    complaints, calls = (sum(each) for each in zip(*told.values(), strict=True)) if told else (0, 0)
    return sorted((_judged(each, complaints, calls) for each in found), key=lambda each: (-each.per_1000, each.name))


def _judged(one: Rate, complaints: int, calls: int) -> Rate:
    others = rate("", complaints - one.complaints, calls - one.calls)
    stands_out = one.calls > 0 and one.complaints >= _FEWEST and one.low > others.per_1000
    return replace(one, stop=bool(one.name) and stands_out)
