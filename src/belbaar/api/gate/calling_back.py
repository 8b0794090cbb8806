"""Who calls the number back that called them hears who it was, and can say "do not call me again" with one key.

The sound is a media server's: it asks here what to say, and tells here what was pressed. The number that calls in is the
objector's only where the network asserts it and it is not withheld: anybody can write anything in From.
"""

__all__ = ["CalledBack", "CallingBack", "called_back"]

import hashlib
import re
from typing import Annotated, Literal

import msgspec

from belbaar.api.access import Principal
from belbaar.clock import now_us
from belbaar.errors import InputError
from belbaar.law import PACKS
from belbaar.ledger import Caller, Event, Source, Store, record
from belbaar.reading import read_number

_Short = Annotated[str, msgspec.Meta(max_length=200)]
_OPEN = re.compile(r"\s*(none|session|critical)?(\s*;\s*(none|session|critical))*\s*", re.IGNORECASE)
_WORDS = {
    "nl": (
        "U belt naar een nummer van {names}. Dit nummer belt mensen op om iets aan te bieden of te vragen. ",
        "Wilt u niet meer gebeld worden door {names}? Druk dan op 1.",
        "Wij kunnen uw nummer niet zien. Bel terug met uw nummer zichtbaar, en druk dan op 1.",
        "Dank u. {names} mag u niet meer bellen.",
    ),
    "en": (
        "You are calling a number of {names}. This number calls people to offer or ask them something. ",
        "Do you not want to be called by {names} any more? Then press 1.",
        "We cannot see your number. Call again with your number shown, and then press 1.",
        "Thank you. {names} may not call you any more.",
    ),
}


class CallingBack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody calls a number that your calls show.

    Args:
        dialled: the number that is called.
        asserted: the number in P-Asserted-Identity, by the network; left out: there is none.
        privacy: what the header Privacy says, left out: nothing.
        pressed: ``1``: do not call me again; left out: nothing yet.
    """

    dialled: _Short
    asserted: _Short = ""
    privacy: _Short = ""
    pressed: Literal["", "1"] = ""


class CalledBack(msgspec.Struct, frozen=True):
    """What to say, in Dutch and English, and whether pressing 1 will do; ``objected``: it has, and is in force."""

    callers: list[str]
    says: dict[str, str]
    counts: bool
    objected: bool


def called_back(store: Store, who: Principal, call: CallingBack) -> CalledBack:
    """Tell what somebody who calls back hears, and take an objection; inside the write transaction.

    Raises:
        InputError: when the number that is called is of no caller of who asks.
    """
    dialled = read_number(call.dialled, "/dialled")
    own = [each for name, each in sorted(store.callers().items()) if name in who.callers and dialled in each.numbers]
    if not own:
        raise InputError(
            "this is not a number of your callers.", where="/dialled", todo="Register it.", code="unknown-caller"
        )
    number = _asserted(call)
    objected = number is not None and call.pressed == "1"
    if number is not None and objected:
        _object(store, who, own, number)
    step = 3 if objected else 1 if number is not None else 2
    names = " & ".join(each.name for each in own)
    says = {
        lang: (texts[step] if objected else texts[0] + texts[step]).format(names=names)
        for lang, texts in _WORDS.items()
    }
    return CalledBack([each.id for each in own], says, number is not None, objected)


def _asserted(call: CallingBack) -> int | None:
    """Give the number that counts; None where it is not asserted, withheld, or none."""
    if not call.asserted or not _OPEN.fullmatch(call.privacy):
        return None
    try:
        return read_number(call.asserted, "")
    except InputError:
        return None


def _object(store: Store, who: Principal, callers: list[Caller], number: int) -> None:
    now = now_us()
    digest = hashlib.sha256(f"called back {number} {now}".encode()).hexdigest()
    source = Source("call-back", digest, now, who.id, who.organisation.key)
    rows = [(row, Event("objection.made", number, now, now, each.id)) for row, each in enumerate(callers, 1)]
    record(store, rows, source, PACKS["NL"])
