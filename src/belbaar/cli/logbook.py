"""The log: is it sound, what is in it of a number, whom to trust, and copies of it for others."""

__all__ = ["check", "entries", "export", "trust"]

from pathlib import Path
from typing import Annotated, Any

import typer

from belbaar.cli.commands import Command
from belbaar.cli.errors import as_mapping, told
from belbaar.cli.options import DEFAULT_STORE, ZONE, Json, Region, Store, read_number, spare_store
from belbaar.cli.output import count, hint, print_json, show, table
from belbaar.errors import BelbaarError, InputError, ProofError
from belbaar.law.calendar import iso
from belbaar.opening import opened
from belbaar.proof.entries.opened import entries_of
from belbaar.proof.keys.trust import write_trust
from belbaar.proof.log.keeping import log_of
from belbaar.proof.log.soundness import Soundness, soundness
from belbaar.proof.log.tile_files import export as write_files
from belbaar.proof.outsiders.anchoring import ask_witnesses

_UNSOUND, _UNKNOWN = 1, 2


def _check(
    *,
    witness: Annotated[bool, typer.Option("--witness", help="Ask the witnesses too what they remember.")] = False,
    store: Store = DEFAULT_STORE,
    json: Json = False,
) -> int:
    """Is the log sound? Everything is computed anew: entries, tree, signed heads, and each event beside its entry.

    Whoever has the log's key can still have signed another history; only a witness, run by somebody else, tells that.
    """
    with opened(store) as ledger:
        log = log_of(ledger)
        found = soundness(log)
        answers = dict(ask_witnesses(log)) if witness else {}
    refused = {name: error for name, error in answers.items() if isinstance(error, ProofError)}
    silent = {name: error for name, error in answers.items() if error and name not in refused}
    if json:
        print_json(_mapping(found, answers))
    else:
        _show(found, answers, asked=witness)
    return _UNSOUND if found.faults or refused else _UNKNOWN if silent else 0


def _mapping(found: Soundness, answers: dict[str, BelbaarError | None]) -> dict[str, Any]:
    return {
        "sound": not found.faults,
        "entries": found.size,
        "opened": found.opened,
        "clear": found.clear,
        "erased": found.erased,
        "events": found.events,
        "faults": [fault._asdict() for fault in found.faults],
        "more_faults": found.more,
        "witnesses": {name: "agrees" if error is None else as_mapping(error) for name, error in answers.items()},
    }


def _show(found: Soundness, answers: dict[str, BelbaarError | None], *, asked: bool) -> None:
    parts = f"{count(found.opened)} opened, {count(found.clear)} in clear, {count(found.erased)} without content"
    typer.echo(f"{count(found.size)} entries: {parts}; {count(found.events)} events.")
    faults = len(found.faults) + found.more
    if faults:
        typer.echo(f"The log is NOT sound: {count(faults)} {'fault' if faults == 1 else 'faults'}.")
    else:
        typer.echo("The log is sound: every event is what its entry says, and its keys have signed all of it.")
    for fault in found.faults:
        typer.echo(f"  {fault.about}: {fault.says}")
    if found.more:
        typer.echo(f"  … and {count(found.more)} more.")
    for remedy in dict.fromkeys(fault.todo for fault in found.faults if fault.todo):
        typer.echo(f"  {remedy}")
    for name, error in answers.items():
        typer.echo(f"{name}: the witness {'agrees.' if error is None else 'does NOT agree, or does not answer.'}")
        if error:
            typer.echo(told(error), err=True)
    if asked and not answers:
        hint("no witness is asked yet; name one with: belbaar log anchor --witness URL=KEY")


def _export(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to; what is there of it is completed.")],
    *,
    entries: Annotated[bool, typer.Option("--entries", help="The entries too, for auditors.")] = False,
    store: Store = DEFAULT_STORE,
    json: Json = False,
) -> int:
    """Write the log as static files that anybody may fetch. There is nothing in them but hashes and signatures.

    With --entries also what the hashes are of: commitments that say nothing without their keys, and texts in clear.
    """
    with opened(store) as ledger:
        log = log_of(ledger)
        row = ledger.connection.execute("SELECT size, note FROM head ORDER BY size DESC LIMIT 1").fetchone()
        if row is None:
            raise InputError("nothing is in the log yet.", where=ledger.target, todo="Record something first.")
        size, note = row
        written = write_files(log.connection, folder, size, note, entries=entries)
    if json:
        print_json({"folder": str(folder), "entries": size, "files": written})
    else:
        typer.echo(f"{folder}: {count(size)} entries, {count(written)} files written.")
    return 0


def _entries(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="The number, as people write it.")],
    *,
    caller: Annotated[
        list[str] | None, typer.Option("--caller", metavar="ID", help="Only what concerns this one; may be repeated.")
    ] = None,
    region: Region = "NL",
    store: Store = DEFAULT_STORE,
    json: Json = False,
) -> int:
    """List the entries of a number. Their places, what they are, and when that was.

    A place names a call or a verdict elsewhere: belbaar dossier NUMBER --call ENTRY.
    """
    wanted = read_number(number, "NUMBER", region=region)
    with opened(store) as ledger:
        for name in caller or ():
            ledger.caller(name)
        found = entries_of(log_of(ledger), wanted, caller or ())
    listed = [
        {"entry": entry.index, "kind": entry.kind, "at": iso(entry.at, ZONE), "caller": entry.caller} for entry in found
    ]
    if json:
        print_json(listed)
    elif listed:
        rows = ([str(item[name]) for name in ("entry", "at", "kind", "caller")] for item in listed)
        show(table(rows, header=("entry", "at", "kind", "caller"), right=(0,)))
    else:
        typer.echo("The log says nothing of this number.")
    return 0 if listed else 1


def _trust(
    *,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", show_default="standard output", help="Where to.")
    ] = None,
    store: Store = DEFAULT_STORE,
    json: Json = False,
) -> int:
    """Tell whom to trust, to be published. The log's public keys, its witnesses, the roots of its timestamp authority.

    Publish it where you cannot take it back, such as your site and the witness's: dossiers are held against it.
    """
    with opened(store) as ledger:
        content = write_trust(log_of(ledger).keyring.trust()) + b"\n"
    if out:
        spare_store(out, store)
        out.write_bytes(content)
        if json:
            print_json({"out": str(out)})
        else:
            typer.echo(f"{out}: publish it.")
    else:
        typer.echo(content.decode(), nl=False)
    return 0


check = Command(
    _check,
    ("belbaar log check", "belbaar log check --witness --json"),
    "0 sound, 1 not sound or a witness disagrees, 2 it cannot be checked or a witness does not answer",
)
export = Command(
    _export, ("belbaar log export public/log", "belbaar log export audit --entries"), "0 done, 2 it cannot be written"
)
entries = Command(
    _entries,
    ("belbaar log entries +31201000007 --caller voltix",),
    "0 there are some, 1 there are none, 2 a mistake in what was asked",
)
trust = Command(_trust, ("belbaar log trust --out trust.json", "belbaar log trust"), "0 done, 2 there are no keys")
