"""The keys of the log, and changing them."""

__all__ = ["rotate"]

from typing import Annotated, Literal

import typer

from belbaar.cli.commands import Command
from belbaar.cli.options import DEFAULT_STORE, ZONE, Json, Store
from belbaar.cli.output import count, print_json
from belbaar.law.calendar import iso
from belbaar.opening import opened
from belbaar.proof.keys.keyring import BOTH_SIGN
from belbaar.proof.keys.rotating import rotate_kek, rotate_log_key, rotate_suppression_key
from belbaar.proof.log.keeping import Log, log_of


def _rotate(
    which: Annotated[
        Literal["log", "kek", "suppression"],
        typer.Argument(
            metavar="[log|kek|suppression]",
            help="The log's key, the one that wraps the keys of persons, or the one that finds erased persons' objections.",
        ),
    ] = "log",
    *,
    store: Store = DEFAULT_STORE,
    json: Json = False,
) -> int:
    """Change a key. What was interrupted is finished by doing it again.

    The log's new key is handed over in an entry that old and new sign; both sign for 90 days more. Publish trust.json
    again, and give a witness the new key before the old one's time is over.
    """
    with opened(store) as ledger:
        told = _change(log_of(ledger), which)
    if json:
        print_json(told)
    elif which == "log":
        typer.echo(f"The log's key is now {told['key']}, by entry {told['entry']}.")
        typer.echo(f"The one before stays in {told['former']}, and signs too until {told['both_until']}.")
        typer.echo("Publish whom to trust again: belbaar log trust")
    elif which == "suppression":
        typer.echo(
            f"A new key is over the {count(int(told['tags']))} tags. Keep those before it: they are used beneath."
        )
    else:
        typer.echo(f"{count(int(told['keys']))} keys are wrapped anew. Start programs that use the store again.")
    return 0


def _change(log: Log, which: str) -> dict[str, str | int]:
    if which == "kek":
        return {"keys": rotate_kek(log.keyring)}
    if which == "suppression":
        return {"tags": rotate_suppression_key(log)}
    done = rotate_log_key(log)
    until = iso(done.since + BOTH_SIGN, ZONE)
    return {"key": str(done.key), "entry": done.entry, "former": str(done.former), "both_until": until}


rotate = Command(
    _rotate,
    ("belbaar log keys rotate", "belbaar log keys rotate kek", "belbaar log keys rotate suppression"),
    "0 done, 2 it cannot be done; do it again when the reason is gone",
)
