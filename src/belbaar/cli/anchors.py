"""Others who sign along: asking witnesses and a timestamp authority, and being a witness for others."""

__all__ = ["anchor", "witness"]

import secrets
import signal
import threading
from collections import defaultdict
from pathlib import Path
from typing import Annotated, Any

import typer

from belbaar.cli.commands import Command
from belbaar.cli.errors import as_mapping, told
from belbaar.cli.options import DEFAULT_STORE, ZONE, Json, Store
from belbaar.cli.output import count, hint, print_json, print_json_line
from belbaar.clock import now_us
from belbaar.errors import InputError, ProofError
from belbaar.law.calendar import iso
from belbaar.opening import opened
from belbaar.proof.keys.keyring import Keyring
from belbaar.proof.keys.trust import new_key, read_key
from belbaar.proof.log.keeping import log_of
from belbaar.proof.log.note_keys import COSIGNER, LOG, VerifierKey
from belbaar.proof.outsiders import anchoring
from belbaar.proof.outsiders.anchoring import Anchored
from belbaar.proof.outsiders.witness_http import serve_witness

_REFUSED, _SILENT = 1, 2
_MICROSECONDS = 1_000_000
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def _anchor(
    *,
    witness: Annotated[
        list[str] | None,
        typer.Option(metavar="URL=KEY", help="Ask this witness from now on: its address, its public key."),
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Ask the witness of this name no longer.")
    ] = None,
    tsa: Annotated[str, typer.Option(metavar="URL", help="Ask this timestamp authority (RFC 3161) from now on.")] = "",
    tsa_root: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The authority's root certificate, PEM.")
    ] = None,
    every: Annotated[
        float, typer.Option(metavar="SECONDS", show_default="once", help="Ask again and again, until it is ended.")
    ] = 0,
    store: Store = DEFAULT_STORE,
    json: Json = False,
) -> int:
    """Have others sign along: show the latest head to witnesses, and have it stamped.

    Who is named is remembered, and stands in trust.json. Only what others remember keeps whoever has the log's key
    from writing another history; so let somebody else run the witness.
    """
    if every < 0:
        raise InputError("that is no time to wait.", where="--every", todo="Give seconds, such as 10.")
    with opened(store) as ledger:
        log = log_of(ledger)
        _remember(log.keyring, witness or (), without or (), tsa, tsa_root)
        if not log.keyring.anchors().witnesses and not log.keyring.anchors().tsa:
            raise InputError(
                "nobody is asked to sign along yet.",
                todo="Name a witness or an authority: --witness URL=KEY, or --tsa URL --tsa-root FILE.",
            )
        if not every:
            done = anchoring.anchor(log)
            _tell(done, json=json)
            return _status(done)
        ended = _until_ended()
        while True:
            _tell(anchoring.anchor(log), json=json, quiet=True)
            if ended.wait(every):
                return 0


def _remember(ring: Keyring, named: Any, without: Any, tsa: str, tsa_root: Path | None) -> None:  # noqa: ANN401
    for text in named:
        url, separator, vkey = text.partition("=")
        if not separator:
            raise InputError(
                "a witness is named by its address and its key.",
                where="--witness",
                todo="Write them as belbaar witness prints them: http://host:port=name+id+key",
            )
        anchoring.remember_witness(ring, url, vkey)
    for name in without:
        anchoring.forget_witness(ring, name)
    if tsa_root and not tsa:
        raise InputError("a root belongs to an authority.", where="--tsa-root", todo="Name it with --tsa URL.")
    if tsa:
        anchoring.remember_tsa(ring, tsa, tsa_root.read_text(encoding="utf-8", errors="replace") if tsa_root else "")


def _status(done: Anchored) -> int:
    if any(isinstance(error, ProofError) for error in done.failures.values()):
        return _REFUSED
    return _SILENT if done.failures else 0


def _tell(done: Anchored, *, json: bool, quiet: bool = False) -> None:
    news = done.cosigned or done.stamped_at or done.failures
    if quiet and not news:
        return
    if json:
        (print_json_line if quiet else print_json)(
            {
                "entries": done.size,
                "cosigned": list(done.cosigned),
                "stamped_at": iso(done.stamped_at, ZONE) if done.stamped_at else None,
                "current": list(done.current),
                "failures": {name: as_mapping(error) for name, error in done.failures.items()},
            }
        )
        return
    if not done.size:
        typer.echo("Nothing is in the log yet.")
    for name in done.cosigned:
        typer.echo(f"{name} signed the head of {count(done.size)} entries.")
    if done.stamped_at:
        typer.echo(f"The head of {count(done.size)} entries was stamped at {iso(done.stamped_at, ZONE)}.")
    for name in done.current:
        typer.echo(f"{name} has seen all there is already.")
    for name, error in done.failures.items():
        typer.echo(f"{name} did not sign.")
        typer.echo(told(error), err=True)


def _until_ended() -> threading.Event:
    """Give what is set when the process is told to end."""
    ended = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: ended.set())
    return ended


def _witness(
    *,
    log: Annotated[list[str], typer.Option(metavar="KEY", help="The public key of a log to watch; may be repeated.")],
    file: Annotated[
        Path, typer.Option("--store", metavar="FILE", help="What it remembers; made when it is not there.")
    ] = Path("witness.db"),
    key: Annotated[Path, typer.Option(metavar="FILE", help="Its own key; made when it is not there.")] = Path(
        "witness.key"
    ),
    name: Annotated[
        str, typer.Option(metavar="NAME", show_default="made up", help="Its name, when its key is made.")
    ] = "",
    listen: Annotated[str, typer.Option(metavar="HOST:PORT", help="Where it answers; 0 takes a free port.")] = (
        "127.0.0.1:7380"
    ),
    json: Json = False,
) -> int:
    """Be a witness of somebody's log. It remembers each head it is shown, and signs only what continues it.

    For an auditor, a trade body or a consumer organisation, on a machine that the log's owner cannot touch. It speaks
    C2SP tlog-witness over HTTP; put it behind a proxy that speaks TLS. What it remembers must never be put back from a
    copy: a witness that forgot is no witness. It ends when it is told to (SIGTERM, Ctrl-C).
    """
    host, _, port = listen.rpartition(":")
    if not host or not port.isascii() or not port.isdigit():
        raise InputError("that is no address.", where="--listen", todo="Write it as host:port, such as 127.0.0.1:7380.")
    watched: dict[str, list[VerifierKey]] = defaultdict(list)
    for text in log:
        parsed = VerifierKey.parse(text)
        if parsed.kind != LOG:
            raise InputError("this is no key of a log.", where="--log", todo="Take a key of its trust.json.")
        watched[parsed.name].append(parsed)
    signer = read_key(key) if key.exists() else new_key(key, name or _made_up(), COSIGNER)
    if host not in _LOOPBACK:
        hint("it answers whoever can reach it; put it behind a proxy that speaks TLS.")

    def ready(url: str) -> None:
        if json:
            print_json_line({"url": url, "key": str(signer.verifier())})
            return
        typer.echo(f"Its public key: {signer.verifier()}")
        typer.echo(f"Tell the log's owner: belbaar log anchor --witness '{url}={signer.verifier()}'")

    serve_witness(
        host.strip("[]"), int(port), file, signer, watched, clock=lambda: now_us() // _MICROSECONDS, ready=ready
    )
    return 0


def _made_up() -> str:
    return f"witness.local/{secrets.token_hex(4)}"


anchor = Command(
    _anchor,
    (
        "belbaar log anchor --witness 'https://witness.example=witness.example/w1+7bd8…'",
        "belbaar log anchor --tsa https://tsa.example/tsr --tsa-root tsa-root.pem",
        "belbaar log anchor --every 10",
    ),
    "0 all signed, 1 a witness or the authority refuses, 2 one does not answer or a mistake in what was asked",
)
witness = Command(
    _witness,
    ("belbaar witness --log 'voltix.example/log/2026+5c9ef7…' --name witness.example/w1 --listen 127.0.0.1:7380",),
    "0 it ended as told, 2 it cannot begin",
)
