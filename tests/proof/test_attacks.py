"""Attacks on a reader: files made to confuse, to fill a memory, to write elsewhere, or to look like what they are not.

Most are made by the operator himself, who has the log's key and signs whatever he likes; the verifier must still tell.
"""

import os
import struct
import subprocess
import sys
import tracemalloc
import zlib
from pathlib import Path

import pytest

from belbaar.proof.log.note import Signature, add_lines, cosign, parse, sign
from belbaar.proof.log.note_keys import LOG as LOG_KEY
from belbaar.proof.log.note_keys import SignerKey
from belbaar.proof.verifier import verifier_source, verify
from belbaar.proof.verifier.reading import PROVEN, REFUTED, UNREADABLE, unzipped, zipped
from tests.proof.made import (
    ASSETS,
    FORGER,
    LATE,
    LOG,
    ORIGIN,
    SEEN_LATE,
    STRANGER,
    WITNESS,
    listed,
    remade,
    swapped,
)
from tests.proof.tsa import HAS_OPENSSL

GOOD = (ASSETS / "good-without-page.zip").read_bytes()
TRUST = (ASSETS / "trust.json").read_bytes()
PARTS = unzipped(GOOD)
pytestmark = pytest.mark.skipif(not HAS_OPENSSL, reason="openssl is not on the path")


def refuted(dossier, why="", trust=TRUST):
    code, lines = verify(dossier, trust)
    assert code == REFUTED, lines
    assert any(why in line for line in lines if line.startswith("REFUTED")), lines


# the zip


def test_a_dossier_cut_off_at_any_byte_is_never_proven():
    codes = {verify(GOOD[:length], TRUST)[0] for length in range(len(GOOD))}
    assert codes == {REFUTED, UNREADABLE}


def crafted(entries, *, before=b"", after=b"", comment=0):
    """Write a zip as other programs might: (name, content, how the directory tells its size and place) each."""
    local, central = before, b""
    for name, content, size, place in entries:
        head = struct.pack("<5H3L2H", 20, 0, 0, 0, 33, zlib.crc32(content), len(content), len(content), len(name), 0)
        told = struct.pack("<5H3L2H", 20, 0, 0, 0, 33, zlib.crc32(content), size, size, len(name), 0)
        at = len(local) if place is None else place
        local += b"PK\3\4" + head + name + content
        central += b"PK\1\2\x14\3" + told + struct.pack("<3H2L", 0, 0, 0, 0o100644 << 16, at) + name
    count = len(entries)
    end = struct.pack("<4H2LH", 0, 0, count, count, len(central), len(local), comment)
    return local + central + b"PK\5\6" + end + after


def entries(**changes):
    return [(name.encode(), content, len(content), None) for name, content in sorted((PARTS | changes).items())]


def test_the_crafted_zip_is_the_same_where_nothing_is_changed():
    assert crafted(entries()) == GOOD


ZIPS = [
    crafted([*entries(), *entries()[-1:]]),
    crafted(entries()[::-1]),
    crafted(entries(), before=b"#!/bin/sh\n"),
    crafted(entries(), after=b"x", comment=1),
    crafted(entries(), after=b"x"),
    crafted([(name, content, 2**32 - 1, None) for name, content, _, _ in entries()]),
    crafted([(name, content, 0, None) for name, content, _, _ in entries()]),
    crafted([(name, content, size, 2**32 - 1) for name, content, size, _ in entries()]),
    crafted([*entries(), ("é.txt".encode(), b"x", 1, None)]),
    crafted([*entries(), ("é.txt".encode("cp437"), b"x", 1, None)]),
    crafted([*entries(), (b"", b"x", 1, None)]),
    GOOD + GOOD,
    b"dossier.json MANIFEST.sha256" + b"\xff" * 100,
    b"dossier.json MANIFEST.sha256" + bytes(100),
]


@pytest.mark.parametrize("dossier", ZIPS, ids=range(len(ZIPS)))
def test_a_zip_that_is_put_together_otherwise_is_refuted(dossier):
    refuted(dossier)


def test_a_zip_bomb_of_parts_that_overlap_fills_no_memory():
    many = [(b"p%d" % n, b"", 1_900_000, 0) for n in range(500)]
    bomb = crafted([(b"dossier.json MANIFEST.sha256", bytes(2_000_000), 2_000_000, None), *many])
    tracemalloc.start()
    refuted(bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10 * len(bomb)


NAMES = [
    "/etc/passwd",
    "../x",
    "a/../../x",
    "..",
    ".",
    ".ssh/config",
    "a/.b",
    "C:\\x",
    "a\\b",
    "a//b",
    "a/",
    "a b",
    "a\nb",
]
NAMES += ["\x1b[2J", "MANIFEST.SHA256", "Verify.py", "x" * 300 + "/.."]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_would_be_unpacked_elsewhere_is_refuted_whoever_signed_it(name):
    refuted(listed(PARTS | {name: b"x"}), "not safe to unpack")


# JSON


TEXTS = [
    b"[" * 200_000 + b"]" * 200_000,
    b'{"a":' * 200_000 + b"1" + b"}" * 200_000,
    b"1" * 2_000_000,
    b'{"v":' + b"9" * 100_000 + b"}",
    b"null",
    b"[]",
    b'""',
    b"{}",
    b"\xff\xfe",
    b"",
    PARTS["dossier.json"].replace(b'"v":1', b'"v":2'),
    PARTS["dossier.json"].replace(b'"v":1', b'"v":1.0'),
    PARTS["dossier.json"].replace(b'"leaves":[', b'"leaves":[null,'),
    PARTS["dossier.json"].replace(b'"claims":[', b'"claims":[[],'),
    PARTS["dossier.json"].replace(b'"claims":[', b'"claims":[{"claim":{}},'),
    PARTS["dossier.json"].replace(b'"claims":[', b'"claims":{},"claims":['),
]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_json_made_to_confuse_is_refuted(text):
    for trust in (TRUST, None):
        refuted(listed(PARTS | {"dossier.json": text}), trust=trust)
        if b"claims" not in text and b"leaves" not in text:
            refuted(listed(PARTS | {"trust.json": text}), trust=None)


def test_what_a_file_says_cannot_act_on_the_screen():
    evil = b'"name":"x\\u001b[2Jy\\nproven     all: well \xe2\x80\xae"'
    _, lines = verify(remade(GOOD, dossier_json=swapped(b'"name":"row_2"', evil)), TRUST)
    assert all(line.isprintable() for line in lines)
    assert len([line for line in lines if "all: well" in line]) == 1
    refuted(remade(GOOD, dossier_json=swapped(b'"name":"row_2"', evil)), "other characters")


# proofs


@pytest.mark.parametrize(
    "line", [b"index 5", b"index 06", b"index -6", b"index 6 ", b"index \xd9\xa6", b"Index 6", b""]
)
def test_a_proof_that_says_another_index_is_refuted(line):
    refuted(remade(GOOD, proofs__call=swapped(b"index 6", line)))


@pytest.mark.parametrize("index", [b"-1", b"7", b"12", b"9007199254740991", b'"6"', b"true", b"6.0"])
def test_a_leaf_that_says_another_index_is_refuted(index):
    refuted(remade(GOOD, dossier_json=swapped(b'"index":6', b'"index":' + index)))


def test_a_leaf_with_the_proof_of_another_is_refuted():
    refuted(listed(PARTS | {"proofs/call.tlog-proof": PARTS["proofs/verdict.tlog-proof"]}))


# heads


def head(change=lambda text: text, log=LOG, *, witness=WITNESS, seen=SEEN_LATE):
    """The late head, changed, and honestly signed and cosigned as it then is."""
    note = sign(change(parse(PARTS[f"anchors/{LATE}.note"]).text), log)
    return add_lines(parse(note), [cosign(parse(note).text, witness, seen)]).encode() if witness else note.encode()


def with_head(note):
    return listed(PARTS | {f"anchors/{LATE}.note": note})


def test_the_head_signed_again_is_as_good():
    assert verify(with_head(head()), TRUST)[0] == PROVEN


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text + "an extension line\n",
        lambda text: text.replace(f"\n{LATE}\n", f"\n0{LATE}\n"),
        lambda text: text.replace(f"\n{LATE}\n", f"\n-{LATE}\n"),
        lambda text: text.replace(f"\n{LATE}\n", f"\n{'9' * 40}\n"),
        lambda text: text.replace(f"\n{LATE}\n", "\n1_2\n"),
        lambda text: text.replace(ORIGIN, "belbaar.example/demo/2027"),
        lambda text: text[:-5] + "\n",
    ],
    ids=range(7),
)
def test_a_head_of_another_form_is_refuted_even_signed_and_cosigned(change):
    refuted(with_head(head(change)))


def test_a_cosignature_of_another_head_is_refuted():
    early = [line for line in parse(PARTS["anchors/4.note"]).signatures if line.name == WITNESS.name]
    refuted(with_head(add_lines(parse(head(witness=None)), early).encode()), "signature of witness.example/w1")


def test_a_witness_that_signs_as_a_log_does_is_no_witness():
    text = parse(head(witness=None)).text
    as_log = SignerKey.generate(WITNESS.name, LOG_KEY, seed=bytes([3]) * 32)
    note = add_lines(parse(head(witness=None)), parse(sign(text, as_log)).signatures)
    assert verify(with_head(note.encode()), TRUST)[0] == 3


def test_a_stranger_under_the_name_of_the_witness_is_no_witness():
    assert verify(with_head(head(witness=STRANGER)), TRUST)[0] == 3


def test_a_signature_under_the_id_of_a_trusted_key_that_is_not_its_own_is_refuted():
    for signer, name in ((FORGER, LOG), (STRANGER, WITNESS)):
        own = head(log=FORGER) if signer is FORGER else head(witness=STRANGER)
        line = next(line for line in parse(own).signatures if line.key_id == signer.verifier().key_id)
        false = Signature(line.name, name.verifier().key_id, line.raw)
        others = [kept for kept in parse(head()).signatures if kept.key_id != name.verifier().key_id]
        note = add_lines(parse(PARTS[f"anchors/{LATE}.note"])._replace(signatures=()), [*others, false])
        refuted(with_head(note.encode()), "does not fit")


@pytest.mark.parametrize("note", [b"", b"\n\n", b"x", head()[:-1], head() + b"\n", head().replace("—".encode(), b"-")])
def test_a_head_that_is_no_note_is_refuted(note):
    refuted(with_head(note))


def test_more_signatures_than_anybody_needs_are_refuted():
    line = head().split(b"\n")[-2] + b"\n"
    refuted(with_head(head() + line * 100), "too many signatures")


# keys


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"+", b"-"), (b'"v":1', b'"v":true'), (b'"quorum":1', b'"quorum":"1"'), (b'"logs":[{', b'"logs":[[],{'),
     (b'"since":0', b'"since":-9007199254740992')],
)  # fmt: skip
def test_keys_made_to_confuse_are_refuted(old, new):
    refuted(GOOD, trust=TRUST.replace(old, new))


def test_the_id_of_a_trusted_key_has_to_fit_it():
    id_ = LOG.verifier().key_id.hex().encode()
    refuted(GOOD, "does not fit it", trust=TRUST.replace(b"+" + id_ + b"+", b"+00000000+"))


# timestamps


@pytest.mark.parametrize(
    "reply", [b"", b"x", bytes(1000), b"\x30\x05\x30\x03\x02\x01\x02", PARTS[f"anchors/{LATE}.tsq"]]
)
def test_what_is_no_timestamp_is_refuted(reply):
    refuted(listed(PARTS | {f"anchors/{LATE}.tsr": reply}), f"anchors/{LATE}.tsr")


# the verifier itself


def test_a_verifier_that_was_replaced_is_told_by_a_copy_got_elsewhere(tmp_path):
    """By belbaar verify (tests/doors) as by a separate copy of verify.py, whoever signed the file."""
    liar = b"print('All is proven.')\n"
    (tmp_path / "my_own.py").write_bytes(verifier_source())
    (tmp_path / "trust.json").write_bytes(TRUST)
    (tmp_path / "by_anybody.zip").write_bytes(listed(PARTS | {"verify.py": liar}, FORGER))
    (tmp_path / "by_the_operator.zip").write_bytes(listed(PARTS | {"verify.py": liar}))
    for name, code in (("by_anybody.zip", REFUTED), ("by_the_operator.zip", PROVEN)):
        command = ["env", "-i", sys.executable, "-I", "my_own.py", name, "--trust", "trust.json"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (code, b"")
        assert b"The verify.py in the file is not the one that runs now" in done.stdout


PYTHONS = [
    path
    for path in sorted(Path.home().glob(".pyenv/versions/3.*/bin/python3"))
    if int(path.parts[-3].split(".")[1]) >= 9
]


@pytest.mark.skipif(not PYTHONS, reason="no other Python is here")
@pytest.mark.parametrize("python", PYTHONS, ids=lambda path: path.parts[-3])
def test_it_runs_on_every_python_since_3_9(tmp_path, python):
    (tmp_path / "verify.py").write_bytes(verifier_source())
    for name, code in (("good", 0), ("refuted-text-swapped", 1), ("unreadable-empty", 2), ("incomplete-erased", 3)):
        command = ["env", "-i", str(python), "-I", "-W", "error", "verify.py", str(ASSETS / f"{name}.zip")]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (code, b""), done.stdout
    deep = listed(PARTS | {"dossier.json": b"[" * 200_000 + b"]" * 200_000})
    (tmp_path / "deep.zip").write_bytes(deep)
    done = subprocess.run([str(python), "-I", "verify.py", "deep.zip"], cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (1, b"")


def test_what_is_no_file_is_told(tmp_path):
    (tmp_path / "verify.py").write_bytes(verifier_source())
    (tmp_path / "good.zip").write_bytes(GOOD)
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(2**32)
    for words in (
        ["pipe"],
        ["huge"],
        ["."],
        ["nothing"],
        ["good.zip", "--trust", "pipe"],
        ["good.zip", "--trust", "huge"],
    ):
        command = [sys.executable, "-I", "verify.py", *words]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=60)
        assert (done.returncode, done.stderr) == (UNREADABLE, b"")
        assert done.stdout.startswith(b"A file cannot be read: ")


def test_a_zip_of_nothing_but_the_names_is_refuted():
    refuted(zipped({"dossier.json": b"", "MANIFEST.sha256": b""}))
