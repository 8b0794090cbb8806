"""Connected systems that ask: a key that follows the feed, and up to where it has confirmed what it was told."""

__all__ = ["Confirm", "Confirmed", "Following", "Leave"]

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from belbaar.api.access import Principal
from belbaar.api.access.audit import Actor, note
from belbaar.api.access.remembered import Remembered
from belbaar.api.feed.changes import Changes, page, view_of
from belbaar.api.feed.cursor import read_cursor, write_cursor
from belbaar.api.refusing import answered
from belbaar.clock import now_us
from belbaar.errors import BelbaarError, InputError
from belbaar.ledger import Store
from belbaar.reading import written


class Confirm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is confirmed: all up to a cursor."""

    cursor: str


class Confirmed(msgspec.Struct, frozen=True):
    """Up to where all is confirmed, and when that was said."""

    cursor: str
    confirmed_at: str


@dataclass(frozen=True, slots=True)
class Leave:
    """A system that follows no longer: whose key, and its id."""

    principal: Principal
    system: str


@dataclass(frozen=True, slots=True, eq=False)
class Following:
    """Answers those who follow. ``remembered``: who may do what."""

    remembered: Remembered

    def after(self, store: Store, cursor: str | None) -> int:
        """Give the place that a cursor stands for: none is the beginning, ``now`` the end."""
        position = store.position()
        return (
            position if cursor == "now" else read_cursor(cursor, position=position, pointer="/after") if cursor else 0
        )

    def page(
        self, store: Store, principal: Principal, after: int, limit: int, kinds: frozenset[str]
    ) -> tuple[Changes, int, bool]:
        """Give a page of changes, the place up to which was looked, and whether this key is known to follow."""
        who = self.remembered.again(store, principal)
        may_look(who)
        changes, upto = page(store, view_of(who, kinds), after, limit)
        query = "SELECT 1 FROM follower WHERE system = ?"
        known = "feed" not in who.rights or store.connection.execute(query, (who.id,)).fetchone() is not None
        return changes, upto, known

    def follows(self, store: Store, items: Sequence[tuple[Principal, int]]) -> list[BelbaarError | None]:
        """Note that keys follow, from a place on; inside the write transaction, as all below."""
        return answered(self._follows, store, items)

    def confirms(self, store: Store, items: Sequence[tuple[Principal, Confirm]]) -> list[Confirmed | BelbaarError]:
        """Note up to where keys have confirmed; what is confirmed stays so."""
        return answered(self._confirms, store, items)

    def leaves(self, store: Store, items: Sequence[Leave]) -> list[BelbaarError | None]:
        """Have systems count as connected no longer; what they confirmed is still told."""
        return answered(self._leaves, store, items)

    def _follows(self, store: Store, item: tuple[Principal, int]) -> None:
        who, since = self.remembered.again(store, item[0]), item[1]
        who.needs("feed")
        store.connection.execute(
            "INSERT INTO follower (system, organisation, since, since_at, confirmed) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT DO NOTHING",
            (who.id, who.organisation.key, since, now_us(), since),
        )

    def _confirms(self, store: Store, item: tuple[Principal, Confirm]) -> Confirmed:
        query = store.connection.execute
        place = read_cursor(item[1].cursor, position=store.position(), pointer="/cursor")
        self._follows(store, (item[0], 0))
        system = item[0].id
        confirmed = int(query("SELECT confirmed FROM follower WHERE system = ?", (system,)).fetchone()[0])
        now = now_us()
        if place > confirmed:
            query("UPDATE follower SET confirmed = ? WHERE system = ?", (place, system))
            # Who left and came back begins anew; what it had confirmed by then stays confirmed since then.
            query(
                "INSERT INTO confirmation (system, upto, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (system, place, now),
            )
            note(store, Actor.of(self.remembered.again(store, item[0])), "feed.confirm", {"upto": item[1].cursor})
        found = query("SELECT min(at) FROM confirmation WHERE system = ? AND upto >= ?", (system, place)).fetchone()
        return Confirmed(write_cursor(max(place, confirmed)), written(found[0] or now))

    def _leaves(self, store: Store, item: Leave) -> None:
        who = self.remembered.again(store, item.principal)
        who.needs("feed")
        query = store.connection.execute
        where = "WHERE system = ? AND organisation = ?"
        if query(f"SELECT 1 FROM follower {where}", (item.system, who.organisation.key)).fetchone() is None:
            raise InputError("there is no such system.", where="/system", code="not-found")
        query(f"DELETE FROM follower {where}", (item.system, who.organisation.key))
        note(store, Actor.of(who), "feed.confirm", {"left": item.system})


def may_look(who: Principal) -> None:
    """Refuse who may neither follow changes nor audit.

    Raises:
        Forbidden: when it may not.
    """
    if "audit" not in who.rights:
        who.needs("feed")
