"""Keys by which programs ask: shown once, kept as a digest, scoped, expiring, revoked at once.

A key is ``bel_<id>_<secret>``: the id may be seen by anybody, the secret has 256 random bits, so one SHA-256 is enough.

    >>> read_token("bel_0f3a_x")
    ('0f3a', 'x')
"""

__all__ = [
    "NOBODY",
    "AccessKey",
    "all_keys",
    "key_of",
    "last_used",
    "make_key",
    "matches",
    "read_token",
    "revoke_key",
    "rotate_key",
    "seen",
]

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from belbaar.api.access.roles import read_rights
from belbaar.errors import InputError
from belbaar.law.words import FOREVER
from belbaar.ledger import Store
from belbaar.ledger.organisations import Organisation

_TOKEN = re.compile(r"bel_([0-9a-f]{1,32})_([A-Za-z0-9_-]{1,128})")
_COLUMNS = "id, organisation, role, label, digest, rights, callers, made_at, expires_at, revoked_at"


@dataclass(frozen=True, slots=True)
class AccessKey:
    """A key as it is kept.

    Args:
        id: its public part.
        organisation: whose it is, the store's integer.
        role: see ``belbaar.api.access.roles``.
        label: what people call it.
        digest: SHA-256 of the secret part.
        rights: what it may do.
        callers: ids of the callers it may speak for; empty: all of its organisation.
        made_at: when, UTC microseconds, as the two that follow.
        expires_at: from when on it is no good; FOREVER where it is not bound.
        revoked_at: since when it was taken back; FOREVER where it was not.
    """

    id: str
    organisation: int
    role: str
    label: str
    digest: bytes
    rights: frozenset[str]
    callers: frozenset[str]
    made_at: int
    expires_at: int
    revoked_at: int

    def good(self, now: int) -> bool:
        """Tell whether it may be used."""
        return now < self.expires_at and now < self.revoked_at


NOBODY = AccessKey("", 0, "", "", bytes(32), frozenset(), frozenset(), 0, 0, 0)
"""A key that nobody has: no secret has this digest, and it has expired."""


def read_token(token: str) -> tuple[str, str]:
    """Part a key into its id and its secret; two empty texts where it is none."""
    found = _TOKEN.fullmatch(token)
    return (found[1], found[2]) if found else ("", "")


def matches(key: AccessKey, secret: str) -> bool:
    """Tell whether a secret is the key's, in the same time whatever differs."""
    return hmac.compare_digest(_digest(secret), key.digest)


def make_key(
    store: Store,
    owner: Organisation,
    role: str,
    *,
    label: str,
    now: int,
    rights: Iterable[str] = (),
    callers: Iterable[str] = (),
    expires_at: int = FOREVER,
) -> str:
    """Make a key and give it; this is the only time it can be seen.

    Raises:
        InputError: for a role or rights that there are not, a caller that is not registered, an end in the past.
    """
    granted, spoken_for = read_rights(role, rights), sorted(set(callers))
    if expires_at <= now:
        raise InputError("the key would have expired already.", where="expires_at", todo="Give a later instant.")
    key_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    with store.writing() as connection:
        for caller in spoken_for:
            store.caller(caller)
        connection.execute(
            f"INSERT INTO access_key ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                key_id,
                owner.key,
                role,
                label,
                _digest(secret),
                " ".join(sorted(granted)),
                " ".join(spoken_for),
                now,
                expires_at,
                FOREVER,
            ),
        )
    return f"bel_{key_id}_{secret}"


def key_of(store: Store, key_id: str, owner: Organisation | None = None) -> AccessKey:
    """Give a key, of one organisation or of any.

    Raises:
        InputError: when there is none; one of another organisation is none.
    """
    found = all_keys(store).get(key_id)
    if found is None or (owner and found.organisation != owner.key):
        raise InputError("there is no such key.", where=key_id, todo="See: belbaar key list", code="not-found")
    return found


def revoke_key(store: Store, key_id: str, *, now: int, owner: Organisation | None = None) -> None:
    """Take a key back: the next request with it is refused, on every process; again changes nothing.

    Raises:
        InputError: when there is no such key.
    """
    with store.writing() as connection:
        key_of(store, key_id, owner)
        connection.execute(
            "UPDATE access_key SET revoked_at = ? WHERE id = ? AND revoked_at = ?", (now, key_id, FOREVER)
        )


def rotate_key(store: Store, key_id: str, *, now: int, grace: int, owner: Organisation) -> str:
    """Make a key in place of another, which expires after some microseconds of grace; give the new one.

    The new one may do the same, and lasts as long as the old one was to last.

    Raises:
        InputError: when there is no such key, or it is good no more.
    """
    with store.writing() as connection:
        old = key_of(store, key_id, owner)
        if not old.good(now):
            raise InputError("this key is good no more.", where=key_id, todo="Make a new one.", code="key-ended")
        lasts = FOREVER if old.expires_at == FOREVER else now + old.expires_at - old.made_at
        made = make_key(
            store,
            owner,
            old.role,
            label=old.label,
            now=now,
            rights=old.rights,
            callers=old.callers,
            expires_at=lasts,
        )
        ends = min(old.expires_at, max(now + grace, now))
        connection.execute("UPDATE access_key SET expires_at = ? WHERE id = ?", (ends, key_id))
    return made


def all_keys(store: Store) -> dict[str, AccessKey]:
    """Give all keys by id."""
    rows = store.connection.execute(f"SELECT {_COLUMNS} FROM access_key ORDER BY made_at, id").fetchall()
    return {row[0]: _key(*row) for row in rows}


def _key(
    key_id: str, owner: int, role: str, label: str, digest: bytes, rights: str, callers: str, *at: int
) -> AccessKey:
    return AccessKey(
        key_id, owner, role, label, bytes(digest), frozenset(rights.split()), frozenset(callers.split()), *at
    )


def last_used(store: Store) -> dict[str, int]:
    """Give when keys were last used, to about a minute."""
    return dict(store.connection.execute("SELECT id, last_used_at FROM access_key_use").fetchall())


def seen(store: Store, used: Mapping[str, int]) -> None:
    """Note when keys were last used."""
    with store.writing() as connection:
        for key_id, at in used.items():
            connection.execute(
                "INSERT INTO access_key_use (id, last_used_at) VALUES (?, ?) "
                "ON CONFLICT (id) DO UPDATE SET last_used_at = excluded.last_used_at "
                "WHERE excluded.last_used_at > access_key_use.last_used_at",  # another process may have seen it later
                (key_id, at),
            )


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
