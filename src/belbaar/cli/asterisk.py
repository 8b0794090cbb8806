"""Asterisk: its dialplan asks over FastAGI."""

__all__ = ["agi"]

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from belbaar.cli.commands import Command
from belbaar.errors import InputError

_PAUSE, _LONGEST = 1.0, 30.0
"""Seconds between telling again what the service could not take."""


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
    untold: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where to keep what the service cannot take now, to tell it again."),
    ] = None,
) -> int:
    """Answer Asterisk's dialplan over FastAGI.

    May this call be made, and what became of it? It goes on until it is ended.
    With --untold nothing that is told is lost while the service is away: what became of calls, and objections.
    How the dialplan asks: docs/howto/other-dialers.md. Whoever reaches the port asks with this key, so keep it to Asterisk.
    """
    import asyncio  # noqa: PLC0415  an event loop loads slowly
    import signal  # noqa: PLC0415

    import httpx  # noqa: PLC0415  loads slowly

    from belbaar.sip.agi import Asking, answer  # noqa: PLC0415
    from belbaar.sip.telling import Service, tell_again  # noqa: PLC0415

    if not key:
        raise InputError(
            "Asterisk needs a key.", where="BELBAAR_KEY", todo="belbaar key create … --right ask --right permit"
        )

    async def run() -> None:
        ended = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, ended.set)
        async with httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {key}"}) as http:
            asking, pause = Asking(Service(http, untold), product, agent), _PAUSE
            async with await asyncio.start_server(lambda *pair: answer(asking, *pair), host, port):
                typer.echo(f"agi://{host}:{port}/gate")
                while not ended.is_set():
                    pause = _PAUSE if await tell_again(asking.service) else min(2 * pause, _LONGEST)
                    with suppress(TimeoutError):
                        await asyncio.wait_for(ended.wait(), pause)

    asyncio.run(run())
    return 0


agi = Command(
    _agi,
    ("belbaar sip agi --product energy --untold /var/spool/belbaar/untold.jsonl",),
    "0 it was ended, 2 a mistake, or the port is taken",
)
