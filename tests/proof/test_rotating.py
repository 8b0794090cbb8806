"""Changing keys: both sign for a while, and whatever the moment at which it is interrupted, doing it again finishes it."""

import os

import pytest

from belbaar.errors import StoreUnavailable
from belbaar.ledger import create_store
from belbaar.proof.keys import rotating
from belbaar.proof.keys.keyring import BOTH_SIGN, Keyring
from belbaar.proof.keys.rotating import rotate_kek, rotate_log_key, rotate_suppression_key
from belbaar.proof.log.keeping import log_of
from belbaar.proof.log.note import check, parse
from belbaar.proof.log.soundness import soundness
from tests.proof.stores import DAY, NUMBER, START, consent, opened, with_caller, written


@pytest.fixture
def place(tmp_path):
    create_store(tmp_path / "belbaar.db").close()
    return str(tmp_path / "belbaar.db")


@pytest.fixture
def store(place, keys):
    with opened(place, keys) as store:
        with_caller(store)
        written(store, consent())
        yield store


def signers(store):
    ring = log_of(store).keyring
    note = parse(store.connection.execute("SELECT note FROM head ORDER BY size DESC").fetchone()[0])
    return set(check(note, [dated.key for dated in ring.trust().logs[0].keys]).keys)


def test_old_and_new_sign_for_ninety_days_and_then_the_new_one_alone(store, place, keys):
    old = log_of(store).keyring.log_keys(0)[0].verifier()
    done = rotate_log_key(log_of(store))
    assert (signers(store), done.entry) == ({old, done.key}, 2)
    written(store, consent(NUMBER + 1))
    assert signers(store) == {old, done.key}
    trust = log_of(store).keyring.trust().logs[0].keys
    assert [(dated.key, dated.since, dated.until) for dated in trust] == [
        (old, 0, done.since + BOTH_SIGN),
        (done.key, done.since, 2**53 - 1),
    ]
    assert soundness(log_of(store)).faults == ()
    with opened(place, keys, at=START + 1000 * DAY) as later:
        written(later, consent(NUMBER + 2))
        assert signers(later) == {done.key}
        assert soundness(log_of(later)).faults == ()


def test_a_key_can_be_followed_again_and_again(store):
    for _ in range(3):
        rotate_log_key(log_of(store))
    ring = log_of(store).keyring
    assert [path.name for path in ring.former_keys()] == ["log.1.key", "log.2.key", "log.3.key"]
    written(store, consent(NUMBER + 1))
    assert len(signers(store)) == 2
    assert soundness(log_of(store)).faults == ()


def test_a_program_that_was_running_signs_with_the_new_key_too(store, place, keys):
    with opened(place, keys) as other:
        written(other, consent(NUMBER + 1))
        done = rotate_log_key(log_of(store))
        written(other, consent(NUMBER + 2))
        assert done.key in signers(other)


STEPS = ["new_key", "_hand_over", "with_new_key", "_kept", "_put"]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_interrupted_at_any_step_the_log_goes_on_and_doing_it_again_finishes_it(
    store, place, keys, monkeypatch, step, when
):
    real = getattr(rotating, step)

    def interrupted(*values):
        if when == "after":
            real(*values)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(rotating, step, interrupted)
        with pytest.raises(KeyboardInterrupt):
            rotate_log_key(log_of(store))
    with opened(place, keys) as again:
        written(again, consent(NUMBER + 1))
        faults = {fault.code for fault in soundness(log_of(again)).faults}
        assert faults <= {"key-unknown"}
        if (step, when) != ("_put", "after"):
            rotate_log_key(log_of(again))
        written(again, consent(NUMBER + 2))
        assert soundness(log_of(again)).faults == ()
        assert len(log_of(again).keyring.trust().logs[0].keys) == 2
        assert not (keys / "log.next.key").exists()
        handed = [
            leaf
            for leaf in again.connection.execute("SELECT entry FROM leaf WHERE handle = 0")
            if b"belbaar/key/1" in leaf[0]
        ]
        assert len(handed) == 1


def test_the_wrapping_key_is_changed_and_everything_opens(store, place, keys):
    before = (keys / "kek").read_text()
    assert rotate_kek(log_of(store).keyring) == 1
    assert (keys / "kek").read_text() != before
    written(store, consent(NUMBER + 1))
    with opened(place, keys) as again:
        assert soundness(log_of(again)).faults == ()


def test_a_wrapping_key_whose_change_was_interrupted_opens_and_is_finished(store, place, keys, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        patch.setattr(rotating, "_put", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        patch.setattr(rotating, "new_secret", lambda path: path.write_text("ab" * 32) and bytes.fromhex("ab" * 32))
        with pytest.raises(KeyboardInterrupt):
            rotate_kek(log_of(store).keyring)
    (keys / "kek.next").chmod(0o600)
    with opened(place, keys) as again:
        written(again, consent(NUMBER + 1))
        assert soundness(log_of(again)).faults == ()
        assert rotate_kek(log_of(again).keyring) == 2
    assert not (keys / "kek.next").exists()
    ring = Keyring(keys)
    assert len(list(ring.retention.every_key())) == 2
    ring.close()


def test_a_program_that_has_the_old_wrapping_key_writes_nothing_with_it(store, place, keys):
    with opened(place, keys) as other:
        written(other, consent(NUMBER + 1))
        rotate_kek(log_of(store).keyring)
        with pytest.raises(StoreUnavailable, match="key-encryption key"):
            written(other, consent(NUMBER + 2))
        assert other.position() == 2


@pytest.mark.parametrize("interrupted", [False, True])
def test_objections_of_erased_persons_are_found_whenever_a_new_key_is_put_over_them(
    store, place, keys, monkeypatch, interrupted
):
    """Another program, which runs all the while, finds them too."""
    with opened(place, keys) as other:
        with store.writing():
            log_of(store).suppress(NUMBER, [("voltix", 5)])
        assert log_of(other).suppressed(NUMBER) == [("voltix", 5)]
        if interrupted:
            with monkeypatch.context() as patch:
                patch.setattr(rotating, "under_new_key", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
                with pytest.raises(KeyboardInterrupt):
                    rotate_suppression_key(log_of(store))
        for _ in range(2):
            assert log_of(other).suppressed(NUMBER) == [("voltix", 5)]
            with other.writing():
                log_of(other).suppress(NUMBER + 1, [("", 7)])
            assert log_of(store).suppressed(NUMBER + 1) == [("", 7)]
            assert log_of(store).suppressed(NUMBER + 2) == []
            assert rotate_suppression_key(log_of(store)) == 3
        (keys / "suppression.1.key").rename(keys / "away")
        with opened(place, keys) as again, pytest.raises(StoreUnavailable, match="suppression key"):
            log_of(again).suppressed(NUMBER)
