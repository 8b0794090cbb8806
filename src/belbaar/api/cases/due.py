"""What an organisation has still to do for called persons, of all kinds, what is due first in front: for its Today page."""

__all__ = ["Due", "due_of"]

from dataclasses import dataclass

from belbaar.api.access import Principal
from belbaar.api.cases.working import Cases
from belbaar.api.trace import Tracing
from belbaar.law.calendar import local_day
from belbaar.ledger import Store
from belbaar.reading import ZONE
from belbaar.requests.cases import state_of
from belbaar.trace.cases import ENDED
from belbaar.trace.cases import cases as traces


@dataclass(frozen=True, slots=True)
class Due:
    """Something that waits for an answer.

    Args:
        kind: ``proof``, ``erasure``, ``correction``, ``complaint`` or ``trace``.
        ref: by which people name it.
        path: its page, without the language.
        number: whose, E.164; 0 once that is gone.
        caller: of which it is asked, the caller's id; "": of none that is known.
        due: the last day on which it is in time, an ordinal; 0: it waits for somebody else.
        standing: ``new``, ``busy``, ``soon`` or ``late``.
    """

    kind: str
    ref: str
    path: str
    number: int
    caller: str
    due: int
    standing: str


def due_of(store: Store, who: Principal, cases: Cases, tracing: Tracing, *, now: int) -> list[Due]:
    """Give what is not answered yet; traces only to who may work at the trace desk."""
    today = local_day(now, ZONE)
    found = [
        Due(
            *(each.kind, each.ref, f"/requests/{each.id}", each.number, each.caller, each.due),
            state_of(each.state, due=each.due, today=today),
        )
        for each in cases.open(store, who)
    ]
    if "trace" in who.rights:
        found += [
            Due(
                *("trace", each.id[:8], f"/traces/{each.id}", each.number, "", each.due),
                state_of("busy", due=each.due, today=today) if each.due else "busy",
            )
            for each in traces(store, tracing.reader(who))
            if each.state not in ENDED
        ]
    return sorted(found, key=lambda each: (each.due or 10**9, each.ref))
