"""Many at once on PostgreSQL, over connections of their own: whoever comes first, standing ends as the law wants it."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from belbaar.errors import StoreUnavailable
from belbaar.ledger import Recorded, Source, add_caller, events_of, open_store, read_event, rebuild, record
from belbaar.ledger.postgres_store import pool
from belbaar.ledger.record import stored_rows
from belbaar.verdict.one import may_call
from belbaar.verdict.question import Call
from tests.store.conftest import FIRST, PACK, ZONE

pytestmark = pytest.mark.parametrize("target", ["postgres"], indirect=True)

INSTANT = "2026-09-01T12:00:00+02:00"
TUESDAY = 1_788_868_800_000_000  # 2026-09-08T14:00+02:00
CONSENT = {"event": "consent.given", "caller": "voltix", "product": "energy", "wording": "Ja.", "verified": "sms"}
OBJECTION = {"event": "objection.made", "caller": "voltix"}
ONE = Source("one", "", 0, "test")


def event(data, number, at=INSTANT):
    return read_event({**data, "at": at}, number=number, zone=ZONE, where="x", recorded_at=None)


def tell(store, *events):
    return record(store, list(enumerate(events)), ONE, PACK)


def may(store, number, caller="voltix"):
    return may_call(store, Call(number, caller, TUESDAY, "energy"))


def at_once(target, *works):
    """Run each work with a store of its own, all from one instant on; gives what each gave."""
    gate = threading.Barrier(len(works))

    def run(work):
        with open_store(target) as store:
            gate.wait()
            return work(store)

    with ThreadPoolExecutor(len(works)) as threads:
        return [done.result() for done in [threads.submit(run, work) for work in works]]


def standing(store):
    return sorted(map(tuple, store.connection.execute("SELECT * FROM standing").fetchall()))


@pytest.fixture
def as_rebuilt(sound):
    """Look whether a store is whole, and its standing what a rebuild makes."""

    def check(store):
        sound(store)
        before = standing(store)
        rebuild(store, PACK)
        assert standing(store) == before

    return check


def test_the_same_objection_told_twice_at_one_instant_is_one(target, store, counts, as_rebuilt):
    tell(store, *(event(CONSENT, FIRST + n, "2026-08-01T12:00:00+02:00") for n in range(20)))
    for n in range(20):
        both = at_once(target, *[lambda mine, n=n: tell(mine, event(OBJECTION, FIRST + n))] * 2)
        assert sorted((done.new, done.known) for done in both) == [(0, 1), (1, 0)]
        assert may(store, FIRST + n).vetoes == ("nl.objection",)
    assert counts(store)["event"] == 40
    as_rebuilt(store)


def test_two_objections_at_one_instant_to_two_callers_both_stand(target, store, as_rebuilt):
    add_caller(store, "dagpost", name="De Dagpost", sector="press", numbers=[31201990010])
    for n in range(10):
        done = at_once(
            target,
            lambda mine, n=n: tell(mine, event(OBJECTION, FIRST + n)),
            lambda mine, n=n: tell(mine, event({**OBJECTION, "caller": "dagpost"}, FIRST + n)),
        )
        assert done == [Recorded(1, 0), Recorded(1, 0)]
        assert [may(store, FIRST + n, name).vetoes for name in ("voltix", "dagpost")] == [("nl.objection",)] * 2
    as_rebuilt(store)


@pytest.mark.parametrize(
    ("consented", "objected", "allowed"),
    [
        (INSTANT, INSTANT, False),
        ("2026-09-01T12:00:01+02:00", INSTANT, True),
        (INSTANT, "2026-09-01T12:00:01+02:00", False),
    ],
    ids=["one instant", "consent later", "objection later"],
)
def test_consent_and_objection_race_and_the_later_wins_in_doubt_the_objection(
    target, store, as_rebuilt, consented, objected, allowed
):
    for n in range(FIRST, FIRST + 15):
        at_once(
            target,
            lambda mine, n=n: tell(mine, event(CONSENT, n, consented)),
            lambda mine, n=n: tell(mine, event(OBJECTION, n, objected)),
        )
        assert may(store, n).allowed is allowed
    as_rebuilt(store)


def test_a_list_and_single_events_at_once_all_land_and_readers_see_whole_ledgers(target, store, counts, as_rebuilt):
    done = threading.Event()

    def bulk(mine):
        for part in range(5):
            numbers = range(FIRST + part * 300, FIRST + part * 300 + 400)  # the parts overlap
            tell(mine, *(event(CONSENT, number) for number in numbers))

    def single(mine):
        for n in range(0, 1500, 25):
            tell(mine, event(OBJECTION, FIRST + n))

    def read(mine):
        """Look again and again: positions only grow, have no gaps, and standing is the fold of what is there."""
        positions = []
        while not done.is_set():
            with mine.reading() as view:
                count, last = view.execute("SELECT count(*), coalesce(max(seq), 0) FROM event").fetchone()
                number = FIRST + 25 * len(positions) % 1500
                found = mine.standing_of([number])
                assert count == last
                assert sorted(found) == sorted(stored_rows(mine, events_of(mine, number), PACK))
            positions.append(last)
        return positions

    def both(mine):
        bulk(mine)
        return done.set()

    positions = at_once(target, both, single, single, read)[-1]
    assert positions == sorted(positions)
    assert len(positions) > 3
    assert counts(store)["event"] == 1600 + 60
    as_rebuilt(store)


def test_many_processes_write_lists_and_single_events(target, store, counts, as_rebuilt, other_process):
    program = """
size = int(sys.argv[3])
with open_store(target) as store:
    print("open", flush=True)
    sys.stdin.readline()
    events = list(batch(300, sys.argv[2]))
    for start in range(0, 300, size):
        record(store, events[start:start + size], SOURCE, PACK)
"""
    writers = [other_process(program, target, f"w{place}", size) for place, size in enumerate((300, 10, 3, 100))]
    for writer in writers:
        assert writer.stdout.readline() == "open\n"
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        _, told = writer.communicate()
        assert (writer.returncode, told) == (0, "")
    assert counts(store)["event"] == 1200
    as_rebuilt(store)


def test_a_place_is_never_seen_before_those_that_come_first(target, store, batch, keep):
    """Whoever has read up to a place misses nothing: a later writer waits, though its list is shorter."""
    waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    with open_store(target) as slow, open_store(target) as other, ThreadPoolExecutor(1) as threads:
        with slow.writing():
            keep(slow, batch(200, "slow"))
            quick = threads.submit(keep, other, batch(1, "quick"))
            while not store.connection.execute(waits).fetchone()[0]:
                assert not quick.done()
            assert store.position() == 0
        quick.result(30)
    sources = store.connection.execute("SELECT seq, source FROM event ORDER BY seq").fetchall()
    assert [seq for seq, _ in sources] == list(range(1, 202))
    assert len({source for _, source in sources[:200]}) == 1
    assert sources[200][1] != sources[0][1]


def test_a_writer_waits_only_so_long_for_another(target, store, batch, keep):
    hasty = f"{target}?options=-c%20lock_timeout%3D100ms"
    with store.writing():
        keep(store, batch(2))
        with open_store(hasty) as other:
            assert may(other, FIRST).allowed is False  # who reads does not wait
            with pytest.raises(StoreUnavailable, match="write lock") as raised:
                keep(other, batch(4))
            assert "Try again" in raised.value.todo
    with open_store(hasty) as other:
        assert keep(other, batch(4)) == Recorded(2, 2)


@pytest.mark.usefixtures("store")
def test_a_statement_that_takes_too_long_is_cancelled_and_changes_nothing(target, counts):
    def long(mine):
        with mine.writing() as connection:
            connection.execute("INSERT INTO product (path) VALUES ('stray')")
            connection.execute("SELECT pg_sleep(10)")

    with open_store(f"{target}?options=-c%20statement_timeout%3D100ms") as hasty:
        with pytest.raises(StoreUnavailable, match="too long"):
            long(hasty)
        assert counts(hasty)["product"] == 0
        assert hasty.position() == 0


def test_a_writer_that_the_server_ends_leaves_nothing_and_holds_nobody_up(target, store, batch, keep, counts, sound):
    keep(store, batch(4))
    before = counts(store)

    def ended(mine):
        with mine.writing() as connection:
            keep(mine, batch(500, "lost"))
            (pid,) = connection.execute("SELECT pg_backend_pid()").fetchone()
            store.connection.execute("SELECT pg_terminate_backend(?::int, 5000)", (pid,))
            keep(mine, batch(1, "too-late"))

    with open_store(target) as mine:
        with pytest.raises(StoreUnavailable, match="connection") as raised:
            ended(mine)
        assert "not" in raised.value.todo or "nothing" in raised.value.todo
    assert counts(store) == before
    assert keep(store, batch(8)).new == 4
    sound(store)


def test_a_pool_lends_to_many_threads_and_gives_back_what_broke(target, store, batch, keep):
    keep(store, batch(40))
    with pool(target, 4) as lend:

        def ask(number):
            with lend() as mine:
                return may_call(mine, Call(FIRST + number % 20, "voltix", TUESDAY, "energy.p0")).allowed

        with ThreadPoolExecutor(8) as threads:
            assert not any(threads.map(ask, range(200)))
        me = store.connection.execute("SELECT pg_backend_pid()").fetchone()[0]
        ours = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> ?"
        store.connection.execute(f"SELECT pg_terminate_backend(pid, 5000) {ours}", (me,))
        told = [failure(ask) for _ in range(20)]
        assert len([what for what in told if what]) <= 4
        assert all("connection" in what for what in told if what)
        assert told[-1] == ""


def failure(ask):
    """Give what a question fails with, "" when it is answered."""
    try:
        ask(1)
    except StoreUnavailable as error:
        return error.what
    return ""
