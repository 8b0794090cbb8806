"""What a gate in the path of calls asks, and what it is answered: a permit, or a final answer of SIP.

A gate lets a call through only where ``allow`` is the number 1 and there is a permit. Texts are of printable ASCII
without quotes, and say nothing of the called person but the kind of reason.
"""

__all__ = ["GateAnswer", "GateQuestion", "number_in"]

import re
from typing import Annotated, Literal
from urllib.parse import unquote

import msgspec

from belbaar.errors import InputError
from belbaar.reading import read_number

_DIGITS = re.compile(r"\+?[0-9().-]+", re.ASCII)
"""A number with the separators that RFC 3966 knows."""
_Short = Annotated[str, msgspec.Meta(max_length=200)]
_Token = Annotated[str, msgspec.Meta(max_length=2000)]
_Headers = Annotated[str, msgspec.Meta(max_length=16_000)]


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
        identity: the Identity headers that sign for the number shown (RFC 8224), commas between them.
        date: the Date header, of which the short form of a signature is made.
        signed: ``required`` where a call without a signature that holds is to be refused.
    """

    called: _Short
    presented: _Short
    sender: _Short = msgspec.field(name="from")
    call_id: _Token = ""
    agent: _Short = ""
    campaign: _Short = ""
    product: _Short = ""
    offer: _Token = ""
    identity: _Headers = ""
    date: _Short = ""
    signed: Literal["", "required"] = ""


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
        identity: an Identity header to go with the call, where it is to be signed (RFC 8588).
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
    identity: str = ""


def number_in(text: str) -> int | None:
    """Read the user part of a SIP or tel URI; None where it is no number, or more than one: ``;rn=``, an extension."""
    plain = unquote(text)
    if not _DIGITS.fullmatch(plain):
        return None
    try:
        return read_number(plain, "")
    except InputError:
        return None
