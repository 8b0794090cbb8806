"""Stores: make one, and fold its standing anew."""

__all__ = ["init", "rebuild"]

import secrets
from pathlib import Path
from typing import Annotated

import typer

from belbaar.cli.commands import Command
from belbaar.cli.options import DEFAULT_STORE, Json, Store
from belbaar.cli.output import count, print_json
from belbaar.errors import InputError, StoreUnavailable
from belbaar.law import PACKS
from belbaar.ledger import Store as OpenStore
from belbaar.ledger import create_store
from belbaar.ledger import rebuild as fold_anew
from belbaar.ledger.opening import is_there
from belbaar.ledger.schema import LATEST
from belbaar.ledger.standing import Row
from belbaar.opening import keys_folder, opened, with_log


def _init(
    *,
    origin: Annotated[
        str,
        typer.Option(
            metavar="NAME", show_default="made up", help="The log's name, for ever: a domain of yours and a word."
        ),
    ] = "",
    store: Store = DEFAULT_STORE,
    json: Json = False,
) -> int:
    """Make a store and its keys, or bring one up to date. What is in it stays."""
    from belbaar.proof.keys.keyring import make_keyring  # noqa: PLC0415  cryptography loads slowly
    from belbaar.proof.log.keeping import log_of  # noqa: PLC0415

    made = not is_there(store)
    with create_store(store) as ledger:
        keys = keys_folder(store)
        _refuse_foreign_keys(ledger, keys)
        ring = make_keyring(keys, origin or f"belbaar.local/{secrets.token_hex(4)}")
        if origin and ring.origin != origin:
            raise InputError(f"the log of this store is named {ring.origin}, for ever.", where="--origin")
        logged = log_of(with_log(ledger, store)).catch_up()
        told = {"store": ledger.target, "schema": LATEST, "made": made, "keys": str(keys), "origin": ring.origin}
    if json:
        print_json(told)
        return 0
    typer.echo(f"{told['store']} is {'made' if made else 'up to date'}.")
    typer.echo(f"Its keys are in {keys}: back them up apart from the store; without them nothing can be proven.")
    if logged:
        typer.echo(f"{count(logged)} entries logged that were not in the log yet.")
    return 0


def _refuse_foreign_keys(ledger: OpenStore, keys: Path) -> None:
    """Store and keys belong together: another log under this name would be a second history."""
    logged = ledger.connection.execute("SELECT 1 FROM leaf LIMIT 1").fetchone() is not None
    if not logged and (keys / "head.note").exists():
        raise InputError(
            "the keys here are those of another store.",
            where=str(keys),
            todo="Move the folder away if that store is gone for good, or name another in BELBAAR_KEYS.",
        )
    if logged and not keys.exists():
        raise StoreUnavailable(
            "the keys of this store are gone.",
            where=str(keys),
            todo="Put the folder back from its backup, or name it in BELBAAR_KEYS.",
            code="key-missing",
        )


def _rebuild(*, store: Store = DEFAULT_STORE, json: Json = False) -> int:
    """Fold the standing of every number anew from the events. Says whether anything differed."""
    columns = ", ".join(Row._fields)
    with opened(store) as ledger, ledger.writing() as connection:
        connection.execute("CREATE TEMP TABLE earlier AS SELECT * FROM standing")
        fold_anew(ledger, PACKS["NL"])
        (rows,) = connection.execute("SELECT count(*) FROM standing").fetchone()
        (differing,) = connection.execute(
            f"SELECT count(*) FROM (SELECT {columns} FROM "
            "(SELECT * FROM earlier UNION ALL SELECT * FROM standing) AS both_foldings "
            f"GROUP BY {columns} HAVING count(*) = 1) AS differing"
        ).fetchone()
        connection.execute("DROP TABLE earlier")
    if json:
        print_json({"rows": rows, "differing": differing})
    else:
        what = f"{differing} rows differed, and are mended" if differing else "nothing differed"
        typer.echo(f"{rows} rows of standing; {what}.")
    return 1 if differing else 0


init = Command(
    _init,
    ("belbaar init --origin voltix.example/log/2026", "belbaar init --store postgresql://localhost/belbaar"),
    "0 done, 2 it cannot be made",
)
rebuild = Command(
    _rebuild, ("belbaar rebuild",), "0 nothing differed, 1 something did and is mended, 2 no usable store"
)
