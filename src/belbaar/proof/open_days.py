"""Days on which people could see and deny what is said of them: each an entry of the log that everybody may read.

A consent has the third level of evidence when the person had a receipt, and My number was open on enough days after it.
That it is open is not said once and for all: a service that is away for a week was not open for a week. So the service
says it of each day on which it runs, and can send a code.
"""

__all__ = ["KIND", "note_open", "open_entries"]

import datetime as dt
from collections.abc import Collection

from belbaar.law import PACKS
from belbaar.law.calendar import local_day
from belbaar.proof.entries.opened import Clear, cleared
from belbaar.proof.log.keeping import Log

KIND = "open"
"""Of the entries."""


def note_open(log: Log, url: str, ways: Collection[str], *, now: int) -> None:
    """Say that My number is open today, once a day; inside the write transaction.

    Args:
        log: of the installation.
        url: where it is open.
        ways: by which a code reaches a person: ``sms``, ``voice``.
        now: UTC microseconds; the day is that of the Netherlands.
    """
    day = local_day(now, PACKS["NL"].zone)
    if day in log.store.known().open_days:
        return
    place = log.keep_clear(
        KIND, {"at": now, "day": dt.date.fromordinal(day).isoformat(), "url": url, "ways": [*sorted(ways)]}
    )
    log.store.connection.execute("INSERT INTO open_day (day, place) VALUES (?, ?)", (day, place))


def open_entries(log: Log, after: int, day: int, enough: int) -> list[Clear]:
    """Give the entries of the first days after one, logged later than a place in the log; no more than are enough."""
    rows = log.store.connection.execute(
        "SELECT place FROM open_day WHERE place > ? AND day > ? ORDER BY place LIMIT ?", (after, day, enough)
    )
    return [cleared(log, place) for (place,) in rows.fetchall()]
