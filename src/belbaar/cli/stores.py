"""Stores: make one, and fold its standing anew."""

__all__ = ["init", "rebuild"]

import typer

from belbaar.cli.commands import Command
from belbaar.cli.options import DEFAULT_STORE, Json, Store, opened
from belbaar.cli.output import print_json
from belbaar.law import PACKS
from belbaar.ledger import create_store
from belbaar.ledger import rebuild as fold_anew
from belbaar.ledger.opening import local_path
from belbaar.ledger.schema import LATEST
from belbaar.ledger.standing import Row


def _init(*, store: Store = DEFAULT_STORE, json: Json = False) -> int:
    """Make a store, or bring one up to date. What is in it stays."""
    path = local_path(store)
    made = path is not None and not path.exists()
    with create_store(store) as ledger:
        told = {"store": ledger.target, "schema": LATEST, "made": made}
    if json:
        print_json(told)
    else:
        typer.echo(f"{told['store']} is {'made' if made else 'up to date'}.")
    return 0


def _rebuild(*, store: Store = DEFAULT_STORE, json: Json = False) -> int:
    """Fold the standing of every number anew from the events. Says whether anything differed."""
    columns = ", ".join(Row._fields)
    with opened(store) as ledger, ledger.writing() as connection:
        connection.execute("CREATE TEMP TABLE earlier AS SELECT * FROM standing")
        fold_anew(ledger, PACKS["NL"])
        (rows,) = connection.execute("SELECT count(*) FROM standing").fetchone()
        (differing,) = connection.execute(
            f"SELECT count(*) FROM (SELECT {columns} FROM (SELECT * FROM earlier UNION ALL SELECT * FROM standing) "
            f"GROUP BY {columns} HAVING count(*) = 1)"
        ).fetchone()
        connection.execute("DROP TABLE earlier")
    if json:
        print_json({"rows": rows, "differing": differing})
    else:
        what = f"{differing} rows differed, and are mended" if differing else "nothing differed"
        typer.echo(f"{rows} rows of standing; {what}.")
    return 1 if differing else 0


init = Command(_init, ("belbaar init", "belbaar init --store sqlite:///belbaar.db"), "0 done, 2 it cannot be made")
rebuild = Command(
    _rebuild, ("belbaar rebuild",), "0 nothing differed, 1 something did and is mended, 2 no usable store"
)
