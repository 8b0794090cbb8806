"""Receipts: what a person can check of one, and every way to spoil it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from belbaar.errors import InputError, ProofError
from belbaar.proof.entries.commit import Body
from belbaar.proof.entries.jcs import encode
from belbaar.proof.keys.trust import DatedKey, LogTrust, Trust
from belbaar.proof.receipt.kantara import as_kantara
from belbaar.proof.receipt.record import Party, agrees, check_party
from belbaar.proof.receipt.signed import check_receipt, log_keys, read_receipt
from belbaar.proof.receipt.words import as_page, as_text
from tests.proof.receipts import (
    ASSETS,
    CREATED,
    GIVEN,
    GIVEN_AT,
    GOOD,
    KEYS,
    LOG,
    NUMBER,
    ORIGIN,
    OTHER_NUMBER,
    OTHER_WORDING,
    PARTY,
    SIGNER,
    VERIFIED,
    WITHDRAWN,
    broken,
    changed,
    checked,
    receipt,
    told,
)

BROKEN = broken()
FILES = sorted(ASSETS.glob("*.receipt"))


# what holds


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("bodies", [(GIVEN,), (GIVEN, VERIFIED), (GIVEN, VERIFIED, WITHDRAWN)], ids=len)
def test_a_receipt_comes_back_as_it_was_made_and_holds(bodies, language):
    read = checked(receipt(bodies, language=language))
    assert read.language == language
    assert read.data["log"]["origin"] == ORIGIN
    assert len(read.record["consent_status"]) == len(bodies)


def test_the_same_parts_give_the_same_receipt():
    assert receipt() == GOOD


def test_told_and_created_are_what_was_given():
    read = checked(GOOD)
    assert read.data["created"] == "2026-09-01T09:00:00Z"
    assert read.record["identifier"] == told().record_id.hex()
    assert CREATED > GIVEN_AT


def test_a_receipt_is_of_the_person_who_has_the_number_and_of_no_other():
    read = read_receipt(GOOD)
    check_receipt(read, **KEYS)
    with pytest.raises(ProofError, match="another person") as raised:
        check_receipt(read, **KEYS, number=OTHER_NUMBER)
    assert raised.value.code == "another-person"
    assert "1000" not in str(raised.value)


def test_keys_of_the_log_come_from_the_published_list():
    trust = Trust((LogTrust(ORIGIN, (DatedKey(LOG.verifier()),)),))
    check_receipt(read_receipt(GOOD), receipt_keys=[SIGNER.verifier()], log_keys=log_keys(trust, ORIGIN))
    assert log_keys(trust, "belbaar.example/other") == []


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "product": st.sampled_from(["*", "energy", "energy.gas"]),
            "language": st.sampled_from(["nl", "en", "nl-BE"]),
            "until": st.dates().map(str),
            "boxes": st.lists(
                st.fixed_dictionaries({"final": st.booleans(), "initial": st.booleans(), "label": st.text(min_size=1)})
            ),
            "wording_version": st.text(min_size=1, max_size=9),
            "conditional_on": st.text(min_size=1, max_size=9),
            "affirmative": st.just(False),
        },
    )
)
@settings(max_examples=40)
def test_whatever_was_captured_makes_a_receipt_that_holds_and_can_be_read(what):
    read = checked(receipt((changed(**what),)))
    assert as_text(read).strip()
    assert as_page(read).startswith("<!DOCTYPE html>")
    assert as_kantara(read, SIGNER.verifier())["version"] == "KI-CR-v1.1.0"


# what does not


@pytest.mark.parametrize("name", BROKEN)
def test_a_receipt_that_was_spoiled_fails_and_says_why(name):
    with pytest.raises(ProofError) as raised:
        checked(BROKEN[name])
    assert raised.value.what
    assert "Error" not in raised.value.what
    assert str(NUMBER) not in str(raised.value)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_receipt_made_earlier_is_judged_as_its_name_says(path: Path):
    text = path.read_text(encoding="utf-8")
    if path.stem.startswith("good"):
        checked(text)
        return
    with pytest.raises(ProofError):
        checked(text)


def test_the_drawer_holds_every_way_to_spoil_a_receipt():
    assert {path.stem for path in FILES} == {"good", "good-withdrawn", "good-english", *BROKEN}


@given(st.data())
@settings(max_examples=300)
def test_any_changed_byte_fails(data):
    raw = bytearray(GOOD.encode())
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises((ProofError, InputError)):
        checked(bytes(raw))


@given(st.data())
@settings(max_examples=100)
def test_any_missing_or_added_byte_fails(data):
    raw = GOOD.encode()
    place = data.draw(st.integers(0, len(raw) - 1))
    spoiled = data.draw(
        st.sampled_from([raw[:place] + raw[place + 1 :], raw[:place] + b"0" + raw[place:], raw[:place]])
    )
    with pytest.raises((ProofError, InputError)):
        checked(spoiled)


@pytest.mark.parametrize("text", ["", "\n\n", "belbaar/receipt/1\n{}\n", GOOD.replace("receipt/1", "receipt/2")])
def test_what_is_no_receipt_is_not_read(text):
    with pytest.raises(InputError):
        read_receipt(text)


@pytest.mark.parametrize(
    "bodies",
    [
        (VERIFIED,),
        (GIVEN, GIVEN),
        (GIVEN, Body(VERIFIED.how, VERIFIED.what, {"number": OTHER_NUMBER})),
        (GIVEN, replace(VERIFIED, what={**VERIFIED.what, "caller": "belwin"})),
        (GIVEN, replace(VERIFIED, what={**VERIFIED.what, "at": GIVEN_AT - 1})),
        (replace(GIVEN, who={}),),
        (replace(GIVEN, who={"number": "x"}),),
        (replace(GIVEN, who={"number": -1}),),
        (changed(at=True),),
        (changed(at=None),),
    ],
)
def test_leaves_that_are_not_of_one_consent_make_no_receipt(bodies):
    with pytest.raises(ProofError):
        receipt(bodies)


def test_another_wording_than_the_person_saw_makes_no_receipt():
    with pytest.raises(ProofError, match="not the one that the person saw"):
        receipt(wording=OTHER_WORDING)


def test_a_consent_without_wording_makes_no_receipt_and_says_what_to_record():
    with pytest.raises(InputError, match="wording of this consent was not kept"):
        receipt((changed(wording=None),))


@pytest.mark.parametrize(
    ("lacking", "named"),
    [
        ({"kvk": ""}, "kvk"),
        ({"address": " "}, "address"),
        ({"email": "", "phone": "", "url": ""}, "email or phone or url"),
        ({"privacy_url": ""}, "privacy_url"),
        ({"withdraw_url": "", "withdraw_phone": ""}, "withdraw_url or withdraw_phone"),
        ({"stored_in": ()}, "stored_in"),
    ],
)
def test_a_caller_of_whom_too_little_is_known_makes_no_receipt(lacking, named):
    with pytest.raises(InputError) as raised:
        receipt(
            party=replace(
                PARTY, **{name: value.strip() if name == "address" else value for name, value in lacking.items()}
            )
        )
    assert named in raised.value.what
    assert raised.value.code == "party-incomplete"
    assert "belbaar caller describe" in raised.value.todo


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"kvk": "1234567"}, "kvk"),
        ({"privacy_url": "javascript:alert(1)"}, "privacy_url"),
        ({"withdraw_url": "http://voltix.example/stop"}, "withdraw_url"),
        ({"email": "voltix"}, "email"),
        ({"phone": "020-1990001"}, "phone"),
        ({"stored_in": ("Nederland",)}, "stored_in"),
    ],
)
def test_a_detail_that_is_malformed_makes_no_receipt(wrong, named):
    with pytest.raises(InputError) as raised:
        receipt(party=replace(PARTY, **wrong))
    assert raised.value.where == named


@pytest.mark.parametrize(
    "fewer", [{"email": ""}, {"phone": "", "url": ""}, {"withdraw_phone": ""}, {"withdraw_url": ""}]
)
def test_one_way_to_reach_and_one_to_stop_is_enough(fewer):
    check_party(replace(PARTY, **fewer))
    read = checked(receipt(party=replace(PARTY, **fewer)))
    assert as_kantara(read, SIGNER.verifier())["services"][0]["purposes"][0]["termination"]


def test_all_that_is_missing_is_told_at_once():
    with pytest.raises(InputError, match="kvk, address, email or phone or url, privacy_url, withdraw_url or"):
        check_party(Party("Voltix"))


def test_a_receipt_in_a_language_nobody_wrote_is_refused():
    with pytest.raises(InputError, match="not told in"):
        receipt(language="de")


def test_a_record_with_the_id_of_nothing_is_refused():
    with pytest.raises(InputError, match="16 bytes"):
        receipt(record_id=b"x")


def test_truth_is_no_number_to_a_record():
    read = read_receipt(GOOD)
    forged = json.loads(encode(dict(read.record)))
    assert agrees(forged, [GIVEN, VERIFIED])
    forged["notice"]["boxes"][0]["final"] = 1
    assert not agrees(forged, [GIVEN, VERIFIED])
