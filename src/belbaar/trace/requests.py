"""A request by article 11.11 Tw: what it must say, and what is missing is asked for, never guessed.

>>> missing(Request("A. de Vries", "Plein 1", "", "Amsterdam", 31201000007, (1_757_340_000_000_000,)))
('postcode',)
"""

__all__ = ["FIELDS", "Request", "completed", "missing"]

import msgspec

from belbaar.errors import InputError

FIELDS = ("name", "address", "postcode", "town", "times")
"""What it must say beside the number that was called: of who asks, and when the calls came."""
_LONGEST = 200
_MOST_TIMES = 100


class Request(msgspec.Struct, frozen=True):
    """Who asks, about which calls.

    Args:
        name: of the person who asks, with ``address`` (street and number), ``postcode`` and ``town``.
        number: that was called, E.164.
        times: about when the calls came, UTC microseconds.
        lang: in which they are written to, ``nl`` or ``en``.
    """

    name: str
    address: str
    postcode: str
    town: str
    number: int
    times: tuple[int, ...] = ()
    lang: str = "nl"


def missing(request: Request) -> tuple[str, ...]:
    """Give what it does not say yet."""
    return tuple(name for name in FIELDS if not getattr(request, name))


def completed(request: Request, more: dict[str, str], times: tuple[int, ...], now: int) -> Request:
    """Add what was asked for, and later calls; what was said already stays.

    Raises:
        InputError: when a time lies in the future, or a text is too long.
    """
    for place, at in enumerate(times):
        if at > now:
            raise InputError("no call came at this time yet.", where=f"/times/{place}", todo="Mend the date.")
    for name, text in more.items():
        if len(text) > _LONGEST:
            raise InputError(f"this has more than {_LONGEST} characters.", where=f"/{name}")
    all_times = tuple(sorted({*request.times, *times}))
    if len(all_times) > _MOST_TIMES:
        raise InputError(f"a case has at most {_MOST_TIMES} times.", where="/times", todo="Name the most recent calls.")
    said = {name: " ".join(text.split()) for name, text in more.items() if text.strip() and not getattr(request, name)}
    return msgspec.structs.replace(request, **said, times=all_times)
