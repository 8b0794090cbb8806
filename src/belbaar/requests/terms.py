"""By when each kind of request is to be answered, and how long what people wrote is kept.

>>> tuesday = dt.date(2026, 11, 24)
>>> [dt.date.fromordinal(due(kind, tuesday.toordinal())).isoformat() for kind in KINDS]
['2026-12-01', '2026-12-24', '2026-12-24', '2026-12-08']
"""

__all__ = ["KEPT", "KINDS", "SOON", "due"]

import datetime as dt

from belbaar.law.nl.hours import working_day_after
from belbaar.law.terms import months, years

KINDS = ("proof", "erasure", "correction", "complaint")
_WORKING_DAYS = {"proof": 5, "complaint": 10}
"""Proof: the code's five (CTM 2024, ``nl.show-consent``). A complaint: the house's own; no law names a term for one."""
_MONTH = months(1)
"""Erasure and correction: within one month of the request, article 12(3) AVG."""
KEPT = years(5)
"""Papers stay as long as an authority may act on what they are about (Awb 5:45), as a complaint in the ledger does."""
SOON = 1
"""Working days before the last one on which a request is almost late."""


def due(kind: str, day: int) -> int:
    """Give the last day (an ordinal) on which a request of a day is answered in time."""
    if kind in _WORKING_DAYS:
        return working_day_after(day, _WORKING_DAYS[kind])
    return dt.date.fromordinal(_MONTH.after(day)).toordinal()
