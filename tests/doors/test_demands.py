"""Evidence of a consent, shown and demanded on the command line."""

import json
import zipfile

import pytest

pytestmark = pytest.mark.usefixtures("recorded")

CONSENTED, OBJECTED, CAPTURED = "020-1000001", "020-1000002", "020-1000091"
ENERGY = ("--caller", "voltix", "--product", "energy", "--at", "2026-09-08T14:00")
CONSENT = {
    "event": "consent.given",
    "at": "2026-09-01T10:00:00+02:00",
    "number": "+31201000091",
    "caller": "voltix",
    "product": "energy",
    "wording": "Mag Voltix u bellen?",
    "boxes": [{"label": "Ja", "initial": False, "final": True}],
    "shown_at": "2026-09-01T09:58:00+02:00",
    "captured_by": "widget",
    "verified": "sms",
}


@pytest.fixture
def captured(belbaar, recorded):
    """A store that knows a captured consent too."""
    assert belbaar("record", "-", stdin=json.dumps(CONSENT) + "\n").exit_code == 0
    return recorded


def asked(belbaar, number, *more):
    result = belbaar("may-call", number, *ENERGY, "--json", *more)
    return result.exit_code, json.loads(result.stdout)


@pytest.mark.usefixtures("captured")
def test_a_verdict_on_a_consent_says_how_well_it_is_proven(belbaar):
    for number, level, missing in ((CONSENTED, 0, "The boxes are not kept."), (CAPTURED, 1, "That and when the code")):
        status, told = asked(belbaar, number)
        assert (status, told["evidence"], told["evidence_demanded"]) == (0, level, 0)
        assert told["evidence_missing"][0].startswith(missing)
    assert asked(belbaar, CONSENTED, "--lang", "nl")[1]["evidence_missing"][0] == "De vakjes zijn niet bewaard."


def test_where_consent_is_no_ground_there_is_no_level(belbaar):
    _, told = asked(belbaar, "020-1000005", "--evidence", "2")
    assert (told["evidence"], told["evidence_missing"], told["evidence_demanded"]) == (None, [], 2)
    assert told["defects"] == ["nl.consent-verified", "nl.consent-wording"]


@pytest.mark.usefixtures("captured")
def test_a_demand_denies_what_is_proven_less_well(belbaar):
    assert [asked(belbaar, CAPTURED, "--evidence", str(level))[0] for level in range(5)] == [0, 0, 1, 1, 1]
    _, told = asked(belbaar, CAPTURED, "--evidence", "2")
    assert (told["ground"], told["grounds"], told["defects"], told["until"]) == (None, [], ["evidence-level"], None)
    assert (told["evidence"], told["evidence_demanded"]) == (1, 2)
    assert [event["event"] for event in told["events"]] == ["consent.given"]


@pytest.mark.parametrize(
    ("lang", "allowed", "denied"),
    [
        ("en", "level 1, captured with wording", "Evidence of level 2 is demanded; this is level 1"),
        ("nl", "niveau 1, vastgelegd met tekst", "Gevraagd is bewijs van niveau 2; dit is niveau 1"),
    ],
)
@pytest.mark.parametrize("form", [(), ("--explain",)])
@pytest.mark.usefixtures("captured")
def test_people_read_the_level_and_what_is_demanded(belbaar, lang, allowed, denied, form):
    told = belbaar("may-call", CAPTURED, *ENERGY, "--lang", lang, *form).stdout
    assert allowed in told
    assert "evidence-level" not in told
    told = belbaar("may-call", CAPTURED, *ENERGY, "--lang", lang, "--evidence", "2", *form).stdout
    assert "evidence-level" in told
    assert denied in " ".join(told.split())


@pytest.mark.usefixtures("captured")
def test_a_caller_demands_for_all_its_calls_and_may_stop_to(belbaar):
    described = belbaar("caller", "describe", "voltix", "--evidence", "2", "--json")
    assert json.loads(described.stdout)["evidence"] == "2"
    assert asked(belbaar, CAPTURED, "--evidence", "1")[1]["evidence_demanded"] == 2
    assert belbaar("caller", "describe", "voltix", "--evidence", "0").exit_code == 0
    assert asked(belbaar, CAPTURED)[0] == 0


def test_a_caller_can_be_registered_with_its_demand_and_takes_it_along(belbaar):
    words = ("--name", "Belwin B.V.", "--sector", "commercial", "--evidence", "3")
    assert belbaar("caller", "add", "belwin", *words).exit_code == 0
    exported = belbaar("export").stdout
    assert '"event": "caller.described", "caller": "belwin", "evidence": "3"' in exported
    assert belbaar("init", "--store", "other.db").exit_code == 0
    assert belbaar("record", "-", "--store", "other.db", stdin=exported).exit_code == 0
    told = json.loads(belbaar("caller", "describe", "belwin", "--store", "other.db", "--json").stdout)
    assert told["evidence"] == "3"


@pytest.mark.parametrize("level", ["-1", "5", "two"])
@pytest.mark.parametrize(
    "words", [("may-call", CONSENTED, *ENERGY), ("screen", "leads.csv", *ENERGY), ("caller", "describe", "voltix")]
)
@pytest.mark.usefixtures("recorded", "unchanged")
def test_other_levels_than_there_are_are_refused(belbaar, words, level):
    result = belbaar(*words, "--evidence", level)
    assert (result.exit_code, "--evidence" in result.stderr) == (2, True)


@pytest.mark.parametrize(
    ("lang", "reason", "line"),
    [
        ("en", "There is less evidence of the consent than is demanded.", "evidence demanded of a consent: level 1"),
        ("nl", "Er is minder bewijs van de toestemming dan gevraagd.", "gevraagd bewijs van een toestemming: niveau 1"),
    ],
)
def test_a_list_gives_the_same_answers_and_counts_them(belbaar, lang, reason, line):
    plain = belbaar("screen", "leads.csv", *ENERGY, "--lang", lang).stdout
    assert line not in plain
    told = belbaar("screen", "leads.csv", *ENERGY, "--lang", lang, "--evidence", "1").stdout
    assert (reason in told, line in told) == (True, True)
    counted = json.loads(belbaar("screen", "leads.csv", *ENERGY, "--evidence", "1", "--json").stdout)
    assert (counted["allowed"], counted["by_reason"]["evidence-level"], counted["evidence_demanded"]) == (0, 2, 1)


@pytest.mark.usefixtures("captured")
def test_what_a_kept_verdict_and_list_say_of_it_is_in_the_dossier(belbaar, folder):
    belbaar("caller", "describe", "voltix", "--evidence", "2")
    assert belbaar("may-call", CAPTURED, *ENERGY, "--keep").exit_code == 1
    made = belbaar("dossier", CAPTURED, "--out", "it.zip")
    assert made.exit_code in (0, 3), made.output
    assert belbaar("verify", "it.zip").exit_code in (0, 3)
    texts = pages(folder / "it.zip")
    assert "Evidence of level 2 is demanded; there is not that much." in texts
    assert "Gevraagd is bewijs van niveau 2; dat is er niet." in texts
    assert "Evidence level 1 of 4" in texts


def pages(path):
    """Give all pages of a dossier that people read."""
    with zipfile.ZipFile(path) as dossier:
        return "\n".join(dossier.read(name).decode() for name in dossier.namelist() if name.endswith(".html"))
