"""Retention keys: made once, wrapped, and gone without a trace when shredded."""

import sqlite3
from contextlib import closing

import pytest

from belbaar.errors import InputError, StoreUnavailable
from belbaar.proof.entries.commit import handle_of
from belbaar.proof.keys.keystore import KeyStore
from belbaar.proof.keys.secret_files import new_secret, read_private, read_secret, write_private

NUMBER = 31201000007


@pytest.fixture
def kek(tmp_path):
    return new_secret(tmp_path / "kek")


@pytest.fixture
def store(tmp_path, kek):
    with KeyStore(tmp_path / "keys.db", kek=kek) as opened:
        yield opened


def test_a_key_is_made_once_and_differs_by_number_caller_and_class(store, tmp_path, kek):
    wanted = [(n, c, k) for n in (NUMBER, NUMBER + 1) for c in (1, 2) for k in ("proof", "standing")]
    keys = store.keys(wanted + wanted)
    assert len(set(keys)) == len(wanted)
    assert keys[: len(wanted)] == keys[len(wanted) :]
    with KeyStore(tmp_path / "keys.db", kek=kek) as again:
        assert [again.key(*row) for row in wanted] == keys[: len(wanted)]


def test_shredding_takes_only_what_it_names(store):
    store.keys([(NUMBER, 1, "proof"), (NUMBER, 2, "proof"), (NUMBER, 1, "standing"), (NUMBER + 1, 1, "proof")])
    assert store.shred(NUMBER, caller=1, classes=["proof"]) == 1
    assert store.find(NUMBER, 1, "proof") is None
    assert store.find(NUMBER, 1, "standing")
    assert store.shred(NUMBER) == 2
    assert store.find(NUMBER + 1, 1, "proof")
    assert store.shred(NUMBER) == 0


def test_a_key_made_after_shredding_is_another(store):
    before = store.key(NUMBER, 1, "proof")
    store.shred(NUMBER)
    assert store.key(NUMBER, 1, "proof") != before


def test_no_byte_of_shredded_rows_is_left(store, tmp_path):
    store.keys([(NUMBER + n, 1, "proof") for n in range(500)])
    rows = sqlite3.connect(tmp_path / "keys.db").execute("SELECT wrapped FROM retention_key").fetchall()
    for n in range(500):
        store.shred(NUMBER + n)
    left = b"".join(path.read_bytes() for path in tmp_path.glob("keys.db*"))
    assert len(rows) == 500
    assert not any(wrapped[:12] in left or wrapped[12:] in left for (wrapped,) in rows)


def test_the_file_names_nobody_and_holds_no_key(store, tmp_path):
    key = store.key(NUMBER, 1, "proof")
    held = b"".join(path.read_bytes() for path in tmp_path.glob("keys.db*"))
    assert key not in held
    assert str(NUMBER).encode() not in held
    assert NUMBER.to_bytes(6, "big").lstrip(b"\0") not in held


def test_another_kek_opens_nothing(store, tmp_path):
    store.key(NUMBER, 1, "proof")
    with pytest.raises(StoreUnavailable, match="key-encryption key"):
        KeyStore(tmp_path / "keys.db", kek=bytes(32))


def test_rows_cannot_be_exchanged(store, tmp_path):
    store.keys([(NUMBER, 1, "proof"), (NUMBER, 2, "proof")])
    with sqlite3.connect(tmp_path / "keys.db") as other:
        (wrapped,) = other.execute("SELECT wrapped FROM retention_key WHERE caller = 1").fetchone()
        other.execute("UPDATE retention_key SET wrapped = ? WHERE caller = 2", (wrapped,))
    with pytest.raises(StoreUnavailable):
        store.find(NUMBER, 2, "proof")


def test_the_kek_can_be_changed(store, tmp_path):
    key, new = store.key(NUMBER, 1, "proof"), new_secret(tmp_path / "kek2")
    store.rewrap(new)
    assert store.find(NUMBER, 1, "proof") == key
    with KeyStore(tmp_path / "keys.db", kek=new) as again:
        assert again.find(NUMBER, 1, "proof") == key


def test_a_class_nobody_knows_is_refused(store):
    with pytest.raises(InputError, match="class of retention"):
        store.key(NUMBER, 1, "prof")


def test_what_is_no_database_is_unavailable(tmp_path, kek):
    (tmp_path / "x.db").write_bytes(b"x" * 5000)
    with pytest.raises(StoreUnavailable):
        KeyStore(tmp_path / "x.db", kek=kek)


def test_secret_files_are_private_and_never_written_over(tmp_path):
    secret = new_secret(tmp_path / "k")
    assert (tmp_path / "k").stat().st_mode & 0o777 == 0o600
    assert read_secret(tmp_path / "k") == secret
    with pytest.raises(InputError, match="already"):
        new_secret(tmp_path / "k")
    (tmp_path / "k").chmod(0o640)
    with pytest.raises(StoreUnavailable, match="others can read"):
        read_private(tmp_path / "k")


def test_missing_or_broken_secret_files_say_so(tmp_path):
    with pytest.raises(StoreUnavailable, match="cannot be read"):
        read_secret(tmp_path / "nothing")
    with pytest.raises(StoreUnavailable, match="cannot be written"):
        new_secret(tmp_path / "no folder" / "k")
    write_private(tmp_path / "k", "not hex")
    with pytest.raises(InputError, match="no key"):
        read_secret(tmp_path / "k")


def test_all_keys_of_a_number_are_found(store):
    made = {wanted: store.key(*wanted) for wanted in [(NUMBER, 2, "proof"), (NUMBER, 0, "cdr"), (NUMBER + 1, 2, "cdr")]}
    assert store.keys_of(NUMBER) == [(0, "cdr", made[NUMBER, 0, "cdr"]), (2, "proof", made[NUMBER, 2, "proof"])]
    store.shred(NUMBER)
    assert store.keys_of(NUMBER) == []


def test_a_retired_key_seals_nothing_and_is_found_until_it_is_shredded_by_its_handle(store):
    former = store.key(NUMBER, 1, "proof")
    other = store.key(NUMBER, 2, "proof")
    store.retire(NUMBER, caller=1)
    assert store.find(NUMBER, 1, "proof") is None
    assert store.find(NUMBER, 2, "proof") == other
    later = store.key(NUMBER, 1, "proof")
    assert later != former
    assert {key for _, _, key in store.keys_of(NUMBER)} == {former, later, other}
    store.rewrap(b"k" * 32)
    assert store.shred_retired([handle_of(former), handle_of(later), handle_of(other)]) == 1
    assert store.keys_of(NUMBER) == [(1, "proof", later), (2, "proof", other)]


def test_only_its_owner_can_read_the_file(store, tmp_path, kek):
    store.key(NUMBER, 1, "proof")
    assert {path.stat().st_mode & 0o777 for path in tmp_path.glob("keys.db*")} == {0o600}
    (tmp_path / "keys.db").chmod(0o644)
    KeyStore(tmp_path / "keys.db", kek=kek).close()
    assert (tmp_path / "keys.db").stat().st_mode & 0o777 == 0o600


def test_a_key_store_of_before_keys_could_retire_keeps_its_keys(store, tmp_path, kek):
    key = store.key(NUMBER, 1, "proof")
    store.close()
    with closing(sqlite3.connect(tmp_path / "keys.db")) as connection:
        connection.executescript("""
            CREATE TABLE older (tag BLOB NOT NULL, caller INTEGER NOT NULL, class TEXT NOT NULL, wrapped BLOB NOT NULL,
                                PRIMARY KEY (tag, caller, class)) STRICT, WITHOUT ROWID;
            INSERT INTO older SELECT tag, caller, class, wrapped FROM retention_key;
            DROP TABLE retention_key;
            ALTER TABLE older RENAME TO retention_key;
        """)
    with KeyStore(tmp_path / "keys.db", kek=kek) as again:
        assert again.find(NUMBER, 1, "proof") == key
        again.retire(NUMBER)
        assert again.find(NUMBER, 1, "proof") is None


def test_while_another_reads_the_file_a_shredding_says_that_it_is_not_finished(store, tmp_path):
    store.key(NUMBER, 1, "proof")
    store.retire(NUMBER)
    ((_, _, key),) = store.keys_of(NUMBER)
    store._connection.execute("PRAGMA busy_timeout = 1").fetchone()
    with closing(sqlite3.connect(tmp_path / "keys.db", isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM retention_key").fetchone()
        with pytest.raises(StoreUnavailable, match="another process is reading"):
            store.shred_retired([handle_of(key)])
    assert store.shred_retired([handle_of(key)]) == 0
    assert (tmp_path / "keys.db-wal").stat().st_size == 0
