"""The service: start it."""

__all__ = ["serve"]

import os
from typing import Annotated

import typer

from belbaar.cli.commands import Command
from belbaar.cli.options import Json
from belbaar.cli.output import print_json, show, table

_STORE = typer.Option(
    "--store", metavar="STORE", show_default="BELBAAR_STORE, or belbaar.db", help="The store to serve."
)


def _serve(
    *,
    host: Annotated[
        str | None, typer.Option(metavar="ADDRESS", show_default="127.0.0.1", help="The address to listen on.")
    ] = None,
    port: Annotated[int | None, typer.Option(metavar="N", show_default="8080", help="The port to listen on.")] = None,
    workers: Annotated[
        int | None, typer.Option(metavar="N", show_default="1", help="Processes that answer; more for PostgreSQL.")
    ] = None,
    organisation: Annotated[
        str, typer.Option(metavar="ID", help="The first organisation, where there is none.")
    ] = "house",
    print_config: Annotated[
        bool, typer.Option("--print-config", help="Show how the service would run, and stop.")
    ] = False,
    store: Annotated[str | None, _STORE] = None,
    json: Json = False,
) -> int:
    """Serve verdicts over HTTP. The first start makes an organisation and shows its administrator's key, once.

    Every setting can be given by the environment (BELBAAR_HOST, BELBAAR_WORKERS …) or by the file that BELBAAR_CONFIG
    names; what is said here goes first.
    """
    from belbaar.api.settings import effective, read_settings  # noqa: PLC0415  the service's libraries load slowly

    given = {"store": store, "host": host, "port": port, "workers": workers}
    settings = read_settings(os.environ, **given)
    if print_config:
        values = effective(os.environ, **given)
        rows = [(name, str(each["value"]), each["from"]) for name, each in values.items()]
        print_json(values) if json else show(table(rows))
        return 0
    from belbaar.api.starting import prepare  # noqa: PLC0415
    from belbaar.serving import address_of  # noqa: PLC0415
    from belbaar.serving import serve as run  # noqa: PLC0415

    address_of(settings)  # before a key is shown that is shown once
    new = prepare(settings.store, organisation=organisation, wall=settings.wall == "on")
    url = settings.listens
    if json:
        print_json({"url": url, **(new._asdict() if new else {"organisation": None, "key": None})})
    else:
        if new:
            typer.echo(f"The administrator of {new.organisation} has this key. It is shown once; keep it: {new.key}")
        typer.echo(f"belbaar answers at {url}. What it answers is described at {url}/v1/openapi.json")
    run(settings)
    return 0


serve = Command(
    _serve,
    ("belbaar serve", "belbaar serve --store postgresql://localhost/belbaar --workers 2 --port 8090"),
    "0 stopped when told to, 2 it cannot start",
)
