"""The verifier: every broken dossier is told from the good ones, by the file alone, on a machine with nothing."""

import ast
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from belbaar.errors import InputError
from belbaar.proof.dossier.zip_file import Evidence, dossier_zip
from belbaar.proof.keys.trust import DatedKey, LogTrust, Trust, write_trust
from belbaar.proof.verifier import findings, findings_in_both, verifier_source, verify
from belbaar.proof.verifier.reading import unzipped, zipped
from belbaar.proof.verifier.verify import main
from tests.proof.made import (
    ASSETS,
    FORGER,
    LOG,
    ORIGIN,
    SEEN_EARLY,
    SEEN_LATE,
    STRANGER,
    WITNESS,
    Story,
    good_and_broken,
    listed,
)
from tests.proof.tsa import HAS_OPENSSL

CODES = {"good": 0, "refuted": 1, "unreadable": 2, "incomplete": 3}
FILES = sorted(ASSETS.glob("*.zip"))
GOOD = (ASSETS / "good-without-page.zip").read_bytes()
TRUST = (ASSETS / "trust.json").read_bytes()
pytestmark = pytest.mark.skipif(not HAS_OPENSSL, reason="openssl is not on the path")


def code_of(name):
    return CODES[re.split(r"[-.]", name)[0]]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_dossier_is_judged_as_its_name_says(path):
    code, lines = verify(path.read_bytes())
    assert code == code_of(path.name), lines
    assert not [line for line in lines if "as it should be" in line] or "missing" in path.name or "unknown" in path.name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_one_look_is_told_in_both_languages_as_two_would_be(path):
    data = path.read_bytes()
    assert findings_in_both(data) == {lang: findings(data, lang=lang) for lang in ("nl", "en")}


@pytest.mark.parametrize("path", [path for path in FILES if code_of(path.name) < 2], ids=lambda path: path.stem)
def test_with_keys_from_elsewhere_it_is_judged_alike(path):
    assert verify(path.read_bytes(), TRUST)[0] == code_of(path.name)


def test_dossiers_made_today_are_judged_as_their_names_say(authority):
    made = good_and_broken(authority)
    assert sorted(f"{name}.zip" for name in made) == [path.name for path in FILES]
    assert {name: verify(dossier)[0] for name, dossier in made.items()} == {name: code_of(name) for name in made}


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 8 * len(GOOD) - 1))
def test_no_changed_bit_is_ever_proven(place):
    broken = bytearray(GOOD)
    broken[place // 8] ^= 1 << place % 8
    for trust in (None, TRUST):
        code, lines = verify(bytes(broken), trust)
        assert code == 1, lines


@settings(max_examples=150, deadline=None)
@given(st.binary(min_size=1, max_size=9), st.integers(0, len(GOOD)), st.integers(0, 40))
def test_no_changed_piece_is_ever_proven(noise, place, cut):
    broken = GOOD[:place] + noise + GOOD[place + cut :]
    code, _ = verify(broken, TRUST)
    assert code == (0 if broken == GOOD else 1)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_what_the_operator_himself_changes_is_never_a_traceback(data):
    """With the log's key the list of parts can be made anew: then the proofs behind it have to tell."""
    parts = unzipped(GOOD)
    name = data.draw(st.sampled_from(sorted(set(parts) - {"MANIFEST.sha256", "MANIFEST.note", "verify.py"})))
    content = bytearray(parts[name])
    place = data.draw(st.integers(0, 8 * len(content) - 1))
    content[place // 8] ^= 1 << place % 8
    code, lines = verify(listed(parts | {name: bytes(content)}), TRUST)
    if name.startswith(("proofs/", "consistency/", "texts/")):
        assert code in {1, 3}, lines  # 3 where it is the name of a witness that nobody knows any more
    assert code in {0, 1, 3}  # what only readers use ("about", a query) proves nothing and refutes nothing


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_noise_is_no_dossier(noise):
    assert verify(noise)[0] == 2
    assert verify(zipped({"dossier.json": noise, "MANIFEST.sha256": noise, "trust.json": noise}))[0] == 1


def test_the_same_parts_give_the_same_bytes(authority):
    plain = Story(authority, stamped_by="")
    assert plain.dossier() == plain.dossier()
    assert zipped(dict(reversed(unzipped(GOOD).items()))) == GOOD


def test_any_unzip_reads_it(tmp_path):
    import zipfile  # noqa: PLC0415  as any other reader

    (tmp_path / "d.zip").write_bytes(GOOD)
    with zipfile.ZipFile(tmp_path / "d.zip") as file:
        assert file.testzip() is None
        assert {name: file.read(name) for name in file.namelist()} == unzipped(GOOD)
        file.extractall(tmp_path / "parts")
    done = subprocess.run(["sha256sum", "-c", "--quiet", "MANIFEST.sha256"], cwd=tmp_path / "parts", check=False)
    assert done.returncode == 0


def test_a_forger_with_keys_of_his_own_is_told_by_keys_from_elsewhere(authority):
    forged = Story(authority, log_key=FORGER, witness=STRANGER, signer=FORGER).dossier()
    code, lines = verify(forged)
    assert code == 0  # the file agrees with itself: that is all it can say, and it says so first
    assert lines[0].startswith("Checked against the file's own keys")
    assert verify(forged, TRUST)[0] == 1


def test_a_replaced_verifier_is_told():
    """Even by who has the log's key: the verifier that runs says that the one in the file is another."""
    replaced = listed(unzipped(GOOD) | {"verify.py": b"print('All is proven.')\n"})
    _, lines = verify(replaced, TRUST, own=unzipped(GOOD)["verify.py"])
    assert any("not the one that runs" in line for line in lines)
    _, lines = verify(GOOD, TRUST, own=unzipped(GOOD)["verify.py"])
    assert not any("not the one that runs" in line for line in lines)


def dated(authority, log=(0, 2**53 - 1), witness=(0, 2**53 - 1), quorum=1):
    keys = LogTrust(ORIGIN, (DatedKey(LOG.verifier(), *log),))
    return write_trust(Trust((keys,), (DatedKey(WITNESS.verifier(), *witness),), quorum, (authority.root,)))


def test_keys_count_only_while_they_are_good(authority):
    made = Story(authority).dossier()
    early, late = SEEN_EARLY * 10**6, SEEN_LATE * 10**6
    assert verify(made, dated(authority))[0] == 0
    assert verify(made, dated(authority, log=(early, late + 1)))[0] == 0
    assert verify(made, dated(authority, log=(early, late)))[0] == 1  # signed after its end
    assert verify(made, dated(authority, log=(early + 1, late + 1)))[0] == 1  # signed before its beginning
    assert verify(made, dated(authority, witness=(early, late)))[0] == 3
    assert verify(made, dated(authority, quorum=2))[0] == 3
    assert verify(made, write_trust(Trust(())))[0] == 1


def test_a_quorum_of_none_is_one(authority):
    assert verify(replace(Story(authority), witness=None, quorum=0).dossier())[0] == 3


def test_two_parts_never_have_one_name():
    with pytest.raises(InputError, match="already"):
        dossier_zip(ORIGIN, [], [], trust=Trust(()), evidence=Evidence(others={"verify.py": b""}))


def test_the_verifier_is_one_file_for_the_standard_library_of_python_3_9():
    tree = ast.parse(verifier_source(), feature_version=(3, 9))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {node.module for node in imports if isinstance(node, ast.ImportFrom)}
    names |= {alias.name for node in imports if isinstance(node, ast.Import) for alias in node.names}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names
    assert len(verifier_source().splitlines()) <= 745


def run(folder, *words, **environment):
    (folder / "verify.py").write_bytes(unzipped((folder / "good.zip").read_bytes())["verify.py"])
    command = [sys.executable, "-I", "verify.py", *words]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    assert not done.stderr
    return done.returncode, done.stdout.decode()


@pytest.fixture
def folder(tmp_path):
    for name in ("good.zip", "refuted-text-swapped.zip", "trust.json"):
        (tmp_path / name).write_bytes((ASSETS / name).read_bytes())
    return tmp_path


def test_it_runs_by_itself_in_an_empty_environment(folder):
    code, said = run(folder, "good.zip", "--trust", "trust.json")
    assert (code, said.splitlines()[-1]) == (0, "All is proven.")
    assert "file's own keys" not in said
    code, said = run(folder, "good.zip")
    assert code == 0
    assert said.startswith("Checked against the file's own keys")
    assert run(folder, "refuted-text-swapped.zip")[0] == 1
    assert run(folder, "trust.json")[0] == 2
    assert run(folder, "nothing.zip")[0] == 2
    assert run(folder, "good.zip", "--trust", "good.zip")[0] == 2


def test_without_openssl_it_says_that_the_stamp_is_unchecked(folder):
    code, said = run(folder, "good.zip", PATH="/nowhere")
    assert code == 3
    assert "openssl is not on the path" in said


def test_the_verifier_put_together_today_agrees(folder):
    (folder / "today.py").write_bytes(verifier_source())
    for path in FILES:
        done = subprocess.run(
            [sys.executable, "-I", "today.py", str(path)],
            cwd=folder,
            env={"PATH": os.defpath},
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (code_of(path.name), b"")


def test_the_program_can_be_called_too(capsysbinary):
    assert main([str(ASSETS / "good.zip"), "--trust", str(ASSETS / "trust.json")]) == 0
    assert capsysbinary.readouterr().out.endswith(b"All is proven.\n")
    assert main([str(Path("/nowhere"))]) == 2
