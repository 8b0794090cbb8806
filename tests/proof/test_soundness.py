"""log check: a log that nobody touched is sound, and whatever is done to it past belbaar is found, and named."""

import pytest

from belbaar.law import PACKS
from belbaar.proof.entries.commit import ERASED, clear_entry, handle_of
from belbaar.proof.erasure.erasing import erase, finish
from belbaar.proof.log.keeping import log_of
from belbaar.proof.log.soundness import soundness
from belbaar.proof.log.tiles import shred_bodies
from tests.proof.stores import DAY, NUMBER, START, consent, kept, opened, with_caller, written

LEAF = "UPDATE leaf SET {} WHERE ix = ?"


@pytest.fixture
def store(place, keys):
    """Entries: 0 a text, 1 to 3 events, 4 a ruleset, 5 a verdict."""
    with opened(place, keys) as store:
        with_caller(store)
        written(store, consent(), consent(NUMBER + 1), consent(NUMBER + 2))
        assert kept(store) == 5
        yield store


@pytest.fixture
def change(store):
    """Do something to the database past belbaar, as its administrator can."""

    def run(statement, *values):
        if store.dialect == "postgres":
            for table in ("event", "leaf", "logged_text", "source"):
                store.connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        else:
            rows = store.connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for (name,) in rows:
                store.connection.execute(f"DROP TRIGGER {name}")
        store.connection.execute(statement, values)

    return run


def told(store):
    return {(fault.about, fault.code) for fault in soundness(log_of(store)).faults}


def test_a_log_that_nobody_touched_is_sound(store):
    found = soundness(log_of(store))
    assert (found.faults, found.size, found.opened, found.clear, found.erased, found.events) == ((), 6, 4, 2, 0, 3)


def test_an_empty_log_is_sound(place, keys):
    with opened(place, keys) as store:
        assert soundness(log_of(store)).faults == ()


@pytest.mark.parametrize(
    ("what", "fields"),
    [
        ("number = 31201000009", "number"),
        ("at = at + 1", "at"),
        ("recorded_at = recorded_at - 1", "recorded_at"),
        ("kind = 'consent.withdrawn'", "kind"),
        ("caller = 0", "caller"),
        ("caller = 77", "its form"),
        ("fields = replace(fields, 'energy', 'gas')", "product"),
        ("fields = replace(fields, 'mag', 'mocht')", "wording"),
        ("fields = '[]'", "its form"),
        ("fields = 'x'", "its form"),
        ("fields = '{\"product\":1.5}'", "product"),
        ('"row" = 9', "row"),
    ],
)
def test_an_event_that_was_changed_is_named_with_what_differs(store, change, what, fields):
    change(f"UPDATE event SET {what} WHERE seq = 2")
    (fault,) = soundness(log_of(store)).faults
    assert (fault.about, fault.code) == ("event 2", "event-changed")
    assert "entry 2" in fault.says
    assert fields in fault.says
    assert "31201" not in fault.says


def test_who_recorded_it_cannot_be_changed_either(store, change):
    change("UPDATE source SET recorded_by = 'mallory'")
    assert told(store) == {(f"event {seq}", "event-changed") for seq in (1, 2, 3)}


def test_an_event_that_was_deleted_is_named(store, change):
    change("DELETE FROM event WHERE seq = 2")
    assert told(store) == {("event 2", "event-gone")}


def test_an_event_that_was_inserted_is_named(store, change):
    columns = 'id, kind, number, caller, agent, at, recorded_at, fields, source, "row"'
    change(f"INSERT INTO event (seq, {columns}) SELECT 4, ?, {columns[4:]} FROM event WHERE seq = 1", b"x" * 16)
    assert told(store) == {("event 4", "event-added")}


def test_an_event_that_was_emptied_without_an_erasure_is_named(store, change):
    change("UPDATE event SET kind = 'erased', number = 0, fields = '{}' WHERE seq = 2")
    assert told(store) == {("event 2", "event-changed")}


@pytest.mark.parametrize("ix", [0, 1, 4, 5])
def test_an_entry_that_was_changed_is_named(store, change, ix):
    change(LEAF.format("entry = ?"), b'{"c":"%s","k":"p","v":1}' % (b"0" * 64), ix)
    faults = soundness(log_of(store)).faults
    assert any(f"leaf {ix} " in fault.says for fault in faults)
    assert "the log is sound" not in str(faults)


def test_a_body_that_was_changed_is_named(store, change):
    change(LEAF.format("sealed = ?"), bytes(64), 1)
    assert told(store) == {("entry 1", "entry-changed")}


def test_bodies_that_were_exchanged_are_named(store, change):
    rows = store.connection.execute("SELECT ix, sealed FROM leaf WHERE ix IN (1, 2) ORDER BY ix").fetchall()
    for (ix, _), (_, sealed) in zip(rows, reversed(rows), strict=True):
        change(LEAF.format("sealed = ?"), bytes(sealed), ix)
    assert told(store) == {("entry 1", "entry-changed"), ("entry 2", "entry-changed")}


def test_two_entries_cannot_be_of_one_event(store, change):
    change(LEAF.format("about = 1"), 2)
    assert {("event 1", "event-twice"), ("event 2", "event-added")} <= told(store)


def test_an_entry_that_was_deleted_is_named(store, change):
    change("DELETE FROM leaf WHERE ix = 2")
    faults = soundness(log_of(store)).faults
    assert any("leaf 2 is missing" in fault.says for fault in faults)


def test_the_last_entry_cannot_be_cut_off(store, change):
    change("DELETE FROM leaf WHERE ix = 5")
    assert ("the head of 6 entries in the folder of keys", "log-behind") in told(store)


def test_an_entry_that_was_added_is_not_signed(store, change):
    change("INSERT INTO leaf VALUES (6, ?, ?, ?, 0, 0)", bytes(16), clear_entry("text", {"sha256": "00" * 32}), b"")
    assert ("the head", "unsigned") in told(store)


def test_a_text_that_was_changed_or_taken_away_is_named(store, change):
    change("UPDATE logged_text SET content = 'Nee.' WHERE ix = 0")
    assert ("the text of entry 0", "text-changed") in told(store)
    change("DELETE FROM logged_text WHERE ix = 0")
    assert told(store) == {("the text of entry 0", "text-gone")}


def test_a_head_that_others_signed_is_held_against_the_log(store, change):
    (note,) = store.connection.execute("SELECT note FROM head").fetchone()
    change("UPDATE head SET note = ?", note.replace("\n6\n", "\n5\n"))
    assert ("a head in the database", "bad-signature") in told(store)
    change("DELETE FROM head")
    assert ("the head", "unsigned") in told(store)


def test_a_key_that_is_silently_lost_shows(store):
    log_of(store).keyring.retention.shred(NUMBER)
    assert told(store) == {("entry 1", "lost"), ("entry 5", "lost")}


def test_a_body_that_is_silently_lost_shows(store, change):
    change(LEAF.format("sealed = ?"), ERASED, 5)
    assert told(store) == {("entry 5", "lost")}


def test_what_an_erasure_names_may_be_gone(store, change):
    log = log_of(store)
    handle = handle_of(log.keyring.retention.find(NUMBER, 1, "proof"))
    places = [ix for (ix,) in store.connection.execute("SELECT ix FROM leaf WHERE handle = ?", (handle,))]
    with store.writing():
        shred_bodies(log.connection, places)
        change("UPDATE event SET kind = 'erased', number = 0, fields = '{}' WHERE number = ?", NUMBER)
        log.keep_clear("erase", {"leaves": [*places], "places": [1], "reason": "request 1"})
    log.keyring.retention.shred(NUMBER)
    found = soundness(log)
    assert (found.faults, found.erased) == ((), 2)


def test_after_an_erasure_the_log_is_sound(store):
    log = log_of(store)
    erase(log, NUMBER, pack=PACKS["NL"], reason="request 2026-014")
    assert soundness(log).faults == ()
    finish(log)
    written(store, consent(NUMBER, at=START + DAY))
    found = soundness(log)
    assert (found.faults, found.events) == ((), 4)


def test_an_event_whose_entry_was_erased_cannot_come_back(store):
    log = log_of(store)
    with store.writing():
        shred_bodies(log.connection, [1])
        log.keep_clear("erase", {"leaves": [1], "places": [1], "reason": "request 1"})
    assert told(store) == {("event 1", "event-added")}


def test_of_very_many_faults_the_first_are_listed_and_all_are_counted(store, change):
    written(store, *(consent(NUMBER + 10 + n) for n in range(150)))
    change("DELETE FROM event WHERE seq > 3")
    found = soundness(log_of(store))
    assert (len(found.faults), found.more) == (100, 50)
