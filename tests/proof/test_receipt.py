"""Receipts: what a person gets, what they can check of it, and every way to spoil one."""

import json
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from belbaar.errors import InputError, ProofError
from belbaar.proof.entries.commit import Body
from belbaar.proof.entries.jcs import encode
from belbaar.proof.keys.trust import DatedKey, LogTrust, Trust
from belbaar.proof.receipt.kantara import as_kantara
from belbaar.proof.receipt.phrases import METHODS, PHRASES
from belbaar.proof.receipt.record import Party, agrees, check_party
from belbaar.proof.receipt.signed import check_receipt, log_keys, read_receipt
from belbaar.proof.receipt.words import as_page, as_text
from tests.proof.receipts import (
    ASSETS,
    CREATED,
    GIVEN,
    GIVEN_AT,
    HOW,
    KEYS,
    LOG,
    NUMBER,
    ORIGIN,
    OTHER_NUMBER,
    OTHER_WORDING,
    PARTY,
    SIGNER,
    VERIFIED,
    WHAT,
    WITHDRAWN,
    WORDING,
    broken,
    receipt,
    told,
)

GOOD = receipt()
BROKEN = broken()
FILES = sorted(ASSETS.glob("*.receipt"))


def checked(text, number=NUMBER):
    read = read_receipt(text)
    check_receipt(read, **KEYS, number=number)
    return read


def changed(**what):
    return replace(GIVEN, what={name: value for name, value in {**WHAT, **what}.items() if value is not None})


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


# what others read


def test_kantara_has_what_its_specification_demands():
    made = as_kantara(checked(GOOD), SIGNER.verifier())
    assert made["consentTimestamp"] == GIVEN_AT // 1_000_000
    assert made["piiPrincipalId"] == "+31201000007"
    assert made["jurisdiction"] == "NL"
    assert made["collectionMethod"] == "web form: https://voltix.example/aanvraag"
    (controller,) = made["piiControllers"]
    assert controller == {
        "piiController": PARTY.name,
        "onBehalf": False,
        "contact": PARTY.email,
        "address": {"streetAddress": PARTY.address},
        "email": PARTY.email,
        "phone": PARTY.phone,
        "piiControllerUrl": PARTY.url,
    }
    (service,) = made["services"]
    (purpose,) = service["purposes"]
    assert (purpose["consentType"], purpose["thirdPartyName"]) == ("EXPLICIT", "Belhuis Noord B.V.")
    assert (made["sensitive"], made["spiCat"], made["policyUrl"]) == (False, [], PARTY.privacy_url)


@pytest.mark.parametrize(
    ("page", "told"),
    [(None, "not kept"), ("script-7", "script: script-7"), ("http://a.example", "web form: http://a.example")],
)
def test_kantara_says_how_the_consent_was_collected(page, told):
    how = {name: value for name, value in {**HOW, "page": page}.items() if value}
    assert as_kantara(checked(receipt((replace(GIVEN, how=how),))), SIGNER.verifier())["collectionMethod"] == told


# what the person reads


class Page(HTMLParser):
    """What a page is made of: its elements, its words, and whether every element is closed."""

    VOID = frozenset({"meta"})

    def __init__(self, text):
        super().__init__()
        self.elements, self.words, self.open, self.attributes = [], [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


SAID = {
    "nl": ["Een mens mag u bellen", "op dinsdag 1 september 2026 om 10.00 uur", "tot en met 31 december 2027", "ConsuWijzer",
           "uiterlijk op 1 maart 2027", "eerst leeg, daarna aangevinkt", "met een code per sms naar uw eigen nummer"],
    "en": ["A human may call you", "on Tuesday 1 September 2026 at 10:00", "through 31 December 2027", "ConsuWijzer",
           "by 1 March 2027", "first empty, then ticked", "with a code in a text message to your own number"],
}  # fmt: skip
FACTS = [PARTY.name, PARTY.address, "KvK 12345678", "+31201000007", "energie", PARTY.withdraw_url, PARTY.withdraw_phone,
         PARTY.privacy_url, "Belhuis Noord B.V.", "leadhuis", "2026-3", "https://www.autoriteitpersoonsgegevens.nl",
         "Nederland", ORIGIN]  # fmt: skip


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_person_reads_what_with_whom_until_when_and_how_to_stop(language):
    read = checked(receipt(language=language))
    text = as_text(read)
    page = " ".join(" ".join(Page(as_page(read)).words).split())
    wanted = [*SAID[language], *FACTS]
    for said in wanted if language == "nl" else [said for said in wanted if said != "Nederland"]:
        assert said in text
        assert said in page
    for line in WORDING.split("\n"):
        assert line in text
        assert line in page
    assert ".." not in text


def test_a_page_has_no_script_fetches_nothing_and_tells_its_language():
    page = Page(as_page(checked(receipt(language="nl"))))
    assert not {"script", "img", "link", "iframe", "form", "input", "object"} & set(page.elements)
    assert ("lang", "nl") in page.attributes
    assert not [name for name, _ in page.attributes if name.startswith("on") or name in ("src", "style")]
    assert page.elements.count("h1") == 1
    assert page.elements.count("h2") == len(PHRASES["nl"]["authorities"]) + 5
    links = [value for name, value in page.attributes if name == "href"]
    assert links
    assert all(link.startswith("https://") for link in links)


def test_the_page_holds_the_receipt_itself():
    page = Page(as_page(checked(GOOD)))
    assert GOOD in page.words


def test_words_that_look_like_markup_stay_words():
    wording = "<script>alert('x')</script> & <b>ja</b> {name} {{0}}"
    body = changed(
        wording=sha256(wording.encode()).hexdigest(),
        boxes=[{"final": True, "initial": False, "label": "<img src=x> {label}"}],
    )
    read = checked(receipt((body,), wording, product="<i>energie</i>"))
    page = Page(as_page(read))
    assert not {"script", "img", "b", "i"} & set(page.elements)
    assert wording in page.words
    assert wording in as_text(read)


@pytest.mark.parametrize(
    ("body", "dutch", "english"),
    [
        (
            changed(until=None),
            "Uw toestemming geldt tot u haar intrekt.",
            "Your consent is good until you withdraw it.",
        ),
        (changed(product="*"), "alles wat dit bedrijf aanbiedt", "everything this company offers"),
        (changed(affirmative=False), "Zo'n toestemming geldt niet.", "Such a consent is not valid."),
        (
            changed(conditional_on="korting"),
            "Zonder toestemming kreeg u dit niet: korting.",
            "would not get this: korting.",
        ),
        (replace(GIVEN, how={}), "Een mens mag u bellen.", "A human may call you."),
        (replace(GIVEN, how={"channels": ["robocall"]}), "U hoort dan geen mens.", "You will not hear a human."),
        (replace(GIVEN, how={"verified": "email"}), "via een link in een e-mail.", "with a link in an e-mail."),
    ],
)
def test_what_is_out_of_the_ordinary_is_told(body, dutch, english):
    assert dutch in as_text(checked(receipt((body,))))
    assert english in as_text(checked(receipt((body,), language="en")))


def test_a_withdrawn_consent_is_told_as_withdrawn_and_no_longer_as_good():
    text = as_text(checked(receipt((GIVEN, VERIFIED, WITHDRAWN))))
    assert "Let op: deze toestemming is ingetrokken." in text
    assert "ingetrokken op woensdag 2 september 2026 om 10.00 uur" in text
    assert "tot en met 31 december 2027" not in text


def test_a_receipt_without_a_last_day_for_the_first_call_promises_none():
    assert "vervalt" not in as_text(checked(receipt(contact_by="")))


def test_sentences_and_methods_exist_in_both_languages():
    assert PHRASES["nl"].keys() == PHRASES["en"].keys()
    assert METHODS["nl"].keys() == METHODS["en"].keys()


def test_nobody_needs_more_than_short_sentences_to_understand_a_receipt():
    for phrases in PHRASES.values():
        for phrase in phrases.values():
            for sentence in phrase.split(". ") if isinstance(phrase, str) else ():
                assert len(sentence.split()) <= 24, sentence


def test_told_and_created_are_what_was_given():
    read = checked(GOOD)
    assert read.data["created"] == "2026-09-01T09:00:00Z"
    assert read.record["identifier"] == told().record_id.hex()
    assert CREATED > GIVEN_AT
