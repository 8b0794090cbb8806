"""Forms: what the law would refuse in a page that you have, and paper forms with their scans."""

__all__ = ["lint", "paper"]

import hashlib
import os
from pathlib import Path
from typing import Annotated, Literal

import typer

from belbaar.cli.commands import Command
from belbaar.cli.options import DEFAULT_STORE, Json, Lang, Store
from belbaar.cli.output import count, print_json, show, table
from belbaar.clock import now_us
from belbaar.errors import InputError
from belbaar.opening import keys_folder, opened


def _lint(
    page: Annotated[Path, typer.Argument(metavar="PAGE", help="An HTML file, or the part of it with the form.")],
    *,
    caller: Annotated[str, typer.Option(metavar="NAME", help="The name that must stand beside the box.")] = "",
    lang: Lang = "nl",
    json: Json = False,
) -> int:
    """Look what the law would refuse in a page that asks for consent: ticked boxes, partners without names, and so on.

    What this finds is wrong. What it does not find may be wrong still.
    """
    from belbaar.capture.lint import lint_page  # noqa: PLC0415

    try:
        html = page.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise InputError(f"it cannot be read: {error.strerror}.", where=str(page)) from error
    found = lint_page(html, caller)
    if json:
        fields = ("code", "nl", "en", "cite", "link", "where")
        print_json([{name: getattr(each, name) for name in fields} for each in found])
    elif found:
        show(table([each.where or "-", each.code, each.nl if lang == "nl" else each.en, each.cite] for each in found))
    else:
        typer.echo("Geen fout gevonden." if lang == "nl" else "No fault found.")
    return 1 if found else 0


def _paper(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="CSV, XLSX: columns number, date, scan, box-1 …, email.")
    ],
    *,
    form: Annotated[str, typer.Option(metavar="ID", help="The form that was printed.")],
    scans: Annotated[Path, typer.Option(metavar="FOLDER", help="Where the scans are that the column scan names.")],
    version: Annotated[
        int, typer.Option(metavar="N", show_default="the latest", help="The version that was printed.")
    ] = 0,
    language: Annotated[Literal["nl", "en"], typer.Option(help="The language in which it was printed.")] = "nl",
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Have a link sent to each, for a signature alone confirms no number.")
    ] = False,
    store: Store = DEFAULT_STORE,
    json: Json = False,
) -> int:
    """Record paper forms that were typed over, each with the hash of its scan; all of a file, or nothing."""
    from belbaar.api.service import sending_of  # noqa: PLC0415  the service's libraries load slowly
    from belbaar.api.settings import read_settings  # noqa: PLC0415
    from belbaar.capture import asking  # noqa: PLC0415
    from belbaar.capture.forms import published  # noqa: PLC0415
    from belbaar.capture.paper import events_of_paper, filled_of, read_paper  # noqa: PLC0415
    from belbaar.law import PACKS  # noqa: PLC0415
    from belbaar.ledger import Source, record  # noqa: PLC0415
    from belbaar.tables import open_table  # noqa: PLC0415

    now, sending = now_us(), sending_of(read_settings(os.environ, store=store), keys_folder(store))
    with opened(store) as ledger:
        of_form, of = published(ledger, form, version)
        if language not in of.shown:
            raise InputError("the form was not published in this language.", where="--language")
        papers = read_paper(open_table(file), scans, of)
        events = list(events_of_paper(of_form, of, papers, language, captured_by=sending.captured_by, now=now))
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        source = Source(file.name, digest, now, f"form:{form}", of_form.organisation)
        with ledger.writing():
            came = record(ledger, events, source, PACKS["NL"])
            if confirm and of.design.kind == "consent":
                for each in papers:
                    asking.ask(ledger, sending, filled_of(of_form, of, each, language), by_link=True, now=now)
    if json:
        print_json({"new": came.new, "known": came.known, "confirming": len(papers) if confirm else 0})
    else:
        typer.echo(f"{file}: {count(came.new)} new, {count(came.known)} known before.")
    return 0


lint = Command(
    _lint,
    ("belbaar form lint page.html", 'belbaar form lint page.html --caller "Voltix Energie B.V." --lang en'),
    "0 no fault found, 1 faults found, 2 it cannot be read",
)
paper = Command(
    _paper,
    ("belbaar form paper sheet.csv --form bcdfghjkmnpq --scans scans --confirm",),
    "0 recorded, 2 it cannot be: nothing was recorded then",
)
