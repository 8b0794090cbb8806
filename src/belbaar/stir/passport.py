"""A PASSporT as it travels: the header that carries it, what it claims, and whether that is the call at hand.

The full form has head and claims in the token; the compact one (RFC 8224, section 7) leaves them to be made of the
request, which only a PASSporT without an extension can be: ``shaken`` claims what the request does not say.
"""

__all__ = ["ALGORITHM", "SHAKEN", "TYPE", "Call", "Passport", "encoded", "read_identity"]

import datetime as dt
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from email.utils import parsedate_to_datetime
from typing import Literal, NamedTuple
from uuid import UUID

import msgspec

from belbaar.stir.flaws import ELSEWHERE, FALSE, STALE, Flaw

ALGORITHM, TYPE, SHAKEN = "ES256", "passport", "shaken"
_FRESH = 60
"""Seconds between signing and arrival, either way (RFC 8224, section 6.2.1)."""
_LONGEST = 6000
"""Characters of all headers together: five of the usual size."""
_SECOND = 1_000_000
_PARAMETER = r"[ \t]*;[ \t]*([A-Za-z0-9-]+)[ \t]*=[ \t]*(\"[^\"]*\"|[^\s;,\"<>]+)"
_HEADER = re.compile(
    r"[ \t]*([A-Za-z0-9_-]*)\.([A-Za-z0-9_-]*)\.([A-Za-z0-9_-]{86})[ \t]*;[ \t]*info[ \t]*=[ \t]*<([^<>\s,]+)>"
    rf"((?:{_PARAMETER})*)[ \t]*",
    re.ASCII,
)
_FOLD = re.compile(r"\r?\n[ \t]+")
_EACH = re.compile(_PARAMETER, re.ASCII)
_CANONICAL = re.compile(r"[AQgw]", re.ASCII)
"""The last of the 86 characters of 64 bytes carries two bits: others would say the same in another way."""


class Call(NamedTuple):
    """The call that a header came with.

    Args:
        presented: the number shown, in the digits of E.164 without ``+`` (RFC 8224, section 8.3).
        called: the called number, likewise.
        at: when it came, UTC microseconds.
        date: its Date header as it came; "": none.
    """

    presented: str
    called: str
    at: int
    date: str = ""


class Passport(NamedTuple):
    """A PASSporT that is for the call at hand, if its signature holds.

    Args:
        token: head, claims and signature (JWS, compact serialization).
        url: where the certificate is.
        attest: how far the signer vouches (RFC 8588): ``A`` for the right to the number, ``B`` for who calls, ``C`` for
            where it came from; "": it has no such claim.
    """

    token: str
    url: str
    attest: Literal["A", "B", "C", ""]


class _Head(msgspec.Struct, frozen=True):
    alg: str
    typ: str
    x5u: str
    ppt: str = ""


class _Number(msgspec.Struct, frozen=True):
    tn: str


class _Numbers(msgspec.Struct, frozen=True):
    tn: list[str]


class _Claims(msgspec.Struct, frozen=True):
    iat: int
    orig: _Number
    dest: _Numbers


class _Shaken(_Claims, frozen=True):
    attest: Literal["A", "B", "C"]
    origid: UUID


class _Told(NamedTuple):
    """What stands beside the token in a header."""

    url: str
    alg: str
    ppt: str


def read_identity(text: str, call: Call) -> list[Passport] | Flaw:
    """Read Identity headers, joined by commas, and see whether what they claim is this call.

    A PASSporT of another kind than ``shaken`` or none is passed over (RFC 8224, section 6.2): it says something else than
    who calls. Of the others each must be for this call.
    """
    if len(text) > _LONGEST:
        return Flaw(FALSE, "The Identity header is too long.")
    found = list[Passport]()
    for header in _FOLD.sub(" ", text).split(","):
        read = _read(header, call)
        if isinstance(read, Flaw):
            return read
        if read:
            found.append(read)
    return found


def encoded(value: object) -> str:
    """Write a part of a token: JSON as RFC 8225, section 9, wants it, keys in order and no blanks, in base64url."""
    return urlsafe_b64encode(msgspec.json.encode(value, order="deterministic")).rstrip(b"=").decode()


def _read(header: str, call: Call) -> Passport | Flaw | None:
    form = _HEADER.fullmatch(header)
    told = _told(form[4], form[5]) if form else None
    if form is None or told is None or not _CANONICAL.fullmatch(form[3][-1]):
        return Flaw(FALSE, "The Identity header is malformed.")
    head, claims = (form[1], form[2]) if form[1] or form[2] else _made(told, call)
    try:
        said = msgspec.json.decode(_decoded(head), type=_Head)
        if said.ppt not in ("", SHAKEN) and told.ppt in ("", said.ppt):
            return None
        claimed = msgspec.json.decode(_decoded(claims), type=_Shaken if said.ppt == SHAKEN else _Claims)
    except (ValueError, msgspec.MsgspecError):
        return Flaw(FALSE, "The token in the Identity header is malformed.")
    flaw = _amiss(said, told) or _not_of(claimed, call)
    return flaw or Passport(
        f"{head}.{claims}.{form[3]}", told.url, claimed.attest if isinstance(claimed, _Shaken) else ""
    )


def _told(url: str, parameters: str) -> _Told | None:
    """Read what stands beside the token; None where it says one thing twice."""
    found = [(name.lower(), value.strip('"')) for name, value in _EACH.findall(parameters)]
    said = dict(found)
    return _Told(url, said.get("alg", ALGORITHM), said.get("ppt", "")) if len(said) == len(found) else None


def _made(told: _Told, call: Call) -> tuple[str, str]:
    """Make head and claims of a compact PASSporT out of the request; of what cannot be, something that does not hold."""
    try:
        date = parsedate_to_datetime(call.date)
        iat = int(date.replace(tzinfo=date.tzinfo or dt.UTC).timestamp())
    except ValueError:
        iat = 0
    head = {"alg": told.alg, "typ": TYPE, "x5u": told.url} | ({"ppt": told.ppt} if told.ppt else {})
    return encoded(head), encoded({"dest": {"tn": [call.called]}, "iat": iat, "orig": {"tn": call.presented}})


def _amiss(head: _Head, told: _Told) -> Flaw | None:
    """Say what is wrong with the form."""
    if head.alg != ALGORITHM or told.alg != ALGORITHM:
        return Flaw(FALSE, "The signature is of a kind that is not known: only ES256 is.")
    if head.typ != TYPE:
        return Flaw(FALSE, "The token in the Identity header is no PASSporT.")
    if head.x5u != told.url or told.ppt not in ("", head.ppt):
        return Flaw(FALSE, "The Identity header says another thing than the token in it.")
    return None


def _not_of(claims: _Claims, call: Call) -> Flaw | None:
    """Say why it is for another call."""
    if claims.orig.tn != call.presented:
        return Flaw(FALSE, "It was signed for another number than the one that is shown.")
    if call.called not in claims.dest.tn:
        return ELSEWHERE
    if abs(claims.iat - call.at // _SECOND) > _FRESH:
        return Flaw(STALE, "It was not signed just now.")
    return None


def _decoded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))
