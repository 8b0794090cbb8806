"""How much a consent is worth as evidence: level by level, and what is missing for the next."""

import datetime as dt
import itertools
from dataclasses import replace

import pytest

from belbaar.errors import InputError
from belbaar.law import PACKS
from belbaar.law.calendar import instant
from belbaar.ledger import read_event
from belbaar.proof.log.note_keys import SignerKey
from belbaar.proof.receipt.capture import attest, attested_by
from belbaar.verdict.levels import HIGHEST, LEVELS, ConsentEvidence, demanded, evidence_of, level_of

ZONE = PACKS["NL"].zone
HOST, STRANGER = (SignerKey.generate("vastleggers.example/2026", seed=bytes([n]) * 32) for n in (1, 2))
HOST_KEY = HOST.verifier()
CAPTURED = {
    "wording": "Mag Voltix u bellen over energie?",
    "boxes": [{"label": "Ja, bel mij", "initial": False, "final": True}],
    "shown_at": "2026-09-01T09:58:00+02:00",
    "captured_by": "leadhuis",
}
CHALLENGED = {"verified": "sms", "challenge_sent": "2026-09-01T09:59:00+02:00", "challenge_to_number": True}
LATER = "2026-10-01T12:00:00+02:00"


def event(kind, at="2026-09-01T10:00:00+02:00", caller="voltix", **fields):
    data = {"event": kind, "at": at, "caller": caller, **fields}
    return read_event(data, number=31201000007, zone=ZONE, where="history", recorded_at=None)


def consent(**fields):
    return event("consent.given", product="energy", **fields)


def moment(text):
    return instant(dt.datetime.fromisoformat(text))


def days(first, last):
    return range(dt.date.fromisoformat(first).toordinal(), dt.date.fromisoformat(last).toordinal() + 1)


ALWAYS = days("2026-01-01", "2026-12-31")


def found(given, *history, at=LATER, text_logged=True, open_days=ALWAYS, attesters=(HOST_KEY,)):
    evidence = evidence_of(
        given,
        [given, *history],
        at=moment(at),
        text_logged=text_logged,
        open_days=open_days,
        attested=attested_by(given, attesters),
    )
    return level_of(evidence, at=moment(at), zone=ZONE)


def attested(given):
    return replace(given, fields={**given.fields, "attestation": attest(given, HOST)})


def receipt(at="2026-09-01T11:00:00+02:00", **fields):
    return event("receipt.delivered", at, delivered_by="sms", **fields)


def test_a_statement_that_somebody_consented_is_level_0_and_all_is_missing():
    level = found(consent())
    assert level.level == 0
    assert [words[1] for words in level.missing] == [
        "The wording that was shown is not kept.",
        "The boxes are not kept.",
        "When the wording was shown is not kept.",
        "Who captured the consent is not kept.",
    ]


def test_wording_boxes_and_times_make_level_1():
    assert found(consent(**CAPTURED)).level == 1


@pytest.mark.parametrize("name", CAPTURED)
def test_without_one_of_these_it_stays_a_statement(name):
    less = {field: value for field, value in CAPTURED.items() if field != name}
    level = found(consent(**less, **CHALLENGED), receipt())
    assert level.level == 0
    assert len(level.missing) == 1


def test_a_wording_that_is_not_in_the_log_before_the_consent_is_a_statement_too():
    level = found(consent(**CAPTURED), text_logged=False)
    assert (level.level, level.missing[0][1]) == (0, "The wording does not stand in the log before the consent.")


def test_a_code_sent_to_the_number_and_answered_makes_level_2():
    assert found(consent(**CAPTURED, **CHALLENGED)).level == 2


@pytest.mark.parametrize("method", ["sms", "voice"])
def test_an_answer_that_came_later_counts_from_then(method):
    answer = event(
        "consent.verified",
        "2026-09-01T10:05:00+02:00",
        method=method,
        challenge_sent="2026-09-01T10:01:00+02:00",
        challenge_to_number=True,
    )
    assert found(consent(**CAPTURED), answer).level == 2
    assert found(consent(**CAPTURED), answer, at="2026-09-01T10:04:00+02:00").level == 1


@pytest.mark.parametrize("method", ["email", "app", "eid", "in-person", "letter"])
def test_an_answer_from_elsewhere_proves_no_number(method):
    level = found(consent(**CAPTURED, **{**CHALLENGED, "verified": method}))
    assert level.level == 1
    assert "did not come from the number itself" in level.missing[0][1]


@pytest.mark.parametrize("name", ["challenge_sent", "challenge_to_number"])
def test_that_somebody_says_it_was_confirmed_by_sms_is_no_challenge(name):
    less = {field: value for field, value in CHALLENGED.items() if field != name}
    level = found(consent(**CAPTURED, **less))
    assert (level.level, level.missing[0][1]) == (1, "That and when the code went to this number is not kept.")


def test_a_consent_without_confirmation_says_that_it_is_missing():
    assert found(consent(**CAPTURED)).missing == (
        ("De toestemming is niet bevestigd.", "The consent is not confirmed."),
    )


def test_a_challenge_of_a_newer_consent_is_not_of_this_one():
    newer = event("consent.given", "2026-09-02", product="telecom")
    answer = event(
        "consent.verified", "2026-09-03", method="sms", challenge_sent="2026-09-02T12:00:00Z", challenge_to_number=True
    )
    assert found(consent(**CAPTURED), newer, answer).level == 1


WHOLE = consent(**CAPTURED, **CHALLENGED)


def test_a_receipt_and_fourteen_quiet_days_make_level_3():
    assert found(WHOLE, receipt()).level == 3


@pytest.mark.parametrize(
    ("at", "level"),
    [("2026-09-15T23:59:59+02:00", 2), ("2026-09-16T00:00:00+02:00", 3)],
)
def test_the_fourteenth_day_counts_whole(at, level):
    assert found(WHOLE, receipt(), at=at).level == level


def test_the_days_count_from_the_first_receipt():
    assert found(WHOLE, receipt(), receipt("2026-09-30"), at="2026-10-01T12:00:00+02:00").level == 3


def test_without_a_receipt_it_stays_level_2():
    assert found(WHOLE).missing == (("De persoon kreeg geen ontvangstbewijs.", "The person got no receipt."),)


def test_a_receipt_of_another_product_caller_or_earlier_consent_is_none():
    assert found(WHOLE, receipt(product="telecom")).level == 2
    assert found(WHOLE, receipt(caller="belwin")).level == 2
    assert found(WHOLE, receipt("2026-08-31")).level == 2
    assert found(WHOLE, receipt(product="energy")).level == 3


@pytest.mark.parametrize(
    ("open_days", "level"),
    [
        ((), 2),
        (days("2026-09-02", "2026-09-14"), 2),
        (days("2026-09-02", "2026-09-15"), 3),
        (days("2026-08-01", "2026-09-01"), 2),
        ([*days("2026-09-02", "2026-09-08"), *days("2026-09-20", "2026-09-26")], 3),
        ([*days("2026-09-02", "2026-09-08"), *days("2026-09-20", "2026-09-25"), *days("2026-10-01", "2026-10-09")], 2),
    ],
)
def test_only_days_count_on_which_the_person_could_deny_it(open_days, level):
    assert found(WHOLE, receipt(), open_days=open_days).level == level


def test_how_many_days_are_missing_is_said():
    (missing,) = found(WHOLE, receipt(), open_days=days("2026-09-02", "2026-09-04")).missing
    assert missing == (
        "Sinds het ontvangstbewijs stond Mijn nummer op 3 van 14 dagen open.",
        "Since the receipt My number was open on 3 of 14 days.",
    )


@pytest.mark.parametrize("caller", ["voltix", ""])
def test_a_person_who_complained_has_denied_in_doubt(caller):
    complaint = replace(event("complaint.filed", "2026-09-20"), caller=caller)
    assert found(WHOLE, receipt(), complaint).level == 2
    assert found(WHOLE, receipt(), complaint, at="2026-09-19T12:00:00+02:00").level == 3


def test_a_complaint_about_another_caller_or_before_the_consent_is_no_denial():
    assert found(WHOLE, receipt(), event("complaint.filed", "2026-09-20", caller="belwin")).level == 3
    assert found(WHOLE, receipt(), event("complaint.filed", "2026-08-20")).level == 3


def test_what_an_outside_party_signed_for_is_level_4_and_nothing_is_missing():
    level = found(attested(WHOLE), receipt())
    assert (level.level, level.missing) == (4, ())


def test_no_level_is_skipped():
    assert found(attested(consent(**CAPTURED)), receipt()).level == 1


@pytest.mark.parametrize(
    "change", [{"number": 31201000008}, {"at": 1}, {"caller": "belwin"}, {"fields": {"product": "telecom"}}]
)
def test_an_attestation_of_another_capture_is_none(change):
    given = attested(WHOLE)
    fields = {**given.fields, **change.get("fields", {})}
    other = replace(given, **{**change, "fields": fields})
    assert attested_by(given, [HOST.verifier()]) == HOST.name
    assert attested_by(other, [HOST.verifier()]) == ""


@pytest.mark.parametrize("text", ["", "nonsense", "belbaar/capture/1\n00\n\n— x AAAAAAAA\n", True])
def test_what_is_no_attestation_counts_for_nothing(text):
    assert attested_by(replace(WHOLE, fields={**WHOLE.fields, "attestation": text}), [HOST.verifier()]) == ""


def test_an_attestation_by_a_key_that_is_not_known_counts_for_nothing():
    assert attested_by(attested(WHOLE), []) == ""
    assert attested_by(attested(WHOLE), [STRANGER.verifier()]) == ""


@pytest.mark.parametrize(("wanted", "given"), list(itertools.product(range(5), repeat=2)))
def test_a_level_below_the_one_demanded_is_told_with_what_is_missing(wanted, given):
    level = (
        found(consent()),
        found(consent(**CAPTURED)),
        found(WHOLE),
        found(WHOLE, receipt()),
        found(attested(WHOLE), receipt()),
    )[given]
    told = demanded(wanted, level)
    assert (told is None) is (given >= wanted)
    if told:
        assert str(wanted) in told[0]
        assert level.missing[0][0] in told[0]
        assert level.missing[0][1] in told[1]


@pytest.mark.parametrize("wanted", [-1, HIGHEST + 1])
def test_a_level_that_does_not_exist_cannot_be_demanded(wanted):
    with pytest.raises(InputError, match="not a level"):
        demanded(wanted, level_of(ConsentEvidence(consent()), at=moment(LATER), zone=ZONE))


def test_every_level_has_words_in_both_languages():
    assert all(all(words) for words in LEVELS)
    assert HIGHEST == 4
