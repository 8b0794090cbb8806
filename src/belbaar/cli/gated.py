"""Calls that passed a gate: the record of them sent to the service, and what is missing."""

__all__ = ["break_glass", "calls", "missing"]

import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from belbaar.cli.commands import Command
from belbaar.cli.options import DEFAULT_STORE, Json, Store, whoever
from belbaar.cli.output import hint, print_json, print_json_line, show, table
from belbaar.cli.told import text_of
from belbaar.clock import now_us
from belbaar.errors import InputError, StoreUnavailable
from belbaar.ledger import organisations
from belbaar.opening import opened

if TYPE_CHECKING:
    from belbaar.sip import Gate
    from belbaar.sip.following import Sender, Sent

_PAUSE, _LONGEST = 0.2, 30.0
OrganisationId = Annotated[str, typer.Option("--organisation", metavar="ID", help="Whose calls.")]


def _calls(
    told: Annotated[Path, typer.Argument(metavar="FILE", help="What the gate is told, in TOML.")],
    *,
    once: Annotated[bool, typer.Option(help="Send what is there, and stop.")] = False,
    json: Json = False,
) -> int:
    """Send a gate's record of calls to the service, as it grows.

    It goes on until it is ended. Kamailio appends each call to a file; what the service has answered for is passed over, all else is sent again. So
    call.made is recorded whatever is stopped and started in between. What the service refuses is put in refused.jsonl.
    With [media], rtpengine tells it which keys were pressed; while it does not run the gate lets no call begin.
    """
    import httpx  # noqa: PLC0415  loads slowly

    from belbaar.sip import read_gate  # noqa: PLC0415
    from belbaar.sip.following import send_new  # noqa: PLC0415
    from belbaar.sip.hearing import hearing  # noqa: PLC0415
    from belbaar.sip.sending import sender  # noqa: PLC0415

    gate = read_gate(text_of(told), str(told))
    folder = Path(gate.calls)
    if not folder.is_dir():
        raise InputError("this folder is not there.", where=gate.calls, todo="Make it, for Kamailio's user to write.")
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with httpx.Client() as http:
        send = sender(gate, http)
        if once:
            return _tell(send_new(folder, send), json=json)
        with hearing(gate, folder) as still_heard:
            _follow(gate, folder, send, ended, still_heard, json=json)
    return 0


def _follow(
    gate: "Gate", folder: Path, send: "Sender", ended: threading.Event, still_heard: Callable[[], None], *, json: bool
) -> None:
    """Send what was appended, again and again, until it is ended."""
    from belbaar.sip.following import send_new, tidy  # noqa: PLC0415

    pause = _PAUSE
    while not ended.wait(pause):
        still_heard()
        try:
            sent = send_new(folder, send)
            tidy(folder, gate.run, now_us())
            pause = _PAUSE
        except StoreUnavailable as error:
            hint(f"{error.what} {error.where}")
            pause = min(pause * 2, _LONGEST)
        else:
            if sent.lines:
                _tell(sent, json=json)


def _tell(sent: "Sent", *, json: bool) -> int:
    print_json_line(sent._asdict()) if json else typer.echo(f"{sent.lines} lines, {sent.refused} refused")
    return 1 if sent.refused else 0


def _missing(*, organisation: OrganisationId, store: Store = DEFAULT_STORE, json: Json = False) -> int:
    """List what does not fit together in calls and permits.

    Permits without a call, calls without a permit, and who never offers the objection.
    The law wants the right to object offered in every call. A caller for whom it is recorded in none is listed.
    """
    import msgspec  # noqa: PLC0415

    from belbaar.api.access.principal import load  # noqa: PLC0415
    from belbaar.api.gate import missing as looking  # noqa: PLC0415

    with opened(store) as ledger:
        owner = organisations.organisation(ledger, organisation).key
        callers = load(ledger).callers.get(owner, {})
        found = looking.missing(ledger, owner, now_us())
        offers = looking.offers_by_caller(ledger, owner, callers)
    if json:
        print_json({**msgspec.to_builtins(found), "callers": msgspec.to_builtins(offers)})
    else:
        rows = [
            ["permit without a call", each.permit, each.verdict, each.used_at] for each in found.permits_without_call
        ]
        rows += [[each.cause, each.call_id, each.verdict, each.answered_at] for each in found.calls_without_permit]
        rows += [
            ["never offers the objection", each.caller, f"{each.answered} calls", ""] for each in offers if each.never
        ]
        show(table(rows)) if rows else typer.echo("Nothing is missing.")
    return 0 if not (found.permits_without_call or found.calls_without_permit or any(o.never for o in offers)) else 1


def _break_glass(
    told: Annotated[Path, typer.Argument(metavar="FILE", help="What the gate is told, in TOML.")],
    *,
    minutes: Annotated[int, typer.Option(metavar="N", min=0, max=240, help="For how long; 0 mends it.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why: no name and no number, for it stays.")],
    json: Json = False,
) -> int:
    """Let calls pass for some minutes while nobody can be asked.

    The service is down, and people must be called.
    It is Kamailio on this machine that is told, and it forgets it when it is started anew. Who hides, or shows no number,
    is refused as always; while the service answers, its word counts. That it was broken, by whom and why is sent to the
    log by: belbaar sip calls; and so is each call, with both numbers, to be judged afterwards.
    """
    from belbaar.proof.erasure.erasing import check_said  # noqa: PLC0415
    from belbaar.sip import read_gate  # noqa: PLC0415
    from belbaar.sip.glass import break_at  # noqa: PLC0415

    gate = read_gate(text_of(told), str(told))
    check_said(reason, "--reason")
    until = break_at(gate, minutes=minutes, reason=reason, by=whoever(""), now=now_us())
    if json:
        print_json({"until": until, "reason": reason})
    else:
        typer.echo(f"Calls that nobody can be asked about pass until {until}." if minutes else "The glass is mended.")
    return 0


calls = Command(
    _calls,
    ("belbaar sip calls gate.toml", "belbaar sip calls gate.toml --once --json"),
    "0 sent, or ended, 1 some were refused (with --once), 2 a mistake in what it is told, or nobody answers (with --once)",
)
break_glass = Command(
    _break_glass,
    ('belbaar sip break-glass gate.toml --minutes 30 --reason "Gas leak in the north, case 2026-014."',),
    "0 done, 2 a mistake, or Kamailio does not run here",
)
missing = Command(
    _missing, ("belbaar sip missing --organisation house",), "0 nothing is missing, 1 something is, 2 no usable store"
)
