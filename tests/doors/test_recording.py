"""Recording files, and writing the ledger out."""

import json
from pathlib import Path

import pytest

from belbaar.api.starting import prepare

CONSENTS = ("--event", "consent.given", "--caller", "voltix", "--product", "energy")


@pytest.mark.usefixtures("store")
def test_the_report_says_what_each_column_became(belbaar):
    told = json.loads(belbaar("record", "opt-ins.csv", *CONSENTS, "--json").stdout)
    assert told["file"] == "opt-ins.csv"
    assert (told["rows"], told["new"], told["known"]) == (3, 3, 0)
    assert told["events"] == {"consent.given": 3}
    became = {column["name"]: column["field"] for column in told["columns"]}
    assert became == {"Telefoon": "number", "Datum": "at", "Tekst": "wording", "Geverifieerd": "verified", "Bron": ""}


@pytest.mark.usefixtures("recorded", "unchanged")
def test_recording_twice_changes_nothing(belbaar):
    told = json.loads(belbaar("record", "opt-ins.csv", *CONSENTS, "--json").stdout)
    assert (told["new"], told["known"]) == (0, 3)


@pytest.mark.usefixtures("store")
def test_standard_input_is_json_lines(belbaar):
    line = Path("klanten.jsonl").read_text(encoding="utf-8")
    assert json.loads(belbaar("record", "-", "--json", stdin=line).stdout)["new"] == 1


@pytest.mark.usefixtures("store", "unchanged")
def test_an_error_in_standard_input_names_its_line(belbaar):
    result = belbaar("record", "-", stdin='{"event": "consent.gven", "number": "+31201000001"}\n')
    assert result.exit_code == 2
    assert result.stderr.startswith("belbaar: standard input:")
    assert "line 1" in result.stderr
    assert "standard-input" not in result.stderr


@pytest.mark.usefixtures("store")
def test_each_file_is_recorded_whole_or_not_at_all(belbaar):
    Path("broken.csv").write_text("Telefoon,Datum\n020-1000001,1-9-2026\n020-1000002,31-2-2026\n", encoding="utf-8")
    result = belbaar("record", "broken.csv", "opt-ins.csv", *CONSENTS, "--json")
    assert result.exit_code == 2
    refused, recorded = map(json.loads, result.stdout.splitlines())
    assert (refused["file"], refused["error"]) == ("broken.csv", "rows-refused")
    assert len(refused["details"]) == 1
    assert "row 3" in refused["details"][0]
    assert recorded["new"] == 3
    assert sum('"consent.given"' in line for line in belbaar("export").stdout.splitlines()) == 3


@pytest.mark.usefixtures("store", "unchanged")
def test_a_column_that_looks_like_an_objection_stops_the_import(belbaar):
    Path("dnc.csv").write_text("Telefoon,Datum,Niet bellen\n020-1000001,1-9-2026,ja\n", encoding="utf-8")
    result = belbaar("record", "dnc.csv", *CONSENTS)
    assert result.exit_code == 2
    assert '"Niet bellen"' in result.stderr
    assert "--map" in result.stderr


@pytest.mark.usefixtures("store")
def test_a_mapped_objection_is_recorded_as_one(belbaar):
    Path("dnc.csv").write_text("Telefoon,Datum,Niet bellen\n020-1000001,1-9-2026,ja\n", encoding="utf-8")
    told = json.loads(belbaar("record", "dnc.csv", *CONSENTS, "--map", "Niet bellen=objection", "--json").stdout)
    assert told["events"] == {"consent.given": 1, "objection.made": 1}


@pytest.mark.usefixtures("store", "unchanged")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("opt-ins.csv",), "--event"),
        (("opt-ins.csv", "--event", "consent.gven"), 'Did you mean "consent.given"?'),
        (("opt-ins.csv", "--event", "consent.given", "--caller", "voltx"), 'Did you mean "voltix"?'),
        (("opt-ins.csv", *CONSENTS[:4], "--product", "Energie & gas"), "is not a product path"),
        (("opt-ins.csv", *CONSENTS, "--map", "Telefoon"), "column=field"),
        (("opt-ins.csv", *CONSENTS, "--map", "Telefon=number"), 'Did you mean "Telefoon"?'),
        (("opt-ins.csv", *CONSENTS, "--map", "Bron=sorce"), "sorce"),
        (("opt-ins.csv", *CONSENTS, "--column", "Mobiel"), "Mobiel"),
        (("opt-ins.csv", *CONSENTS, "--at", "gisteren"), '"gisteren" is no date'),
        (("opt-ins.csv", *CONSENTS, "--encoding", "klingon"), "klingon"),
        (("opt-ins.csv", *CONSENTS, "--sheet", "Blad1"), "--sheet"),
        (("opt-ins.csv", *CONSENTS, "--region", "XX"), "XX"),
        (("nope.csv", *CONSENTS), "nope.csv"),
        ((".", *CONSENTS), "belbaar: .:"),
    ],
)
def test_what_cannot_be_recorded_is_refused_with_a_remedy(belbaar, words, told):
    result = belbaar("record", *words)
    assert result.exit_code == 2, result.output
    assert told in result.stderr


@pytest.mark.usefixtures("store", "unchanged")
def test_an_ambiguous_date_is_asked_about(belbaar):
    Path("dates.csv").write_text("Telefoon,Datum\n020-1000001,03/04/2025\n", encoding="utf-8")
    result = belbaar("record", "dates.csv", *CONSENTS)
    assert result.exit_code == 2
    assert "3 April or 4 March?" in result.stderr
    assert "--dates dmy" in result.stderr


@pytest.mark.usefixtures("store")
def test_the_order_of_dates_can_be_said(belbaar):
    Path("dates.csv").write_text("Telefoon,Datum\n020-1000001,03/04/2025\n", encoding="utf-8")
    assert belbaar("record", "dates.csv", *CONSENTS, "--dates", "dmy").exit_code == 0
    assert '"at": "2025-04-03T00:00:00+02:00"' in belbaar("export").stdout


@pytest.mark.usefixtures("store")
def test_unreadable_rows_are_left_out_only_when_asked(belbaar):
    Path("odd.csv").write_text("Telefoon,Datum\nonbekend,1-9-2026\n020-1000001,1-9-2026\n", encoding="utf-8")
    refused = belbaar("record", "odd.csv", *CONSENTS)
    assert refused.exit_code == 2
    assert "--leave-out-unreadable" in refused.stderr
    told = json.loads(belbaar("record", "odd.csv", *CONSENTS, "--leave-out-unreadable", "--json").stdout)
    assert told["new"] == 1
    assert len(told["left_out_rows"]) == 1


@pytest.mark.usefixtures("store", "unchanged")
def test_a_wording_with_somebodys_number_is_refused_row_by_row(belbaar):
    """It would be logged in clear, and stay for ever."""
    Path("own.csv").write_text(
        "Telefoon;Mobiel;Datum;Tekst\n"
        "020-1000001;030-1000001;1-9-2026;Ja, bel mij op 020-1000001.\n"
        "020-1000002;;1-9-2026;Ja, Voltix (020-1990001) mag mij bellen.\n"
        "020-1000003;;31-2-2026;Ja, bel mij.\n"
        "020-1000004;;1-9-2026;Ja, bel mij op 020-1000001.\n",
        encoding="utf-8",
    )
    columns = ("--column", "Telefoon", "--column", "Mobiel")
    told = json.loads(belbaar("record", "own.csv", *CONSENTS, *columns, "--json").stdout)
    assert (told["where"], told["error"]) == ("own.csv", "rows-refused")
    dated, *refused = told["details"]
    assert "row 4" in dated
    assert [line.partition(":")[0] for line in refused] == ["row 2, Tekst", "row 5, Tekst"]
    assert "telephone number in this text (0201…001)" in refused[0]
    assert "belbaar caller add" in refused[0]


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("numbers", ["+31401990001", ["+31401990001"]])
def test_a_number_that_a_file_registers_as_a_callers_own_may_stand_in_its_wordings(belbaar, numbers):
    caller = {"event": "caller.registered", "caller": "helios", "name": "Helios", "sector": "commercial"}
    consent = {"event": "consent.given", "at": "2026-09-01", "number": "+31201000001", "caller": "helios"}
    wording = {"product": "energy", "wording": "Ja, Helios mag mij bellen; stoppen kan op 040-1990001."}
    lines = [json.dumps(line) for line in (consent | wording, caller | {"numbers": numbers})]
    assert belbaar("record", "-", stdin="\n".join(lines)).exit_code == 0
    stranger = json.dumps(consent | wording | {"wording": "Bel mij op 050-1000001."})
    refused = belbaar("record", "-", stdin=f"\n{stranger}\n")
    assert refused.exit_code == 2
    assert "line 2, wording: there is a telephone number in this text (0501…001)" in refused.stderr


@pytest.mark.usefixtures("recorded")
def test_an_export_in_an_empty_store_gives_the_same_export(belbaar):
    assert belbaar("export", "--out", "all.jsonl").exit_code == 0
    assert belbaar("init", "--store", "copy.db").exit_code == 0
    assert belbaar("record", "all.jsonl", "--store", "copy.db").exit_code == 0
    assert belbaar("export", "--store", "copy.db").stdout == Path("all.jsonl").read_text(encoding="utf-8")


@pytest.mark.usefixtures("recorded")
def test_organisations_their_mandates_and_campaigns_survive_an_export(belbaar):
    for name in ("house", "bureau", "rival"):
        assert belbaar("organisation", "add", name, "--name", name.title()).exit_code == 0
    assert belbaar("organisation", "trust", "bureau").exit_code == 0
    assert belbaar("organisation", "caller", "voltix", "--organisation", "bureau", "--mandate").exit_code == 0
    campaign = ("--caller", "voltix", "--product", "energy", "--presents", "+31201990001")
    assert belbaar("campaign", "add", "herfst", "--organisation", "bureau", *campaign).exit_code == 0
    assert belbaar("export", "--out", "all.jsonl").exit_code == 0
    assert belbaar("init", "--store", "copy.db").exit_code == 0
    assert belbaar("record", "all.jsonl", "--store", "copy.db").exit_code == 0
    assert belbaar("export", "--store", "copy.db").stdout == Path("all.jsonl").read_text(encoding="utf-8")
    asked = ("campaign", "list", "--organisation", "bureau", "--json")
    assert json.loads(belbaar(*asked, "--store", "copy.db").stdout) == json.loads(belbaar(*asked).stdout) != []
    assert belbaar("record", "all.jsonl", "--store", "copy.db").exit_code == 0, "again changes nothing"
    missing = json.dumps({"event": "campaign.registered", "organisation": "nobody", "campaign": "herfst",
                          "caller": "voltix", "product": "energy", "presents": "+31201990001"})  # fmt: skip
    refused = belbaar("record", "-", stdin=missing)
    assert refused.exit_code == 2
    assert '"nobody" is not an organisation.' in refused.stderr
    new = prepare("copy.db", organisation="other")
    assert new.organisation == "house", "of the organisation that is there, whatever the first would be called"
    assert belbaar("key", "list", "--store", "copy.db").stdout.count("administrator") >= 1
    assert prepare("copy.db") is None, "whoever starts a service on it comes in, once"


@pytest.mark.usefixtures("recorded", "unchanged")
def test_an_export_spares_the_store(belbaar):
    result = belbaar("export", "--out", "belbaar.db")
    assert result.exit_code == 2
    assert "overwrite the store" in result.stderr


@pytest.mark.usefixtures("recorded")
def test_an_export_that_fails_leaves_nothing_behind(belbaar):
    Path("all.jsonl").write_text("mine\n", encoding="utf-8")
    before = sorted(Path().iterdir())
    assert belbaar("export", "--out", "nowhere/all.jsonl").exit_code == 2
    assert belbaar("export", "--out", "cases").exit_code == 2
    assert sorted(Path().iterdir()) == before
