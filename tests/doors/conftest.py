"""A folder with the files of an officer, a store in it, and `belbaar` to run there."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from belbaar.cli.app import app

Belbaar = Callable[..., Result]

DOSSIERS = Path(__file__).parents[1] / "proof" / "assets"
TUESDAY = "2026-09-08T14:00"
CONSENTED, OBJECTED, CUSTOMER, UNKNOWN = "+31201000001", "+31201000002", "+31201000003", "+31201000004"
OPT_INS = f"""\
Telefoon;Datum;Tekst;Geverifieerd;Bron
020-1000001;1-9-2026 10:00;Ja, Voltix mag mij bellen over energie.;sms;beurs
0031 20 1000005;1-9-2026;;nee;papier
{OBJECTED};1-6-2026;Ja, Voltix mag mij bellen over energie.;sms;beurs
"""
DESCRIBED = (
    "--kvk", "12345678", "--address", "Plein 1, 1012 AB Amsterdam", "--email", "privacy@voltix.example",
    "--privacy-url", "https://voltix.example/privacy", "--withdraw-url", "https://voltix.example/stop", "--stored-in", "NL",
)  # fmt: skip
"""What a receipt needs to know of a caller."""
CASE = """\
format: belbaar-cases/1
law: nl
callers: {voltix: {sector: commercial, numbers: ["+31201990001"]}}
cases:
  - id: nothing-known
    says: Nobody is called of whom nothing is known.
    number: "+31201000001"
    history: []
    call: {caller: voltix, at: "2026-09-08T14:00:00+02:00", product: energy}
    expect: {allowed: false, ground: null}
"""
CUSTOMER_EVENT = {
    "event": "relation.started",
    "at": "2025-03-10T10:00:00+01:00",
    "number": CUSTOMER,
    "caller": "voltix",
    "kind": "purchase",
    "product": "energy",
    "opt_out_offered": True,
}


@pytest.fixture
def belbaar(monkeypatch: pytest.MonkeyPatch) -> Belbaar:
    """Run a command; nothing may ever come out that looks like a traceback."""
    for name in ("BELBAAR_STORE", "BELBAAR_LANG", "BELBAAR_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    runner = CliRunner()

    def run(*words: str, stdin: str | bytes | None = None, **env: str) -> Result:
        result = runner.invoke(app, list(words), input=stdin, env=env, prog_name="belbaar")
        assert "Traceback" not in result.output
        assert "\x1b[" not in result.output
        return result

    return run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder: files as they are sent, no store yet."""
    monkeypatch.chdir(tmp_path)
    files = {
        "opt-ins.csv": OPT_INS,
        "toestemming.txt": "Ja, Voltix mag mij bellen over energie.\n",
        "verzet.txt": f"{OBJECTED}\n",
        "klanten.jsonl": json.dumps(CUSTOMER_EVENT) + "\n",
        "leads.csv": f"Naam;Telefoon\nAn;020-1000001\nBo;{OBJECTED}\nCé;onbekend\nDé;+493023125485\n",
        "page.html": "<form><input type=tel><label><input type=checkbox checked> Bel mij over gas</label></form>\n",
        "nl.yaml": CASE,
        "cases/nl.yaml": CASE,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "2026-014.dossier.zip").write_bytes((DOSSIERS / "good.zip").read_bytes())
    (tmp_path / "consent.receipt").write_bytes((DOSSIERS / "receipts" / "good.receipt").read_bytes())
    (tmp_path / "trust.json").write_bytes((DOSSIERS / "trust.json").read_bytes())
    _workbook(tmp_path / "leads.xlsx", ("Naam", "Telefoon"), ("An", "020-1000001"))
    _workbook(
        tmp_path / "gifts.xlsx",
        ("Mobiel", "Sinds", "Soort", "Product"),
        ("+3197010000001", "2026-05-04", "gift", "gifts"),
    )
    return tmp_path


@pytest.fixture
def store(belbaar: Belbaar, folder: Path) -> Path:
    """A store that knows callers and no events yet."""
    assert belbaar("init").exit_code == 0
    for caller in (
        ("voltix", "Voltix Energie B.V.", "commercial", "+31201990001"),
        ("fonds", "Stichting Fonds", "charity", "+31301990002"),
    ):
        name, full, sector, number = caller
        words = ("caller", "add", name, "--name", full, "--sector", sector, "--number", number)
        assert belbaar(*words).exit_code == 0
    return folder / "belbaar.db"


@pytest.fixture
def recorded(belbaar: Belbaar, store: Path) -> Path:
    """A store that knows a consent that is good, one that is not, an objection and a customer."""
    consents = belbaar("record", "opt-ins.csv", "--event", "consent.given", "--caller", "voltix", "--product", "energy")
    assert consents.exit_code == 0, consents.output
    objections = belbaar(
        "record", "verzet.txt", "--event", "objection.made", "--caller", "voltix", "--at", "2026-07-01"
    )
    assert objections.exit_code == 0, objections.output
    assert belbaar("record", "klanten.jsonl").exit_code == 0
    assert belbaar("caller", "describe", "voltix", *DESCRIBED).exit_code == 0
    return store


@pytest.fixture
def unchanged(belbaar: Belbaar) -> Iterator[None]:
    """Whatever the test does, the store holds the very same at the end."""
    before = belbaar("export").stdout
    assert before
    yield
    assert belbaar("export").stdout == before


def _workbook(path: Path, *rows: tuple[str, ...]) -> None:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
