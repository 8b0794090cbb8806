"""The demonstration of the gate and the trace desk, on one machine."""

__all__ = ["demo"]

import contextlib
import datetime as dt
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from belbaar.cli.commands import Command
from belbaar.cli.folders import folder_of
from belbaar.clock import now_us
from belbaar.errors import InputError
from belbaar.law import PACKS
from belbaar.law.calendar import moment_of
from belbaar.reading import ZONE, read_instant, written

_DAY = 86_400_000_000
_PACK = PACKS["NL"]
_MINUTES, _SATURDAY = 5, 5


def _demo(
    *,
    folder: Annotated[
        str, typer.Option(metavar="DIR", show_default="one that goes again", help="An empty folder to keep it in.")
    ] = "",
    at: Annotated[
        str,
        typer.Option(
            metavar="INSTANT",
            show_default="now, or the last hour of calling",
            help="The service's clock, local time; needs libfaketime.",
        ),
    ] = "",
) -> int:
    """Show the gate and the trace desk, with invented people.

    A dialer calls five of them, and one asks who called anonymously.
    Kamailio, SIPp and a service of its own run on loopback and are stopped again. At night and on Sundays the law allows
    no such call: then the service takes it to be the last working day at two, where libfaketime is here, and says so.
    """
    import httpx  # noqa: PLC0415  loads slowly

    from belbaar.sip.calling_demo import Gated, call_five_people, people  # noqa: PLC0415
    from belbaar.sip.tracing_demo import Called, find_anonymous_caller  # noqa: PLC0415

    if not at and (at := _hour_of_calling(now_us())):
        typer.echo(f"Nobody may be called for marketing at this hour: the service's clock is set to {at}.\n")
    with folder_of(folder) as place, _service(place, at) as gated:
        headers = {"Authorization": f"Bearer {gated[1]}"}
        with httpx.Client(base_url=gated[0], headers=headers, timeout=30) as client:
            client.post(
                "/v1/events", json=people(written((read_instant(at, "--at") if at else now_us()) - _DAY))
            ).raise_for_status()
            call_five_people(client, Gated(*gated), place, typer.echo)
            typer.echo("")
            called = Called("+31201000007", "+31301990077")
            letter = find_anonymous_caller(client, place / "spool", place, called, typer.echo)
            if not folder:
                kept = Path.cwd() / letter.name
                kept.write_bytes(letter.read_bytes())
                typer.echo(f"It is kept as {kept}")
    return 0


@contextlib.contextmanager
def _service(place: Path, at: str) -> Iterator[tuple[str, str]]:
    """Run a service with a caller that has shown to hold its number; give its address and its administrator's key."""
    import httpx  # noqa: PLC0415  as above

    from belbaar.api.starting import prepare  # noqa: PLC0415
    from belbaar.sip.calling_demo import OWN  # noqa: PLC0415
    from belbaar.sip.running import awaited, finished, free_port, running  # noqa: PLC0415

    store, port, spool = str(place / "belbaar.db"), free_port(), place / "spool"
    spool.mkdir(exist_ok=True)
    new = prepare(store)
    key = new.key if new else ""
    belbaar = [sys.executable, "-m", "belbaar.cli"]
    caller = ["--name", "Voltix Energie B.V.", "--sector", "commercial", "--number", OWN]
    finished([*belbaar, "caller", "add", "voltix", *caller, "--store", store], place)
    seen = ["--organisation", "house", "--document", "contract of the demonstration"]
    finished([*belbaar, "caller", "held", "voltix", OWN, *seen, "--store", store], place)
    url, environment = (
        f"http://127.0.0.1:{port}",
        {**os.environ, **(_clock(at) if at else {}), "BELBAAR_TRACE_SPOOL": str(spool), "BELBAAR_SECONDS": "15"},
    )
    serving = [*belbaar, "serve", "--store", store, "--port", str(port)]
    with running(serving, place, environment) as process:

        def ready() -> bool:
            with contextlib.suppress(httpx.TransportError):
                return httpx.get(f"{url}/readyz").is_success
            return False

        awaited(ready, process, place / "python3.log")
        yield url, key


def _hour_of_calling(now: int) -> str:
    """Give the last afternoon on which calls were allowed; "" where they are now, or the clock cannot be set."""
    local = moment_of(now, ZONE)
    hours = _PACK.opening(local.date())
    allowed = hours is not None and hours[0] <= local.hour * 60 + local.minute < hours[1] - _MINUTES
    if allowed or not _faketime():
        return ""
    day = local.date() - dt.timedelta(days=1)
    while _PACK.opening(day) is None or day.weekday() >= _SATURDAY:
        day -= dt.timedelta(days=1)
    return f"{day.isoformat()}T14:00"


def _faketime() -> list[Path]:
    return sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))


def _clock(at: str) -> dict[str, str]:
    """Give what sets the clock of a process."""
    found = _faketime()
    if not found:
        raise InputError("libfaketime is not on this machine.", where="--at", todo="apt-get install faketime")
    began = at.replace("T", " ")[:16]
    return {
        "LD_PRELOAD": str(found[0]),
        "FAKETIME": f"@{began}:00",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "TZ": "Europe/Amsterdam",
    }


demo = Command(
    _demo,
    ("belbaar sip demo", "belbaar sip demo --folder demo --at 2026-09-08T14:00"),
    "0 shown, 2 Kamailio or SIPp is not here",
)
