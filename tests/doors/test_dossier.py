"""Dossiers at the front door: where they are written, what they answer, what goes wrong."""

import json
from pathlib import Path

import pytest

ASKED = ("dossier", "020-1000001")


def test_a_dossier_is_written_whole_and_says_what_is_missing(belbaar, recorded):
    assert recorded.exists()
    made = belbaar(*ASKED, "--lang", "nl")
    assert made.exit_code == 3, made.output
    assert "Toestemming gegeven, voor Voltix" in made.stdout
    assert "niets is weerlegd, maar niet alles is getoond" in made.stdout
    assert belbaar("verify", "31201000001.dossier.zip").exit_code == 3
    assert sorted(path.name for path in Path().glob("*dossier*")) == ["2026-014.dossier.zip", "31201000001.dossier.zip"]


@pytest.mark.usefixtures("recorded")
def test_programs_get_the_entries_and_the_hash(belbaar):
    made = belbaar(*ASKED, "--caller", "voltix", "--out", "a.zip", "--json")
    told = json.loads(made.stdout)
    assert (told["out"], told["status"], len(told["sha256"])) == ("a.zip", 3, 64)
    assert {entry["caller"] for entry in told["entries"]} <= {"voltix", ""}


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("dossier", "020-10"), "no such numbers"),
        (("dossier", "020-1999999"), "says nothing of this number"),
        (("dossier", "020-1000001", "--caller", "voltx"), 'Did you mean "voltix"'),
        (("dossier", "020-1000001", "--call", "0"), "no call or verdict"),
        (("dossier", "020-1000001", "--out", "away/x.zip"), "cannot be written"),
        (("dossier", "020-1000001", "--out", "belbaar.db"), "overwrite the store"),
        (("proof", "020-1000001", "--caller", "voltix", "--to", " "), "for whom"),
    ],
)
def test_what_cannot_be_made_is_told_with_a_remedy(belbaar, words, says):
    result = belbaar(*words)
    assert result.exit_code == 2
    assert says in result.stderr
    assert "201000001" not in result.stderr
    assert [path.name for path in Path().glob("*.zip")] == ["2026-014.dossier.zip"]


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize("place", ["taken", "."])
def test_a_dossier_that_has_no_place_leaves_nothing_behind(belbaar, folder, place):
    (folder / "taken").mkdir()
    before = set(folder.iterdir())
    result = belbaar(*ASKED, "--out", place)
    assert result.exit_code == 2
    assert "Name another place with --out." in result.stderr
    assert set(folder.iterdir()) == before


def test_without_its_keys_no_dossier_is_made(belbaar, recorded):
    Path(f"{recorded}.keys").rename("away")
    result = belbaar(*ASKED)
    assert result.exit_code == 2
    assert "keys of this store are not there" in result.stderr


@pytest.mark.usefixtures("recorded")
def test_a_screened_list_is_an_entry_and_has_a_dossier(belbaar):
    words = ("screen", "leads.csv", "--caller", "voltix", "--product", "energy", "--at", "2026-09-08T14:00")
    entry = json.loads(belbaar(*words, "--json").stdout)["entry"]
    made = belbaar("dossier", "--screening", str(entry), "--row", "2", "020-1000001", "--out", "list.zip")
    assert made.exit_code == 3, made.output
    checked = belbaar("verify", "list.zip").stdout
    assert f"row-1: row 0 is in the list of 4 rows that list-{entry} committed to" in checked
    assert "row-2" in checked
    assert "row-3" not in checked


@pytest.mark.usefixtures("recorded")
def test_a_preview_of_announced_law_is_no_screening(belbaar):
    words = (
        "screen",
        "leads.csv",
        "--caller",
        "voltix",
        "--product",
        "energy",
        "--law",
        "nl/example-decree-1y",
        "--json",
    )
    assert json.loads(belbaar(*words).stdout)["entry"] is None


def test_without_its_keys_no_list_is_screened(belbaar, recorded):
    Path(f"{recorded}.keys").rename("away")
    result = belbaar("screen", "leads.csv", "--caller", "voltix", "--product", "energy", "--out", "out.csv")
    assert result.exit_code == 2
    assert not Path("out.csv").exists()
