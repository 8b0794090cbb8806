"""`belbaar receipt`: what a person gets of a consent, and `belbaar check-receipt`: whether one holds."""

import json
from hashlib import sha256

import pytest

from belbaar.ledger import open_store
from tests.doors.conftest import CONSENTED, OBJECTED, UNKNOWN

ASKED = ("receipt", CONSENTED, "--caller", "voltix")
WORDING = "Ja, Voltix mag mij bellen over energie."


@pytest.fixture
def record(belbaar, recorded):
    """Record one event of the person who consented."""

    def record(**event):
        line = {"number": CONSENTED, "caller": "voltix", **event}
        (recorded.parent / "more.jsonl").write_text(json.dumps(line), encoding="utf-8")
        done = belbaar("record", "more.jsonl")
        assert done.exit_code == 0, done.output

    return record


@pytest.mark.usefixtures("recorded")
def test_a_receipt_tells_the_person_all_that_matters(belbaar):
    told = belbaar(*ASKED, "--about", "energie")
    assert told.exit_code == 0, told.output
    for said in (
        "Voltix Energie B.V. mag u bellen op +31201000001. Het gesprek gaat over energie (energy).",
        "U gaf uw toestemming op dinsdag 1 september 2026 om 10.00 uur.",
        "met een code per sms",
        f"| {WORDING}",
        "Belt Voltix Energie B.V. u niet uiterlijk op 1 maart 2027?",
        "https://voltix.example/stop",
        "ConsuWijzer",
        "https://voltix.example/privacy",
    ):
        assert said in told.stdout


@pytest.mark.usefixtures("recorded")
def test_a_receipt_that_was_written_holds_in_this_store_and_with_keys_alone(belbaar, folder):
    made = belbaar(*ASKED, "--lang", "en", "--out", "voltix.receipt")
    digest = sha256((folder / "voltix.receipt").read_bytes()).hexdigest()
    assert f"voltix.receipt: SHA-256 of the receipt {digest}" in made.stderr
    checked = belbaar("check-receipt", "voltix.receipt", "--number", "020-1000001", "--lang", "en")
    assert (checked.exit_code, "This receipt holds" in checked.stdout) == (0, True)
    key = json.loads(belbaar(*ASKED, "--kantara").stdout)["publicKey"]
    trust = "belbaar.db.keys/trust.json"
    elsewhere = ("check-receipt", "voltix.receipt", "--key", key, "--trust", trust, "--store", "nowhere.db")
    assert belbaar(*elsewhere).exit_code == 0


@pytest.mark.usefixtures("recorded")
def test_a_receipt_of_another_person_or_with_a_changed_word_does_not_hold(belbaar, folder):
    belbaar(*ASKED, "--out", "voltix.receipt")
    other = belbaar("check-receipt", "voltix.receipt", "--number", "020-1000002")
    assert (other.exit_code, "another person" in other.stderr) == (1, True)
    text = (folder / "voltix.receipt").read_text(encoding="utf-8")
    (folder / "voltix.receipt").write_text(text.replace("dpv:DirectMarketing", "dpv:Advertising"), encoding="utf-8")
    spoiled = belbaar("check-receipt", "voltix.receipt")
    assert (spoiled.exit_code, "does not fit the text" in spoiled.stderr) == (1, True)


@pytest.mark.usefixtures("recorded")
def test_a_receipt_of_another_log_does_not_hold_here(belbaar):
    result = belbaar("check-receipt", "consent.receipt")
    assert (result.exit_code, "no known key" in result.stderr) == (1, True)


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize("name", ["opt-ins.csv", "nothing.receipt", "leads.xlsx"])
def test_what_is_no_receipt_is_told_from_one_that_does_not_hold(belbaar, name):
    result = belbaar("check-receipt", name)
    assert result.exit_code == 2
    assert name in result.stderr


@pytest.mark.usefixtures("recorded")
def test_a_page_is_written_whole_and_fetches_nothing(belbaar, folder):
    belbaar(*ASKED, "--html", "receipt.html", "--out", "voltix.receipt")
    page = (folder / "receipt.html").read_text(encoding="utf-8")
    assert page.startswith('<!DOCTYPE html>\n<html lang="nl">')
    assert WORDING in page
    assert "<script" not in page
    assert "belbaar/receipt/1" in page


@pytest.mark.usefixtures("recorded")
def test_programs_get_linked_data_or_kantara(belbaar):
    linked = json.loads(belbaar(*ASKED, "--json").stdout)
    assert linked["@context"]["dpv"] == "https://w3id.org/dpv#"
    assert linked["record"]["notice"]["text"] == WORDING
    kantara = json.loads(belbaar(*ASKED, "--kantara").stdout)
    assert (kantara["version"], kantara["piiPrincipalId"]) == ("KI-CR-v1.1.0", CONSENTED)
    both = belbaar(*ASKED, "--kantara", "--json")
    assert both.exit_code == 2


def test_that_a_receipt_was_made_is_logged_with_its_hash_under_the_persons_key(belbaar, recorded):
    before = _size(recorded)
    belbaar(*ASKED, "--out", "voltix.receipt")
    assert _size(recorded) == before + 1
    dossier = belbaar("dossier", CONSENTED, "--json", "--out", "x.zip")
    assert [entry["kind"] for entry in json.loads(dossier.stdout)["entries"]] == ["consent.given", "receipt"]


def test_what_was_confirmed_and_taken_back_later_is_in_it(belbaar, record):
    record(
        event="consent.verified",
        at="2026-09-02T12:00:00+02:00",
        method="voice",
        challenge_sent="2026-09-02T11:59:00+02:00",
        challenge_to_number=True,
    )
    record(event="consent.withdrawn", at="2026-10-01T09:00:00+02:00", product="energy.gas")
    told = belbaar(*ASKED).stdout
    assert "met een code in een telefoontje naar uw eigen nummer" in told
    assert "De toestemming is ingetrokken op donderdag 1 oktober 2026 om 9.00 uur." in told
    assert "vervalt" not in told


def test_the_newest_consent_is_told_or_that_of_a_product(belbaar, record):
    record(event="consent.given", at="2026-09-03", product="telecom", wording="Ja, ook telecom.", agent="")
    assert "Ja, ook telecom." in belbaar(*ASKED).stdout
    assert WORDING in belbaar(*ASKED, "--product", "energy.gas").stdout
    none = belbaar(*ASKED, "--product", "insurance")
    assert (none.exit_code, "It has consents for: energy, telecom." in none.stderr) == (2, True)


def test_once_somebody_called_the_first_call_has_no_last_day(belbaar, record):
    record(event="call.made", at="2026-09-08T14:00:00+02:00", product="energy")
    assert "vervalt" not in belbaar(*ASKED).stdout


@pytest.mark.usefixtures("recorded")
def test_where_the_rule_is_switched_off_no_last_day_is_promised(belbaar):
    off = belbaar("law", "switch", "nl.consent-fresh", "off", "--reason", "besluit van de directie")
    assert off.exit_code == 0, off.output
    assert "vervalt" not in belbaar(*ASKED).stdout


def test_a_bureau_through_whom_it_came_is_named(belbaar, record):
    assert belbaar("agent", "add", "belhuis", "--name", "Belhuis Noord B.V.").exit_code == 0
    record(event="consent.given", at="2026-09-03", product="energy", wording="Ja.", agent="belhuis")
    assert "Voor Voltix Energie B.V. bellen ook: Belhuis Noord B.V." in belbaar(*ASKED).stdout


@pytest.mark.usefixtures("recorded", "unchanged")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((UNKNOWN, "--caller", "voltix"), "no consent of this person"),
        ((CONSENTED, "--caller", "voltx"), 'Did you mean "voltix"?'),
        ((CONSENTED, "--caller", "fonds"), "belbaar caller describe"),
        (("020-1000005", "--caller", "voltix"), "wording of this consent was not kept"),
        ((CONSENTED, "--caller", "voltix", "--product", "Energy"), "product path"),
        ((CONSENTED, "--caller", "voltix", "--out", "belbaar.db"), "overwrite the store"),
        ((CONSENTED, "--caller", "voltix", "--html", "no/folder/x.html"), "no/folder/x.html"),
        (("bel mij", "--caller", "voltix"), "NUMBER"),
    ],
)
def test_what_makes_no_receipt_says_why_and_what_to_do(belbaar, words, told):
    result = belbaar("receipt", *words)
    assert result.exit_code in (2, 3)
    assert told in result.stderr
    assert CONSENTED not in result.stderr


@pytest.mark.usefixtures("recorded")
def test_an_objection_makes_a_receipt_no_lie(belbaar):
    assert belbaar("receipt", OBJECTED, "--caller", "voltix").exit_code == 0


def _size(path):
    with open_store(path) as ledger:
        return ledger.connection.execute("SELECT count(*) FROM leaf").fetchone()[0]
