"""Why a call does not pass, as SIP says it: codes, words and causes, one place for all.

The codes are those of RFC 3261, of RFC 8224 for a signature that does not hold, 603 for a decision that stands for every branch, 403 for what the dialer must mend; 608 of
RFC 8688 where a machine finds no ground. 607 is never said here: it is what the called person says.
"""

__all__ = ["REFUSALS", "offered", "refused", "why"]

from collections.abc import Collection, Mapping
from typing import NamedTuple

from belbaar.api.gate.questions import GateAnswer
from belbaar.stir.flaws import FALSE, NO_CERTIFICATE, NO_IDENTITY, STALE, UNTRUSTED


class Refusal(NamedTuple):
    """A final answer: code, words, and the reason for people."""

    code: int
    phrase: str
    text: str


_DECLINE = "Decline"
REFUSALS: Mapping[str, Refusal] = {
    "objection": Refusal(603, _DECLINE, "The called person objected to such calls."),
    "no ground": Refusal(608, "Rejected", "There is no consent or relation on which this call may be made."),
    "outside hours": Refusal(603, _DECLINE, "No such calls may be made at this time; see Retry-After."),
    "veto": Refusal(603, _DECLINE, "The law forbids this call, whatever its ground."),
    "other number": Refusal(403, "Presented Number Not Registered", "From and P-Asserted-Identity differ."),
    "not registered": Refusal(
        403, "Presented Number Not Registered", "The number shown is not one that this caller registered."
    ),
    "not held": Refusal(
        403, "Presented Number Not Shown To Be Held", "Nobody has shown yet that this number is the caller's."
    ),
    "several callers": Refusal(403, "Campaign Required", "Several callers show this number: name the campaign."),
    "no campaign": Refusal(403, "Campaign Not Registered", "There is no such campaign."),
    "not a number": Refusal(403, "Called Number Not Understood", "The called number is none that can be judged."),
    "permit expired": Refusal(403, "Permit Not Valid", "The permit has expired."),
    "permit spent": Refusal(403, "Permit Not Valid", "The permit was used already."),
    "permit of another call": Refusal(403, "Permit Not Valid", "The permit is for another call."),
    NO_IDENTITY: Refusal(428, "Use Identity Header", "A call that comes this way must be signed."),
    STALE: Refusal(403, "Stale Date", "It was not signed just now."),
    NO_CERTIFICATE: Refusal(436, "Bad Identity Info", "The certificate is not to be had."),
    UNTRUSTED: Refusal(437, "Unsupported Credential", "The certificate is not trusted for this."),
    FALSE: Refusal(438, "Invalid Identity Header", "The signature does not hold."),
    "no permit": Refusal(403, "Permit Not Valid", "This is no permit of this installation."),
}
"""By cause."""

_OBJECTIONS = frozenset({"nl.objection", "nl.register"})
_TIMES = frozenset({"nl.hours", "nl.mourning"})
_OFFERS = {
    "permit-expired": "permit expired",
    "permit-spent": "permit spent",
    "permit-other-call": "permit of another call",
}


def why(vetoes: Collection[str], ground: str | None) -> str:
    """Give the cause of a denial: what stands for ever before what time mends."""
    if _OBJECTIONS & set(vetoes):
        return "objection"
    if set(vetoes) - _TIMES:
        return "veto"
    return "outside hours" if vetoes and ground else "no ground"


def offered(code: str) -> str:
    """Give the cause where an offered permit is refused, by the code of that."""
    return _OFFERS.get(code, "no permit")


def refused(cause: str, *, entry: int | None = None, retry_after: int = 0, text: str = "") -> GateAnswer:
    """Make the answer of a cause. ``entry``: the verdict's place in the log; ``retry_after``: seconds; ``text``: a better one."""
    told = REFUSALS[cause]
    return GateAnswer(
        allow=0,
        code=told.code,
        phrase=told.phrase,
        cause=cause,
        text=text or told.text,
        ref="" if entry is None else f"v-{entry}",
        retry_after=retry_after,
    )
