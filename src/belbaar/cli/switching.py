"""Switching rules of the supervisor and the code: written in the ledger, and told with every verdict."""

__all__ = ["switch"]

from typing import Annotated, Literal

import typer

from belbaar.cli.commands import Command
from belbaar.cli.options import DEFAULT_STORE, By, Json, Store, whoever
from belbaar.cli.output import print_json
from belbaar.clock import now_us
from belbaar.ledger import switches
from belbaar.opening import opened


def _switch(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="The rule, such as nl.hours.")],
    to: Annotated[Literal["off", "on"], typer.Argument(metavar="off|on", help="Off, or on again.")],
    *,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; it is kept in the ledger.")],
    by: By = "",
    store: Store = DEFAULT_STORE,
    json: Json = False,
) -> int:
    """Switch a rule of the supervisor or the code off or on. Statute and decree cannot be switched."""
    off = to == "off"
    with opened(store) as ledger:
        switches.switch(ledger, rule, off=off, reason=reason, at=now_us(), by=whoever(by))
        left = sorted(ledger.known().switched_off)
    if json:
        print_json({"rule": rule, "off": off, "reason": reason, "switched_off": left})
    else:
        typer.echo(f"{rule} is {to}. Switched off now: {', '.join(left) or 'nothing'}.")
    return 0


switch = Command(
    _switch,
    (
        'belbaar law switch nl.hours off --reason "Not a member of the code."',
        'belbaar law switch nl.hours on --reason "Member since today."',
    ),
    "0 done, 2 no such rule, or it is statute",
)
