"""Timestamps by a real authority: good ones stand, and everything else is told apart from them."""

import pytest

from belbaar.errors import InputError, ProofError, StoreUnavailable
from belbaar.proof.outsiders.tsa import check_stamp, stamped

TEXT = b"belbaar.example/demo/2026\n5\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"


@pytest.fixture(scope="module")
def stamp(authority):
    with authority.serving() as url:
        return stamped(url, TEXT, [authority.root])


def test_a_stamp_over_http_stands_and_tells_the_time(authority, stamp):
    assert check_stamp(stamp.reply, TEXT, [authority.root]) == stamp.at
    assert 1_577_000_000_000_000 < stamp.at < 4_000_000_000_000_000
    assert TEXT not in stamp.query


def test_over_other_data_it_does_not_stand(authority, stamp):
    with pytest.raises(ProofError, match="does not stand"):
        check_stamp(stamp.reply, TEXT + b"x", [authority.root])


def test_an_answer_to_another_question_does_not_stand(authority, stamp):
    with pytest.raises(ProofError):
        check_stamp(stamp.reply, TEXT, [authority.root], nonce=1)


@pytest.mark.parametrize("signer", ["expired", "no_eku"])
def test_a_signer_that_may_not_stamp_is_refused(authority, signer):
    with authority.serving(signer) as url, pytest.raises(ProofError):
        stamped(url, TEXT, [authority.root])


def test_another_root_does_not_vouch(authority, stamp, tmp_path):
    other = type(authority)(tmp_path)
    with pytest.raises(ProofError):
        check_stamp(stamp.reply, TEXT, [other.root])
    assert check_stamp(stamp.reply, TEXT, [other.root, authority.root, authority.root])
    with pytest.raises(ProofError, match="no root"):
        check_stamp(stamp.reply, TEXT, [])


def test_no_changed_byte_stands(authority, stamp):
    """A change of unsigned wrapping may leave the same stamp; the time it tells is then the same too."""
    for place in range(0, len(stamp.reply), 7):
        broken = bytearray(stamp.reply)
        broken[place] ^= 1
        try:
            at = check_stamp(bytes(broken), TEXT, [authority.root])
        except ProofError:
            continue
        assert at == stamp.at


def test_what_is_no_stamp_is_refused(authority):
    for reply in (b"", b"x", b"\x30\x00", bytes.fromhex("30053003020102")):
        with pytest.raises(ProofError):
            check_stamp(reply, TEXT, [authority.root])


def test_a_root_that_is_no_certificate_is_refused(stamp):
    with pytest.raises(InputError, match="PEM"):
        check_stamp(stamp.reply, TEXT, ["no certificate"])


def test_an_authority_that_is_not_there_is_unavailable():
    with pytest.raises(StoreUnavailable):
        stamped("http://127.0.0.1:9/", TEXT, [])
    with pytest.raises(InputError):
        stamped("ftp://127.0.0.1/", TEXT, [])
