"""A store in a SQLite file: WAL mode, many readers, one writer at a time; or in memory."""

__all__ = ["SqliteStore", "create", "in_memory", "open_file"]

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from belbaar.errors import StoreUnavailable
from belbaar.ledger.schema import EVENT_COLUMNS, STANDING_COLUMNS, check_version, migrate, tables
from belbaar.ledger.store import Store, StoredRow

_MAGIC = b"SQLite format 3\0"
_WAIT_SECONDS = 5.0
_CACHE_KB = 65_536
"""What a connection may keep of the file: ids of events are random, and a small cache would read their index anew."""
_COLUMNS = ", ".join(STANDING_COLUMNS)
_INSERT_EVENT = (
    f"INSERT INTO event ({', '.join(EVENT_COLUMNS)}) VALUES ({', '.join('?' * len(EVENT_COLUMNS))}) "
    "ON CONFLICT DO NOTHING"
)
IDENTITY = (
    "SELECT coalesce((SELECT recorded_at FROM source ORDER BY id LIMIT 1), '') "
    "|| '/' || coalesce((SELECT hex(id) FROM event ORDER BY seq LIMIT 1), '') "
    "|| '/' || coalesce((SELECT hex(id) FROM leaf WHERE handle <> 0 ORDER BY ix LIMIT 1), '')"
)
"""Tells a ledger from another file that came in its place: by what was first recorded, when, and its random leaf."""
_INSERT_ROW = f"INSERT INTO standing ({_COLUMNS}) VALUES ({', '.join('?' * len(STANDING_COLUMNS))})"


class SqliteStore(Store):
    """An open SQLite ledger."""

    dialect = "sqlite"
    errors = (sqlite3.DatabaseError,)
    _BEGIN_WRITING = ("BEGIN IMMEDIATE",)
    _BEGIN_READING = ("BEGIN",)
    connection: sqlite3.Connection

    def append(self, events: Iterable[tuple[object, ...]]) -> int:
        """Append events; a row id that nobody names is the greatest so far and one."""
        before = self.position()
        self.connection.executemany(_INSERT_EVENT, events)
        return self.position() - before

    def add_standing(self, rows: Sequence[StoredRow]) -> None:
        """Write rows of standing."""
        self.connection.executemany(_INSERT_ROW, rows)

    def standing_of(self, numbers: Sequence[int]) -> list[StoredRow]:
        """Give the standing rows of some numbers, by way of a table that lives as long as the transaction."""
        with self.reading() as connection:
            connection.execute("CREATE TEMP TABLE listed (number INTEGER PRIMARY KEY)")
            self.connection.executemany("INSERT OR IGNORE INTO listed VALUES (?)", ((number,) for number in numbers))
            rows = connection.execute(f"SELECT {_COLUMNS} FROM listed JOIN standing USING (number)").fetchall()
            connection.execute("DROP TABLE listed")
        return rows

    def among(self, values: Sequence[int]) -> tuple[str, object]:
        """Give the integers as JSON."""
        return "IN (SELECT value FROM json_each(?))", json.dumps(list(values))

    def stream(self, query: str, values: Sequence[object] = ()) -> Iterator[Any]:
        """Give rows as SQLite finds them."""
        return iter(self.connection.execute(query, values))

    def overwrite_deleted(self) -> None:
        """Have SQLite write zeros over what it deletes."""
        self.connection.execute("PRAGMA secure_delete = ON").fetchone()

    def identity(self) -> str:
        """Name the beginning of the ledger: a new file under an old name begins otherwise."""
        with self._translated():
            return str(self.connection.execute(IDENTITY).fetchone()[0])

    def _in_transaction(self) -> bool:
        return self.connection.in_transaction

    def _scrub(self, *, whole: bool) -> None:
        """Empty the write-ahead log into the file: it holds older pages, whole."""
        if whole:
            self.connection.execute("VACUUM")
        busy, *_ = self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise StoreUnavailable(
                "another process is reading the store, so its log cannot be cleared yet.",
                where=self.target,
                todo="Clear it when that has finished: belbaar erase --due",
                code="store-busy",
            )

    def unavailable(self, error: Exception) -> StoreUnavailable:
        """Tell by the words of SQLite's message."""
        return _unavailable(error, self.target)


def create(path: Path) -> SqliteStore:
    """Make a store, or bring one that is there up to the latest schema."""
    with _translated(str(path)):
        if not path.parent.is_dir():
            raise StoreUnavailable("the folder does not exist.", where=str(path.parent), todo="Make it first.")
        if path.is_file() and path.stat().st_size and not _is_database(path):
            raise StoreUnavailable("this is not a belbaar store.", where=str(path), todo="Name another file.")
        connection = _connect(str(path))
        try:
            _check(connection, str(path), older_is_fine=True)
        finally:
            connection.close()
        migrate(str(path))
    return open_file(path)


def _is_database(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def open_file(path: Path, *, patience: float = 0) -> SqliteStore:
    """Open a store that is there; ``patience``: seconds to wait for a lock, 0: the usual."""
    if not path.is_file():
        raise StoreUnavailable(
            "there is no store here.", where=str(path), todo=f"Make one with: belbaar init --store {path}"
        )
    with _translated(str(path)):
        connection = _connect(str(path), patience or _WAIT_SECONDS)
        try:
            _check(connection, str(path), older_is_fine=False)
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
        except BaseException:
            connection.close()
            raise
    return SqliteStore(connection, str(path))


def in_memory() -> SqliteStore:
    """Make an empty store in memory, with the same tables as any other."""
    connection = _connect(":memory:")
    connection.executescript(tables())
    return SqliteStore(connection, ":memory:")


def _connect(path: str, patience: float = _WAIT_SECONDS) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=patience, isolation_level=None, cached_statements=512, check_same_thread=False
    )
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
    connection.execute("PRAGMA recursive_triggers = ON")  # REPLACE deletes, and must be refused like a DELETE
    return connection


def _check(connection: sqlite3.Connection, path: str, *, older_is_fine: bool) -> None:
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    check_version(connection, path, names, older_is_fine=older_is_fine)


_REMEDIES = (
    ("locked", "the store is locked by another process.", "Try again when that has finished."),
    ("full", "the disk is full.", "Make room and try again; nothing was changed."),
    ("readonly", "the store cannot be written.", "Mend the permissions of the file and its folder."),
    ("unable to open", "the store cannot be opened.", "Mend the path, or the permissions of the file and its folder."),
    ("not a database", "this is not a belbaar store.", "Name another file."),
    ("malformed", "the store's file is damaged.", "Restore it from a copy, or record an export in a new store."),
    ("disk i/o", "the disk does not answer.", "Check the disk and try again; nothing was changed."),
)


@contextmanager
def _translated(path: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise _unavailable(error, path) from error


def _unavailable(error: Exception, path: str) -> StoreUnavailable:
    for word, what, todo in _REMEDIES:
        if word in str(error).lower():
            return StoreUnavailable(what, where=path, todo=todo)
    return StoreUnavailable(f"the store cannot be used: {error}.", where=path, todo="Check its disk and try again.")
