"""A list, screened on the command line."""

import csv
import io
import json
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("recorded")

ENERGY = ("--caller", "voltix", "--product", "energy", "--at", "2026-09-08T14:00")


def rows_of(path):
    text = Path(path).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def files():
    return {path: path.read_bytes() for path in Path().iterdir() if path.is_file() and not path.match("belbaar.db*")}


def test_every_row_comes_back_with_its_verdict(belbaar):
    result = belbaar("screen", "leads.csv", *ENERGY)
    assert result.exit_code == 0, result.output
    rows = rows_of("leads.belbaar.csv")
    assert [row["Naam"] for row in rows] == ["An", "Bo", "Cé", "Dé"]
    assert [row["belbaar_allowed"] for row in rows] == ["true", "false", "false", "false"]
    assert [row["belbaar_error"] for row in rows] == ["", "", "not-a-number", "law-unknown"]
    assert "nl.objection" in rows[1]["belbaar_reasons"].split()


def test_a_list_says_what_one_call_says(belbaar):
    belbaar("screen", "leads.csv", *ENERGY)
    for row in rows_of("leads.belbaar.csv")[:2]:
        told = json.loads(belbaar("may-call", row["belbaar_number"], *ENERGY, "--json").stdout)
        assert str(told["allowed"]).lower() == row["belbaar_allowed"]
        assert (told["until"] or "") == row["belbaar_until"]
        assert [*told["vetoes"], *told["defects"]] == row["belbaar_reasons"].split()


def test_the_summary_counts_every_row_once(belbaar):
    told = json.loads(belbaar("screen", "leads.csv", *ENERGY, "--json").stdout)
    assert (told["rows"], told["allowed"], told["denied"]) == (4, 1, 1)
    assert told["unreadable"] == {"not-a-number": 1, "law-unknown": 1}
    assert told["by_ground"] == {"nl.consent": 1}
    assert told["compare"] is None
    assert told["out"] == "leads.belbaar.csv"


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", ["4 rows: 1 may be called, 1 may not, 2 without a verdict", "There is valid consent for energy."]),
        ("nl", ["4 rijen: 1 belbaar, 1 niet, 2 zonder oordeel", "De persoon wil niet gebeld worden."]),
    ],
)
def test_the_summary_speaks_with_the_rules_own_sentences(belbaar, lang, told):
    shown = belbaar("screen", "leads.csv", *ENERGY, "--lang", lang).stdout
    assert all(part in shown for part in told), shown


def test_compare_tells_what_another_day_changes(belbaar):
    Path("customers.csv").write_text("Telefoon\n020-1000003\n020-1000001\n", encoding="utf-8")
    asked = ("screen", "customers.csv", *ENERGY[:4], "--at", "2026-06-30T14:00", "--compare", "2026-07-01")
    shown = belbaar(*asked).stdout
    assert "1 callable on 30 June 2026, 0 after 1 July 2026." in shown
    told = json.loads(belbaar(*asked, "--json").stdout)["compare"]
    assert told["at"] == "2026-07-01T14:00:00+02:00"
    assert (told["allowed_now"], told["allowed_then"], told["lost"], told["gained"]) == (1, 0, 1, 0)


def test_announced_law_can_be_previewed_by_name(belbaar):
    asked = ("screen", "leads.csv", *ENERGY, "--json", "--law")
    assert belbaar(*asked, "nl/example-decree-1y").exit_code == 0
    result = belbaar(*asked, "nl/example-decree")
    assert result.exit_code == 2
    assert 'Did you mean "nl/example-decree-1y"?' in result.stderr


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "parquet", "jsonl"])
def test_out_says_where_and_in_which_format(belbaar, suffix):
    assert belbaar("screen", "leads.xlsx", *ENERGY, "--out", f"today.{suffix}").exit_code == 0
    assert Path(f"today.{suffix}").stat().st_size > 0


@pytest.mark.usefixtures("recorded", "unchanged")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nope.csv", *ENERGY), "nope.csv"),
        (("cases", *ENERGY), "cases"),
        (("leads.csv", "--caller", "voltx", "--product", "energy"), 'Did you mean "voltix"?'),
        (("leads.csv", "--caller", "voltix", "--product", "Energy"), "is not a product path"),
        (("leads.csv", *ENERGY, "--column", "Mobiel"), "Mobiel"),
        (("leads.csv", *ENERGY, "--channel", "fax"), '"fax"'),
        (("leads.csv", *ENERGY, "--compare", "ooit"), "--compare"),
        (("leads.csv", *ENERGY, "--compare", "2008-01-01"), "no law is known"),
        (("leads.csv", *ENERGY, "--out", "leads.csv"), "overwrite the list"),
        (("leads.csv", *ENERGY, "--out", "belbaar.db"), "overwrite the store"),
        (("leads.csv", *ENERGY, "--out", "nowhere/out.csv"), "nowhere"),
        (("leads.csv", *ENERGY, "--out", "/dev/null"), "/dev/null"),
        (("leads.csv", *ENERGY, "--sheet", "Blad1"), "--sheet"),
        (("nl.yaml", *ENERGY), "nl.yaml"),
    ],
)
def test_what_cannot_be_screened_is_refused_and_nothing_is_written(belbaar, words, told):
    before = files()
    result = belbaar("screen", *words)
    assert result.exit_code == 2, result.output
    assert told in result.stderr
    assert files() == before
