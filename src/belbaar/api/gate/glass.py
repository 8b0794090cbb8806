"""Breaking the glass: for a limited time calls pass that the law, as belbaar reads it, denies.

For a gas leak, not for a campaign. An administrator breaks it, with a reason, for the calls of one organisation; that is
an entry of the log. Every call is judged and its verdict kept as always; what would have been denied passes with a permit
that says so, and is listed afterwards. A number that is hidden or another's does not pass.
"""

__all__ = ["OVERRIDDEN", "Broken", "Glass", "ToldBroken", "break_glass", "broken", "glasses", "mend", "tell_broken"]

from typing import Annotated

import msgspec

from belbaar.api.access import Principal
from belbaar.api.access.audit import Actor, note
from belbaar.ledger import Store
from belbaar.proof.erasure.erasing import check_said
from belbaar.reading import read_instant, written

OVERRIDDEN = frozenset({"objection", "no ground", "outside hours", "veto"})
"""Causes of a denial that a broken glass lets pass: what the law says, and not who calls."""
_MINUTE = 60_000_000
_GATE = "gate:"
"""Begins the name of who broke the glass of a gate itself, which opens nothing here."""
_INSERT = "INSERT INTO broken_glass (entry, organisation, by, reason, since, until) VALUES (?, ?, ?, ?, ?, ?)"
_BROKEN = "SELECT count(*) FROM broken_glass WHERE organisation = ? AND until > ? AND by NOT LIKE 'gate:%'"
_LIST = "SELECT entry, by, reason, since, until FROM broken_glass WHERE organisation = ? ORDER BY since DESC LIMIT 1000"
_Minutes = Annotated[int, msgspec.Meta(ge=1, le=240)]
_Reason = Annotated[str, msgspec.Meta(min_length=10, max_length=500)]


class Glass(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For how many minutes calls are to pass, and why: no name and no number in it, for it stays."""

    minutes: _Minutes
    reason: _Reason


class ToldBroken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """That the glass of a gate itself was broken: by whom there, when, for how many minutes, and why."""

    by: Annotated[str, msgspec.Meta(pattern=r"^[a-zA-Z0-9._-]{1,64}$")]
    at: Annotated[str, msgspec.Meta(max_length=64)]
    minutes: _Minutes
    reason: _Reason


class Broken(msgspec.Struct, frozen=True):
    """A glass that was broken. ``entry`` is its place in the log; ``by``: a key or account, or ``gate:`` and a user's name."""

    entry: int
    by: str
    reason: str
    since: str
    until: str


def break_glass(store: Store, who: Principal, glass: Glass, *, now: int) -> Broken:
    """Break it; inside the write transaction.

    Raises:
        InputError: when the reason could hold a person's data.
    """
    return _write(store, who, who.id, glass.reason, since=now, until=now + glass.minutes * _MINUTE)


def tell_broken(store: Store, who: Principal, told: ToldBroken, *, now: int) -> Broken:
    """Write down that it was broken at a gate while nobody answered there; the same again changes nothing.

    Raises:
        InputError: when the reason could hold a person's data, or the instant cannot be read.
    """
    since, by = min(read_instant(told.at, "/at"), now), f"{_GATE}{told.by}"
    known = [each for each in glasses(store, who.organisation.key) if (each.by, each.since) == (by, written(since))]
    if known:
        return known[0]
    return _write(store, who, by, told.reason, since=since, until=since + told.minutes * _MINUTE)


def mend(store: Store, who: Principal, *, now: int) -> None:
    """End it before its time; inside the write transaction."""
    query, owner = store.connection.execute, who.organisation.key
    if broken(store, owner, now):
        query("UPDATE broken_glass SET until = ? WHERE organisation = ? AND until > ?", (now, owner, now))
        note(store, Actor.of(who), "glass.mend")


def broken(store: Store, organisation: int, now: int) -> bool:
    """Tell whether calls of an organisation pass at this instant whatever the law says."""
    return bool(store.connection.execute(_BROKEN, (organisation, now)).fetchone()[0])


def glasses(store: Store, organisation: int) -> list[Broken]:
    """Give when an organisation's glass was broken, the last first."""
    rows = store.connection.execute(_LIST, (organisation,)).fetchall()
    return [Broken(entry, by, reason, written(since), written(until)) for entry, by, reason, since, until in rows]


def _write(store: Store, who: Principal, by: str, reason: str, *, since: int, until: int) -> Broken:
    check_said(reason, "/reason")
    entry = note(store, Actor.of(who), "glass.break", {"by": by, "reason": reason, "until": written(until)})
    store.connection.execute(_INSERT, (entry, who.organisation.key, by, reason, since, until))
    return Broken(entry, by, reason, written(since), written(until))
