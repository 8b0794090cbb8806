"""After an erasure the number is in no file: looked for here with other means than belbaar's own."""

import gzip
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from belbaar.errors import InputError
from belbaar.ledger import open_store
from belbaar.ledger.events import content_id
from belbaar.ledger.exporting import export
from belbaar.ledger.snapshot import current_snapshot
from belbaar.proof.erasure.erasing import erase, finish, search
from belbaar.proof.erasure.remains import Sought, remains
from belbaar.proof.log.keeping import log_of
from belbaar.proof.log.tile_files import export as export_tiles
from belbaar.proof.log.tiles import size_of
from tests.proof.erasures import NUMBER, OTHER, PACK, REASON, consent, erased, event, kept, objection, opened

KILLED = """
import os, signal, sys
from belbaar.cli.app import app
from belbaar.ledger import sqlite_store
from belbaar.proof.erasure import erasing
from belbaar.proof.keys import keystore

def killed(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

where, name = {
    "retire": (keystore.KeyStore, "retire"),
    "close": (erasing, "_close"),
    "shred": (keystore.KeyStore, "shred_retired"),
    "snapshot": (erasing, "forget_snapshot"),
    "scrub": (sqlite_store.SqliteStore, "scrub"),
}[sys.argv[1]]
setattr(where, name, killed)
app(["erase", sys.argv[2], "--reason", "request 2026-014", "--store", sys.argv[3]])
"""


def written(number):
    """Every way in which a number could be written, the other digits of a number left out."""
    plain = str(number)
    return [
        plain.encode(),
        f"0{plain[2:]}".encode(),
        plain.encode("utf-16-le"),
        *(number.to_bytes(size, order) for size in (5, 6, 8) for order in ("big", "little")),
    ]


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def holding(folder, number):
    """Name the files of a folder that hold a number, or the digest of an event of its history."""
    pieces = [*written(number), *(content_id(each) for each in HISTORY)]
    return sorted({path.name for path in files(folder) for piece in pieces if piece in path.read_bytes()})


HISTORY = [
    consent(0),
    consent(0, "helios"),
    event("complaint.filed", 3, about="Gebeld op 0201000001"),
    event("subscriber.described", 4, "", type="natural"),
    event("call.made", 10),
    objection(20),
    objection(21, ""),
]


@pytest.fixture
def store(tmp_path):
    with opened(tmp_path / "belbaar.db", tmp_path / "belbaar.db.keys") as store:
        others = [consent(0, number=OTHER + n) for n in range(300)]
        kept(store, *others[:150], *HISTORY, *others[150:])
        for day in range(5):  # standing folded anew leaves older rows in the pages
            kept(store, event("call.made", 30 + day), *(event("call.made", day, number=OTHER + n) for n in range(90)))
        yield store


def test_no_byte_of_the_number_is_left_in_any_file(store, tmp_path):
    current_snapshot(store)
    assert {"belbaar.db-wal", "belbaar.db"} & {*holding(tmp_path, NUMBER)}
    done = erase(log_of(store), NUMBER, pack=PACK, reason=REASON)
    finish(log_of(store))
    looked = search(log_of(store), Sought.of(NUMBER, done.digests))
    assert looked.found == []
    assert {path.name for path in looked.files} >= {"belbaar.db", "belbaar.db-wal", "keys.db", "head.note"}
    log = log_of(store)
    export_tiles(log.connection, tmp_path / "tiles", size_of(log.connection), log.keyring.head(), entries=True)
    (tmp_path / "export.jsonl").write_text("\n".join(export(store)), encoding="utf-8")
    assert holding(tmp_path, NUMBER) == []
    assert "export.jsonl" in holding(tmp_path, OTHER)
    assert store.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_what_older_pages_keep_is_found_and_the_file_is_written_anew(store, tmp_path):
    store.connection.execute("PRAGMA secure_delete = OFF").fetchone()
    store.overwrite_deleted = lambda: None  # as if the pages had been left long ago
    done, _ = erased(store)
    sought = Sought.of(NUMBER, done.digests)
    assert remains([tmp_path / "belbaar.db"], sought)[1]
    assert search(log_of(store), sought).found == []
    assert holding(tmp_path, NUMBER) == []


def test_the_progress_of_a_screening_that_knows_the_number_goes(store, tmp_path):
    for name, number in (("a.progress", NUMBER), ("b.progress", OTHER)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "question.json").write_text("{}")
        pq.write_table(pa.table({"number": [number]}), tmp_path / name / "part-000000.parquet", compression="zstd")
    done, _ = erased(store)
    assert search(log_of(store), Sought.of(NUMBER, done.digests)).found == []
    assert not (tmp_path / "a.progress").exists()
    assert (tmp_path / "b.progress").exists()


def test_a_copy_elsewhere_is_named_and_left(store, tmp_path):
    done, _ = erased(store)
    (tmp_path / "elsewhere").mkdir()
    with gzip.open(tmp_path / "elsewhere" / "old.jsonl.gz", "wt") as file:
        file.write(f'{{"number": "+{NUMBER}"}}')
    with zipfile.ZipFile(tmp_path / "elsewhere" / "list.xlsx", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("sheet.xml", f"<v>0{str(NUMBER)[2:]}</v>")
    pq.write_table(pa.table({"tel": [f"+{NUMBER}"]}), tmp_path / "elsewhere" / "a.parquet", compression="zstd")
    pq.write_table(pa.table({"tel": pa.array([NUMBER], pa.uint64())}), tmp_path / "elsewhere" / "b.parquet")
    (tmp_path / "elsewhere" / "other.csv").write_text(f"+{OTHER}")
    looked = search(log_of(store), Sought.of(NUMBER, done.digests), [tmp_path / "elsewhere"])
    assert {remain.path.name for remain in looked.found} == {"old.jsonl.gz", "list.xlsx", "a.parquet", "b.parquet"}
    assert len(files(tmp_path / "elsewhere")) == 5


def test_a_file_that_is_broken_or_goes_meanwhile_is_no_mistake(tmp_path):
    for name in ("a.gz", "b.parquet", "c.zip"):
        (tmp_path / name).write_bytes(b"PK\x03\x04 no such thing")
    searched, found = remains([tmp_path, tmp_path / "gone"], Sought.of(NUMBER))
    assert ([path.name for path in searched], found) == (["a.gz", "b.parquet", "c.zip"], [])


def test_a_number_across_two_pieces_of_a_file_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr("belbaar.proof.erasure.remains._CHUNK", 7)
    (tmp_path / "long.txt").write_text(f"xxxxx{NUMBER}yy")
    assert [remain.how for remain in remains([tmp_path], Sought.of(NUMBER))[1]] == ["as digits"]


@pytest.mark.parametrize(
    "text", ["020 100 00 01", "(020) 1000001", "+31 (0)20-100.0001", "0031-20-1000001", "31/20/1000001"]
)
def test_a_number_is_found_as_people_write_it(tmp_path, text):
    (tmp_path / "note.txt").write_text(f"Bel {text} niet")
    assert [remain.how for remain in remains([tmp_path], Sought.of(NUMBER))[1]] == ["as digits"]
    assert remains([tmp_path], Sought.of(NUMBER + 1))[1] == []


def test_a_file_that_cannot_be_read_is_an_error_and_not_clean(tmp_path):
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(InputError, match="cannot be searched"):
        remains([tmp_path / "loop"], Sought.of(NUMBER))


def test_the_key_of_a_row_is_found_as_sqlite_writes_it(tmp_path):
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        connection.execute("CREATE TABLE erasing (number INTEGER NOT NULL, PRIMARY KEY (number))")
        connection.execute("INSERT INTO erasing VALUES (?)", (NUMBER,))
        connection.commit()
    assert [remain.how for remain in remains([tmp_path / "a.db"], Sought.of(NUMBER))[1]] == ["as an integer"]


@pytest.mark.parametrize("point", ["retire", "close", "shred", "snapshot", "scrub"])
@pytest.mark.parametrize("again", [["--due"], [f"+{NUMBER}", "--reason", "request 2026-014"]], ids=["due", "same"])
def test_killed_at_any_point_the_erasure_is_whole_or_finished_by_the_next(tmp_path, point, again):
    path = tmp_path / "belbaar.db"
    with opened(path, tmp_path / "belbaar.db.keys", day=760) as store:
        kept(store, *HISTORY)
        current_snapshot(store)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, point, f"+{NUMBER}", str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == -9, done.stderr
    begun = point not in ("retire", "close")
    with open_store(path) as store:
        waiting = store.connection.execute("SELECT count(*) FROM retained WHERE until_day = 0").fetchone()[0]
        events = store.connection.execute("SELECT count(*) FROM event WHERE number = ?", (NUMBER,)).fetchone()[0]
        assert (bool(waiting), events) == (point == "shred", 0 if begun else len(HISTORY))
    command = [sys.executable, "-m", "belbaar.cli", "erase", *again, "--store", str(path)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    if begun or "--due" not in again:
        assert holding(tmp_path, NUMBER) == []
    with opened(path, tmp_path / "belbaar.db.keys", day=760) as store:
        classes = {name for _, name, _ in log_of(store).keyring.retention.keys_of(NUMBER)}
        assert classes == ({"proof", "cdr"} if begun or "--due" not in again else {"proof", "cdr", "standing"})


def test_on_postgresql_no_byte_is_left_in_the_tables_once_they_are_written_anew(postgres, postgres_url, tmp_path):
    with opened(postgres_url, tmp_path / "keys") as store:
        kept(store, *HISTORY, *(consent(0, number=OTHER + n) for n in range(100)))
        postgres.execute("CHECKPOINT")
        tables = Path(postgres.folder, "data", "base", str(oid(store)))
        assert holding(tables, NUMBER)
        erase(log_of(store), NUMBER, pack=PACK, reason=REASON)
        finish(log_of(store), rewrite=True)
        postgres.execute("CHECKPOINT")
        assert holding(tables, NUMBER) == []
        assert holding(tables, OTHER)


def oid(store):
    return store.connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone()[0]
