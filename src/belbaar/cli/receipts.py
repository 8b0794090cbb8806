"""Receipts: what a person gets of a consent, and whether one holds."""

__all__ = ["check_receipt", "receipt"]

from pathlib import Path
from typing import Annotated

import typer

from belbaar.cli.commands import Command
from belbaar.cli.options import DEFAULT_STORE, Json, Lang, Product, Region, Store, read_number, spare_store
from belbaar.cli.output import print_json
from belbaar.clock import now_us
from belbaar.errors import InputError
from belbaar.files import write_whole
from belbaar.law.products import check_product
from belbaar.opening import opened
from belbaar.proof.keys.trust import read_trust
from belbaar.proof.log.keeping import log_of
from belbaar.proof.log.note_keys import VerifierKey
from belbaar.proof.receipt.issuing import Wanted, receipt_of
from belbaar.proof.receipt.kantara import as_kantara
from belbaar.proof.receipt.signed import Receipt, as_json_ld, log_keys, read_receipt
from belbaar.proof.receipt.signed import check_receipt as checked
from belbaar.proof.receipt.words import as_page, as_text


def _receipt(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="The number, as people write it.")],
    *,
    caller: Annotated[str, typer.Option("--caller", metavar="ID", help="Whose consent it is.")],
    product: Product = "",
    about: Annotated[
        str, typer.Option(metavar="TEXT", help="The product in the person's words, such as energie.")
    ] = "",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to write the signed receipt, to send.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Where to write it as a page, with the receipt in it.")
    ] = None,
    kantara: Annotated[bool, typer.Option("--kantara", help="Answer with a Kantara Consent Receipt 1.1.")] = False,
    region: Region = "NL",
    lang: Lang = "nl",
    store: Store = DEFAULT_STORE,
    json: Json = False,
) -> int:
    """Make the receipt of a person's consent. It says what was agreed, on which words, how to stop and to complain.

    Send it over the channel of the consent within a day, and record that: receipt.delivered. With --json it is JSON-LD.
    That it was made is logged.
    """
    if json and kantara:
        raise InputError("a receipt is told in one form at a time.", where="--kantara", todo="Leave out --json.")
    for path in filter(None, (out, html)):
        spare_store(path, store)
    wanted = Wanted(
        read_number(number, "NUMBER", lang=lang, region=region),
        caller,
        check_product(product, all_allowed=False) if product else "",
        about.strip(),
        lang,
    )
    with opened(store) as ledger:
        log = log_of(ledger)
        made = receipt_of(log, wanted, at=now_us())
        key = log.keyring.receipt_key().verifier()
    if out:
        write_whole(out, made.text.encode(), todo="Name another place with --out.")
    if html:
        write_whole(html, as_page(made.receipt).encode(), todo="Name another place with --html.")
    if json:
        print_json(as_json_ld(made.receipt))
    elif kantara:
        print_json(as_kantara(made.receipt, key))
    else:
        typer.echo(as_text(made.receipt), nl=False)
    for path in filter(None, (out, html)):
        typer.echo(f"{path}: SHA-256 of the receipt {made.sha256}", err=True)
    return 0


def _check_receipt(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The signed receipt.")],
    *,
    number: Annotated[str, typer.Option(metavar="NUMBER", show_default="anybody's", help="Of whom it must be.")] = "",
    key: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY", show_default="this store's", help="A key that may sign receipts; name+id+base64."),
    ] = None,
    trust: Annotated[
        Path | None,
        typer.Option(metavar="FILE", show_default="this store's", help="A trust.json with the keys of the log."),
    ] = None,
    region: Region = "NL",
    lang: Lang = "nl",
    store: Store = DEFAULT_STORE,
    json: Json = False,
) -> int:
    """Does a receipt hold? Who signed it, whether the log has it, whether it says what was logged, and of whom it is.

    Needs no store when --key and --trust are given.
    """
    receipt = _read(file)
    origin = str(receipt.data.get("log", {}).get("origin", "")) if isinstance(receipt.data.get("log"), dict) else ""
    if key and trust:
        receipt_keys, logs = [VerifierKey.parse(text) for text in key], log_keys(read_trust(trust.read_bytes()), origin)
    else:
        with opened(store) as ledger:
            ring = log_of(ledger).keyring
            receipt_keys = [VerifierKey.parse(text) for text in key or ()] or [ring.receipt_key().verifier()]
            logs = log_keys(read_trust(trust.read_bytes()) if trust else ring.trust(), origin)
    wanted = read_number(number, "--number", lang=lang, region=region) if number else None
    checked(receipt, receipt_keys=receipt_keys, log_keys=logs, number=wanted)
    if json:
        print_json(as_json_ld(receipt))
    else:
        typer.echo(as_text(receipt))
        typer.echo(_HOLDS[lang].format(origin=origin))
    return 0


_HOLDS = {
    "nl": "Dit bewijs klopt: getekend, en zo vastgelegd in het logboek {origin}.",
    "en": "This receipt holds: signed, and so recorded in the log {origin}.",
}


def _read(file: Path) -> Receipt:
    try:
        return read_receipt(file.read_bytes())
    except InputError as error:
        todo = error.todo or "Name the signed receipt, as it came: not a page or a copy of its text."
        raise InputError(error.what, where=str(file), todo=todo, code="no-receipt") from error


receipt = Command(
    _receipt,
    (
        "belbaar receipt 020-1000001 --caller voltix --about energie",
        "belbaar receipt 020-1000001 --caller voltix --product energy --lang en --html receipt.html --out voltix.receipt",
        "belbaar receipt 020-1000001 --caller voltix --kantara",
    ),
    "0 made, 1 something does not hold, 2 it cannot be made",
)
check_receipt = Command(
    _check_receipt,
    ("belbaar check-receipt consent.receipt", "belbaar check-receipt consent.receipt --number 020-1000001 --lang en"),
    "0 it holds, 1 it does not, 2 no receipt",
)
