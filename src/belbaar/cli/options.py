"""Options that several commands share, and how what people type becomes what the rooms ask for."""

__all__ = [
    "DEFAULT_STORE",
    "ZONE",
    "At",
    "By",
    "CallerId",
    "Channel",
    "Delimiter",
    "Encoding",
    "Evidence",
    "Json",
    "Kind",
    "Lang",
    "Law",
    "Presents",
    "Product",
    "Purpose",
    "Region",
    "Sheet",
    "Store",
    "read_instant",
    "read_number",
    "read_presents",
    "same_time_on",
    "spare_store",
    "switched_off",
    "whoever",
]

import getpass
from pathlib import Path
from typing import Annotated, Literal

import typer

from belbaar import reading
from belbaar.errors import InputError
from belbaar.law.calendar import at_same_time
from belbaar.ledger.opening import local_path
from belbaar.numbers import masked
from belbaar.opening import opened
from belbaar.reading import ZONE
from belbaar.tables.values import is_day

Store = Annotated[
    str,
    typer.Option(
        "--store", envvar="BELBAAR_STORE", metavar="STORE", help="The store: a file, or postgresql://host/name."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON, for programs.")]
Lang = Annotated[
    Literal["nl", "en"], typer.Option("--lang", envvar="BELBAAR_LANG", help="The language of the sentences.")
]
CallerId = Annotated[str, typer.Option("--caller", metavar="ID", help="On whose behalf the call is made.")]
Product = Annotated[
    str, typer.Option("--product", metavar="PATH", help="What the call is about, such as energy.electricity.")
]
At = Annotated[
    str,
    typer.Option(
        "--at",
        metavar="INSTANT",
        show_default="now",
        help="When; such as 2026-09-08T14:00, local time, or with offset.",
    ),
]
Channel = Annotated[str, typer.Option("--channel", metavar="WORD", help="How: voice, robocall or sms.")]
Kind = Annotated[str, typer.Option("--kind", metavar="WORD", help="What: marketing, service or research.")]
Purpose = Annotated[
    str,
    typer.Option(
        "--purpose",
        metavar="WORD",
        show_default="by the caller's sector",
        help="What for: commercial, ideal or charitable.",
    ),
]
Presents = Annotated[
    str,
    typer.Option(
        "--presents",
        metavar="NUMBER",
        show_default="the caller's first number",
        help="The number the call shows, or anonymous.",
    ),
]
Law = Annotated[str, typer.Option("--law", metavar="NAME", help="Announced law to judge by: a preview, not the law.")]
Evidence = Annotated[
    int,
    typer.Option(
        "--evidence",
        metavar="LEVEL",
        show_default="what the caller demands",
        help="The least evidence that a consent must have, 0 to 4.",
    ),
]
Delimiter = Annotated[
    str, typer.Option("--delimiter", metavar="CHAR", show_default="found out", help="What parts two fields; or tab.")
]
Encoding = Annotated[
    str, typer.Option("--encoding", metavar="NAME", show_default="found out", help="Of the text, such as cp1252.")
]
Sheet = Annotated[str, typer.Option("--sheet", metavar="NAME", show_default="the first", help="Which Excel sheet.")]
Region = Annotated[str, typer.Option("--region", metavar="CC", help="The country of numbers without a country code.")]
By = Annotated[str, typer.Option("--by", metavar="WHO", show_default="your login name", help="Who does this.")]

DEFAULT_STORE = "belbaar.db"


def spare_store(out: Path, store: str) -> None:
    """See to it that what is written does not go over the store."""
    path = local_path(store)
    if path and out.exists() and path.exists() and out.samefile(path):
        raise InputError("the output would overwrite the store.", where=str(out), todo="Name another file with --out.")


def switched_off(store: str) -> frozenset[str]:
    """Name the rules that a store has switched off; the default store need not be there."""
    path = local_path(store)
    if path and store == DEFAULT_STORE and not path.exists():
        return frozenset()
    with opened(store) as ledger:
        return ledger.known().switched_off


def read_instant(text: str, option: str, *, default: int) -> int:
    """Read an instant (UTC microseconds): local to the Netherlands unless it has an offset; nothing is the default."""
    return reading.read_instant(text, option) if text.strip() else default


def same_time_on(text: str, option: str, at: int) -> int:
    """Read another instant; of a day without a time, the time of day of ``at``: hours then play no part."""
    other = read_instant(text, option, default=at)
    return at_same_time(other, at, ZONE) if is_day(text) else other


def read_number(text: str, where: str, *, lang: str = "en", region: str = "NL") -> int:
    """Read a telephone number as people write it.

    Raises:
        InputError: it cannot be used; with the refusal's code, reason and remedy.
    """
    return reading.read_number(text, f"{where} {masked(text)}", region=region, lang=lang)


def read_presents(text: str, *, lang: str = "en") -> int | str | None:
    """Read the number a call shows: a number, ``anonymous``, or nothing, for the caller's first."""
    return reading.read_presents(text, f"--presents {masked(text)}", lang=lang)


def whoever(by: str) -> str:
    """Name who does this: as said, or the login name."""
    try:
        return by or getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
