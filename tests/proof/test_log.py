"""The log of a store: what is written is logged in the same transaction, or neither is there."""

import json
import shutil
from urllib.parse import urlsplit

import pytest

from belbaar.errors import InputError, ProofError, StoreUnavailable
from belbaar.law import ruleset_text
from belbaar.ledger import add_caller, open_store
from belbaar.proof.entries.bodies import text_hash
from belbaar.proof.entries.commit import handle_of, open_sealed
from belbaar.proof.entries.opened import entries_of
from belbaar.proof.log.checkpoint import Checkpoint
from belbaar.proof.log.keeping import log_of
from belbaar.proof.log.note import check, parse
from belbaar.proof.log.tiles import check as check_tree
from belbaar.proof.log.tiles import leaves, size_of
from belbaar.verdict import Call, may_call
from belbaar.verdict.laws import rules_of
from tests.proof.stores import DAY, NUMBER, ORIGIN, START, WORDING, consent, opened, with_caller, written


@pytest.fixture
def copied(request, place):
    """Copy the store as it is now, nobody being in it; gives the copy's name."""

    def copy():
        if place.startswith("postgresql:"):
            postgres, name = request.getfixturevalue("postgres"), urlsplit(place).path[1:]
            return postgres.url(postgres.database(template=name))
        return shutil.copy(place, f"{place}.copy")

    return copy


@pytest.fixture
def store(place, keys):
    with opened(place, keys) as store:
        with_caller(store)
        yield store


@pytest.fixture
def ring(store):
    return log_of(store).keyring


def entries(store):
    return [json.loads(leaf.entry) for _, leaf in leaves(store.connection)]


def test_each_event_has_a_leaf_and_each_text_stands_before_who_saw_it(store):
    written(store, consent(), consent(NUMBER + 1), consent(NUMBER + 2, wording="Een andere tekst."))
    assert [entry["k"] for entry in entries(store)] == ["text", "p", "p", "text", "p"]
    assert entries(store)[0]["b"]["sha256"] == text_hash(WORDING)


def test_what_was_known_already_is_not_logged_again(store):
    written(store, consent())
    size = size_of(store.connection)
    written(store, consent())
    assert size_of(store.connection) == size


def test_a_wording_with_somebodys_number_gets_into_no_log(store):
    with pytest.raises(InputError, match="telephone number") as raised:
        written(store, consent(), consent(NUMBER + 1, wording="Ja, bel mij op 020-1000002."))
    assert (raised.value.where, raised.value.code) == ("row 2, wording", "personal-data")
    assert (store.position(), size_of(store.connection)) == (0, 0)


def test_a_leaf_opens_to_the_event_with_its_key_only(store, ring):
    written(store, consent())
    key = ring.retention.find(NUMBER, store.caller("voltix").key, "proof")
    _, leaf = list(leaves(store.connection))[1]
    assert (leaf.handle, leaf.about) == (handle_of(key), 1)
    body = open_sealed(key, leaf.id, leaf.sealed, leaf.entry)
    assert body.who == {"number": NUMBER}
    assert body.what["wording"] == text_hash(WORDING)
    assert body.how == {"recorded_by": "iris", "row": 1, "source": "ab" * 32, "verified": "sms"}
    with pytest.raises(ProofError):
        open_sealed(bytes(32), leaf.id, leaf.sealed, leaf.entry)


def test_the_head_is_signed_over_all_leaves(store, ring):
    written(store, consent())
    (note,) = store.connection.execute("SELECT note FROM head").fetchone()
    head = Checkpoint.parse(parse(note).text)
    assert (head.origin, head.size, head.root) == (ORIGIN, 2, check_tree(store.connection).root)
    assert check(parse(note), [dated.key for dated in ring.trust().logs[0].keys]).keys
    assert ring.head() == note


def test_a_transaction_that_fails_leaves_neither_event_nor_leaf(store):
    def fail_after_writing():
        with store.writing():
            written(store, consent())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_writing()
    assert (store.position(), size_of(store.connection)) == (0, 0)
    assert store.connection.execute("SELECT count(*) FROM logged_text").fetchone() == (0,)
    written(store, consent())
    assert size_of(store.connection) == 2


def test_a_verdict_is_logged_with_its_law_and_the_facts_it_rests_on(store, ring):
    written(store, consent())
    call = Call(NUMBER, "voltix", START + 30 * DAY + 50_000_000_000, "energy")
    with store.writing():
        verdict = may_call(store, call)
        place = log_of(store).keep_verdict(verdict, ruleset_text(rules_of(verdict)))
    assert [entry["k"] for entry in entries(store)] == ["text", "p", "rule", "p"]
    key = ring.retention.find(NUMBER, store.caller("voltix").key, "proof")
    leaf = dict(leaves(store.connection))[place]
    body = open_sealed(key, leaf.id, leaf.sealed, leaf.entry)
    assert (body.what["kind"], body.what["rests_on"], body.what["known_at"]) == ("verdict", [1], 3)


def test_many_verdicts_share_a_transaction_a_signature_and_their_law(store, ring):
    written(store, consent())
    with store.writing():
        verdicts = [
            may_call(store, Call(NUMBER + n, "voltix", START + 30 * DAY + 50_000_000_000, "energy")) for n in range(3)
        ]
        places = log_of(store).keep_verdicts([(verdict, ruleset_text(rules_of(verdict))) for verdict in verdicts])
    assert (places, [entry["k"] for entry in entries(store)]) == ([3, 4, 5], ["text", "p", "rule", "p", "p", "p"])
    assert [verdict.ground for verdict in verdicts] == ["nl.consent", None, None]
    assert Checkpoint.parse(parse(ring.head()).text).size == 6
    assert log_of(store).keep_verdicts([]) == []


def test_the_law_of_a_verdict_is_logged_as_it_was_or_not_at_all(store):
    written(store, consent())
    verdict = may_call(store, Call(NUMBER, "voltix", START + 30 * DAY, "energy"))
    with pytest.raises(InputError, match="ruleset"):
        log_of(store).keep_verdict(verdict, "another law")
    assert [entry["k"] for entry in entries(store)] == ["text", "p"]


def test_an_older_copy_of_the_store_is_not_written_to(store, place, keys, copied):
    written(store, consent())
    store.close()
    older = copied()
    with opened(place, keys) as later:
        written(later, consent(NUMBER + 1))
    with opened(older, keys) as restored, pytest.raises(ProofError, match="older copy"):
        written(restored, consent(NUMBER + 2))


def test_a_log_that_somebody_rewrote_is_not_written_to(store, place, keys):
    written(store, consent())
    store.connection.execute("UPDATE leaf SET entry = ? WHERE ix = 0", (b"x",))
    store.connection.execute("UPDATE tile SET hashes = ?", (bytes(64),))
    with (
        opened(place, keys) as again,
        pytest.raises(ProofError, match="not the one that these keys have signed"),
    ):
        written(again, consent(NUMBER + 1))


def test_without_its_keys_nothing_is_recorded(store, place, keys, tmp_path):
    written(store, consent())
    keys.rename(tmp_path / "away")
    with opened(place, keys) as again:
        with pytest.raises(StoreUnavailable, match="keys of this store are not there"):
            written(again, consent(NUMBER + 1))
        assert again.position() == 1


def test_a_head_of_a_transaction_that_failed_is_kept_nowhere(store, ring):
    written(store, consent())
    kept = ring.head()

    def fail_after_writing():
        with store.writing():
            written(store, consent(NUMBER + 1))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_writing()
    add_caller(store, "fonds", name="Fonds", sector="charity", numbers=())
    assert ring.head() == kept


def test_the_head_that_is_kept_never_goes_back(store, ring):
    written(store, consent())
    earlier = ring.head()
    written(store, consent(NUMBER + 1))
    latest = ring.head()
    ring.keep_head(earlier)
    assert ring.head() == latest


def test_an_older_store_catches_up(place, keys):
    with open_store(place) as unlogged:
        with_caller(unlogged)
        written(unlogged, consent(), consent(NUMBER + 1))
    with opened(place, keys) as store:
        assert log_of(store).catch_up() == 3
        assert log_of(store).catch_up() == 0
        assert [leaf.about for _, leaf in leaves(store.connection)] == [0, 1, 2]


def test_leaves_are_found_by_key_and_by_event_without_reading_the_log(place, keys):
    """The indices leave out the zeros, so a question has to say that it asks for none."""
    asked = []
    with opened(place, keys) as store:
        if store.dialect != "sqlite":
            pytest.skip("SQLite tells how it looks")
        with_caller(store)
        written(store, consent())
        store.connection.set_trace_callback(asked.append)
        log_of(store).place_of_event(1)
        entries_of(log_of(store), NUMBER)
        store.connection.set_trace_callback(None)
        leaf = [statement for statement in asked if "FROM leaf WHERE" in statement]
        plans = [store.connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall() for statement in leaf]
    assert len(plans) == 2
    steps = [[step for *_, step in plan] for plan in plans]
    assert all(any("INDEX leaf_" in step for step in of_one) for of_one in steps), steps
    assert not any(step.startswith("SCAN leaf") for of_one in steps for step in of_one), steps
