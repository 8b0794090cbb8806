"""Key files, rotation signed by both keys, the list of trusted keys, and suppression tags."""

import pytest

from belbaar.errors import InputError, ProofError, StoreUnavailable
from belbaar.proof.keys.secret_files import new_secret
from belbaar.proof.keys.suppress import read_suppression_keys, suppression_tag, under_new_key
from belbaar.proof.keys.trust import (
    DatedKey,
    LogTrust,
    Trust,
    new_key,
    read_key,
    read_rotation,
    read_trust,
    rotation_entry,
    write_trust,
)
from belbaar.proof.log.note_keys import COSIGNER, SignerKey

ORIGIN = "belbaar.example/demo/2026"
OLD, NEW, THIRD = (SignerKey.generate(ORIGIN, seed=bytes([n]) * 32) for n in (1, 2, 3))
WITNESS = SignerKey.generate("witness.example/w1", COSIGNER, seed=b"\4" * 32)
NUMBER = 31201000007


def test_a_key_file_is_private_and_reads_back(tmp_path):
    key = new_key(tmp_path / "log.key", ORIGIN)
    assert (tmp_path / "log.key").stat().st_mode & 0o777 == 0o600
    assert read_key(tmp_path / "log.key") == key
    with pytest.raises(InputError, match="already"):
        new_key(tmp_path / "log.key", ORIGIN)
    (tmp_path / "log.key").write_text("PRIVATE+KEY+x")
    with pytest.raises(InputError, match=r"log\.key"):
        read_key(tmp_path / "log.key")


def test_a_rotation_names_the_next_key():
    assert read_rotation(rotation_entry(OLD, NEW, 5), OLD.verifier()) == (NEW.verifier(), 5)


def test_a_rotation_that_one_of_both_did_not_sign_is_refused():
    entry = rotation_entry(OLD, NEW, 5)
    for broken in (entry.replace(b"since 5", b"since 6"), entry.replace(b'"k":"key"', b'"k":"x"')[:-1], b"{}", b"[]"):
        with pytest.raises(ProofError):
            read_rotation(broken, OLD.verifier())
    lines = entry.split(b"\\n")
    with pytest.raises(ProofError):
        read_rotation(b"\\n".join([*lines[:-2], lines[-1]]), OLD.verifier())
    with pytest.raises(ProofError):
        read_rotation(entry, THIRD.verifier())


def test_a_key_does_not_follow_itself_nor_another_log():
    for pair in ((OLD, OLD), (OLD, SignerKey.generate("other.example", seed=b"\5" * 32))):
        with pytest.raises(InputError):
            rotation_entry(*pair, 5)


TRUST = Trust(
    (LogTrust(ORIGIN, (DatedKey(OLD.verifier(), 1, 9), DatedKey(NEW.verifier(), 5))),),
    (DatedKey(WITNESS.verifier()),),
    1,
    ("-----BEGIN CERTIFICATE-----\n",),
)


def test_the_list_of_trusted_keys_reads_back():
    assert read_trust(write_trust(TRUST)) == TRUST
    assert read_trust(write_trust(TRUST).replace(b",", b", ")) == TRUST


@pytest.mark.parametrize(
    "change",
    [
        (b'"v":1,', b'"v":2,'),
        (b'"quorum":1', b'"quorum":true'),
        (b'"quorum":1', b'"quorum":"1"'),
        (b'"quorum":1', b'"quorum":1,"x":1'),
        (b'"quorum":1', b'"quorum":1.5'),
        (b'"quorum":1,', b""),
        (b'"since":1', b'"since":[]'),
        (b'"origin":"belbaar', b'"origin":"belbar'),
        (b'"logs":[', b'"logs":[1,'),
        (b"witness.example/w1", b"witness.example/w2"),
    ],
)
def test_what_is_no_such_list_is_refused(change):
    data = write_trust(TRUST)
    assert change[0] in data
    with pytest.raises(InputError):
        read_trust(data.replace(*change))


def test_a_log_key_is_no_witness():
    with pytest.raises(InputError, match="cosigner"):
        read_trust(write_trust(Trust(TRUST.logs, (DatedKey(OLD.verifier()),))))


def test_tags_differ_by_key_and_number():
    one, two = b"1" * 32, b"2" * 32
    tags = {suppression_tag(keys, n) for keys in ([one], [two]) for n in (NUMBER, NUMBER + 1)}
    assert len(tags) == 4
    assert all(len(tag) == 16 for tag in tags)


def test_tags_outlive_their_key_without_the_numbers(tmp_path):
    paths = [tmp_path / name for name in ("k1", "k2", "k3")]
    keys = [new_secret(path) for path in paths]
    tag = suppression_tag(keys[:1], NUMBER)
    assert suppression_tag(read_suppression_keys(paths), NUMBER) == under_new_key(under_new_key(tag, keys[1]), keys[2])


def test_without_its_key_nothing_is_answered(tmp_path):
    for keys in ([], [b""], [b"x" * 32, b""]):
        with pytest.raises(StoreUnavailable, match="suppression key"):
            suppression_tag(keys, NUMBER)
    with pytest.raises(StoreUnavailable):
        read_suppression_keys([tmp_path / "gone"])
