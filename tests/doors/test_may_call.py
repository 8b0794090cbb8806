"""One call, asked on the command line."""

import json

import pytest

pytestmark = pytest.mark.usefixtures("recorded")

AT = ("--at", "2026-09-08T14:00")
ENERGY = ("--caller", "voltix", "--product", "energy")
FIELDS = {
    *("number", "caller", "product", "at", "known_at", "channel", "kind", "purpose", "presents"),
    *("allowed", "ground", "grounds", "vetoes", "defects", "duties", "until", "events"),
    *("evidence", "evidence_missing", "evidence_demanded"),
    *("ruleset", "ruleset_hash", "switched_off", "metadata", "hints"),
}


def asked(belbaar, number, *more, status):
    result = belbaar("may-call", number, *ENERGY, *AT, "--json", *more)
    assert result.exit_code == status, result.output
    return json.loads(result.stdout)


def test_consent_allows(belbaar):
    told = asked(belbaar, "020-1000001", status=0)
    assert set(told) == FIELDS
    assert (told["number"], told["allowed"], told["ground"]) == ("+31201000001", True, "nl.consent")
    assert told["at"] == "2026-09-08T14:00:00+02:00"
    assert told["until"] == "2027-03-02T00:00:00+01:00"
    assert (told["purpose"], told["presents"]) == ("commercial", "+31201990001")
    assert told["hints"] == []


def test_a_verdict_that_is_kept_tells_its_place_in_the_log(belbaar):
    assert asked(belbaar, "020-1000001", "--keep", status=0)["entry"] == 7
    denied = belbaar("may-call", "020-1000002", *ENERGY, *AT, "--keep")
    assert (denied.exit_code, denied.stdout.splitlines()[-1]) == (1, "Kept as evidence: entry 8 of the log.")
    told = belbaar("may-call", "020-1000001", *ENERGY, *AT, "--keep", "--explain", "--lang", "nl")
    assert told.stdout.splitlines()[-1] == "Bewaard als bewijs: regel 9 van het logboek."


def test_a_verdict_on_what_was_known_then_is_no_evidence_of_what_was_done(belbaar):
    result = belbaar("may-call", "020-1000001", *ENERGY, *AT, "--keep", "--known-at", "2026-09-01")
    assert (result.exit_code, "--keep" in result.stderr) == (2, True)


def test_without_its_keys_nothing_is_kept_and_all_is_answered(belbaar, recorded):
    recorded.with_name("belbaar.db.keys").rename(recorded.with_name("away"))
    assert belbaar("may-call", "020-1000001", *ENERGY, *AT, "--keep").exit_code == 2
    assert belbaar("may-call", "020-1000001", *ENERGY, *AT).exit_code == 0


def test_a_verdict_names_the_file_and_row_it_rests_on(belbaar):
    (event,) = asked(belbaar, "020-1000001", status=0)["events"]
    assert (event["event"], event["source"], event["row"]) == ("consent.given", "opt-ins.csv", 2)
    assert event["at"] == "2026-09-01T10:00:00+02:00"
    assert len(event["id"]) == 32


def test_an_objection_denies(belbaar):
    told = asked(belbaar, "020-1000002", status=1)
    assert told["vetoes"] == ["nl.objection"]
    assert told["until"] is None


def test_defects_say_what_to_mend(belbaar):
    assert asked(belbaar, "020-1000005", status=1)["defects"] == ["nl.consent-verified", "nl.consent-wording"]


def test_customers_may_be_called_until_the_law_changes(belbaar):
    before = belbaar("may-call", "020-1000003", *ENERGY, "--at", "30-6-2026 14:00")
    after = belbaar("may-call", "020-1000003", *ENERGY, "--at", "1-7-2026 14:00")
    assert (before.exit_code, after.exit_code) == (0, 1)


def test_what_was_known_then_can_be_asked(belbaar):
    assert asked(belbaar, "020-1000002", "--known-at", "2026-06-30", status=1)["events"] == []


def test_a_call_without_number_is_anonymous(belbaar):
    assert asked(belbaar, "020-1000001", "--presents", "anonymous", status=1)["vetoes"] == ["nl.anonymous"]
    assert asked(belbaar, "020-1000001", "--presents", "020-1990009", status=1)["vetoes"] == ["nl.false-number"]
    assert asked(belbaar, "020-1000001", "--presents", "020-1990001", status=0)["presents"] == "+31201990001"


@pytest.mark.parametrize(
    ("lang", "first"), [("en", "Allowed: +31201000001 on Tuesday"), ("nl", "Mag wel: +31201000001 op dinsdag")]
)
def test_people_get_the_answer_in_the_first_line(belbaar, lang, first):
    told = belbaar("may-call", "020-1000001", *ENERGY, *AT, "--lang", lang)
    assert told.stdout.startswith(first)
    assert "nl.consent" in told.stdout
    assert "Tw 11.7(1)" in told.stdout
    assert told.stdout == belbaar("may-call", "020-1000001", *ENERGY, *AT, BELBAAR_LANG=lang).stdout


@pytest.mark.parametrize(("lang", "first"), [("en", "Denied: "), ("nl", "Mag niet: ")])
def test_explain_tells_it_all(belbaar, lang, first):
    told = belbaar("may-call", "020-1000002", *ENERGY, *AT, "--explain", "--lang", lang)
    assert told.exit_code == 1
    assert told.stdout.startswith(first)
    assert "nl.objection" in told.stdout
    assert "explanation" in asked(belbaar, "020-1000002", "--explain", status=1)


def test_a_product_never_seen_is_answered_with_a_hint(belbaar):
    result = belbaar("may-call", "020-1000001", "--caller", "voltix", "--product", "enrgy", *AT)
    assert result.exit_code == 1
    assert 'product "enrgy" was never seen in this store; nearest: "energy".' in result.stderr
    told = asked(belbaar, "020-1000001", "--product", "energy.gas", status=0)
    assert told["hints"] == ['product "energy.gas" was never seen in this store; "energy", which covers it, was.']


def test_a_day_without_a_time_is_its_first_instant_and_says_so(belbaar):
    told = json.loads(belbaar("may-call", "020-1000001", *ENERGY, "--at", "2026-09-08", "--json").stdout)
    assert told["vetoes"] == ["nl.hours"]
    assert "give a time" in told["hints"][0]


def test_a_country_without_a_law_is_denied_as_an_error(belbaar):
    result = belbaar("may-call", "+493023125485", *ENERGY, "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == 2
    assert (told["allowed"], told["error"]) == (False, "law-unknown")
    assert "+493023125485" not in result.output


def test_switched_off_rules_are_told_with_the_verdict(belbaar):
    belbaar("law", "switch", "nl.consent-verified", "off", "--reason", "A test.")
    assert asked(belbaar, "020-1000005", status=1)["switched_off"] == ["nl.consent-verified"]
    assert "nl.consent-verified" in belbaar("may-call", "020-1000005", *ENERGY, *AT).stdout


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("onbekend", *ENERGY), "not-a-number"),
        (("020-1000001 / 020-1000002", *ENERGY), "two-numbers"),
        (("112", *ENERGY), "not-callable"),
        (("020 1", *ENERGY), "too-short"),
        (("", *ENERGY), "empty"),
        (("020-1000001", "--caller", "voltx", "--product", "energy"), "unknown-caller"),
        (("020-1000001", "--caller", "voltix", "--product", "Energy"), "bad-input"),
        (("020-1000001", "--caller", "voltix", "--product", "*"), "bad-input"),
        (("020-1000001", "--caller", "voltix"), "usage"),
        (("020-1000001", *ENERGY, "--at", "morgen"), "bad-input"),
        (("020-1000001", *ENERGY, "--at", "03/04/2025"), "bad-input"),
        (("020-1000001", *ENERGY, "--at", "2008-01-01"), "law-unknown"),
        (("020-1000001", *ENERGY, "--at", "0001-01-01"), "bad-input"),
        (("020-1000001", *ENERGY, "--known-at", "ooit"), "bad-input"),
        (("020-1000001", *ENERGY, "--channel", "fax"), "bad-input"),
        (("020-1000001", *ENERGY, "--kind", "marketng"), "bad-input"),
        (("020-1000001", *ENERGY, "--purpose", "fun"), "bad-input"),
        (("020-1000001", *ENERGY, "--presents", "anonymos"), "not-a-number"),
        (("020-1000001", *ENERGY, "--region", "XX"), "unknown-region"),
        (("020-1000001", *ENERGY, "--lang", "fr"), "usage"),
        (("020", "1000001", *ENERGY), "usage"),
        (("020-1000001", *ENERGY, "--store", "nope.db"), "store-unavailable"),
        (("020-1000001", *ENERGY, "--store", "mysql://x"), "bad-input"),
    ],
)
def test_a_mistake_in_the_question_is_told_with_code_and_remedy(belbaar, words, code):
    result = belbaar("may-call", *words, "--json")
    assert result.exit_code == 2, result.output
    told = json.loads(result.stdout)
    assert told["error"] == code
    assert told["what"]
    assert "1000001" not in result.output
    assert result.stderr.startswith("belbaar: ")


@pytest.mark.parametrize("at", ["9999-12-31T23:59", "9999-12-31", "0001-01-01"])
def test_the_ends_of_the_calendar_are_no_surprise(belbaar, at):
    assert belbaar("may-call", "020-1000001", *ENERGY, "--at", at).exit_code in (0, 1, 2)


def test_a_refusal_speaks_the_language_asked(belbaar):
    result = belbaar("may-call", "onbekend", *ENERGY, "--lang", "nl")
    assert "Hier staat geen telefoonnummer" in result.stderr
