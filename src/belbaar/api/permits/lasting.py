"""How long a permit may last: never longer than the calendar stays as it is, so that it cannot outlive the hours."""

__all__ = ["good_until"]

from functools import lru_cache

from belbaar.law import Law
from belbaar.law.rulesets import moment
from belbaar.verdict import Verdict
from belbaar.verdict.laws import law_for

_SECOND, _MINUTE = 1_000_000, 60_000_000


def good_until(verdict: Verdict, microseconds: int) -> int:
    """Give the instant at which a permit for an allowed call ends, UTC microseconds, a whole second.

    Args:
        verdict: allows the call at its moment.
        microseconds: how long the permit should last.
    """
    law = law_for(verdict.call.number, off=frozenset(verdict.switched_off))
    return _good_until(law, verdict.call.at, microseconds)


@lru_cache(maxsize=256)
def _good_until(law: Law, start: int, microseconds: int) -> int:
    """Do the same for a law and an instant: calls that are judged together have both in common."""
    now, end = moment(law, start), start + microseconds
    while end > start and moment(law, end)._replace(moment=now.moment) != now:
        end = (end - 1) // _MINUTE * _MINUTE  # the calendar turns at whole minutes
        if moment(law, end - 1)._replace(moment=now.moment) == now:
            break
    return max(end, start) // _SECOND * _SECOND
