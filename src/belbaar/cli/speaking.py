"""The voice that answers who calls back, and who is announced something."""

__all__ = ["speak"]

import asyncio
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from belbaar.cli.commands import Command
from belbaar.cli.output import hint
from belbaar.cli.told import text_of

if TYPE_CHECKING:
    from belbaar.sip.voice import Voice


def _speak(
    told: Annotated[Path, typer.Argument(metavar="FILE", help="What the voice is told, in TOML.")],
) -> int:
    """Answer the telephone: who called, and "press 1: do not call me again"; and what else is announced.

    In Dutch, then in English, until it is ended. Calls come from the gate, or from the proxy of incoming calls. Texts are spoken by espeak-ng, where
    there is no recording of your own.
    """
    from belbaar.sip.voice import read_voice  # noqa: PLC0415

    asyncio.run(_until_ended(read_voice(text_of(told), str(told))))
    return 0


async def _until_ended(voice: "Voice") -> None:
    from belbaar.sip.speaking import speaking  # noqa: PLC0415  numpy loads slowly

    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    await speaking(voice, ended, hint)


speak = Command(
    _speak, ("belbaar sip speak voice.toml",), "0 ended, 2 a mistake in what it is told, or it cannot listen there"
)
