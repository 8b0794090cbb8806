"""Letters of the trace desk: what they say, in both languages, the same bytes each time, every name in them."""

import datetime as dt
import io
import shutil
import subprocess
from dataclasses import replace
from importlib.resources import files

import msgspec
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from belbaar.errors import InputError
from belbaar.trace.calls import Incoming
from belbaar.trace.cases import Case, Papers, Party
from belbaar.trace.deciding import REFUSALS
from belbaar.trace.letters import KINDS, letter
from belbaar.trace.letters.words import LETTERS, MISSING, WORDS
from belbaar.trace.matching import Candidate
from belbaar.trace.requests import FIELDS, Request

AT = 1_788_868_800_000_000  # 2026-09-08T14:00 in Amsterdam
NAME = "Żaneta Öztürk-Ștefănescu Ελένη Иванова"
REQUEST = Request(NAME, "Šibenikstraße 12-bis", "1012 AB", "\u2019s-Hertogenbosch", 31201000031, (AT - 86_400_000_000,))
PARTY = Party("+31301990077", "B. Eller", "Laan 2", "3511 AA", "Utrecht")
STATE = {"received": "received", "found": "found", "named": "found", "refused": "refused"}


def case(state, *, trust="national", missing=(), why="interest"):
    call = Incoming("c1", 31201000031, AT - 86_400_000_000, 1, "transit", trust, 200, 0, 0, 0, b"x")
    found = state == "found"
    return Case(
        id="0123456789abcdef",
        number=31201000031,
        state=state,
        opened_at=AT,
        ended_at=0 if state in ("received", "incomplete") else AT + 86_400_000_000,
        papers=Papers(
            request=REQUEST,
            reason=f"{why}\nAn officer's own note." if state == "refused" else "Six calls.",
            party=PARTY if found else None,
            calls=("c1",) if found else (),
        ),
        missing=missing,
        due=dt.date(2026, 9, 22).toordinal(),
        gone=dt.date(2026, 12, 9).toordinal(),
        history=(),
        calls=(Candidate(call, "only", 3, "A"),),
        looked=frozenset({"c1"}),
    )


def read(content):
    """Read a PDF's text as a person's reader does, without line breaks."""
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not on the path: make system")
    run = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
    return " ".join(run.stdout.decode().replace("\xa0", " ").split())


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_says_what_its_reader_must_know_and_no_more(kind, lang):
    made = letter(case(STATE[kind]), kind, lang, "Belnet Telecom B.V.")
    text = read(made)
    assert LETTERS[kind][lang].subject in text
    assert "0123456789abcdef" in text
    assert ("Eller" in text) == (kind in ("found", "named"))
    assert (NAME in text) == (kind != "named")  # who is named does not hear who asked
    assert ("+31 20 100 0031" in text) == (kind != "named")
    assert "own note" not in text
    assert "{" not in text
    assert made == letter(case(STATE[kind]), kind, lang, "Belnet Telecom B.V.")
    for said in (b"/Lang", b"pdfaid:conformance", b"/FontFile2"):
        assert said in made


def test_it_asks_for_what_is_missing_and_says_by_when():
    text = read(letter(case("incomplete", missing=("postcode", "times")), "received", "nl", "Belnet"))
    assert "uw postcode en wanneer u gebeld bent" in text
    assert "uiterlijk op 22 september 2026" in text
    assert "U hoort" not in text


@pytest.mark.parametrize("why", REFUSALS)
def test_a_refusal_says_why(why):
    for place, lang in enumerate(("nl", "en")):
        assert REFUSALS[why][place] in read(letter(case("refused", why=why), "refused", lang, "Belnet"))


def test_it_says_when_a_number_may_be_forged():
    assert "vervalst" in read(letter(case("found", trust="international"), "found", "nl", "Belnet"))
    assert "handtekening" in read(letter(case("found", trust="broken"), "found", "nl", "Belnet"))
    assert "vervalst" not in read(letter(case("found", trust="own"), "found", "nl", "Belnet"))


def test_a_letter_that_the_case_is_not_ready_for_is_refused():
    for kind, state in (("found", "received"), ("named", "refused"), ("refused", "found")):
        with pytest.raises(InputError) as refused:
            letter(case(state), kind, "nl", "Belnet")
        assert refused.value.code == "not-ready"


def test_both_languages_say_the_same_things():
    assert all(words.keys() == {"nl", "en"} for words in LETTERS.values())
    assert WORDS["nl"].keys() == WORDS["en"].keys()
    assert MISSING["nl"].keys() == MISSING["en"].keys() == set(FIELDS)
    for words in LETTERS.values():
        assert len(words["nl"].paragraphs) == len(words["en"].paragraphs)


def test_the_font_has_the_letters_of_european_names():
    wanted = set(
        map(
            chr,
            [*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x218, 0x21C), *range(0x391, 0x3CA), *range(0x410, 0x450)],
        )
    )
    for name in ("dejavu-sans.ttf", "dejavu-sans-bold.ttf"):
        font = TTFont(io.BytesIO(files("belbaar.letters").joinpath(name).read_bytes()))
        assert {char for char in wanted - {"\xad", "\u03a2"} if ord(char) not in font.getBestCmap()} == set()


@settings(max_examples=15)
@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_people_write_a_letter_is_made(name, street):
    asked = case("received")
    request = msgspec.structs.replace(REQUEST, name=name, address=street)
    made = letter(replace(asked, papers=msgspec.structs.replace(asked.papers, request=request)), "received", "nl", name)
    assert made.startswith(b"%PDF")
