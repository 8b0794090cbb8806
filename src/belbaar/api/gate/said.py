"""What is said in a call: "do not call me again", and that one may say so. In force before the call has ended.

Who tells needs no number: the call's permit or verdict says whose it is. What is told twice is recorded once.
"""

__all__ = ["Objected", "Objection", "Offer", "Offered", "objected", "offered"]

import hashlib
from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from joserfc.jwk import OKPKey

from belbaar.api.access import Principal
from belbaar.api.gate.permitted import Permitted, permitted
from belbaar.api.gate.rows import row_of, write_row
from belbaar.api.recording import places
from belbaar.clock import now_us
from belbaar.errors import InputError
from belbaar.law import PACKS
from belbaar.ledger import Event, Source, Store, record
from belbaar.ledger.events import content_id

_Token = Annotated[str, msgspec.Meta(max_length=2000)]


class Objection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The called person said: do not call me again.

    Args:
        permit: of the call: its id, as the header X-Belbaar-Call has it, the token, or ``v-`` and its verdict's place.
        how: ``agent``, who was told so; ``key``, pressed in the call; ``607``, the called side's own signal.
        scope: ``caller``: by this caller; ``all``: by nobody.
    """

    permit: _Token
    how: Literal["agent", "key", "607"] = "agent"
    scope: Literal["caller", "all"] = "caller"


class Objected(msgspec.Struct, frozen=True):
    """The objection is in force. ``event`` is its place in the ledger; ``known`` says that it was made in this call before."""

    event: int
    known: bool


class Offer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The called person was told in the call that they can object (Tw 11.7(12)).

    Args:
        permit: of the call, as for an objection.
        how: ``script``, a step of it; ``announcement``; ``agent``, who ticked it; ``offered``, a key that says so.
    """

    permit: _Token
    how: Literal["script", "announcement", "agent", "offered"] = "agent"


class Offered(msgspec.Struct, frozen=True):
    """It is recorded. ``event`` is its place in the ledger; ``known`` says that it was recorded for this call before."""

    event: int
    known: bool


def objected(store: Store, who: Principal, said: Objection, keys: Sequence[OKPKey]) -> Objected:
    """Record the objection of the person in a call; inside the write transaction, before whatever is judged in it.

    Raises:
        InputError: when there is no such call of who asks, or its number is not known any more.
    """
    call, now, owner = _call(store, who, said.permit, keys), now_us(), who.organisation.key
    row = row_of(store, owner, call.id)
    at = row.objected_at or now
    fields = {"scope": said.scope} if said.scope == "all" else {}
    event = Event("objection.made", call.number, at, max(at, now), call.caller, "", fields)
    place, known = _recorded(store, who, event, said, now)
    write_row(store, owner, row._replace(caller=call.caller_key, entry=call.entry, objected_at=at), now)
    return Objected(place, known)


def offered(store: Store, who: Principal, said: Offer, keys: Sequence[OKPKey]) -> Offered:
    """Record that the right to object was offered in a call; inside the write transaction.

    Raises:
        InputError: as for an objection.
    """
    call, now, owner = _call(store, who, said.permit, keys), now_us(), who.organisation.key
    row = row_of(store, owner, call.id)
    at = row.offered_at or now
    how = "key" if said.how == "offered" else said.how
    event = Event(
        "objection.offered",
        call.number,
        at,
        max(at, now),
        call.caller,
        "",
        {"offered_by": how, "verdict": f"v-{call.entry}"},
    )
    place, known = _recorded(store, who, event, said, now)
    write_row(store, owner, row._replace(caller=call.caller_key, entry=call.entry, offered_at=at), now)
    return Offered(place, known)


def _call(store: Store, who: Principal, shown: str, keys: Sequence[OKPKey]) -> Permitted:
    call = permitted(store, who, shown, keys)
    if not call.number:
        raise InputError(
            "this call was long ago, and its number is not known here any more.",
            where="/permit",
            todo="Record an objection with its number: POST /v1/events",
            code="call-forgotten",
        )
    return call


def _recorded(store: Store, who: Principal, event: Event, said: Objection | Offer, now: int) -> tuple[int, bool]:
    """Record an event; give its place, and whether it was there before."""
    source = Source("call", hashlib.sha256(msgspec.json.encode(said)).hexdigest(), now, who.id, who.organisation.key)
    came = record(store, [(1, event)], source, PACKS["NL"])
    id_ = content_id(event, who.organisation.key)
    return places(store, [id_])[id_], came.new == 0
