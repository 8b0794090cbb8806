"""A call that had a permit: whose, on whose behalf and to whom, found again by the permit or by its verdict."""

__all__ = ["Permitted", "permitted"]

import re
from collections.abc import Sequence
from typing import NamedTuple

from joserfc.jwk import OKPKey

from belbaar.api.access import Principal
from belbaar.api.permits.token import no_permit, read_permit
from belbaar.ledger import Store

_ID = re.compile(r"([0-9a-f]{32})(\.[A-Za-z0-9_-]{22})?", re.ASCII)
_VERDICT = re.compile(r"v-([0-9]{1,18})", re.ASCII)
_SELECT = "SELECT id, caller, number, entry, question FROM permit WHERE organisation = ? AND "
_KEPT = "SELECT id, caller, 0, entry, '' FROM gated_call WHERE organisation = ? AND id = ?"


class Permitted(NamedTuple):
    """A call with a permit.

    Args:
        id: the permit's.
        caller: on whose behalf, and ``caller_key`` its key.
        number: the called one; 0 where the permit is forgotten and only the call is remembered.
        entry: the verdict's place in the log.
        product: what it was about.
        channel: how.
    """

    id: bytes
    caller: str
    caller_key: int
    number: int
    entry: int
    product: str
    channel: str


def permitted(store: Store, who: Principal, shown: str, keys: Sequence[OKPKey]) -> Permitted:
    """Find a call of who asks, by what it shows: a permit's id or token, or ``v-`` and the place of its verdict.

    Raises:
        InputError: when there is none; one of another organisation is none.
    """
    query, owner = store.connection.execute, who.organisation.key
    if verdict := _VERDICT.fullmatch(shown):
        row = query(f"{_SELECT} entry = ?", (owner, int(verdict[1]))).fetchone()
    else:
        plain = _ID.fullmatch(shown)
        id_ = bytes.fromhex(plain[1] if plain else read_permit(shown, keys).jti)
        row = query(f"{_SELECT} id = ?", (owner, id_)).fetchone() or query(_KEPT, (owner, id_)).fetchone()
    callers = {key: name for name, key in who.callers.items()}
    if row is None or row[1] not in callers:
        raise no_permit()
    found, caller, number, entry, token = row
    permit = read_permit(token, keys) if token else None
    return Permitted(
        bytes(found),
        callers[caller],
        caller,
        number,
        entry,
        permit.product if permit else "",
        permit.channel if permit else "voice",
    )
