"""Reading who made a call: only inside a case that runs, with a reason, and always an entry of the log.

Where the caller uses belbaar, the case shows the verdict that its call rested on, or that there was none: a verdict for
the same number at the same time, whoever asked for it. It is another organisation's; the case is what allows seeing it.
"""

__all__ = ["Looked", "Rested", "look"]

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from belbaar.errors import InputError
from belbaar.ledger import Store
from belbaar.proof.entries.opened import entries_of
from belbaar.proof.log.keeping import log_of
from belbaar.trace.calls import Identity, Incoming, identity_of
from belbaar.trace.cases import kept, running, step
from belbaar.trace.hand import Hand

_AROUND = 2_000_000
"""Microseconds between a verdict at the gate and the call's arrival."""


@dataclass(frozen=True, slots=True)
class Rested:
    """What a call rested on.

    Args:
        caller: the id of the caller that registered the number shown to the network; "": nobody did.
        name: of that legal entity.
        entry: the verdict's place in the log; None: there was none.
        allowed: whether it allowed the call.
        why: its ground, or what forbade it.
    """

    caller: str
    name: str
    entry: int | None
    allowed: bool
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """Who made a call, and what it rested on; None: the number is of nobody who uses belbaar here."""

    call: Incoming
    identity: Identity
    rested: Rested | None


def look(store: Store, hand: Hand, case_id: str, ref: str, why: str) -> Looked:
    """Read who made a call of a case; inside the write transaction.

    Raises:
        InputError: for no such case or call, a case that has ended or in which something is missing, or without a reason.
    """
    case, papers = running(store, hand, case_id)
    if case.missing:
        raise InputError(
            "the request is not complete, so nobody is looked for yet.",
            todo="Ask for what is missing.",
            code="case-incomplete",
        )
    if not why.strip():
        raise InputError("say why this call is meant.", where="/why")
    call = next((each.call for each in case.calls if each.call.ref == ref), None)
    if call is None:
        raise InputError("this is no call of this case.", where="/call", code="not-found")
    step(store, hand, case_id, "look", call=ref)
    store.connection.execute(
        "UPDATE trace_case_call SET looked_at = ? WHERE case_id = ? AND ref = ?", (hand.now, case_id, ref)
    )
    kept(store, hand, case_id, state="investigating", looked_for=(*papers.looked_for, (ref, why.strip())))
    identity = identity_of(store, hand.key, ref)
    return Looked(call, identity, rested_on(store, call, identity.number))


def rested_on(store: Store, call: Incoming, number: int) -> Rested | None:
    """Find the verdict that a call rested on; None where nobody here registered the number that it came from."""
    near = [
        entry
        for entry in entries_of(log_of(store), call.called)
        if entry.kind == "verdict"
        and abs(entry.at - call.received_at) <= _AROUND
        and entry.body.how.get("presents") == number
    ]
    if near:
        found = min(near, key=lambda entry: abs(entry.at - call.received_at))
        said: Mapping[str, Any] = found.body.what
        why = said["grounds"] if said["allowed"] else [*said["vetoes"], *said["defects"]]
        return Rested(
            found.caller,
            store.caller(found.caller).name,
            found.index,
            allowed=said["allowed"],
            why=tuple(map(str, why)),
        )
    owners = [each for each in store.callers().values() if number and number in each.numbers]
    return Rested(owners[0].id, owners[0].name, None, allowed=False, why=()) if owners else None
