"""`belbaar erase`: says first what goes and what stays, does it, and looks whether it is gone."""

import json
import re

import pytest

from tests.doors.conftest import CONSENTED, CUSTOMER, OBJECTED, TUESDAY

REASON = ("--reason", "request 2026-014")


def asked(belbaar, number, *more):
    return belbaar("may-call", number, "--caller", "voltix", "--product", "energy", "--at", TUESDAY, *more)


@pytest.mark.usefixtures("recorded", "unchanged")
def test_a_dry_run_says_what_would_go_and_stay_and_changes_nothing(belbaar):
    shown = belbaar("erase", OBJECTED, "--dry-run")
    assert shown.exit_code == 0
    for told in ("Goes now:", "an objection (voltix): 1", "Stays, out of reach", "through 1 June 2031", "AVG 7(1)"):
        assert told in shown.stdout
    assert "Nothing was changed" in shown.stdout
    nl = belbaar("erase", OBJECTED, "--dry-run", "--lang", "nl").stdout
    for told in ("Gaat nu weg:", "verzet (voltix): 1", "tot en met 1 juni 2031", "Er is niets veranderd"):
        assert told in nl


def test_an_erasure_says_what_it_did_and_the_objection_works_on(belbaar, recorded):
    done = belbaar("erase", OBJECTED, *REASON)
    assert done.exit_code == 0
    assert "Events emptied: 2; keys shredded: 1." in done.stdout
    assert re.search(r"Looked for the number in \d+ files: it is in none\.", done.stdout)
    assert OBJECTED[3:] not in done.output
    assert "nl.objection" in asked(belbaar, OBJECTED).stdout
    assert asked(belbaar, CONSENTED).exit_code == 0
    assert belbaar("rebuild").exit_code == 0
    assert recorded.exists()


@pytest.mark.usefixtures("recorded")
def test_programs_get_all_of_it(belbaar):
    told = json.loads(belbaar("erase", OBJECTED, *REASON, "--by", "privacy officer", "--json").stdout)
    assert (told["number"], told["dry_run"], told["events"], told["keys"]) == ("+3120…002", False, 2, 1)
    assert [(row["row"], row["count"]) for row in told["goes"]] == [("objection", 1)]
    assert [(row["row"], row["last_day"]) for row in told["stays"]] == [("consent", "2031-06-01")]
    assert told["stays"][0]["cites"][0]["link"].startswith("https://")
    assert told["objections"] == [{"caller": "voltix", "since": "2026-07-01T00:00:00+02:00"}]
    assert told["found"] == []
    assert any(path.endswith("belbaar.db") for path in told["searched"])
    again = json.loads(belbaar("erase", "--due", "--json").stdout)
    assert again == {"keys": 0, "entries": []}


@pytest.mark.usefixtures("recorded")
def test_a_number_that_is_still_in_a_file_is_told_and_the_status_says_no(belbaar, folder):
    done = belbaar("erase", OBJECTED, *REASON, "--search", str(folder / "verzet.txt"))
    assert done.exit_code == 1
    assert f"STILL THERE, as digits: {folder / 'verzet.txt'}" in done.stdout
    nl = belbaar("erase", OBJECTED, *REASON, "--search", ".", "--lang", "nl")
    assert nl.exit_code == 1
    assert {"leads.csv", "opt-ins.csv", "verzet.txt"} == set(re.findall(r"STAAT ER NOG, .*: (\S+)", nl.stdout))


@pytest.mark.usefixtures("recorded")
def test_for_one_caller_the_number_is_not_looked_for_while_others_name_it(belbaar, folder):
    (folder / "more.jsonl").write_text(
        json.dumps({"event": "call.made", "at": "2026-08-01", "number": CUSTOMER, "caller": "fonds"})
    )
    assert belbaar("record", "more.jsonl").exit_code == 0
    done = belbaar("erase", CUSTOMER, *REASON, "--caller", "voltix")
    assert done.exit_code == 0
    assert "Not looked for" in done.stdout
    assert "as far as voltix is concerned" in done.stdout


@pytest.mark.usefixtures("recorded")
def test_an_export_says_how_many_objections_it_cannot_carry(belbaar, folder):
    belbaar("erase", OBJECTED, *REASON)
    told = belbaar("export", "--out", "ledger.jsonl", "--json")
    assert json.loads(told.stdout)["objections_left_behind"] == 1
    assert "their numbers are gone: 1. In a new store they would not count" in told.stderr
    assert OBJECTED not in (folder / "ledger.jsonl").read_text()
    assert belbaar("init", "--store", "new.db").exit_code == 0
    assert belbaar("record", "ledger.jsonl", "--store", "new.db").exit_code == 0


@pytest.mark.usefixtures("folder")
def test_on_postgresql_it_says_what_it_could_not_look_at(belbaar, postgres_url, tmp_path, monkeypatch):
    monkeypatch.setenv("BELBAAR_KEYS", str(tmp_path / "keys"))
    monkeypatch.setenv("BELBAAR_SNAPSHOTS", str(tmp_path / "snapshots"))
    store = {"BELBAAR_STORE": postgres_url}
    assert belbaar("init", **store).exit_code == 0
    named = ("voltix", "--name", "Voltix", "--sector", "commercial", "--number", "+31201990001")
    assert belbaar("caller", "add", *named, **store).exit_code == 0
    how = ("--event", "objection.made", "--caller", "voltix", "--at", "2026-07-01")
    recorded = belbaar("record", "verzet.txt", *how, **store)
    assert recorded.exit_code == 0
    done = belbaar("erase", OBJECTED, *REASON, "--rewrite", **store)
    assert done.exit_code == 0
    assert "Not looked at: the files of the database server" in done.stdout
    assert "nl.objection" in asked(belbaar, OBJECTED, "--store", postgres_url).stdout
    assert belbaar("log", "check", **store).exit_code == 0


@pytest.mark.usefixtures("recorded")
def test_without_its_key_nobody_may_be_called_once_somebody_was_erased(belbaar, folder):
    belbaar("erase", OBJECTED, *REASON)
    (folder / "belbaar.db.keys" / "suppression.1.key").unlink()
    refused = asked(belbaar, CONSENTED)
    assert refused.exit_code == 2
    assert "suppression key" in refused.stderr
    listed = belbaar("screen", "leads.csv", "--caller", "voltix", "--product", "energy", "--at", TUESDAY)
    assert listed.exit_code == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "say whom to erase"),
        ((CONSENTED, "--due"), "and not both"),
        ((CONSENTED,), "an erasure needs a reason"),
        ((CONSENTED, "--reason", "wis 020-1000001"), "looks like a person's data"),
        ((CONSENTED, *REASON, "--by", "iris@voltix.example"), "looks like a person's data"),
        ((CONSENTED, *REASON, "--caller", "voltx"), 'Did you mean "voltix"?'),
        (("12", *REASON), "NUMBER"),
        (("+31201990001", *REASON), "shows this number when it calls"),
    ],
)
@pytest.mark.usefixtures("recorded", "unchanged")
def test_a_mistake_is_told_and_nothing_erased(belbaar, words, told):
    refused = belbaar("erase", *words)
    assert refused.exit_code == 2
    assert told in refused.stderr
    assert "1000001" not in refused.output
