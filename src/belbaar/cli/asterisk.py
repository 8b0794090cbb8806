"""Asterisk: its dialplan asks over FastAGI."""

__all__ = ["agi"]

from typing import Annotated

import typer

from belbaar.cli.commands import Command
from belbaar.errors import InputError


def _agi(
    *,
    url: Annotated[
        str, typer.Option(envvar="BELBAAR_URL", metavar="URL", help="Where the service is.")
    ] = "http://127.0.0.1:8080",
    key: Annotated[
        str, typer.Option(envvar="BELBAAR_KEY", metavar="KEY", show_default="none", help="A key of the organisation.")
    ] = "",
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="The address to listen on; Asterisk's only.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="N", help="The port to listen on.")] = 4573,
    product: Annotated[
        str, typer.Option(metavar="PATH", help="What calls are about, where nothing else says it.")
    ] = "",
    agent: Annotated[str, typer.Option(metavar="ID", help="The agent that dials.")] = "",
) -> int:
    """Answer Asterisk's dialplan over FastAGI.

    May this call be made, and what became of it? It goes on until it is ended.
    How the dialplan asks: docs/howto/other-dialers.md. Whoever reaches the port asks with this key, so keep it to Asterisk.
    """
    import asyncio  # noqa: PLC0415  an event loop loads slowly
    import signal  # noqa: PLC0415

    import httpx  # noqa: PLC0415  loads slowly

    from belbaar.sip.agi import Asking, answer  # noqa: PLC0415

    if not key:
        raise InputError(
            "Asterisk needs a key.", where="BELBAAR_KEY", todo="belbaar key create … --right ask --right permit"
        )

    async def run() -> None:
        ended = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, ended.set)
        async with httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {key}"}) as http:
            asking = Asking(http, product, agent)
            async with await asyncio.start_server(lambda *pair: answer(asking, *pair), host, port):
                typer.echo(f"agi://{host}:{port}/gate")
                await ended.wait()

    asyncio.run(run())
    return 0


agi = Command(_agi, ("belbaar sip agi --product energy",), "0 it was ended, 2 a mistake, or the port is taken")
