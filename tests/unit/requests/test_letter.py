"""The answer to a request as a letter: what it says, in both languages, the same bytes each time."""

import shutil
import subprocess

import pytest

from belbaar.errors import InputError
from belbaar.letters.pdf import pdf
from belbaar.requests.cases import Papers, Request
from belbaar.requests.letter import letter
from belbaar.requests.terms import KINDS

AT = 1_788_868_800_000_000  # 2026-09-08T14:00 in Amsterdam
DAY = 86_400_000_000
REPLY = "Wij stopten de bron.\n\nDe beller zal niet meer bellen."


def request(kind="complaint", lang="nl", **change):
    papers = Papers(lang=lang, name="Żaneta Öztürk", address="Plein 1\n1012 AB Amsterdam", reply=REPLY)
    told = {"state": "done", "ended_at": AT + DAY, "papers": papers} | change
    return Request("bcdf", "2026-0412", kind, caller="voltix", number=31201000031, opened_at=AT, due=0, **told)


def read(content):
    """Read a PDF's text as a person's reader does."""
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not on the path: make system")
    return subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True
    ).stdout.decode()


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_says_who_writes_what_to_whom_and_where_to_complain(kind, lang):
    page = letter(request(kind, lang), "Voltix Energie B.V.", "Laan 2, 3511 AA Utrecht")
    text = read(pdf(page))
    day = {"nl": "8 september 2026", "en": "8 September 2026"}[lang]
    for said in ("Voltix Energie B.V.", "Laan 2", "Żaneta Öztürk", "1012 AB Amsterdam", "2026-0412", day, page.subject):
        assert said in " ".join(text.split())
    assert "stopten de bron" in text
    assert ("consuwijzer" if kind == "complaint" else "autoriteitpersoonsgegevens") in text
    assert {"nl": "9 september 2026", "en": "9 September 2026"}[lang] in text


def test_the_same_answer_is_the_same_letter():
    assert pdf(letter(request(), "Voltix", "")) == pdf(letter(request(), "Voltix", ""))


@pytest.mark.parametrize("change", [{"state": "busy", "ended_at": 0}, {"papers": None}])
def test_what_is_not_answered_or_gone_has_no_letter(change):
    with pytest.raises(InputError) as refused:
        letter(request(**change), "Voltix", "")
    assert refused.value.code == "not-found"
