"""The demonstration: an invented organisation, served on this machine, to look at."""

__all__ = ["demo"]

import json as to_json
import threading
import time
import urllib.request
import webbrowser
from typing import Annotated

import typer

from belbaar.cli.commands import Command
from belbaar.cli.folders import folder_of
from belbaar.cli.options import Lang
from belbaar.clock import now_us

_WAIT_SECONDS = 60


def _demo(
    *,
    port: Annotated[int, typer.Option(metavar="N", help="The port to listen on.")] = 8080,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the pages in a browser.")] = True,
    folder: Annotated[
        str, typer.Option(metavar="DIR", show_default="one that goes again", help="An empty folder to keep it in.")
    ] = "",
    lang: Lang = "en",
) -> int:
    """Look around: an invented organisation, served on this machine.

    Its store is full of invented people; a tour leads through the pages. Nobody on another machine can come in.
    """
    from belbaar.api.settings import read_settings  # noqa: PLC0415  the service's libraries load slowly
    from belbaar.api.starting import prepare  # noqa: PLC0415
    from belbaar.demo import call_anonymously, fill, messages  # noqa: PLC0415
    from belbaar.serving import address_of, serve  # noqa: PLC0415

    address_of(read_settings({}, port=port))  # before thousands of events are recorded
    with folder_of(folder) as place, messages(place / "messages.jsonl") as gateway:
        store = str(place / "belbaar.db")
        settings = read_settings(
            {}, store=store, port=port, log="none", demo=str(place / "messages.jsonl"), sms_url=gateway,
            sms_headers="Content-Type: application/json", trace_spool=str(place / "spool"),
        )  # fmt: skip
        prepare(store, organisation="demo", name="Zonnig Energie B.V.")
        count = fill(store, now_us())
        call_anonymously(place / "spool", now_us())
        url = f"http://127.0.0.1:{port}/{lang}/demo"
        typer.echo(f"{count} invented events are recorded. Look at {url}; stop with Ctrl-C.")
        if browser:
            threading.Thread(target=_open, args=(url,), daemon=True).start()
        serve(settings)
    return 0


def _open(url: str) -> None:
    """Open the page as soon as it answers."""
    end = time.monotonic() + _WAIT_SECONDS
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url.rsplit("/", 2)[0] + "/readyz", timeout=2) as answer:  # noqa: S310  our own
                if to_json.load(answer):
                    webbrowser.open(url)
                    return
        except OSError:
            threading.Event().wait(0.2)


demo = Command(
    _demo,
    ("belbaar demo", "belbaar demo --port 8090 --no-browser --lang nl"),
    "0 stopped when told to, 2 it cannot start",
)
