"""A batch is all in or all out: told twice, told wrongly, told by two at once."""

import dataclasses

import pytest

from belbaar.errors import InputError, StoreUnavailable
from belbaar.ledger import Recorded, add_agent, add_caller, create_store, events_of, open_store
from belbaar.verdict.one import may_call
from belbaar.verdict.question import Call

SQLITE = pytest.mark.parametrize("target", ["sqlite"], indirect=True)
CALL = Call(31201000000, "voltix", 1_788_869_000_000_000, "energy.p0")

HOLD = """
import sqlite3
connection = sqlite3.connect(target, isolation_level=None)
connection.execute(f"BEGIN {sys.argv[2]}")
print("held", flush=True)
sys.stdin.read()
connection.execute("ROLLBACK")
connection.close()
"""

WRITE = """
with open_store(target) as store:
    print("open", flush=True)
    sys.stdin.readline()
    for part in range(10):
        record(store, [(p, e) for p, e in batch(300, f"{sys.argv[2]}{part}")], SOURCE, PACK)
"""


def test_a_batch_is_told_by_how_many_events_were_new(store, batch, keep, counts, sound):
    assert keep(store, batch(10)) == Recorded(10, 0)
    assert keep(store, batch(14)) == Recorded(4, 10)
    assert counts(store)["event"] == 14
    sound(store)


def test_recording_the_same_twice_changes_nothing_at_all(store, batch, keep):
    def everything():
        tables = ("event", "source", "product", "standing", "caller", "caller_number", "revision")
        return [sorted(map(tuple, store.connection.execute(f"SELECT * FROM {name}").fetchall())) for name in tables]

    keep(store, batch(10))
    before = everything()
    assert keep(store, batch(10)) == Recorded(0, 10)
    assert everything() == before


def test_an_event_that_a_batch_has_twice_is_written_once(store, batch, keep, counts):
    assert keep(store, batch(5) + batch(5)) == Recorded(5, 5)
    assert counts(store)["event"] == 5


def test_an_empty_batch_leaves_no_trace(store, keep, counts):
    before = counts(store)
    assert keep(store, []) == Recorded(0, 0)
    assert counts(store) == before


@pytest.mark.parametrize("stranger", [{"caller": "voltex"}, {"agent": "belbureau"}])
@pytest.mark.parametrize("place", [0, 5, 9])
def test_a_batch_with_a_stranger_anywhere_in_it_writes_nothing(store, batch, keep, counts, stranger, place):
    keep(store, batch(3, "before"))
    before = counts(store)
    events = batch(10)
    events[place] = (place, dataclasses.replace(events[place][1], **stranger))
    with pytest.raises(InputError) as raised:
        keep(store, events)
    assert next(iter(stranger.values())) in raised.value.what
    assert counts(store) == before
    assert keep(store, batch(10)).new == 10


def test_events_come_back_as_they_were_told(store, batch, keep):
    add_agent(store, "bureau", name="Belbureau")
    events = [(place, dataclasses.replace(event, agent="bureau")) for place, event in batch(6)]
    keep(store, events)
    for number in {event.number for _, event in events}:
        told = [event for _, event in events if event.number == number]
        assert [dataclasses.replace(event, seq=0) for event in events_of(store, number)] == told


def test_an_exception_while_writing_undoes_what_was_written(store, batch, keep, counts):
    keep(store, batch(4))
    before = counts(store)

    def interrupted():
        with store.writing() as connection:
            connection.execute("INSERT INTO product (path) VALUES ('stray')")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert counts(store) == before
    assert "stray" not in store.known().products
    keep(store, batch(8))


def test_a_caller_told_twice_is_one_and_may_get_further_numbers(store):
    first = add_caller(store, "dagpost", name="De Dagpost", sector="press", numbers=[31201990010])
    assert add_caller(store, "dagpost", name="De Dagpost", sector="press", numbers=[31201990010]) == first
    more = add_caller(store, "dagpost", name="De Dagpost", sector="press", numbers=[31201990011, 31201990010])
    assert more.numbers == (31201990010, 31201990011)
    assert (more.key, list(store.callers())) == (first.key, ["dagpost", "voltix"])


@pytest.mark.parametrize("other", [{"name": "Een ander"}, {"sector": "charity"}])
def test_a_caller_told_otherwise_is_refused_and_stays_what_it_was(store, other):
    before = store.caller("voltix")
    with pytest.raises(InputError, match="registered already"):
        add_caller(store, "voltix", **{"name": "Voltix", "sector": "commercial", "numbers": [31201990009], **other})
    assert store.caller("voltix") == before


@pytest.mark.parametrize(
    ("name_id", "more", "told"),
    [
        ("Voltix", {}, "cannot be an id"),
        ("", {}, "cannot be an id"),
        ("a b", {}, "cannot be an id"),
        ("belwin", {"sector": "telecom"}, "not a sector"),
        ("belwin", {"name": " "}, "needs a name"),
    ],
)
def test_an_ill_formed_caller_is_refused(store, name_id, more, told):
    with pytest.raises(InputError, match=told):
        add_caller(store, name_id, **{"name": "Belwin", "sector": "commercial", "numbers": [], **more})
    assert list(store.callers()) == ["voltix"]


@SQLITE
@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("kind", ["IMMEDIATE", "EXCLUSIVE"])
def test_a_store_that_another_process_writes_in_can_be_read_and_says_that_it_is_locked(
    path, store, batch, keep, counts, other_process, kind
):
    keep(store, batch(4))
    store.close()
    holder = other_process(HOLD, path, kind)
    assert holder.stdout.readline() == "held\n"
    with open_store(path) as ours:
        before = counts(ours)
        assert may_call(ours, CALL).defects == ("nl.consent-verified",)
        with pytest.raises(StoreUnavailable, match="locked") as raised:
            keep(ours, batch(8))
        assert str(path) in raised.value.where
        assert counts(ours) == before
        holder.communicate()
        assert keep(ours, batch(8)).new == 4


@pytest.mark.usefixtures("impatient")
def test_a_place_that_another_process_holds_cannot_be_made_a_store(path, other_process):
    path.touch()
    holder = other_process(HOLD, path, "EXCLUSIVE")
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(StoreUnavailable, match="locked"):
        create_store(path)


@pytest.mark.usefixtures("impatient")
def test_a_place_that_another_process_is_writing_in_cannot_be_made_a_store(path, other_process):
    path.touch()
    holder = other_process(HOLD, path, "IMMEDIATE")
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(StoreUnavailable, match="locked"):
        create_store(path)


def test_two_processes_that_write_at_once_both_land(target, store, counts, sound, other_process):
    writers = [other_process(WRITE, target, tag) for tag in ("one", "two")]
    for writer in writers:
        assert writer.stdout.readline() == "open\n"
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        _, told = writer.communicate()
        assert (writer.returncode, told) == (0, "")
    assert counts(store) == {"event": 6000, "source": 20, "product": 140, "standing": 6000}
    places = store.connection.execute("SELECT min(seq), max(seq) FROM event").fetchone()
    assert tuple(places) == (1, 6000)
    sound(store)


def test_what_another_process_adds_is_seen_by_one_that_is_open(target, store, batch, keep):
    call = dataclasses.replace(CALL, product="energy")
    assert may_call(store, call).defects == ()
    with open_store(target) as other:
        add_caller(other, "dagpost", name="De Dagpost", sector="press", numbers=[])
        events = [
            (place, dataclasses.replace(event, fields={**event.fields, "product": "energy"}))
            for place, event in batch(2)
        ]
        keep(other, events)
    assert may_call(store, call).defects == ("nl.consent-verified",)
    assert may_call(store, dataclasses.replace(call, caller="dagpost")).allowed is False
