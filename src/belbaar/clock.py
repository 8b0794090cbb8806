"""The clock: the only place in the house that reads it, and only front doors ask it."""

__all__ = ["now_us"]

import datetime as dt

from belbaar.law.calendar import instant


def now_us() -> int:
    """Give the present instant in UTC microseconds."""
    return instant(dt.datetime.now(dt.UTC))  # noqa: TID251  a front door knows the time
