"""A server that goes away and comes back: a clear answer meanwhile, and all that was confirmed afterwards."""

import signal

import pytest

from belbaar.errors import StoreUnavailable
from belbaar.ledger import add_caller, create_store, open_store
from belbaar.ledger.postgres_store import pool
from belbaar.verdict.one import may_call
from belbaar.verdict.question import Call
from tests.postgres import server
from tests.store.conftest import FIRST

CALL = Call(FIRST, "voltix", 1_788_869_000_000_000, "energy.p0")


@pytest.fixture(scope="module")
def own():
    """A server of these tests' own, as durable as any in production."""
    with server(durable=True) as started:
        yield started


@pytest.fixture
def ledger(own):
    url = own.url(own.database())
    with create_store(url) as store:
        add_caller(store, "voltix", name="Voltix", sector="commercial", numbers=[31201990001])
    return url


def refusal(work):
    with pytest.raises(StoreUnavailable) as raised:
        work()
    assert raised.value.todo
    return raised.value


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["shut down", "crashed"])
def test_a_server_that_went_away_is_told_and_nothing_confirmed_is_lost(own, ledger, batch, keep, counts, sound, how):
    store = open_store(ledger)
    assert keep(store, batch(300)).new == 300
    before, verdict = counts(store), may_call(store, CALL)
    own.stop(how)
    try:
        for work in (lambda: may_call(store, CALL), lambda: keep(store, batch(2, "more")), store.known):
            assert "connection" in refusal(work).what
        assert "does not answer" in refusal(lambda: open_store(ledger)).what
    finally:
        own.start()
    assert "connection" in refusal(store.position).what  # it does not come back by itself; one opens another
    store.close()
    with open_store(ledger) as again:
        assert counts(again) == before
        assert may_call(again, CALL) == verdict
        sound(again)


def test_a_pool_comes_back_with_the_server(own, ledger):
    with pool(ledger, 2) as lend:

        def ask():
            with lend() as store:
                return may_call(store, CALL).allowed

        assert ask() is False
        own.stop()
        try:
            refusal(ask)
        finally:
            own.start()
        told = [outcome(ask) for _ in range(5)]
        assert told[-1] == "answered"


def outcome(ask):
    try:
        ask()
    except StoreUnavailable:
        return "refused"
    return "answered"


def test_a_crash_in_the_middle_of_a_list_leaves_nothing_of_it(own, ledger, batch, keep, counts, sound):
    with open_store(ledger) as store:
        keep(store, batch(10))
        before = counts(store)

    def crashed(store):
        with store.writing():
            keep(store, batch(500, "lost"))
            own.stop(signal.SIGQUIT)
            own.start()

    store = open_store(ledger)
    assert "connection" in refusal(lambda: crashed(store)).what
    store.close()
    with open_store(ledger) as again:
        assert counts(again) == before
        sound(again)
