"""Webhooks: where an organisation has its changes sent, signed with a secret that is shown once."""

__all__ = [
    "Hook",
    "MadeWebhook",
    "NewWebhook",
    "Rotate",
    "Webhook",
    "Webhooks",
    "hook",
    "hook_sight",
    "hooks",
    "view_of_hook",
]

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec

from belbaar.api.access import Access, Principal
from belbaar.api.access.audit import Actor, note
from belbaar.api.access.remembered import Remembered
from belbaar.api.feed.addresses import check_url
from belbaar.api.feed.changes import View, read_kinds
from belbaar.api.feed.cursor import read_cursor, write_cursor
from belbaar.api.feed.following import may_look
from belbaar.api.feed.vault import Vault, new_webhook_secret
from belbaar.api.refusing import answered
from belbaar.clock import now_us
from belbaar.errors import BelbaarError, InputError
from belbaar.law.words import FOREVER
from belbaar.ledger import Store
from belbaar.reading import written

_MOST = 50
"""Webhooks of one organisation."""
_HOUR = 3_600_000_000
_Short = Annotated[str, msgspec.Meta(max_length=200)]


class NewWebhook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where changes are to be sent.

    Args:
        url: https; http on the service's own machine, where its settings allow that.
        kinds: of events; left out: all.
        callers: ids; left out: all that the organisation speaks for, also in future.
        label: what you call it.
        after: a cursor from where on; left out: from now on.
    """

    url: str
    kinds: Annotated[list[_Short], msgspec.Meta(max_length=50)] = []
    callers: Annotated[list[_Short], msgspec.Meta(max_length=1000)] = []
    label: _Short = ""
    after: _Short | None = None


class Rotate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For how many hours the former secret signs too."""

    overlap_hours: Annotated[int, msgspec.Meta(ge=0, le=720)] = 24


class Webhook(msgspec.Struct, frozen=True):
    """A webhook. ``failures``: tries in a row to which nobody answered; then it is tried again at ``retry_at``."""

    id: str
    url: str
    label: str
    kinds: list[str]
    callers: list[str]
    made_at: str
    queued_upto: str
    failures: int
    retry_at: str | None


class MadeWebhook(msgspec.Struct, frozen=True):
    """A webhook with its secret, which is shown this once."""

    webhook: Webhook
    secret: str


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook as it is kept; instants are UTC microseconds, ``since`` and ``fanned`` places in the ledger."""

    id: str
    organisation: int
    url: str
    label: str
    kinds: frozenset[str]
    callers: frozenset[str]
    secret: bytes
    former_secret: bytes
    former_until: int
    made_at: int
    ended_at: int
    since: int
    fanned: int
    replayed_at: int
    failures: int
    retry_at: int
    lease: str
    lease_until: int


_COLUMNS = ", ".join(Hook.__dataclass_fields__)


def hooks(store: Store, *, organisation: int | None = None, ended: bool = False) -> list[Hook]:
    """Give the webhooks, of one organisation or all, in the order made; ``ended``: those that are no more, too."""
    which, values = ("", ()) if organisation is None else (" AND organisation = ?", (organisation,))
    upto = 0 if ended else FOREVER
    query = f"SELECT {_COLUMNS} FROM webhook WHERE ended_at >= ?{which} ORDER BY made_at, id"
    return [_hook(row) for row in store.connection.execute(query, (upto, *values)).fetchall()]


def hook(store: Store, webhook: str) -> Hook | None:
    """Give a webhook that is on."""
    row = store.connection.execute(
        f"SELECT {_COLUMNS} FROM webhook WHERE id = ? AND ended_at = ?", (webhook, FOREVER)
    ).fetchone()
    return _hook(row) if row else None


def _hook(row: Sequence[Any]) -> Hook:
    id_, organisation, url, label, kinds, callers, secret, former, *numbers = row
    said = frozenset(kinds.split()), frozenset(callers.split())
    return Hook(id_, organisation, url, label, *said, bytes(secret), bytes(former), *numbers)


def view_of_hook(access: Access, of: Hook) -> View:
    """Give what a webhook is told: what its organisation speaks for now, and no more than it was made for."""
    known = access.callers.get(of.organisation, {})
    return View(
        of.organisation, {key: name for name, key in known.items() if name in of.callers or not of.callers}, of.kinds
    )


def hook_sight(who: Principal, access: Access, of: Hook) -> bool:
    """Tell whether somebody may see a webhook: one that is told nothing which the key itself may not ask."""
    return who.organisation.key == of.organisation and set(view_of_hook(access, of).callers) <= set(
        who.callers.values()
    )


@dataclass(frozen=True, slots=True, eq=False)
class Webhooks:
    """Makes, shows and ends webhooks.

    Args:
        remembered: who may do what.
        vault: seals their secrets.
        inside: whether they may lead into the service's own network.
    """

    remembered: Remembered
    vault: Vault
    inside: bool

    def shown(self, store: Store, principal: Principal) -> list[Webhook]:
        """Give the webhooks that somebody may see."""
        who, access = self.remembered.again(store, principal), self.remembered.of(store)
        may_look(who)
        found = hooks(store, organisation=who.organisation.key)
        return [_told(each) for each in found if hook_sight(who, access, each)]

    def of(self, store: Store, principal: Principal, webhook: str) -> Hook:
        """Give one of them.

        Raises:
            InputError: when there is none that this key may see.
        """
        who = self.remembered.again(store, principal)
        may_look(who)
        found = hook(store, webhook)
        if found is None or not hook_sight(who, self.remembered.of(store), found):
            raise InputError(
                "there is no such webhook.", todo="Yours are listed by GET /v1/webhooks.", code="not-found"
            )
        return found

    def makes(self, store: Store, items: Sequence[tuple[Principal, NewWebhook]]) -> list[MadeWebhook | BelbaarError]:
        """Make webhooks; inside the write transaction, as all below."""
        return answered(self._makes, store, items)

    def ends(self, store: Store, items: Sequence[tuple[Principal, str]]) -> list[BelbaarError | None]:
        """End webhooks: what was not delivered is delivered no more; what was confirmed is still told."""
        return answered(self._ends, store, items)

    def rotates(self, store: Store, items: Sequence[tuple[Principal, str, Rotate]]) -> list[MadeWebhook | BelbaarError]:
        """Give webhooks new secrets."""
        return answered(self._rotates, store, items)

    def replays(self, store: Store, items: Sequence[tuple[Principal, str, str]]) -> list[Webhook | BelbaarError]:
        """Have all after a cursor delivered again."""
        return answered(self._replays, store, items)

    def _makes(self, store: Store, item: tuple[Principal, NewWebhook]) -> MadeWebhook:
        who, new = self.remembered.again(store, item[0]), item[1]
        who.needs("feed")
        check_url(new.url, inside=self.inside)
        kinds = read_kinds(new.kinds, "/kinds")
        for place, caller in enumerate(new.callers):
            who.speaks_for(caller, f"/callers/{place}")
        key = self.remembered.of(store).keys.get(who.id)
        callers = set(new.callers) or (set(key.callers) if key else set())  # no more than the key itself may ask
        if len(hooks(store, organisation=who.organisation.key)) >= _MOST:
            raise InputError(f"an organisation has at most {_MOST} webhooks.", todo="End one first.", code="taken")
        position, now = store.position(), now_us()
        since = read_cursor(new.after, position=position, pointer="/after") if new.after else position
        id_, secret = f"wh_{secrets.token_hex(8)}", new_webhook_secret()
        store.connection.execute(
            f"INSERT INTO webhook ({_COLUMNS}) VALUES ({', '.join('?' * len(Hook.__dataclass_fields__))})",
            (
                *(id_, who.organisation.key, new.url, new.label, " ".join(sorted(kinds)), " ".join(sorted(callers))),
                *(self.vault.sealed(id_, secret), b"", 0, now, FOREVER, since, since, 0, 0, 0, "", 0),
            ),
        )
        note(store, Actor.of(who), "webhook.change", {"webhook": id_, "change": "made"})
        return MadeWebhook(_told(self.of(store, item[0], id_)), secret)

    def _ends(self, store: Store, item: tuple[Principal, str]) -> None:
        found = self._own(store, item[0], item[1], "ended")
        query = store.connection.execute
        query("DELETE FROM webhook_delivery WHERE webhook = ? AND confirmed_at = 0", (found.id,))
        query(
            "UPDATE webhook SET ended_at = ?, secret = ?, former_secret = ? WHERE id = ?",
            (now_us(), b"", b"", found.id),
        )

    def _rotates(self, store: Store, item: tuple[Principal, str, Rotate]) -> MadeWebhook:
        found, secret = self._own(store, item[0], item[1], "new secret"), new_webhook_secret()
        store.connection.execute(
            "UPDATE webhook SET secret = ?, former_secret = ?, former_until = ? WHERE id = ?",
            (
                self.vault.sealed(found.id, secret),
                found.secret,
                now_us() + item[2].overlap_hours * _HOUR,
                found.id,
            ),
        )
        return MadeWebhook(_told(found), secret)

    def _replays(self, store: Store, item: tuple[Principal, str, str]) -> Webhook:
        place = read_cursor(item[2], position=store.position(), pointer="/after")
        found = self._own(store, item[0], item[1], "sent again")
        if place < found.fanned:
            store.connection.execute(
                "UPDATE webhook SET fanned = ?, since = ?, replayed_at = ?, failures = 0, retry_at = 0 WHERE id = ?",
                (place, min(place, found.since), now_us(), found.id),
            )
        return _told(self.of(store, item[0], found.id))

    def _own(self, store: Store, principal: Principal, webhook: str, change: str) -> Hook:
        """Give a webhook that is about to be changed, and note that."""
        who = self.remembered.again(store, principal)
        who.needs("feed")
        found = self.of(store, principal, webhook)
        note(store, Actor.of(who), "webhook.change", {"webhook": found.id, "change": change})
        return found


def _told(of: Hook) -> Webhook:
    retry = written(of.retry_at) if of.failures else None
    names = sorted(of.kinds), sorted(of.callers)
    return Webhook(of.id, of.url, of.label, *names, written(of.made_at), write_cursor(of.fanned), of.failures, retry)
