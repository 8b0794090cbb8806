"""A snapshot shows the rows of its ledger, is refreshed by difference, and is never taken for that of another ledger."""

import hashlib
import json
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from belbaar.errors import StoreUnavailable
from belbaar.ledger import add_caller, create_store, open_store, snapshot
from belbaar.ledger.snapshot import current_snapshot, load_standing
from belbaar.ledger.standing import Row

POSTGRES = pytest.mark.parametrize("target", ["postgres"], indirect=True)
COLUMNS = ", ".join(Row._fields)


@pytest.fixture(autouse=True)
def snapshots(tmp_path, monkeypatch):
    monkeypatch.setenv("BELBAAR_SNAPSHOTS", str(tmp_path / "snapshots"))
    return tmp_path / "snapshots"


def shown(store):
    """Give the position and rows that a screening would see."""
    with duckdb.connect() as database:
        position = load_standing(store, database)
        rows = database.execute(f"SELECT {COLUMNS} FROM standing").fetchall()
    return position, sorted(rows)


def stored(store):
    return store.position(), sorted(map(tuple, store.connection.execute(f"SELECT {COLUMNS} FROM standing").fetchall()))


def test_a_snapshot_shows_what_the_ledger_holds(store, batch, keep):
    assert shown(store) == stored(store) == (0, [])
    keep(store, batch(500))
    assert shown(store) == stored(store)
    assert len(stored(store)[1]) == 500


def test_a_snapshot_is_refreshed_by_difference(store, batch, keep):
    keep(store, batch(1000))
    path, first = current_snapshot(store)
    written = path.stat().st_mtime_ns
    keep(store, batch(20, "later"))
    assert shown(store) == stored(store)
    assert path.stat().st_mtime_ns == written
    keep(store, batch(400, "much"))
    assert shown(store) == stored(store)
    assert path.stat().st_mtime_ns != written
    assert current_snapshot(store)[1].position == first.position + 420


def test_a_damaged_snapshot_is_made_anew(store, batch, keep):
    keep(store, batch(100))
    path, _ = current_snapshot(store)
    path.write_bytes(b"PAR1")
    assert shown(store) == stored(store)


@POSTGRES
def test_another_database_that_answers_to_the_name_gets_a_snapshot_of_its_own(store, target, batch, keep, postgres):
    keep(store, batch(100))
    shown(store)
    store.close()
    name = target.rpartition("/")[2]
    postgres.drop(name)
    other = postgres.store().rpartition("/")[2]
    postgres.execute(f"ALTER DATABASE {other} RENAME TO {name}")
    with open_store(target) as again:
        add_caller(again, "dagpost", name="De Dagpost", sector="press", numbers=[])
        add_caller(again, "voltix", name="Voltix", sector="commercial", numbers=[])
        keep(again, batch(100))
        assert shown(again) == stored(again)


@pytest.mark.parametrize("target", ["sqlite"], indirect=True)
def test_a_new_file_under_an_old_name_gets_a_snapshot_of_its_own(store, target, batch, keep):
    keep(store, batch(100))
    before = shown(store)
    store.close()
    for path in Path(target).parent.glob(f"{Path(target).name}*"):
        if path.is_file():
            path.unlink()
    with create_store(target) as again:
        add_caller(again, "dagpost", name="De Dagpost", sector="press", numbers=[])
        add_caller(again, "voltix", name="Voltix", sector="commercial", numbers=[])
        keep(again, batch(200, "other"))
        assert shown(again) == stored(again) != before


@POSTGRES
def test_the_folder_is_for_its_owner_and_names_the_ledger(store, target, snapshots, batch, keep):
    keep(store, batch(10))
    path, snapshot = current_snapshot(store)
    assert path.parent.parent == snapshots
    assert path.parent.name.startswith(target.rpartition("/")[2])
    assert path.parent.stat().st_mode & 0o077 == 0
    assert json.loads((path.parent / "manifest.json").read_text(encoding="utf-8"))["ledger"] == snapshot.ledger != ""
    assert {file.name for file in path.parent.iterdir()} == {"standing.parquet", "manifest.json"}


@POSTGRES
def test_without_a_setting_it_is_in_the_users_cache(store, tmp_path, monkeypatch):
    monkeypatch.delenv("BELBAAR_SNAPSHOTS")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert current_snapshot(store)[0].is_relative_to(tmp_path / "cache" / "belbaar")


@POSTGRES
def test_a_folder_that_cannot_be_made_is_told(store, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("BELBAAR_SNAPSHOTS", str(tmp_path / "file"))
    with pytest.raises(StoreUnavailable, match="cannot be written") as raised:
        current_snapshot(store)
    assert str(tmp_path / "file") in raised.value.where


def test_many_changes_are_merged_without_reading_the_ledger_anew(store, batch, keep, monkeypatch):
    """Rows come, go and stay: also those of numbers before, between and behind all others."""
    keep(store, batch(1000)[100:900])
    _, first = current_snapshot(store)
    keep(store, batch(1000))
    with store.writing() as connection:
        vanished = batch(1000)[300][1].number
        connection.execute("DELETE FROM standing WHERE number = ?", (vanished,))
    monkeypatch.setattr(snapshot, "_from_scratch", None)
    monkeypatch.setattr("belbaar.ledger.merging._AT_ONCE", 90)
    keep(store, batch(400, "again")[:298] + batch(400, "again")[310:])
    with store.writing() as connection:  # what an event that makes no row leaves of a number
        connection.execute("DELETE FROM standing WHERE number = ?", (batch(1000)[320][1].number,))
    path, second = current_snapshot(store)
    position, rows = stored(store)
    merged = pq.read_table(path)
    assert merged.column("number").to_pylist() == sorted(merged.column("number").to_pylist())
    assert vanished not in {row[0] for row in rows}
    of_changed = {row for row in rows if row[0] != vanished}
    assert {tuple(row.values()) for row in merged.to_pylist() if row["number"] != vanished} == of_changed
    assert (second.position, second.rows, second.schema) == (position, merged.num_rows, first.schema)
    assert second.sha256 == hashlib.sha256(path.read_bytes()).hexdigest() != first.sha256


def test_what_was_erased_is_in_no_snapshot(store, batch, keep):
    """An erasure moves no position: the snapshot is written anew, or it would keep what nobody may keep."""
    keep(store, batch(100))
    path, _ = current_snapshot(store)
    number = batch(100)[40][1].number
    with store.writing() as connection:
        connection.execute("INSERT INTO erasing (number) VALUES (?)", (number,))
        connection.execute("UPDATE event SET kind = 'erased', number = 0, id = id WHERE number = ?", (number,))
        connection.execute("DELETE FROM standing WHERE number = ?", (number,))
        connection.execute("DELETE FROM erasing")
    assert shown(store) == stored(store)
    assert number not in pq.read_table(path).column("number").to_pylist()
