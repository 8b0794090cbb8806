"""What the provider of a caller signed for an incoming call, judged when the record of it is taken in."""

__all__ = ["judged"]

import asyncio

import msgspec

from belbaar.errors import InputError
from belbaar.reading import read_number
from belbaar.stir import Call, Flaw, Verifier
from belbaar.stir.flaws import ELSEWHERE, FALSE, STALE
from belbaar.trace.calls import BROKEN, FORWARDED, NOT_SIGNED, SIGNED, UNCHECKED, Change, caller_of

_PATIENCE = 3.0
"""Seconds to wait for a certificate."""
_LIES = (FALSE, STALE)


async def judged(verifier: Verifier, change: Change) -> Change:
    """Say with a call what its signature comes to, as of the moment when it came in; of what is no call, nothing.

    A signature in its short form is left alone: the Date header that it is made of is not in the record.
    """
    if change.what != "call":
        return change
    identity = ",".join(each for each in change.identity.split(",") if not each.strip().startswith(".."))
    if change.identity and not identity:
        return change
    try:
        called = str(read_number(f"+{change.called.lstrip('+')}", ""))
    except InputError:
        return change  # nobody has that number, and the call is not kept
    await asyncio.sleep(0)  # whoever asks meanwhile is answered between two of thousands
    came = await verifier.says(identity, Call(str(caller_of(change)), called, change.at), _PATIENCE)
    if isinstance(came, Flaw):
        word = FORWARDED if came == ELSEWHERE and change.history else BROKEN if came.cause in _LIES else UNCHECKED
        return msgspec.structs.replace(change, signature=f"{word}: {came.text}")
    if came is None:
        return msgspec.structs.replace(change, signature=NOT_SIGNED)
    return msgspec.structs.replace(change, signature=came.attest or SIGNED, signed_by=came.by)
