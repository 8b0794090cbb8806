"""Stores are opened with care: what is no store, or not this one's, is said, and left as it is."""

import gc
import sqlite3
from contextlib import closing

import pytest

from belbaar.errors import StoreUnavailable
from belbaar.ledger import create_store, open_store

SQLITE = pytest.mark.parametrize("target", ["sqlite"], indirect=True)


def refusal(opening, path):
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(StoreUnavailable) as raised:
        opening(path)
    gc.collect()  # a connection left open would be told of here
    assert (path.read_bytes() if path.is_file() else None) == before
    assert raised.value.todo
    return raised.value


def change(path, statement):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


def test_a_store_that_was_made_opens_again_with_what_is_in_it(target, store, batch, keep, counts):
    keep(store, batch(4))
    before = counts(store)
    with open_store(target) as again:
        assert counts(again) == before
        assert list(again.callers()) == ["voltix"]


def test_making_a_store_that_is_there_keeps_what_is_in_it(target, store, batch, keep, counts):
    keep(store, batch(4))
    before = counts(store)
    with create_store(target) as again:
        assert counts(again) == before


@SQLITE
def test_a_store_writes_ahead_so_that_readers_need_not_wait(store):
    assert store.connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.parametrize("name", ["what?.db", "100%.db", "a b.db", "é#.db", "it's.db", "file:x.db"])
def test_a_store_may_have_any_name_a_file_can_have(tmp_path, name):
    with create_store(tmp_path / name) as store:
        assert store.position() == 0
    assert name in {path.name for path in tmp_path.iterdir()}
    with open_store(tmp_path / name) as store:
        assert store.position() == 0


def test_a_store_that_is_not_there_is_not_made_by_opening(path):
    error = refusal(open_store, path)
    assert ("no store" in error.what, "belbaar init" in error.todo) == (True, True)
    assert not path.exists()


def test_a_folder_that_is_not_there_is_not_made(path):
    error = refusal(create_store, path.parent / "nowhere" / "belbaar.db")
    assert "folder" in error.what


@pytest.mark.parametrize("opening", [open_store, create_store])
def test_a_folder_is_no_store(tmp_path, opening):
    refusal(opening, tmp_path)


@pytest.mark.parametrize("opening", [open_store, create_store])
def test_a_file_that_is_no_database_is_no_store(path, opening):
    path.write_text("number;consent\n+31201000001;yes\n" * 100, encoding="utf-8")
    assert "not a belbaar store" in refusal(opening, path).what


@pytest.mark.parametrize("opening", [open_store, create_store])
def test_another_programs_database_is_left_alone(path, opening):
    change(path, "CREATE TABLE contacts (name TEXT)")
    assert "not a belbaar store" in refusal(opening, path).what


@SQLITE
@pytest.mark.parametrize("opening", [open_store, create_store])
def test_a_store_of_a_newer_version_is_left_alone_and_says_so(path, store, opening):
    store.close()
    change(path, "UPDATE alembic_version SET version_num = '9999'")
    error = refusal(opening, path)
    assert (error.code, "newer" in error.what) == ("store-newer", True)


def test_an_empty_file_is_a_store_without_a_schema_until_it_is_made_one(path):
    path.touch()
    assert "belbaar init" in refusal(open_store, path).todo
    with create_store(path) as store:
        assert store.position() == 0


@SQLITE
def test_a_store_that_is_cut_short_is_damaged(path, store, batch, keep):
    keep(store, batch(2000))
    store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    store.close()
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(StoreUnavailable, match="damaged"), open_store(path) as cut:
        keep(cut, batch(4000))


@pytest.mark.parametrize("table", ["event", "source", "rule_switch"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_what_is_in_the_ledger_cannot_be_changed_or_taken_out(store, batch, keep, counts, table, statement):
    keep(store, batch(4))
    store.connection.execute("INSERT INTO rule_switch (rule, off, reason, at, by) VALUES ('nl.hours', 1, 'x', 0, 'y')")
    before = counts(store)
    with pytest.raises(StoreUnavailable, match="append-only"), store.writing() as connection:
        connection.execute(statement.format(table))
    assert counts(store) == before


@SQLITE
def test_what_is_in_the_ledger_cannot_be_replaced(store, batch, keep):
    keep(store, batch(1))
    with pytest.raises(StoreUnavailable, match="append-only"), store.writing() as connection:
        connection.execute(
            "INSERT OR REPLACE INTO event SELECT seq, id, 'consent.withdrawn', number, caller, agent, at, recorded_at, "
            "fields, source, row FROM event"
        )
