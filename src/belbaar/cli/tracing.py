"""The trace desk: its proxy's configuration, the folder between that and the service, and what is due when."""

__all__ = ["cases", "incoming"]

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from belbaar.cli.commands import Command
from belbaar.cli.options import DEFAULT_STORE, Json, Store
from belbaar.cli.output import print_json, show, table
from belbaar.cli.told import text_of
from belbaar.ledger import organisations
from belbaar.opening import keys_folder, opened

OrganisationId = Annotated[str, typer.Option("--organisation", metavar="ID", help="Whose cases.")]


def _incoming(
    told: Annotated[Path, typer.Argument(metavar="FILE", help="What the proxy is told, in TOML.")],
    *,
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to write the configuration.")] = Path("incoming.cfg"),
    check: Annotated[bool, typer.Option(help="Have Kamailio look at what was written.")] = True,
    json: Json = False,
) -> int:
    """Write the configuration of the proxy for incoming calls, for Kamailio, and make the folder where it writes them down.

    It is explained in the file itself. Start it with: kamailio -f incoming.cfg -DD -E, and the service with
    BELBAAR_TRACE_SPOOL naming the folder.
    """
    from belbaar.sip import check_written, write_gate  # noqa: PLC0415
    from belbaar.sip.incoming import incoming_written, read_incoming  # noqa: PLC0415
    from belbaar.trace.spool import make_spool  # noqa: PLC0415

    proxy = read_incoming(text_of(told, "docs/howto/find-an-anonymous-caller.md"), str(told))
    make_spool(Path(proxy.spool))
    write_gate(out, incoming_written(proxy))
    if check:
        check_written(out)
    if json:
        print_json({"written": str(out), "checked": check, "listen": proxy.listen, "spool": proxy.spool})
    else:
        typer.echo(f"{out}: listens on {', '.join(proxy.listen)}, writes to {proxy.spool}")
    return 0


def _cases(*, organisation: OrganisationId, store: Store = DEFAULT_STORE, json: Json = False) -> int:
    """List the cases of the trace desk that are due: state, and by which day the next step is.

    Neither the number called nor who called is in it.
    """
    from belbaar.trace import Reader  # noqa: PLC0415
    from belbaar.trace import cases as cases_of  # noqa: PLC0415
    from belbaar.trace.hand import trace_key  # noqa: PLC0415

    with opened(store) as ledger, ledger.reading():
        reader = Reader(organisations.organisation(ledger, organisation).key, trace_key(keys_folder(store)))
        found = sorted((each for each in cases_of(ledger, reader) if each.due), key=lambda each: each.due)
    days = [dt.date.fromordinal(each.due).isoformat() for each in found]
    if json:
        told = zip(found, days, strict=True)
        print_json([{"case": each.id, "state": each.state, "due": day, "calls": len(each.calls)} for each, day in told])
    else:
        rows = zip(days, found, strict=True)
        show(table([day, each.id, each.state, f"{len(each.calls)} calls"] for day, each in rows))
    return 0


cases = Command(_cases, ("belbaar trace list --organisation house",), "0 listed, 2 no usable store")
incoming = Command(
    _incoming,
    ("belbaar sip incoming incoming.toml --out incoming.cfg",),
    "0 written, 2 a mistake in what it is told, or Kamailio does not take it",
)
