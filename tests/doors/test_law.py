"""The law, looked up and checked on the command line."""

import dataclasses
import datetime as dt
import json
from pathlib import Path

import pytest

from belbaar.law import PACKS
from belbaar.law.cards import Demand

pytestmark = pytest.mark.usefixtures("folder")


def test_show_has_the_rules_of_that_day_with_their_links(belbaar):
    told = json.loads(belbaar("law", "show", "--at", "2026-07-01", "--json").stdout)
    assert told["ruleset"] == "nl/2026-07-01"
    rules = {rule["id"]: rule for rule in told["rules"]}
    assert "nl.register" not in rules
    assert rules["nl.consent"]["cites"][0]["link"].startswith("https://wetten.overheid.nl/")
    assert "3 jaar" in rules["nl.customer"]["nl"]
    assert told["parameters"]["nl.customer-term"] == "P3Y"


@pytest.mark.parametrize(("lang", "words"), [("en", ["Vetoes", "3 years"]), ("nl", ["Beletsels", "3 jaar"])])
def test_show_groups_rules_by_what_they_do(belbaar, lang, words):
    shown = belbaar("law", "show", "--at", "2026-07-01", "--lang", lang).stdout
    assert all(word in shown for word in words)
    assert shown.index("nl.consent ") < shown.index("nl.objection ") < shown.index("nl.identify ")


def test_one_rule_is_shown_with_its_condition_and_note(belbaar):
    shown = belbaar("law", "show", "nl.hours").stdout
    assert "within_hours = NO" in shown
    assert "Decided: 4 May" in shown
    assert "nl.minor" not in shown


def test_announced_law_is_shown_by_name_only(belbaar):
    asked = ("law", "show", "nl.customer-term", "--at", "2027-01-01")
    assert "3 years" in belbaar(*asked).stdout
    assert "1 year" in belbaar(*asked, "--law", "nl/example-decree-1y").stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("show", "nl.regster"), 'Did you mean "nl.register"?'),
        (("show", "nl.register"), "2009-10-01 … 2021-06-30"),
        (("show", "--at", "2009-09-30"), "begins on 2009-10-01"),
        (("show", "--at", "ooit"), "--at"),
        (("show", "--store", "nope.db"), "belbaar init"),
        (("show", "--law", "nl/next"), "nl/example-decree-1y"),
        (("diff", "2009-09-30", "2021-07-01"), "begins on 2009-10-01"),
        (("diff", "2021-07-01"), "DATE"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_a_remedy(belbaar, words, told):
    result = belbaar("law", *words)
    assert result.exit_code == 2
    assert told in result.stderr


def test_diff_names_what_is_gone_new_and_changed(belbaar):
    told = json.loads(belbaar("law", "diff", "2021-06-30", "2021-07-01", "--json").stdout)
    assert {"nl.register", "nl.opt-out"} <= {rule["id"] for rule in told["gone"]}
    assert {"nl.customer", "nl.donor"} <= {rule["id"] for rule in told["new"]}
    assert {"nl.objection", "nl.anonymous"} <= {rule["id"] for rule in told["changed"]}
    assert told["parameters"] == {}


def test_diff_shows_both_versions_and_values(belbaar):
    shown = belbaar("law", "diff", "2026-06-30", "2026-07-01").stdout
    assert "- nl.customer" in shown
    assert "+ nl.customer" in shown
    announced = belbaar("law", "diff", "2026-12-31", "2027-01-01", "--law", "nl/example-decree-1y").stdout
    assert "nl.customer-term: 3 years → 1 year" in announced
    assert "Nothing changes." in belbaar("law", "diff", "2026-07-01", "2026-07-02").stdout


@pytest.mark.parametrize("engine", ["sqlite", "duckdb"])
def test_check_counts_on_the_last_line(belbaar, engine):
    result = belbaar("law", "check", "nl.yaml", "cases/nl.yaml", "--engine", engine)
    assert result.exit_code == 0
    assert result.stdout == "2 passed, 0 failed\n"


def test_check_says_expected_got_and_why(belbaar):
    text = Path("nl.yaml").read_text(encoding="utf-8").replace("ground: null", "ground: nl.consent")
    Path("wrong.yaml").write_text(text, encoding="utf-8")
    result = belbaar("law", "check", "wrong.yaml")
    assert result.exit_code == 1
    first, last = result.stdout.splitlines()
    assert first == (
        "wrong.yaml, case nothing-known: ground: expected nl.consent, got none; "
        "because of nl.consent (Tw 11.7(1) (2021-07-01); Tw 11.7(2) (2021-07-01))"
    )
    assert last == "0 passed, 1 failed"


def test_check_gives_programs_the_verdicts(belbaar):
    result = belbaar("law", "check", "nl.yaml", "--json")
    (told,) = map(json.loads, result.stdout.splitlines())
    assert (told["file"], told["id"], told["passed"], told["allowed"]) == ("nl.yaml", "nothing-known", True, False)
    assert result.stderr == "1 passed, 0 failed\n"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("product: energy", "product: Energy", "case nothing-known, call, product"),
        ("caller: voltix", "caller: voltx", 'Did you mean "voltix"?'),
        ("call:", "cal:", 'Did you mean "call"?'),
        ("sector: commercial", "sector: comercial", 'Did you mean "commercial"?'),
        ("format: belbaar-cases/1", "format: belbaar-cases/2", "belbaar-cases/1"),
        ("cases:", "cases: [", "not YAML"),
    ],
)
def test_a_malformed_case_file_names_file_case_and_field(belbaar, old, new, told):
    Path("odd.yaml").write_text(Path("nl.yaml").read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    result = belbaar("law", "check", "nl.yaml", "odd.yaml")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("belbaar: odd.yaml")
    assert told in result.stderr


def test_events_name_their_fields(belbaar):
    told = json.loads(belbaar("law", "events", "--json").stdout)
    assert told["consent.given"]["required"] == ["product"]
    assert "wording" in told["consent.given"]["fields"]
    assert "objection.made" in belbaar("law", "events").stdout


@pytest.mark.usefixtures("store")
def test_a_switch_is_kept_and_shown(belbaar):
    off = belbaar("law", "switch", "nl.hours", "off", "--reason", "No member of the code.", "--by", "iris", "--json")
    assert json.loads(off.stdout)["switched_off"] == ["nl.hours"]
    assert "switched off here" in belbaar("law", "show", "nl.hours").stdout
    assert '"by": "iris"' in belbaar("export").stdout
    assert belbaar("law", "switch", "nl.hours", "on", "--reason", "Member now.").exit_code == 0
    assert "switched off here" not in belbaar("law", "show", "nl.hours").stdout


@pytest.mark.usefixtures("store", "unchanged")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nl.consent", "off", "--reason", "x"), "statute"),
        (("nl.hour", "off", "--reason", "x"), 'Did you mean "nl.hours"?'),
        (("nl.hours", "off", "--reason", " "), "reason"),
        (("nl.hours", "off"), "--reason"),
        (("nl.hours", "out", "--reason", "x"), "'off', 'on'"),
    ],
)
def test_what_cannot_be_switched_is_refused(belbaar, words, told):
    result = belbaar("law", "switch", *words)
    assert result.exit_code == 2
    assert told in result.stderr


@pytest.mark.parametrize(("lang", "told"), [("en", "Evidence of a consent: level 2"), ("nl", "toestemming: niveau 2")])
def test_a_level_of_evidence_that_the_law_demands_is_shown_and_compared(belbaar, monkeypatch, lang, told):
    demand = Demand(dt.date(2027, 1, 1).toordinal(), 2)
    monkeypatch.setattr("belbaar.cli.lawbook._PACK", dataclasses.replace(PACKS["NL"], evidence=(demand,)))
    days = ("2026-12-31", "2027-01-01")
    assert [told in belbaar("law", "show", "--at", day, "--lang", lang).stdout for day in days] == [False, True]
    shown = [json.loads(belbaar("law", "show", "--at", day, "--json").stdout)["evidence"] for day in days]
    assert shown == [0, 2]
    assert "evidence: 0 → 2" in belbaar("law", "diff", *days).stdout
