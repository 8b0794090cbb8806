"""What a gate in the path of calls asks, and what it is answered: a permit, or a final answer of SIP.

A gate lets a call through only where ``allow`` is the number 1 and there is a permit. Texts are of printable ASCII
without quotes, and say nothing of the called person but the kind of reason.
"""

__all__ = ["GateAnswer", "GateQuestion"]

from typing import Annotated

import msgspec

_Short = Annotated[str, msgspec.Meta(max_length=200)]
_Token = Annotated[str, msgspec.Meta(max_length=2000)]


class GateQuestion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """May this call pass?

    Args:
        called: the called number, as it stands in the request's URI.
        presented: the number shown, as it stands in P-Asserted-Identity.
        from: the number in From.
        call_id: the call's id.
        agent: the id of the agent that dials.
        campaign: the id of the campaign; left out: the number shown must be that of one caller alone.
        product: what the call is about, where no campaign says it.
        offer: a permit that the dialer has already; it is used up for this call.
    """

    called: _Short
    presented: _Short
    sender: _Short = msgspec.field(name="from")
    call_id: _Token = ""
    agent: _Short = ""
    campaign: _Short = ""
    product: _Short = ""
    offer: _Token = ""


class GateAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whether it may, and what to answer where it may not. Left out is what there is not.

    Args:
        allow: 1 or 0.
        permit: its id and a mark that only this installation can make.
        code: the final answer, 400 to 699.
        phrase: its words.
        cause: the kind of reason, for programs.
        text: the reason, for people.
        ref: ``v-`` and the verdict's place in the log; left out where none was reached.
        retry_after: seconds after which such a call may be made, where that is known.
        glass: 1 where the law, as belbaar reads it, denies this call, and an administrator broke the glass.
    """

    allow: int
    permit: str = ""
    code: int = 0
    phrase: str = ""
    cause: str = ""
    text: str = ""
    ref: str = ""
    retry_after: int = 0
    glass: int = 0
