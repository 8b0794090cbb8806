"""Open a store together with its proof: the log is kept under the keys in the folder beside it."""

__all__ = ["jobs_folder", "keys_folder", "lists_folder", "opened", "with_log"]

import os
from pathlib import Path

from belbaar.clock import now_us
from belbaar.ledger import Store, open_store
from belbaar.ledger.opening import local_path
from belbaar.ledger.store import Keeper


def opened(text: str, *, patience: float = 0) -> Store:
    """Open the store that was named, its proof kept under the keys beside it; ``patience`` as for ``open_store``."""
    return with_log(open_store(text, patience=patience), text)


def with_log(store: Store, text: str) -> Store:
    """Have a store's log kept, under the keys in its folder."""

    def keeper() -> Keeper:
        from belbaar.proof.keys.keyring import Keyring  # noqa: PLC0415  cryptography loads slowly
        from belbaar.proof.log.keeping import Log  # noqa: PLC0415

        return Log(store, Keyring(keys_folder(text)), now_us)

    return store.kept_by(keeper)


def keys_folder(text: str) -> Path:
    """Tell where the keys of a store are: in BELBAAR_KEYS, or beside it; those of a database in this folder."""
    named = os.environ.get("BELBAAR_KEYS")
    path = local_path(text)
    return Path(named) if named else Path(f"{path}.keys") if path else Path("belbaar.keys")


def lists_folder(text: str) -> Path:
    """Tell where the rows of screened lists are kept: beside the keys."""
    keys = keys_folder(text)
    return keys.with_name(f"{keys.name.removesuffix('.keys')}.lists")


def jobs_folder(text: str) -> Path:
    """Tell where the files of lists are kept that were uploaded to the service: each in a folder of its own."""
    return lists_folder(text) / "jobs"
