"""Which call a complaint is about, through whom it was made, and on whose consent it rested.

A person remembers a time about; the nearest call of that caller within a day is meant, or the last one where no time is
known. The consent is the newest to that caller before the call: whoever supplied it answers for it.
"""

__all__ = ["Link", "link_of"]

from collections.abc import Sequence
from dataclasses import dataclass

from belbaar.ledger import Event, Store
from belbaar.ledger.record import events_of
from belbaar.ledger.suppliers import supplier_of

_NEAR = 86_400_000_000
_SOURCE_NAME = "SELECT source.name FROM event JOIN source ON source.id = event.source WHERE seq = ?"


@dataclass(frozen=True, slots=True)
class Link:
    """What a complaint is about.

    Args:
        call: the place of the call in the ledger; 0: none is known.
        called_at: when it was, or is said to have been, UTC microseconds; 0: nobody knows.
        caller: whose it was, the caller's id; "": nobody's that is known.
        agent: through whom, the agent's id; "": nobody, or not known.
        supplier: from whom the consent came; "": there was none.
    """

    call: int = 0
    called_at: int = 0
    caller: str = ""
    agent: str = ""
    supplier: str = ""


def link_of(store: Store, number: int, callers: Sequence[str], at: int) -> Link:
    """Find what a complaint of a number is about, among the calls of some callers; in a transaction that sees them all.

    ``at``: about when it was, 0 where that is not known.
    """
    events = [event for event in events_of(store, number) if event.seq and event.caller in callers]
    calls = [event for event in events if event.kind == "call.made" and (not at or abs(event.at - at) <= _NEAR)]
    call = min(calls, key=lambda event: abs(event.at - at)) if at and calls else max(calls, key=_at, default=None)
    caller = call.caller if call else callers[0] if len(callers) == 1 else ""
    until = call.at if call else at
    given = [
        event
        for event in events
        if event.kind == "consent.given" and event.caller == caller and (not until or event.at <= until)
    ]
    supplier = _supplier(store, max(given, key=_at)) if given else ""
    if call is None:
        return Link(called_at=at, caller=caller, supplier=supplier)
    return Link(call.seq, call.at, caller, call.agent, supplier)


def _at(event: Event) -> tuple[int, int]:
    return event.at, event.seq


def _supplier(store: Store, consent: Event) -> str:
    (name,) = store.connection.execute(_SOURCE_NAME, (consent.seq,)).fetchone()
    return supplier_of(consent.fields, name)
