"""Texts that people are shown: logged before they are used."""

__all__ = ["add_text", "list_texts"]

import sys
from pathlib import Path
from typing import Annotated

import typer

from belbaar.cli.commands import Command
from belbaar.cli.options import DEFAULT_STORE, Json, Store
from belbaar.cli.output import print_json, show, table
from belbaar.errors import InputError
from belbaar.ledger.wordings import check_text, own_numbers
from belbaar.opening import opened
from belbaar.proof.entries.bodies import text_hash
from belbaar.proof.log.keeping import log_of

_STDIN = "-"
_LONGEST = 100_000
_SHOWN = 60


def _add_text(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The text, UTF-8; - reads standard input.")],
    *,
    language: Annotated[str, typer.Option(metavar="TAG", help="Its language, such as nl.")] = "nl",
    text_version: Annotated[str, typer.Option(metavar="NAME", help="What you call this version of it.")] = "",
    store: Store = DEFAULT_STORE,
    json: Json = False,
) -> int:
    """Log the text of a consent, before it is shown to anybody. Blanks at its beginning and end are left out.

    A consent that was given to it then stands after it in the log, so that nobody can say it was written later. A text
    that is there already stays at its place.
    """
    where = "standard input" if file == _STDIN else file
    text = _text(file, where)
    said = {"language": language, "version": text_version}
    with opened(store) as ledger:
        check_text(text, own_numbers(ledger.callers().values()), where)
        entry = log_of(ledger).keep_text(text, **{name: word for name, word in said.items() if word})
    if json:
        print_json({"entry": entry, "sha256": text_hash(text)})
    else:
        typer.echo(f"Entry {entry} of the log: text {text_hash(text)}")
    return 0


def _list_texts(*, store: Store = DEFAULT_STORE, json: Json = False) -> int:
    """List the texts that are in the log. In its order: what came first was there first."""
    with opened(store) as ledger:
        query = "SELECT ix, sha256, content FROM logged_text WHERE kind = 'text' ORDER BY ix"
        found = ledger.connection.execute(query).fetchall()
    if json:
        print_json([{"entry": ix, "sha256": digest, "text": text} for ix, digest, text in found])
    elif found:
        rows = ([str(ix), digest[:12], _short(text)] for ix, digest, text in found)
        show(table(rows, header=("entry", "sha256", "text"), right=(0,)))
    else:
        typer.echo("No text is in the log yet. Add one with: belbaar text add FILE")
    return 0


def _text(file: str, where: str) -> str:
    raw = sys.stdin.buffer.read() if file == _STDIN else Path(file).read_bytes()
    try:
        text = raw.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise InputError("this is no text in UTF-8.", where=where, todo="Save it as UTF-8.") from error
    if not text or len(text) > _LONGEST or "\0" in text:
        raise InputError(f"a text has between 1 and {_LONGEST:,} characters.", where=where, todo="Name another file.")
    return text


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


add_text = Command(
    _add_text,
    ("belbaar text add toestemming.txt", "belbaar text add toestemming.txt --language nl --text-version 2026-2"),
    "0 it is in the log, 2 it cannot be",
)
list_texts = Command(_list_texts, ("belbaar text list",), "0 done, 2 no usable store")
