"""verify.html says of every dossier what verify.py says of it, all but the timestamp."""

import random
import re
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from belbaar.cli.app import app
from belbaar.proof.verifier import verify
from belbaar.proof.verifier.reading import filled, unzipped
from belbaar.proof.verifier.verify import examined
from tests.proof.made import ASSETS, FORGER, STRANGER, Story, listed
from tests.proof.test_attacks import NAMES, PARTS, TEXTS, ZIPS

FILES = sorted(ASSETS.glob("*.zip"))
GOOD = (ASSETS / "good-without-page.zip").read_bytes()
TRUST = (ASSETS / "trust.json").read_bytes()
OUTCOMES = {0: "proven", 1: "refuted", 2: "unreadable", 3: "incomplete"}
STAMP = "this page does not check timestamps: openssl does, as told below"
STAMP_SENTENCES = {STAMP, "the timestamp that covers it is unchecked"}


def expected(dossier, trust=None):
    """What verify.py finds on a machine without openssl, which is where the page always is."""
    with patch("shutil.which", return_value=None):
        judged = examined(dossier, trust)
    said = [(code, filled(about), filled(said)) for code, about, said in judged.found]
    told = [(code, about, STAMP if says.startswith("openssl is not") else says) for code, about, says in said]
    missing = [says for code, _, says in told if code == 3]
    only_stamp = judged.code == 3 and set(missing) <= STAMP_SENTENCES
    return "stamp" if only_stamp else OUTCOMES[judged.code], sorted(told)


def agree(page, dossier, trust=None):
    outcome, found = expected(dossier, trust)
    assert page.choose(dossier, trust) == outcome
    assert sorted(page.found()) == ([] if outcome == "unreadable" else found)
    return outcome


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_dossier_gets_the_same_verdict_claim_by_claim(steady_page, path):
    outcome = agree(steady_page, path.read_bytes())
    named = re.split(r"[-.]", path.name)[0]
    of_the_stamp = outcome == "stamp" and ("stamp" in path.name or named == "good")
    assert of_the_stamp or outcome == named


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_with_keys_from_elsewhere_too(page, path):
    agree(page, path.read_bytes(), TRUST)
    assert not page.complaints


@pytest.mark.parametrize("bit", random.Random(5).sample(range(8 * len(GOOD)), 60))  # noqa: S311  a sample
def test_any_changed_bit_is_refuted(steady_page, bit):
    broken = bytearray(GOOD)
    broken[bit // 8] ^= 1 << bit % 8
    assert agree(steady_page, bytes(broken)) == "refuted"


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_the_operator_himself_changes_is_judged_alike(steady_page, data):
    parts = unzipped(GOOD)
    spared = {"MANIFEST.sha256", "MANIFEST.note", "verify.py"}
    name = data.draw(st.sampled_from(sorted(set(parts) - spared)))
    content = bytearray(parts[name])
    place = data.draw(st.integers(0, 8 * len(content) - 1))
    content[place // 8] ^= 1 << place % 8
    agree(steady_page, listed(parts | {name: bytes(content)}))


@settings(max_examples=40, deadline=None)
@given(length=st.integers(0, len(GOOD) - 1))
def test_what_was_cut_off_is_judged_alike(steady_page, length):
    assert agree(steady_page, GOOD[:length]) != "stamp"


HOSTILE = [*ZIPS, *(listed(PARTS | {name: b"x"}) for name in NAMES)]
HOSTILE += [listed(PARTS | {"dossier.json": text}) for text in TEXTS]


@pytest.mark.parametrize("dossier", HOSTILE, ids=range(len(HOSTILE)))
def test_files_made_to_confuse_are_judged_alike(steady_page, dossier):
    assert agree(steady_page, dossier, TRUST) == "refuted"


def test_a_dossier_as_belbaar_makes_it_is_judged_alike(page, tmp_path, monkeypatch):
    """Made by the commands that an officer uses; nobody witnessed or stamped her log."""
    monkeypatch.chdir(tmp_path)
    Path("opt-ins.csv").write_text("Telefoon;Datum;Tekst;Geverifieerd\n020-1000001;1-9-2026 10:00;Ja, bel mij.;sms\n")
    for words in (
        "init",
        "caller add voltix --name Voltix --sector commercial --number +31201990001",
        "record opt-ins.csv --event consent.given --caller voltix --product energy",
        "may-call 020-1000001 --caller voltix --product energy --at 2026-09-08T14:00 --keep",
        "dossier 020-1000001 --out d.zip",
    ):
        result = CliRunner().invoke(app, words.split(), prog_name="belbaar")
        assert result.exit_code == (3 if words.startswith("dossier") else 0), result.output
    assert agree(page, Path("d.zip").read_bytes()) == "incomplete"
    assert not page.complaints


def test_a_forger_with_keys_of_his_own_is_told_by_keys_from_elsewhere(page, authority):
    forged = Story(authority, log_key=FORGER, witness=STRANGER, signer=FORGER, page=True).dossier()
    assert agree(page, forged) == "stamp"
    assert "Whoever made the dossier chose those" in page.text(".note.warn")
    assert agree(page, forged, TRUST) == "refuted"


def test_a_replaced_verifier_is_told(page):
    page.choose(listed(unzipped(GOOD) | {"verify.py": b"print('All is proven.')\n"}), TRUST)
    assert "does not belong to this page" in page.text("#details")
    page.choose(GOOD, TRUST)
    assert "does not belong to this page" not in page.text("#details")


def test_the_page_in_a_dossier_is_the_one_that_is_tested(page, address):
    parts = unzipped((ASSETS / "good.zip").read_bytes())
    assert parts["verify.html"] == Path(address.removeprefix("file://")).read_bytes()
    assert verify((ASSETS / "good.zip").read_bytes(), own=parts["verify.py"])[0] in {0, 3}
    assert page.choose((ASSETS / "good.zip").read_bytes()) == "stamp"
    assert "does not belong to this page" not in page.text("#details")
