"""From whom a consent came, and which of those are stopped: their consents count no more.

The supplier of a consent is who captured it (``captured_by``); where that was not said, the file or request it was
recorded from. When one is stopped, each of its consents gets an event that freezes it, at the instant of the stop; so
does any that is recorded later. The events decide, as for everything else: standing can be folded anew at any time.
"""

__all__ = ["freezing", "frozen_of", "supplier_of"]

from collections.abc import Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo

from belbaar.law.calendar import moment_of
from belbaar.ledger.events import Event
from belbaar.ledger.values import Value

_ZONE = ZoneInfo("UTC")


def supplier_of(fields: Mapping[str, Value], source: str) -> str:
    """Name the supplier of a consent, by its fields and the name of its source.

    >>> supplier_of({"captured_by": "LeadPunt"}, "klanten.csv"), supplier_of({}, "klanten.csv")
    ('LeadPunt', 'klanten.csv')
    """
    return str(fields.get("captured_by") or source)


def freezing(consent: Event, *, since: int, why: str, recorded_at: int) -> Event:
    """Give the event that freezes a consent, from an instant on, or from its own where that is later."""
    at = max(since, consent.at)
    fields: dict[str, Value] = {"given_at": _utc(consent.at), "why": why}
    if "product" in consent.fields:
        fields["product"] = consent.fields["product"]
    return Event("consent.frozen", consent.number, at, max(recorded_at, at), consent.caller, "", fields)


def frozen_of(
    batch: Iterable[tuple[int, Event]], source: str, recorded_at: int, stopped: Mapping[tuple[str, str], int]
) -> Sequence[tuple[int, Event]]:
    """Give what freezes the consents of a batch that came from a stopped supplier, each with its consent's row.

    ``stopped``: since when, by the caller's id and the supplier.
    """
    if not stopped:
        return ()
    return [
        (row, freezing(event, since=since, why="source", recorded_at=recorded_at))
        for row, event in batch
        if event.kind == "consent.given"
        and (since := stopped.get((event.caller, supplier_of(event.fields, source)))) is not None
    ]


def _utc(at: int) -> str:
    """Write an instant as ``read_moment`` does.

    >>> _utc(1_757_340_000_000_000), _utc(1)
    ('2025-09-08T14:00:00Z', '1970-01-01T00:00:00.000001Z')
    """
    return moment_of(at, _ZONE).replace(tzinfo=None).isoformat() + "Z"
