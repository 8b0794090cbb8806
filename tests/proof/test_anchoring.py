"""Others sign along: what they say is kept with the head, and whoever has seen all is not asked again."""

import json

import pytest

from belbaar.errors import InputError, ProofError, StoreUnavailable
from belbaar.ledger import create_store
from belbaar.proof.keys.keyring import make_keyring
from belbaar.proof.log.keeping import log_of
from belbaar.proof.log.note import check, parse
from belbaar.proof.log.note_keys import COSIGNER, SignerKey
from belbaar.proof.log.soundness import soundness
from belbaar.proof.log.tiles import size_of
from belbaar.proof.outsiders.anchoring import anchor, ask_witnesses, forget_witness, remember_tsa, remember_witness
from belbaar.proof.outsiders.witness import Witness
from belbaar.proof.outsiders.witness_http import WitnessServer, cosigned, serving
from tests.proof.stores import NUMBER, ORIGIN, consent, opened, with_caller, written

KEYS = [SignerKey.generate(f"witness.example/w{n}", COSIGNER, seed=bytes([n]) * 32) for n in (1, 2)]
NOW = 1_796_000_000
NOBODY = "http://127.0.0.1:9"


@pytest.fixture
def store(place, keys):
    with opened(place, keys) as store:
        with_caller(store)
        written(store, consent())
        yield store


@pytest.fixture
def ring(store):
    return log_of(store).keyring


@pytest.fixture
def witness(ring, tmp_path):
    """A witness that is asked."""
    known = {ORIGIN: [ring.log_keys(0)[0].verifier()]}
    made = Witness(tmp_path / "witness.db", KEYS[0], known, clock=lambda: NOW)
    with serving(WitnessServer("127.0.0.1", 0, made)) as server:
        remember_witness(ring, server.url, str(KEYS[0].verifier()))
        yield server


def _after(store):
    def ask(*values, **more):
        note = cosigned(*values, **more)
        written(store, consent(NUMBER + 1))
        return note

    return ask


def heads(store):
    return store.connection.execute("SELECT size, note, anchored, stamped_at FROM head ORDER BY size").fetchall()


@pytest.mark.usefixtures("witness")
def test_a_witness_signs_the_head_and_the_head_is_kept(store, ring):
    done = anchor(log_of(store))
    assert (done.size, done.cosigned, done.failures) == (2, ("witness.example/w1",), {})
    written(store, consent(NUMBER + 1))
    (size, note, anchored, _), (latest, *_) = heads(store)
    assert (size, anchored, latest) == (2, 1, 3)
    trusted = [dated.key for dated in ring.trust().witnesses]
    assert check(parse(note), trusted).times == (NOW,)
    assert anchor(log_of(store)).cosigned == ("witness.example/w1",)
    assert [size for size, *_ in heads(store)] == [2, 3]
    assert soundness(log_of(store)).faults == ()


def test_who_has_seen_all_is_not_asked_again(store, witness):
    anchor(log_of(store))
    witness.witness.close()
    done = anchor(log_of(store))
    assert (done.cosigned, done.current, done.failures) == ((), ("witness.example/w1",), {})


def test_a_stamp_is_kept_with_the_head_and_is_an_entry_of_its_own(store, ring, authority):
    with authority.serving() as url:
        remember_tsa(ring, url, authority.root)
        done = anchor(log_of(store))
        assert (done.size, done.failures) == (2, {})
        (size, _, anchored, stamped_at), (after, *_) = heads(store)
        assert (size, anchored, stamped_at, after) == (2, 1, done.stamped_at, 3)
        (entry,) = store.connection.execute("SELECT entry FROM leaf WHERE ix = 2").fetchone()
        body = json.loads(entry)["b"]
        assert (body["size"], body["time"], len(body["sha256"])) == (2, done.stamped_at, 64)
        again = anchor(log_of(store))
        assert (again.stamped_at, again.current, size_of(log_of(store).connection)) == (0, (url,), 3)
        written(store, consent(NUMBER + 1))
        assert anchor(log_of(store)).stamped_at > 0
        assert soundness(log_of(store)).faults == ()


def test_one_that_does_not_answer_keeps_nobody_else_from_being_asked(store, ring, witness):
    remember_witness(ring, NOBODY, str(KEYS[1].verifier()))
    ring.remember(ring.anchors().__class__(ring.anchors().witnesses[::-1], NOBODY))
    done = anchor(log_of(store))
    assert done.cosigned == ("witness.example/w1",)
    assert {name: type(error) for name, error in done.failures.items()} == {
        "witness.example/w2": StoreUnavailable,
        NOBODY: StoreUnavailable,
    }
    forget_witness(ring, "witness.example/w2")
    assert [known.url for known in ring.anchors().witnesses] == [witness.url]
    with pytest.raises(InputError, match="no witness"):
        forget_witness(ring, "witness.example/w2")


def test_a_bad_stamp_is_not_kept(store, ring, authority):
    with authority.serving("expired") as url:
        remember_tsa(ring, url, authority.root)
        done = anchor(log_of(store))
    assert isinstance(done.failures[url], ProofError)
    assert heads(store)[-1][2:] == (0, 0)
    assert size_of(log_of(store).connection) == 2


@pytest.mark.usefixtures("witness")
def test_what_others_signed_is_kept_although_the_log_went_on_meanwhile(store):
    """The witness takes its time: while it signs, somebody writes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("belbaar.proof.outsiders.anchoring.cosigned", _after(store))
        assert anchor(log_of(store)).cosigned == ("witness.example/w1",)
    assert [(size, anchored) for size, _, anchored, _ in heads(store)] == [(2, 1), (3, 0)]


@pytest.mark.usefixtures("witness")
def test_a_witness_that_remembers_another_history_is_told(store, ring, tmp_path):
    anchor(log_of(store))
    make_keyring(tmp_path / "other", ORIGIN)
    for name in ("log.key", "trust.json", "anchors.json"):
        (tmp_path / "other" / name).write_bytes((ring.folder / name).read_bytes())
    create_store(tmp_path / "other.db").close()
    with opened(str(tmp_path / "other.db"), tmp_path / "other") as other:
        with_caller(other)
        written(other, consent(NUMBER + 7), consent(NUMBER + 8))
        assert anchor(log_of(other)).failures["witness.example/w1"].code == "log-forked"
        assert {name: error.code for name, error in ask_witnesses(log_of(other))} == {
            "witness.example/w1": "log-forked"
        }
    assert dict(ask_witnesses(log_of(store))) == {"witness.example/w1": None}


def test_an_empty_log_shows_nothing_to_anybody(tmp_path):
    create_store(tmp_path / "empty.db").close()
    make_keyring(tmp_path / "keys", ORIGIN)
    with opened(str(tmp_path / "empty.db"), tmp_path / "keys") as store:
        remember_witness(log_of(store).keyring, NOBODY, str(KEYS[0].verifier()))
        done = anchor(log_of(store))
        assert (done.size, done.failures) == (0, {})


def test_only_a_witness_can_be_named_as_one(ring, authority):
    with pytest.raises(InputError, match="no key of a witness"):
        remember_witness(ring, NOBODY, str(ring.log_keys(0)[0].verifier()))
    with pytest.raises(InputError, match="address"):
        remember_witness(ring, "witness.example", str(KEYS[0].verifier()))
    with pytest.raises(InputError, match="no root"):
        remember_tsa(ring, NOBODY, "")
    with pytest.raises(InputError, match="PEM"):
        remember_tsa(ring, NOBODY, "x")
    with pytest.raises(InputError, match="address"):
        remember_tsa(ring, "tsa.example", authority.root)
    assert ring.trust().witnesses == ()
