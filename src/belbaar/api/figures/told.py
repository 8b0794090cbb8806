"""What figures hold, as they are kept."""

__all__ = ["Impact", "Lost", "Today"]

import msgspec


class Today(msgspec.Struct, frozen=True):
    """An organisation's callers on one day.

    Args:
        position: the ledger position that was read.
        day: the day of the calls that were judged, ISO.
        numbers: with standing of any of the callers; a number of two callers counts twice, here and below.
        callers: how many may be called, by caller.
        by_ground: how many may be called, by their first ground.
        by_reason: how many may not, by each reason.
        ending: on how many days from then the last ground of how many numbers ends; within 90 days.
        levels: consents by level of evidence, of those that were looked at.
        looked: how many consents that are.
        weeks: rows of screened lists, and single questions, that were refused, by week (its Monday, ISO) and reason.
        gate: calls that the gate refused in the last seven days, by cause.
        left_out: products beyond those that were judged.
    """

    position: int
    day: str
    numbers: int
    callers: dict[str, int]
    by_ground: dict[str, int]
    by_reason: dict[str, int]
    ending: dict[int, int]
    levels: list[int]
    looked: int
    weeks: dict[str, dict[str, int]]
    gate: dict[str, int]
    left_out: int = 0


class Lost(msgspec.Struct, frozen=True):
    """What a change takes from one caller: numbers callable today, and those whose last ground ends sooner by it."""

    caller: str
    callable: int
    lost: int
    at_once: int


class Impact(msgspec.Struct, frozen=True):
    """What comes of another term.

    Args:
        position: the ledger position that was read.
        day: from when on the term would be another, ISO.
        months: the term.
        callers: what it takes from each caller.
        series: at the beginning of each month (ISO) how many of the numbers of today may still be called as the law is, and
            with the change.
    """

    position: int
    day: str
    months: int
    callers: list[Lost]
    series: list[tuple[str, int, int]]
