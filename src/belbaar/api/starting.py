"""The first start: a store and an organisation where there is none, and an administrator whose key is shown once."""

__all__ = ["ADMINISTRATOR", "Administrator", "prepare"]

import secrets
from typing import NamedTuple

from belbaar.api.access.audit import OPERATOR, Actor, note
from belbaar.api.access.keys import make_key, read_token
from belbaar.clock import now_us
from belbaar.ledger import create_store
from belbaar.ledger.opening import is_there
from belbaar.ledger.organisations import add_organisation, organisations
from belbaar.opening import keys_folder, with_log
from belbaar.proof.keys.keyring import make_keyring
from belbaar.proof.log.keeping import log_of

ADMINISTRATOR = "administrator"
_ANYBODY = "SELECT 1 FROM access_key UNION ALL SELECT 1 FROM account LIMIT 1"
"""Whoever could come in; in a store that was filled from an export there may be organisations and nobody of them."""


class Administrator(NamedTuple):
    """The first administrator: of which organisation, and the key that is shown once."""

    organisation: str
    key: str


def prepare(target: str, *, organisation: str = "house", name: str = "", wall: bool = True) -> Administrator | None:
    """Bring a store up to date, and make what a service needs; give the administrator where it is new.

    Args:
        target: the store.
        organisation: the id of the first organisation, where there is none.
        name: its name.
        wall: whether organisations are kept apart by the database too, where it can.

    Raises:
        StoreUnavailable: when the store cannot be made or brought up to date, or the wall not be made.
    """
    there = is_there(target)
    with create_store(target) as store:
        make_keyring(keys_folder(target), f"belbaar.local/{secrets.token_hex(4)}")
        with_log(store, target)
        if there:
            log_of(store).catch_up()
        if wall:
            store.make_wall()
        with store.writing():
            if store.connection.execute(_ANYBODY).fetchone():
                return None
            now, known = now_us(), organisations(store)
            first = next(iter(known.values()), None)
            if first is None:
                first = add_organisation(store, organisation, name=name or organisation, now=now)
            made = make_key(store, first, ADMINISTRATOR, label="first administrator", now=now)
            actor = Actor("cli:serve", first, OPERATOR)
            if not known:
                note(store, actor, "organisation.add", {"organisation": first.id})
            note(store, actor, "key.make", {"key": read_token(made)[0], "role": ADMINISTRATOR})
            return Administrator(first.id, made)
