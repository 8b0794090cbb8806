"""For AI agents: tools of the Model Context Protocol."""

__all__ = ["mcp"]

from typing import Annotated

import typer

from belbaar.cli.commands import Command
from belbaar.cli.options import Json
from belbaar.errors import InputError

_SECONDS = 15.0
"""An agent that talks has more patience than a dialer."""


def _mcp(
    *,
    url: Annotated[
        str, typer.Option(envvar="BELBAAR_URL", metavar="URL", help="Where the service is.")
    ] = "http://127.0.0.1:8080",
    key: Annotated[
        str, typer.Option(envvar="BELBAAR_KEY", metavar="KEY", show_default="none", help="A key of the organisation.")
    ] = "",
    json: Json = False,  # noqa: ARG001  all that it says is JSON
) -> int:
    """Give an AI agent the service's questions as tools, on standard input and output. The same keys and refusals hold."""
    import asyncio  # noqa: PLC0415  an event loop loads slowly

    from belbaar.client import AsyncClient  # noqa: PLC0415
    from belbaar.mcp import server  # noqa: PLC0415

    if not key:
        raise InputError(
            "an agent needs a key.", where="BELBAAR_KEY", todo="Make one: belbaar key create … --role integrator"
        )

    async def run() -> None:
        async with AsyncClient(url, key, seconds=_SECONDS) as client:
            await server(client).run_stdio_async()

    asyncio.run(run())
    return 0


mcp = Command(
    _mcp,
    ("belbaar mcp --url http://127.0.0.1:8080",),
    "0 the agent hung up, 2 it cannot start",
)
