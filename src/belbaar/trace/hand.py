"""Who acts at the trace desk, for whom and when, and what it needs for that: the room knows no clock and no front door."""

__all__ = ["Hand", "Reader", "opened", "trace_key"]

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from belbaar.proof.keys.keyring import shared_secret
from belbaar.proof.keys.sealed import opened as opened_with

SECRET = "trace"  # noqa: S105  the name of a file
"""The name of the key of what is sealed here, in the folder of keys."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads what is no call's secret: for the organisation of that key, with what opens sealed requests."""

    organisation: int
    key: bytes


@dataclass(frozen=True, slots=True)
class Hand(Reader):
    """Who acts.

    Args:
        by: the id of a key or account.
        now: UTC microseconds.
        notes: makes an act an entry of the log, in the transaction that does it: the act, what it is about (ids only), and
            the number that was called; gives the entry's place.
    """

    by: str
    now: int
    notes: Callable[[str, Mapping[str, str], int], int]


def trace_key(folder: Path) -> bytes:
    """Give the key that seals who called and what people wrote; made when it is not there."""
    return shared_secret(folder, SECRET)


opened = partial(opened_with, what="what the trace desk keeps", name=SECRET)
"""Opens what is sealed here: ``opened(key, kept, about)``."""
