"""Sealing many: the same leaves as one by one, in the same order, wherever they are sealed; or none."""

import sys

import pytest
from hypothesis import given, settings

from belbaar.errors import InputError, StoreUnavailable
from belbaar.ledger import create_store
from belbaar.ledger.events import Placed
from belbaar.proof.entries.bodies import CLASS_OF, event_body
from belbaar.proof.entries.commit import seal
from belbaar.proof.keys.keyring import make_keyring
from belbaar.proof.keys.keystore import KeyStore
from belbaar.proof.log import keeping
from belbaar.proof.log.keeping import log_of
from belbaar.proof.log.sealing import batch_of, seal_batch
from belbaar.proof.log.soundness import soundness
from belbaar.proof.log.tiles import leaves, size_of
from tests.engines.test_agreement import SECTORS, histories
from tests.proof.stores import NUMBER, ORIGIN, consent, opened, with_caller, written

CALLERS = {"": 0, **{name: key for key, name in enumerate(SECTORS, 1)}}


@pytest.fixture(params=["sqlite", "postgres"])
def store(request, tmp_path, monkeypatch):
    """A ledger of either kind that seals two events here and the rest in another process, three at a time."""
    monkeypatch.setattr(keeping, "_FIRST", 2)
    monkeypatch.setattr(keeping, "_AT_ONCE", 3)
    place = str(tmp_path / "belbaar.db")
    if request.param == "postgres":
        place = request.getfixturevalue("postgres_url")
    else:
        create_store(tmp_path / "belbaar.db").close()
    make_keyring(tmp_path / "keys", ORIGIN)
    with opened(place, tmp_path / "keys") as store:
        with_caller(store)
        yield store


def consents(count):
    return [consent(NUMBER + n, wording=f"Tekst {n % 4}.") for n in range(count)]


@settings(max_examples=40)
@given(histories())
def test_what_is_sealed_together_is_what_is_sealed_alone(history):
    placed = [Placed(n, event, "ab" * 32, 7 * n, "100% iris") for n, event in enumerate(history, 1)]
    with KeyStore(":memory:", kek=bytes(32)) as keys:
        batch = batch_of(placed, CALLERS)
        for (seq, event, sha256, row, by), leaf in zip(
            placed, seal_batch(keys, batch.shared, batch.events), strict=True
        ):
            key = keys.find(event.number, CALLERS[event.caller], CLASS_OF[event.kind])
            body = event_body(event, {"recorded_by": by, "row": row, "source": sha256})
            assert leaf == seal(key, leaf.id, body, about=seq)


def test_leaves_stand_in_the_order_of_their_events_whoever_seals_them(store):
    written(store, *consents(21))
    logged = [leaf for _, leaf in leaves(store.connection)]
    assert [leaf.about for leaf in logged if leaf.about] == list(range(1, 22))
    texts = [place for place, leaf in enumerate(logged) if not leaf.about]
    assert [logged[place + 1].about for place in texts] == [1, 2, 3, 4]
    assert [ix for (ix,) in store.connection.execute("SELECT ix FROM logged_text ORDER BY ix")] == texts
    assert soundness(log_of(store)).faults == ()


def test_of_events_of_which_some_are_known_the_new_ones_are_logged(store):
    written(store, *consents(21)[::2])
    written(store, *consents(21))
    assert sorted(leaf.about for _, leaf in leaves(store.connection) if leaf.about) == list(range(1, 22))
    assert soundness(log_of(store)).faults == ()


def test_what_the_other_process_refuses_is_refused_here_and_nothing_is_written(store):
    with pytest.raises(InputError, match="2\\^53"):
        written(store, *consents(12), consent(2**53))
    assert (store.position(), size_of(store.connection)) == (0, 0)
    written(store, *consents(12))
    assert soundness(log_of(store)).faults == ()


def test_when_the_other_process_is_ended_nothing_is_written(store, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(sys, "executable", "/bin/false")
        with pytest.raises(StoreUnavailable, match="was ended"):
            written(store, *consents(12))
    assert (store.position(), size_of(store.connection)) == (0, 0)
    written(store, *consents(12))
    assert soundness(log_of(store)).faults == ()
