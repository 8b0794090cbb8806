"""A receipt as a person reads it: as text and as a page, in both languages."""

from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from belbaar.proof.receipt.phrases import METHODS, PHRASES
from belbaar.proof.receipt.words import as_page, as_text
from tests.proof.receipts import GIVEN, GOOD, ORIGIN, PARTY, VERIFIED, WITHDRAWN, WORDING, changed, checked, receipt


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
