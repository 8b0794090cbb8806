"""A question and its answer: a call to judge, and the verdict on it."""

__all__ = ["ANONYMOUS", "Call", "Verdict", "call_facts", "named"]

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from belbaar.errors import InputError, nearest
from belbaar.law.products import check_product
from belbaar.law.words import CHANNELS, DEFAULT_PURPOSE, KINDS, PRESENTED, PURPOSES, SECTORS
from belbaar.ledger import Caller
from belbaar.verdict.levels import Level

ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Call:
    """A call that is made, was made, or is planned.

    Args:
        number: the called number, E.164 as an integer.
        caller: id of the caller on whose behalf.
        at: when, UTC microseconds.
        product: what it is about, a product path.
        channel: voice, robocall or sms.
        kind: marketing, service or research.
        purpose: commercial, ideal or charitable; None: by the caller's sector.
        presents: the number it shows, E.164 as an integer, or ANONYMOUS; None: the caller's first registered number.
        known_at: judge by what was recorded up to this instant; None: by all that is recorded.
        heard: what is dated up to this instant has happened, where that is later than ``at``: it was recorded by a
            clock that is ahead of the one that gave ``at``. UTC microseconds.
    """

    number: int
    caller: str
    at: int
    product: str
    channel: str = "voice"
    kind: str = "marketing"
    purpose: str | None = None
    presents: int | str | None = None
    known_at: int | None = None
    heard: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a call is allowed, and all that the answer rests on.

    Args:
        call: the question.
        allowed: yes or no; yes needs a ground and no veto.
        ground: the first ground that holds, in the law's order; None if none does.
        grounds: all that hold.
        vetoes: ids of the rules that forbid the call, sorted.
        defects: ids of the conditions that consents for it failed, sorted.
        duties: ids of what the caller must do, sorted.
        until: the first local midnight at which the call would have no ground (UTC microseconds); None if never,
            and when it is denied. It is about grounds only: a veto may come sooner.
        events: places in the ledger of the events that played a part.
        ruleset: name of the law in force.
        ruleset_hash: SHA-256 of its rules and parameters.
        switched_off: rules that this installation has switched off.
        metadata: version of the number metadata.
        evidence: how much there is for the best consent that the law takes for a ground, even where the demand does
            not; None where there is no such consent, and where nobody looked (``belbaar.verdict.evidence``).
        demanded: the least level that a consent must have here, or it is no ground.
    """

    call: Call
    allowed: bool
    ground: str | None
    grounds: tuple[str, ...]
    vetoes: tuple[str, ...]
    defects: tuple[str, ...]
    duties: tuple[str, ...]
    until: int | None
    events: tuple[int, ...]
    ruleset: str
    ruleset_hash: str
    switched_off: tuple[str, ...]
    metadata: str
    evidence: Level | None = None
    demanded: int = 0


def call_facts(call: Call, caller: Caller) -> dict[str, int]:
    """Turn a call's words into the integers of the cards.

    Raises:
        InputError: names the field and the nearest known word.
    """
    check_product(call.product, all_allowed=False)
    purpose = call.purpose or DEFAULT_PURPOSE[caller.sector]
    return {
        "channel": _number("channel", call.channel, CHANNELS),
        "call_kind": _number("kind", call.kind, KINDS),
        "purpose": _number("purpose", purpose, PURPOSES),
        "sector": SECTORS[caller.sector],
        "presented": PRESENTED[_presented(call.presents, caller)],
    }


def _number(field: str, word: str, known: Mapping[str, int]) -> int:
    if word not in known:
        raise InputError(f'"{word}" is not a {field}.', where=field, todo=nearest(word, known))
    return known[word]


def _presented(presents: int | str | None, caller: Caller) -> str:
    if presents is None:
        return "own" if caller.numbers else "anonymous"
    if isinstance(presents, str):
        if presents != ANONYMOUS:
            raise InputError(f'"{presents}" is neither a number nor "{ANONYMOUS}".', where="presents")
        return "anonymous"
    if not caller.numbers:
        return "unchecked"
    return "own" if presents in caller.numbers else "foreign"


@lru_cache(maxsize=4096)
def named(ids: tuple[str, ...], mask: int) -> tuple[str, ...]:
    """Name the bits of a mask."""
    return tuple(name for index, name in enumerate(ids) if mask >> index & 1)
