"""The outbox: whoever claims first sends, what is unsure is not sent again, and what is sealed stays so."""

import pytest

from belbaar.capture import codes, outbox
from belbaar.ledger import create_store
from belbaar.ledger.callers import add_caller
from belbaar.ledger.organisations import add_organisation

KEY, MINUTE = bytes(32), 60_000_000
NUMBER = 31201000007


@pytest.fixture
def store(tmp_path):
    with create_store(str(tmp_path / "belbaar.db")) as opened:
        with opened.writing():
            add_organisation(opened, "house", name="house", now=0)
            add_caller(opened, "voltix", name="Voltix", sector="commercial", numbers=[])
        yield opened


def posted(store, until=10 * MINUTE):
    item = outbox.Post(
        *(1, store.caller("voltix").key, NUMBER, "code", "sms", f"+{NUMBER}", "nl"), {"code": "482913"}, until
    )
    with store.writing():
        return outbox.post(store, KEY, item, now=0)


def claimed(store, now):
    with store.writing():
        return [each.id for each in outbox.claim(store, KEY, outbox.due(store, now=now), now=now)]


def settled(store, message, came, now):
    with store.writing():
        outbox.settle(store, outbox.Outcome(message, came), now=now)


def test_of_two_who_look_at_once_one_sends(store):
    message = posted(store)
    looked = outbox.due(store, now=0)
    with store.writing():
        (first,) = outbox.claim(store, KEY, looked, now=0)
        assert outbox.claim(store, KEY, looked, now=0) == []
    assert (first.id, first.post.told) == (message, {"code": "482913"})


def test_what_was_certainly_not_taken_comes_again_later_each_time(store):
    message, now, pauses = posted(store, until=10**12), 0, []
    for _ in range(4):
        assert claimed(store, now) == [message]
        settled(store, message, "later", now)
        assert claimed(store, now) == []
        due = store.connection.execute("SELECT due_at FROM outgoing").fetchone()[0]
        pauses.append((due - now) // 1_000_000)
        now = due
    assert pauses == [5, 15, 60, 300]


@pytest.mark.parametrize("came", ["sent", "refused", "unsure"])
def test_after_anything_else_it_is_not_sent_again_and_nothing_is_left(store, came):
    message = posted(store)
    claimed(store, 0)
    settled(store, message, came, 0)
    assert store.connection.execute("SELECT count(*) FROM outgoing").fetchone()[0] == 0


def test_what_a_process_claimed_that_died_is_told_as_lost_and_not_sent_again(store):
    posted(store)
    assert len(claimed(store, 0)) == 1
    assert claimed(store, 5 * MINUTE) == []
    with store.writing():
        assert outbox.purge(store, now=5 * MINUTE) == 1
    assert claimed(store, 5 * MINUTE) == []


def test_a_code_that_is_good_no_more_is_not_sent(store):
    posted(store, until=MINUTE)
    assert claimed(store, MINUTE) == []


def test_the_database_tells_no_code(store, tmp_path):
    posted(store)
    store.close()
    assert all(b"482913" not in path.read_bytes() for path in tmp_path.iterdir() if path.is_file())


def test_codes_are_counted_by_the_hour_and_a_refused_one_counts_for_nothing(store):
    one, other = codes.tag(KEY, "number", "31201000007"), codes.tag(KEY, "ip", "192.0.2.0/24")
    with store.writing():
        taken = [codes.take(store, [(one, 3), (other, 100)], now=each * MINUTE) for each in range(5)]
        assert taken == [True, True, True, False, False]
        assert [codes.take(store, [(one, 3)], now=61 * MINUTE) for _ in range(3)] == [True, True, False]
        codes.tidy(store, now=200 * MINUTE)
        assert store.connection.execute("SELECT count(*) FROM code_sent").fetchone()[0] == 0
