"""The trace desk's own proxy: its configuration, and the folder between it and the service."""

__all__ = ["incoming"]

from pathlib import Path
from typing import Annotated

import typer

from belbaar.cli.commands import Command
from belbaar.cli.options import Json
from belbaar.cli.output import print_json
from belbaar.errors import InputError


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

    try:
        text = told.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            "it cannot be read.", where=str(told), todo="See: docs/howto/find-an-anonymous-caller.md"
        ) from error
    proxy = read_incoming(text, str(told))
    make_spool(Path(proxy.spool))
    write_gate(out, incoming_written(proxy))
    if check:
        check_written(out)
    if json:
        print_json({"written": str(out), "checked": check, "listen": proxy.listen, "spool": proxy.spool})
    else:
        typer.echo(f"{out}: listens on {', '.join(proxy.listen)}, writes to {proxy.spool}")
    return 0


incoming = Command(
    _incoming,
    ("belbaar sip incoming incoming.toml --out incoming.cfg",),
    "0 written, 2 a mistake in what it is told, or Kamailio does not take it",
)
