"""Text messages fit in one part, in the alphabet of telephones, whatever the names; mails say the same twice."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belbaar.capture.gsm7 import ONE, length, plain
from belbaar.capture.messages import KINDS, Facts, mail_of, sms_of

LONGEST = Facts(
    "W" * 60, "p" * 60, host="h" * 24, code="482913", link=f"https://{'u' * 24}", day="24-11-2027", text="Ja."
)
COUNTED = {
    ("code", "nl"): 151, ("code", "en"): 150, ("portal", "nl"): 91, ("portal", "en"): 87,
    ("receipt", "nl"): 137, ("receipt", "en"): 128, ("withdrawn", "nl"): 143, ("withdrawn", "en"): 138,
    ("objection", "nl"): 133, ("objection", "en"): 137, ("objection-all", "nl"): 129, ("objection-all", "en"): 125,
}  # fmt: skip


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_longest_message_is_one_part(kind, lang):
    text = sms_of(kind, lang, LONGEST)
    assert plain(text) == text
    assert length(text) <= ONE
    assert "{" not in text


@pytest.mark.parametrize(("kind", "lang"), COUNTED)
def test_it_is_as_long_as_it_was_designed(kind, lang):
    assert abs(length(sms_of(kind, lang, LONGEST)) - COUNTED[kind, lang]) <= 8


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_name_becomes_signs_that_telephones_have(caller, product):
    text = sms_of("code", "nl", Facts(caller, product, host="bel.example", code="482913"))
    assert plain(text) == text
    assert length(text) <= ONE
    assert text.endswith("\n@bel.example #482913")


@given(st.text())
def test_what_is_plain_stays_so(text):
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize("kind", ["code", "link", "receipt", "withdrawn"])
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_a_mail_says_the_same_in_text_and_in_html(kind, lang):
    facts = Facts("A & <B>", "gas", code="482913", link="https://bel.example/r/x", day="24-11-2027", text="Ja, <mij>.")
    mail = mail_of(kind, lang, facts)
    bare = re.sub(r"<title>.*?</title>|<[^>]+>", "", mail.html).replace("&lt;", "<").replace("&gt;", ">")
    bare = bare.replace("&amp;", "&").replace("&quot;", '"')
    assert bare.split() == " ".join(mail.text.split()).replace(".", ".").split() or _words(bare) == _words(mail.text)
    assert "A & <B>" in mail.text
    assert "<B>" not in mail.html


def _words(text):
    return re.sub(r"\s+", "", text)
