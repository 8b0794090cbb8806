"""`belbaar verify`: one line for each thing checked, worst first, without any store; bad files say what to do."""

import json
import os
import re
import shutil
from pathlib import Path

import pytest

from belbaar.proof.verifier.reading import unzipped
from tests.proof.made import listed
from tests.proof.tsa import HAS_OPENSSL

ASSETS = Path(__file__).parents[1] / "proof" / "assets"
CODES = {"good": 0, "refuted": 1, "unreadable": 2, "incomplete": 3}
TRUST = str(ASSETS / "trust.json")
pytestmark = [
    pytest.mark.skipif(not HAS_OPENSSL, reason="openssl is not on the path"),
    pytest.mark.usefixtures("nowhere"),
]


@pytest.fixture
def nowhere(tmp_path, monkeypatch):
    """A folder without a store."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("path", sorted(ASSETS.glob("*.zip")), ids=lambda path: path.stem)
def test_the_exit_status_is_what_the_name_says(belbaar, path):
    result = belbaar("verify", str(path))
    assert result.exit_code == CODES[re.split(r"[-.]", path.name)[0]], result.output
    assert not list(Path().iterdir())


@pytest.mark.parametrize(
    ("lang", "words"), [("en", ("REFUTED", "not shown", "proven")), ("nl", ("WEERLEGD", "niet getoond", "bewezen"))]
)
def test_what_is_refuted_comes_first(belbaar, lang, words):
    lines = belbaar("verify", str(ASSETS / "refuted-stamp-of-another-head.zip"), "--lang", lang).stdout.splitlines()
    marks = [word for line in lines[lines.index("") :] for word in words if line.startswith(word)]
    assert list(dict.fromkeys(marks)) == list(words)
    assert lines[0].startswith(words[0])


def test_keys_from_elsewhere_are_used_and_their_absence_is_told(belbaar):
    good = str(ASSETS / "good.zip")
    assert "file's own keys" in belbaar("verify", good).stdout
    assert "file's own keys" not in belbaar("verify", good, "--trust", TRUST).stdout
    assert "uit het bestand zelf" in belbaar("verify", good, "--lang", "nl").stdout


def test_another_verifier_in_the_file_is_told_even_where_the_operator_signed_it(belbaar, nowhere):
    for name in ("verify.py", "verify.html"):
        parts = unzipped((ASSETS / "good.zip").read_bytes())
        (nowhere / "d.zip").write_bytes(listed(parts | {name: b"All is proven."}))
        told = belbaar("verify", "d.zip", "--trust", TRUST).stdout
        assert f"The {name} in the file is not the one" in told
        assert " is not the one" not in belbaar("verify", str(ASSETS / "good.zip"), "--trust", TRUST).stdout


def test_it_says_what_a_proof_does_not_show(belbaar):
    assert "not that it is true" in belbaar("verify", str(ASSETS / "good.zip")).stdout
    assert "niet dat het waar is" in belbaar("verify", str(ASSETS / "good.zip"), "--lang", "nl").stdout


def test_programs_get_json(belbaar):
    result = belbaar("verify", str(ASSETS / "refuted-text-swapped.zip"), "--trust", TRUST, "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["outcome"], told["trust"]) == (1, "refuted", "given")
    assert told["checked"][0]["outcome"] == "refuted"
    assert set(told["checked"][0]) == {"outcome", "about", "says"}


def test_without_openssl_the_stamp_is_not_shown(belbaar, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    result = belbaar("verify", str(ASSETS / "good.zip"), "--trust", TRUST)
    assert result.exit_code == 3
    assert "openssl is not on the path" in result.stdout


BAD = {
    "missing.zip": "there is no such file",
    "folder": "this is a folder",
    "empty.zip": "this is no dossier",
    "text.zip": "this is no dossier",
    "other.zip": "this is no dossier",
    "huge.zip": "at most 4 GB",
    "pipe": "a device or pipe",
}


@pytest.fixture
def bad(nowhere):
    (nowhere / "folder").mkdir()
    (nowhere / "empty.zip").touch()
    (nowhere / "text.zip").write_text("dit is geen zip")
    shutil.copy(ASSETS / "unreadable-another-zip.zip", nowhere / "other.zip")
    with (nowhere / "huge.zip").open("wb") as file:
        file.truncate(2**32)  # takes no room on the disk
    os.mkfifo(nowhere / "pipe")


@pytest.mark.usefixtures("bad")
@pytest.mark.parametrize(("name", "says"), BAD.items(), ids=BAD)
def test_what_is_no_dossier_is_told_with_what_to_do(belbaar, name, says):
    result = belbaar("verify", name)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(f"belbaar: {name}:\n  ")
    assert says in result.stderr
    assert len(result.stderr.splitlines()) == 3  # where, what, what to do


@pytest.mark.usefixtures("bad")
@pytest.mark.parametrize("name", ["missing.json", "folder", "empty.zip", "text.zip", "huge.zip", "pipe"])
def test_what_is_no_list_of_keys_is_told_with_what_to_do(belbaar, name):
    result = belbaar("verify", str(ASSETS / "good.zip"), "--trust", name)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"belbaar: {name}:\n  ")
    assert len(result.stderr.splitlines()) == 3


def test_a_dossier_is_no_list_of_keys(belbaar):
    result = belbaar("verify", str(ASSETS / "good.zip"), "--trust", str(ASSETS / "good.zip"), "--lang", "nl")
    assert result.exit_code == 2
    assert "niet in de vaste vorm" in result.stderr
