"""By when the desk acts: working days in the Netherlands. The law names none for a trace; these are the house's own.

>>> working_day_after(dt.date(2026, 4, 24).toordinal(), 1) == dt.date(2026, 4, 28).toordinal()  # King's Day between
True
"""

__all__ = ["ANSWER", "ASK", "DECIDE", "KEPT", "TELL", "working_day_after"]

import datetime as dt

from belbaar.law.nl.hours import public_holidays
from belbaar.law.terms import months

ASK, DECIDE, ANSWER, TELL = 5, 10, 5, 5
"""Working days: for the person to say what is missing, for the desk to decide once nothing is, for another provider to
answer, for who is disclosed to be told. Article 11.11 Tw says that what is asked must be investigated, and not how soon; CTM 2024 gives five working days
where proof is asked for (``nl.show-consent``), so asking takes no longer here."""
KEPT = months(3)
"""Traffic data of an investigation go at the latest so long after it ends: article 11.11 Tw, nl.md section 8."""
_SATURDAY = 5


def working_day_after(day: int, count: int) -> int:
    """Give the last of ``count`` working days after a day (ordinals)."""
    date = dt.date.fromordinal(day)
    while count:
        date += dt.timedelta(days=1)
        count -= date.weekday() < _SATURDAY and date not in public_holidays(date.year)
    return date.toordinal()
