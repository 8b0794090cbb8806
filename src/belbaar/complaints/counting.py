"""Calls as figures count them: by caller, month, agent and supplier; counted on as the ledger grows, without any number.

>>> month_of(1_793_923_200_000_000), month_name(202611), months_from(202511, 3)
(202611, '2026-11', (202511, 202512, 202601))
"""

__all__ = ["count_calls", "month_name", "month_of", "months_from"]

from collections import Counter
from collections.abc import Iterable, Sequence

from belbaar.law.calendar import moment_of
from belbaar.ledger import Store
from belbaar.ledger.record import fields_of
from belbaar.ledger.suppliers import supplier_of
from belbaar.reading import ZONE

_AT_ONCE = 5_000
"""Places of the ledger that are looked at in one transaction."""
_YEAR = 12
_CALLS = "SELECT number, caller, agent, at FROM event WHERE seq > ? AND seq <= ? AND kind = 'call.made' ORDER BY seq"
_ADD = (
    "INSERT INTO call_count (caller, month, agent, supplier, calls) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (caller, month, agent, supplier) DO UPDATE SET calls = call_count.calls + excluded.calls"
)


def month_of(at: int) -> int:
    """Give the local month of an instant: year and month as one number."""
    local = moment_of(at, ZONE)
    return local.year * 100 + local.month


def month_name(month: int) -> str:
    """Write a month: ``2026-11``."""
    return f"{month // 100}-{month % 100:02}"


def months_from(first: int, count: int) -> tuple[int, ...]:
    """Give so many months, from one on."""
    start = first // 100 * _YEAR + first % 100 - 1
    return tuple((start + place) // _YEAR * 100 + (start + place) % _YEAR + 1 for place in range(count))


def count_calls(store: Store) -> bool:
    """Count some of the calls that were recorded since; inside the write transaction. True when none are left.

    A call rests on the newest consent to its caller before it, as far as the ledger knows it by now.
    """
    query = store.connection.execute
    (upto,) = query("SELECT upto FROM calls_counted").fetchone()
    last = min(store.position(), upto + _AT_ONCE)
    calls = query(_CALLS, (upto, last)).fetchall()
    consents = _consents(store, {number for number, *_ in calls})
    counted = Counter(
        (caller, month_of(at), agent, _newest(consents.get((number, caller), ()), at))
        for number, caller, agent, at in calls
    )
    for key, calls_ in sorted(counted.items()):
        query(_ADD, (*key, calls_))
    query("UPDATE calls_counted SET upto = ?", (last,))
    return bool(last == store.position())


def _newest(consents: Sequence[tuple[int, str]], at: int) -> str:
    """Give from whom the newest consent at or before an instant came; "": there is none."""
    return max(((given, supplier) for given, supplier in consents if given <= at), default=(0, ""))[1]


def _consents(store: Store, numbers: Iterable[int]) -> dict[tuple[int, int], list[tuple[int, str]]]:
    """Give when consents were given and by whom they were supplied, by number and caller."""
    found: dict[tuple[int, int], list[tuple[int, str]]] = {}
    wanted = sorted(numbers)
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        rows = store.connection.execute(
            "SELECT number, caller, at, fields, source.name FROM event JOIN source ON source.id = event.source "
            f"WHERE number IN ({', '.join('?' * len(some))}) AND kind = 'consent.given'",
            some,
        )
        for number, caller, at, fields, name in rows.fetchall():
            found.setdefault((number, caller), []).append((at, supplier_of(fields_of(fields), name)))
    return found
