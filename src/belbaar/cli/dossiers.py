"""Dossiers: what is handed to the regulator, to a judge, or to the person whose consent it is."""

__all__ = ["dossier", "proof"]

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from belbaar.cli.commands import Command
from belbaar.cli.options import DEFAULT_STORE, Json, Lang, Region, Store, read_number, spare_store
from belbaar.cli.output import print_json
from belbaar.clock import now_us
from belbaar.errors import InputError
from belbaar.files import write_whole
from belbaar.opening import lists_folder, opened
from belbaar.proof.dossier.dossiers import Asked, Dossier, of_number
from belbaar.proof.dossier.list_dossiers import ListAsked, of_screening
from belbaar.proof.dossier.readable import told
from belbaar.proof.log.keeping import Log, log_of

_OUTCOMES = {
    "en": {
        0: "Checked: all in it is proven.",
        1: "Checked: something in it does NOT hold. Look at READ-ME.html in it, and run: belbaar log check",
        3: "Checked: nothing is refuted, but not all is shown. READ-ME.html in it says what is missing.",
    },
    "nl": {
        0: "Gecontroleerd: alles erin is bewezen.",
        1: "Gecontroleerd: er klopt iets NIET. Kijk in LEES-MIJ.html erin, en draai: belbaar log check",
        3: "Gecontroleerd: niets is weerlegd, maar niet alles is getoond. LEES-MIJ.html erin zegt wat ontbreekt.",
    },
}
_Number = Annotated[str, typer.Argument(metavar="NUMBER", help="The number, as people write it.")]
_Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", show_default="by number and day", help="Where to.")]


def _dossier(
    number: Annotated[
        str, typer.Argument(metavar="NUMBER", help="The number; of a screened list, whose row is shown.")
    ] = "",
    *,
    caller: Annotated[
        list[str] | None,
        typer.Option("--caller", metavar="ID", help="Only what concerns this caller; may be repeated."),
    ] = None,
    call: Annotated[
        int | None, typer.Option(metavar="ENTRY", help="Only this call or verdict, by its entry in the log.")
    ] = None,
    screening: Annotated[
        int | None, typer.Option(metavar="ENTRY", help="A screened list, by its entry in the log.")
    ] = None,
    row: Annotated[
        list[int] | None, typer.Option(metavar="N", help="A row of that list, from 1; may be repeated.")
    ] = None,
    out: _Out = None,
    region: Region = "NL",
    lang: Lang = "en",
    store: Store = DEFAULT_STORE,
    json: Json = False,
) -> int:
    """Put all evidence on a number in one file that proves itself offline. Says what in it is proven and what is not.

    The file has pages to read, the law and the texts as they were, the proofs, and two programs that check it. Of a
    screened list it proves when, by which law and on what knowledge; and of the rows that are named, their verdicts.
    """
    read = read_number(number, "NUMBER", lang=lang, region=region) if number else 0
    if screening is not None:
        if caller or call is not None:
            raise InputError(
                "a screened list has one caller.", where="--screening", todo="Leave --caller and --call out."
            )
        wanted = ListAsked(screening, (read,) if read else (), tuple(row or ()))
        at = now_us()

        def make(log: Log) -> Dossier:
            return of_screening(log, wanted, lists_folder(store), at=at)

        return _made(make, store, out or Path(f"screening-{screening}.dossier.zip"), lang=lang, json=json)
    if not read or row:
        raise InputError(
            "it does not say of which number, or of which screened list.",
            where="NUMBER",
            todo="Name a number, or a list with --screening.",
        )
    return _of_number(Asked(read, tuple(caller or ()), call), store, out, lang=lang, json=json)


def _proof(
    number: _Number,
    *,
    caller: Annotated[str, typer.Option("--caller", metavar="ID", help="Whose proof of consent it is.")],
    to: Annotated[str, typer.Option("--to", metavar="PERSON", help="Who asked for it, by name.")],
    out: _Out = None,
    region: Region = "NL",
    lang: Lang = "nl",
    store: Store = DEFAULT_STORE,
    json: Json = False,
) -> int:
    """Show a person the proof of their consent. It is the part of the dossier that is theirs.

    A caller owes it within five working days (Code Telemarketing 2024). It has the consents, their texts and receipts,
    and nothing of other callers. That it was made, and for whom, is logged under the person's own key.
    """
    if not to.strip():
        raise InputError("it does not say for whom the proof is.", where="--to", todo="Give the person's name.")
    asked = Asked(read_number(number, "NUMBER", lang=lang, region=region), (caller,), consents_only=True, to=to.strip())
    return _of_number(asked, store, out, lang=lang, json=json)


def _of_number(asked: Asked, store: str, out: Path | None, *, lang: str, json: bool) -> int:
    at = now_us()

    def make(log: Log) -> Dossier:
        for caller in asked.callers:
            log.store.caller(caller)
        return of_number(log, asked, at=at)

    return _made(make, store, out or Path(f"{asked.number}.dossier.zip"), lang=lang, json=json)


def _made(make: Callable[[Log], Dossier], store: str, out: Path, *, lang: str, json: bool) -> int:
    spare_store(out, store)
    with opened(store) as ledger:
        found = make(log_of(ledger))
    write_whole(out, found.content, todo="Name another place with --out.")
    if json:
        print_json({"out": str(out), "sha256": found.sha256, "status": found.code, "entries": _entries(found)})
    else:
        for line in told(found.page, lang):
            typer.echo(line)
        typer.echo(f"{out}: {len(found.content):,} bytes, SHA-256 {found.sha256}".replace(",", " ", 1))
        typer.echo(_OUTCOMES[lang][found.code])
    return found.code


def _entries(found: Dossier) -> list[dict[str, Any]]:
    return [
        {"entry": entry.index, "kind": entry.kind, "at": entry.at, "caller": entry.caller}
        for entry in found.page.entries
    ]


dossier = Command(
    _dossier,
    (
        "belbaar dossier 020-1000001",
        "belbaar dossier 020-1000001 --caller voltix --out quarrel.zip --lang nl",
        "belbaar dossier --screening 7 --row 1 --row 3",
    ),
    "0 all in it is proven, 1 something is refuted, 2 it cannot be made, 3 something is not shown",
)
proof = Command(
    _proof,
    ('belbaar proof 020-1000001 --caller voltix --to "mevrouw De Vries"',),
    "0 all in it is proven, 1 something is refuted, 2 it cannot be made, 3 something is not shown",
)
