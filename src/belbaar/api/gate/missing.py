"""What does not fit together: permits without a call, calls without a permit, callers who never offer the objection."""

__all__ = ["CallerOffers", "Missing", "missing", "offers_by_caller"]

from collections.abc import Mapping

import msgspec

from belbaar.ledger import Store
from belbaar.reading import written

_MINUTES = 3 * 60_000_000
"""Microseconds after which the record of a call should be here: it is written when it was answered or refused."""
_MOST = 1000
_PERMITS = (
    "SELECT permit.id, permit.entry, used_at FROM permit "
    "WHERE permit.organisation = ? AND used_at > 0 AND used_at < ? "
    "AND NOT EXISTS (SELECT 1 FROM gated_call WHERE gated_call.id = permit.id AND gated_call.begun_at > 0) "
    "ORDER BY used_at DESC LIMIT ?"
)
_CALLS = (
    "SELECT call_id, trunk, cause, answered_at, entry FROM gated_call "
    "WHERE organisation = ? AND cause IN ('no permit', 'break-glass') ORDER BY answered_at DESC LIMIT ?"
)
_OFFERS = (
    "SELECT caller, count(*), sum(CASE WHEN offered_at > 0 THEN 1 ELSE 0 END) FROM gated_call "
    "WHERE organisation = ? AND answered_at > 0 AND caller > 0 GROUP BY caller"
)


class PermitWithoutCall(msgspec.Struct, frozen=True):
    """A permit that was used, and of whose call nothing was told."""

    permit: str
    verdict: str
    used_at: str


class CallWithoutPermit(msgspec.Struct, frozen=True):
    """A call that was answered and had no permit; ``cause`` says whether the glass was broken."""

    call_id: str
    trunk: str
    cause: str
    answered_at: str
    verdict: str


class Missing(msgspec.Struct, frozen=True):
    """What does not fit together, the newest first; at most a thousand of each."""

    permits_without_call: list[PermitWithoutCall]
    calls_without_permit: list[CallWithoutPermit]


class CallerOffers(msgspec.Struct, frozen=True):
    """A caller: its answered calls, and in how many the offer of the objection is recorded; ``never``: in none."""

    caller: str
    answered: int
    offered: int
    never: bool


def missing(store: Store, owner: int, now: int) -> Missing:
    """Give what does not fit together in the calls of an organisation, by its key."""
    query = store.connection.execute
    permits = query(_PERMITS, (owner, now - _MINUTES, _MOST)).fetchall()
    calls = query(_CALLS, (owner, _MOST)).fetchall()
    return Missing(
        [PermitWithoutCall(bytes(id_).hex(), f"v-{entry}", written(at)) for id_, entry, at in permits],
        [
            CallWithoutPermit(call_id, trunk, cause, written(at), f"v-{entry}" if entry else "")
            for call_id, trunk, cause, at, entry in calls
        ],
    )


def offers_by_caller(store: Store, owner: int, callers: Mapping[str, int]) -> list[CallerOffers]:
    """Give for each caller of an organisation, those who never offer the objection first. ``callers``: ids and keys."""
    names = {key: name for name, key in callers.items()}
    rows = store.connection.execute(_OFFERS, (owner,)).fetchall()
    found = [CallerOffers(names[key], int(calls), int(told), told == 0) for key, calls, told in rows if key in names]
    return sorted(found, key=lambda each: (not each.never, each.offered / each.answered, each.caller))
