"""Signed notes: other people's notes byte for byte, true round trips, and every hostile spelling refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belbaar.errors import InputError, ProofError
from belbaar.proof.log.checkpoint import Checkpoint, Proof, format_proof, parse_proof, signed_checkpoint
from belbaar.proof.log.note import add_lines, check, cosign, lines_of, parse, parse_lines, sign
from belbaar.proof.log.note_keys import COSIGNER, SignerKey, VerifierKey

GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_SKEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
GO_NOTE = f"{GO_TEXT}\n{GO_LINE}"
"""From golang.org/x/mod, sumdb/note/note_test.go (BSD licence): the notes of the reference implementation."""
WITNESS_VKEY = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
"""A public witness's key, from transparency-dev/formats."""

ORIGIN = "belbaar.example/demo/2026"
LOG, OLD_LOG = (SignerKey.generate(ORIGIN, seed=bytes([n]) * 32) for n in (1, 2))
WITNESS = SignerKey.generate("witness.example/w1", COSIGNER, seed=b"\3" * 32)
KNOWN = [LOG.verifier(), WITNESS.verifier()]


def test_the_reference_note_checks_and_is_signed_byte_for_byte():
    key, signer = VerifierKey.parse(GO_VKEY), SignerKey.parse(GO_SKEY)
    assert (str(key), signer.secret_text(), signer.verifier()) == (GO_VKEY, GO_SKEY, key)
    assert sign(GO_TEXT, signer) == GO_NOTE
    assert check(parse(GO_NOTE), [key]).keys == (key,)


def test_keys_of_public_witnesses_are_read():
    key = VerifierKey.parse(WITNESS_VKEY)
    assert (key.kind, str(key)) == (COSIGNER, WITNESS_VKEY)


@pytest.mark.parametrize(
    "note",
    [
        GO_TEXT,
        GO_TEXT + "\n",
        GO_NOTE[:-1],
        "\x01" + GO_NOTE,
        GO_NOTE.replace("\n", "\r\n"),
        b"\xff" + GO_NOTE.encode(),
        GO_TEXT + "\n" + GO_LINE.replace("PeterNeumann", "Bad Name"),
        GO_TEXT + "\n" + GO_LINE.replace("PeterNeumann", "Bad+Name"),
        GO_TEXT + "\n" + GO_LINE.replace("PeterNeumann", "Bad\u2003Name"),
        GO_TEXT + "\n" + GO_LINE.replace("—", "-"),
        GO_TEXT + "\n" + GO_LINE.replace("AM=", "AN="),
        GO_TEXT + "\n" + GO_LINE.replace("AM=\n", "AM\n"),
        GO_TEXT + "\n— PeterNeumann x08gow==\n",
        GO_NOTE + "Unexpected line.\n",
        GO_NOTE + GO_LINE * 100,
        "x" * 1_000_001,
        "",
        "\ud800\n\n" + GO_LINE,
    ],
)
def test_hostile_notes_are_refused(note):
    with pytest.raises(InputError):
        parse(note)


@pytest.mark.parametrize(
    "vkey",
    [
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        GO_VKEY.replace("c74f20a3", "c74f20a4"),
        GO_VKEY.replace("Peter", "Piet"),
        GO_SKEY,
        *(GO_VKEY[:end] for end in range(len(GO_VKEY))),
        *(GO_VKEY[start:] for start in range(1, len(GO_VKEY))),
    ],
)
def test_mangled_keys_are_refused(vkey):
    with pytest.raises(InputError):
        VerifierKey.parse(vkey)


def test_mangled_signer_keys_are_refused_and_not_repeated():
    for skey in (GO_SKEY[:-4], GO_SKEY.replace("c74f20a3", "c74f20a4"), GO_VKEY):
        with pytest.raises(InputError) as caught:
            SignerKey.parse(skey)
        assert "AYEKFALV" not in str(caught.value)
    assert "AYEKFALV" not in repr(SignerKey.parse(GO_SKEY))


def test_unknown_signatures_are_passed_over_but_one_known_must_be_there():
    note = parse(sign(GO_TEXT, SignerKey.parse(GO_SKEY), LOG))
    assert check(note, [LOG.verifier()]).keys == (LOG.verifier(),)
    with pytest.raises(ProofError, match="no known key"):
        check(note, [WITNESS.verifier()])
    with pytest.raises(ProofError, match="no known key"):
        check(note, [])


def test_one_known_signature_that_does_not_fit_spoils_the_note():
    good = sign(GO_TEXT, SignerKey.parse(GO_SKEY), LOG)
    with pytest.raises(ProofError, match="does not fit"):
        check(parse(good.replace("cryptography", "cryptographY")), [LOG.verifier()])
    spoilt = good.replace("RyyBwJnAM=", "RyyBwJnBM=")
    with pytest.raises(ProofError, match="PeterNeumann"):
        check(parse(spoilt), [LOG.verifier(), VerifierKey.parse(GO_VKEY)])


def test_a_repeated_signature_is_passed_over_as_the_reference_does():
    repeated = GO_NOTE + GO_LINE.replace("RyyBwJnAM=", "RyyBwJnBM=")
    assert check(parse(repeated), [VerifierKey.parse(GO_VKEY)]).keys


def test_a_cosignature_carries_its_time_and_covers_it():
    head = signed_checkpoint(Checkpoint(ORIGIN, 5, bytes(32)), LOG)
    line = cosign(parse(head).text, WITNESS, 1_796_000_000)
    both = parse(add_lines(parse(head), [line]))
    checked = check(both, KNOWN)
    assert dict(zip(checked.keys, checked.times, strict=True)) == {KNOWN[0]: 0, KNOWN[1]: 1_796_000_000}
    later = line._replace(raw=(1_796_000_001).to_bytes(8, "big") + line.raw[8:])
    for broken in (later, line._replace(raw=line.raw[8:]), line._replace(raw=b"\xff" * 8 + line.raw[8:])):
        with pytest.raises(ProofError):
            check(parse(add_lines(parse(head), [broken])), KNOWN)


def test_a_log_key_is_no_cosigner_and_the_reverse():
    with pytest.raises(InputError):
        sign("x\n", WITNESS)
    with pytest.raises(InputError):
        cosign("x\n", LOG, 1)


def test_a_later_cosignature_takes_the_place_of_the_earlier():
    head = signed_checkpoint(Checkpoint(ORIGIN, 5, bytes(32)), LOG)
    text = parse(head).text
    once = add_lines(parse(head), [cosign(text, WITNESS, 1)])
    assert check(parse(add_lines(parse(once), [cosign(text, WITNESS, 2)])), KNOWN).times == (0, 2)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), st.booleans())
def test_whatever_is_signed_reads_back_or_is_refused(text, both):
    try:
        note = sign(text, *([LOG, OLD_LOG] if both else [LOG]))
    except InputError:
        assert not text.endswith("\n") or any(ord(c) < 32 and c != "\n" for c in text)
        return
    read = parse(note.encode())
    assert read.text == text
    assert lines_of(read.signatures) == note[len(text) + 1 :]
    assert parse_lines(lines_of(read.signatures)) == read.signatures
    assert len(check(read, [LOG.verifier(), OLD_LOG.verifier()]).keys) == 1 + both


@given(
    st.builds(
        Checkpoint,
        st.from_regex(r"[a-z]{1,9}\.example/[a-z]{1,9}", fullmatch=True),
        st.integers(0, 2**63 - 1),
        st.binary(min_size=32, max_size=32),
        st.lists(st.from_regex(r"[a-z ]{1,20}", fullmatch=True), max_size=2).map(tuple),
    )
)
def test_a_checkpoint_reads_back(checkpoint):
    assert Checkpoint.parse(str(checkpoint)) == checkpoint


ROOT = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="


@pytest.mark.parametrize(
    "text",
    [
        "", "o\n5\n", f"o\n5\n{ROOT}", f"\n5\n{ROOT}\n", f"o\n05\n{ROOT}\n", f"o\n+5\n{ROOT}\n", f"o\n-5\n{ROOT}\n",
        f"o\n5\n{ROOT[:-2]}B=\n", f"o\n5\n{ROOT[4:]}\n", f"o\n5\n{ROOT}\n\n", f"o\n9223372036854775808\n{ROOT}\n",
        f"o\n\u0665\n{ROOT}\n", f"o\n5 \n{ROOT}\n",
    ],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(InputError):
        Checkpoint.parse(text)


def test_a_checkpoint_is_signed_by_keys_of_its_origin_only():
    with pytest.raises(InputError, match="origin"):
        signed_checkpoint(Checkpoint("other.example", 5, bytes(32)), LOG)
    with pytest.raises(InputError):
        signed_checkpoint(Checkpoint(ORIGIN, 5, bytes(32), ("a\nb",)), LOG)
    both = signed_checkpoint(Checkpoint(ORIGIN, 5, bytes(32)), OLD_LOG, LOG)
    assert len(check(parse(both), [OLD_LOG.verifier(), LOG.verifier()]).keys) == 2


@given(st.integers(0, 2**40), st.lists(st.binary(min_size=32, max_size=32), max_size=40))
def test_a_proof_file_reads_back(index, hashes):
    head = signed_checkpoint(Checkpoint(ORIGIN, 2**41, bytes(32)), LOG)
    assert parse_proof(format_proof(index, hashes, head)) == Proof(index, tuple(hashes), parse(head))


@pytest.mark.parametrize("change", [("@v1", "@v2"), ("index 5", "index 05"), ("index 5\n", ""), ("AA=\n", "A=\n")])
def test_what_is_no_proof_file_is_refused(change):
    head = signed_checkpoint(Checkpoint(ORIGIN, 9, bytes(32)), LOG)
    text = format_proof(5, [bytes(32)], head)
    assert parse_proof(text.replace("@v1\n", "@v1\nextra AAAA\n")).index == 5
    with pytest.raises(InputError):
        parse_proof(text.replace(*change, 1))
