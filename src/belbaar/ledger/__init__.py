"""The ledger: events written once, and the standing that is folded from them in the same transaction.

``open_store`` opens one, ``record`` appends to it, ``fold`` is what the law makes of events.
"""

__all__ = [
    "EVENTS",
    "Caller",
    "Event",
    "Recorded",
    "Source",
    "Store",
    "add_agent",
    "add_caller",
    "create_store",
    "events_of",
    "fold",
    "memory_store",
    "open_store",
    "read_event",
    "rebuild",
    "record",
]

from belbaar.ledger.callers import add_agent, add_caller
from belbaar.ledger.events import EVENTS, Event, read_event
from belbaar.ledger.known import Caller
from belbaar.ledger.opening import create_store, memory_store, open_store
from belbaar.ledger.record import Recorded, Source, events_of, rebuild, record
from belbaar.ledger.standing import fold
from belbaar.ledger.store import Store
