"""A dossier, checked: what is refuted first, then what is not shown, then what is proven. Needs no store."""

__all__ = ["verify"]

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from belbaar.cli.commands import Command
from belbaar.cli.options import Json, Lang
from belbaar.cli.output import print_json, show, table
from belbaar.errors import InputError
from belbaar.proof import Findings, findings

_LARGEST, _LARGEST_TRUST = 2**32 - 1, 2**24
_NO_DOSSIER = 2
_MARKS = {
    "proven": ("bewezen", "proven", "green"),
    "refuted": ("WEERLEGD", "REFUTED", "bold red"),
    "incomplete": ("niet getoond", "not shown", "yellow"),
    "unreadable": ("", "", ""),
}
_MEANS = {
    "nl": "Een bewijs laat zien dat en wanneer iets is vastgelegd, niet dat het waar is.",
    "en": "A proof shows that something was recorded, and when; not that it is true.",
}


def _verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The dossier, a zip.")],
    *,
    trust: Annotated[
        Path | None,
        typer.Option(metavar="FILE", show_default="the file's own", help="A trust.json that you got elsewhere."),
    ] = None,
    lang: Lang = "en",
    json: Json = False,
) -> int:
    """Does a dossier hold? A line for each thing checked, first what is refuted.

    Whoever made the file chose the keys in it: only with --trust, a list that the log, its witness or an authority
    published, does the answer say anything about the maker. Timestamps are checked by openssl.
    """
    known = _read(trust, _LARGEST_TRUST, "a list of trusted keys has at most 16 MB.") if trust else None
    data = _read(file, _LARGEST, "a dossier has at most 4 GB.")
    try:
        found = findings(data, known, lang=lang)
    except InputError as error:
        raise InputError(error.what, where=str(trust), todo=error.todo, code=error.code) from error
    if found.code == _NO_DOSSIER:
        todo = "Name the zip that belbaar made, as it came: not unpacked, not packed anew."
        raise InputError("this is no dossier.", where=str(file), todo=todo, code="no-dossier")
    if json:
        print_json(_mapping(found, own=trust is None))
    else:
        _show(found, lang)
    return found.code


def _read(path: Path, largest: int, too_large: str) -> bytes:
    if path.exists() and not path.is_dir() and not path.is_file():
        raise InputError("this is no file but a device or pipe.", where=str(path), todo="Name a file.")
    if path.is_file() and path.stat().st_size > largest:
        raise InputError(too_large, where=str(path), todo="Name another file.")
    return path.read_bytes()


def _show(found: Findings, lang: str) -> None:
    place = 0 if lang == "nl" else 1
    marks = {outcome: Text(mark[place], mark[2]) for outcome, mark in _MARKS.items()}
    lines = table([marks[item.outcome], f"{item.about}: {item.says}"] for item in found.found)
    show(Text(found.says, _MARKS[found.outcome][2]), *map(Text, found.notes), "", lines, "", Text(_MEANS[lang]))


def _mapping(found: Findings, *, own: bool) -> dict[str, Any]:
    checked = [{"outcome": item.outcome, "about": item.about, "says": item.says} for item in found.found]
    trust = "the file's own" if own else "given"
    return {
        "outcome": found.outcome,
        "says": found.says,
        "trust": trust,
        "notes": list(found.notes),
        "checked": checked,
    }


verify = Command(
    _verify,
    (
        "belbaar verify 2026-014.dossier.zip --trust trust.json",
        "belbaar verify 2026-014.dossier.zip --lang nl",
        "belbaar verify 2026-014.dossier.zip --json",
    ),
    "0 all is proven, 1 something is refuted, 2 not a readable dossier, 3 not all is shown",
)
