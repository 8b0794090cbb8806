"""The first start: a store where there is none, an organisation, and an administrator whose key is shown once."""

__all__ = ["ADMINISTRATOR", "prepare"]

import secrets

from belbaar.api.access.keys import make_key
from belbaar.api.access.organisations import add_organisation, organisations
from belbaar.clock import now_us
from belbaar.ledger import create_store
from belbaar.ledger.opening import is_there
from belbaar.opening import keys_folder, with_log
from belbaar.proof.keys.keyring import make_keyring
from belbaar.proof.log.keeping import log_of

ADMINISTRATOR = "administrator"


def prepare(target: str, *, organisation: str = "house", name: str = "") -> str:
    """Bring a store up to date, and make what a service needs; give the administrator's key if it is new, else "".

    Args:
        target: the store.
        organisation: the id of the first organisation, where there is none.
        name: its name.

    Raises:
        StoreUnavailable: when the store cannot be made or brought up to date.
    """
    there = is_there(target)
    with create_store(target) as store:
        make_keyring(keys_folder(target), f"belbaar.local/{secrets.token_hex(4)}")
        if there:
            log_of(with_log(store, target)).catch_up()
        with store.writing():
            if organisations(store):
                return ""
            now = now_us()
            first = add_organisation(store, organisation, name=name or organisation, now=now)
            return make_key(store, first, ADMINISTRATOR, label="first administrator", now=now)
