"""Who acts on a request, for whom and when, and what opens what people wrote: the room knows no clock and no front door."""

__all__ = ["Hand", "Reader", "opened"]

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from belbaar.proof.keys.sealed import opened as opened_with


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: for the organisation of that key, with what opens sealed papers."""

    organisation: int
    key: bytes


@dataclass(frozen=True, slots=True)
class Hand(Reader):
    """Who acts.

    Args:
        by: the id of a key or account; of the person who was called, ``my-number``.
        now: UTC microseconds.
        notes: makes an act an entry of the log, in the transaction that does it: the act, what it is about (ids only),
            the number, and the caller's id; gives the entry's place.
    """

    by: str
    now: int
    notes: Callable[[str, Mapping[str, str], int, str], int]


opened = partial(opened_with, what="what people asked", name="requests")
"""Opens what is sealed here: ``opened(key, kept, about)``."""
