"""Numbers that callers have shown to hold: only these may be shown by calls that pass the gate."""

__all__ = ["code", "held"]

from typing import Annotated

import typer

from belbaar.cli.commands import Command
from belbaar.cli.options import DEFAULT_STORE, Json, Store, read_number, whoever
from belbaar.cli.output import print_json
from belbaar.clock import now_us
from belbaar.ledger import organisations
from belbaar.numbers import e164
from belbaar.opening import opened

Caller = Annotated[str, typer.Argument(metavar="ID", help="The caller.")]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="A number that it registered.")]


def _code(caller: Caller, number: Number, *, store: Store = DEFAULT_STORE, json: Json = False) -> int:
    """Make a code to be called or texted to a number of a caller.

    It is good for half an hour. Send it to that number, by whatever means you have, and to nobody else. Who holds the number gives it back over HTTP:
    POST /v1/numbers/held. From then on calls that pass the gate may show it.
    """
    from belbaar.api.gate.held import begin  # noqa: PLC0415  the service's libraries load slowly

    read = read_number(number, "NUMBER")
    with opened(store) as ledger, ledger.writing():
        made = begin(ledger, ledger.caller(caller), read, now=now_us())
    if json:
        print_json({"caller": caller, "number": e164(read), "code": made})
    else:
        typer.echo(f"Send {made} to {e164(read)}, by call or text; it is good for half an hour.")
    return 0


def _held(
    caller: Caller,
    number: Number,
    *,
    organisation: Annotated[str, typer.Option("--organisation", metavar="ID", help="Whose caller it is.")],
    document: Annotated[str, typer.Option(metavar="TEXT", help="What you have seen, such as a contract's id.")],
    store: Store = DEFAULT_STORE,
    json: Json = False,
) -> int:
    """Note the document by which a number is a caller's. You have seen it; that is an entry of the log."""
    from belbaar.api.access import audit  # noqa: PLC0415  the service's libraries load slowly
    from belbaar.api.gate.held import note_document  # noqa: PLC0415

    read = read_number(number, "NUMBER")
    with opened(store) as ledger, ledger.writing():
        actor = audit.Actor.operator(organisations.organisation(ledger, organisation), whoever(""))
        note_document(ledger, actor, ledger.caller(caller), read, document, now=now_us())
    if json:
        print_json({"caller": caller, "number": e164(read), "how": "document"})
    else:
        typer.echo(f"{e164(read)} is held by {caller}: {document}")
    return 0


code = Command(_code, ("belbaar caller code voltix +31201990001",), "0 made, 2 the caller did not register that number")
held = Command(
    _held,
    ('belbaar caller held voltix +31201990001 --organisation house --document "contract 2026-014 of the operator"',),
    "0 noted, 2 it cannot be",
)
