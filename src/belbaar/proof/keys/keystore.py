"""Retention keys: one per number, caller and class of retention, in a database of their own; deleting one erases.

    >>> store = KeyStore(":memory:", kek=bytes(32))
    >>> key = store.key(31201000007, 1, "proof")
    >>> store.key(31201000007, 1, "proof") == key, store.shred(31201000007), store.find(31201000007, 1, "proof")
    (True, 1, None)

The keys are wrapped by a key-encryption key from a file outside the database, so that a stolen copy opens nothing;
rows are found by a keyed tag, so that it names nobody either. The file is backed up apart and briefly: only when the
last backup is gone is a key truly gone.

A key that was retired seals nothing any more: what follows gets a new one. It opens what it sealed, until it is
shredded by its handle, for the number may be forgotten by then.

Invariants: when ``key`` or ``keys`` returns, the keys are durable, so no leaf is ever sealed with a key that a crash
can lose; when ``shred`` returns, neither the file nor its log has a byte of the deleted rows.
"""

__all__ = ["RETENTION_CLASSES", "KeyStore", "Wanted"]

import os
import secrets
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from hmac import digest as hmac_digest
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from belbaar.errors import InputError, StoreUnavailable
from belbaar.proof.entries.commit import KEY_BYTES, handle_of

RETENTION_CLASSES = ("standing", "proof", "cdr", "recording", "list")
Wanted = tuple[int, int, str]
"""Number, caller, class of retention."""

_TABLES = """
CREATE TABLE IF NOT EXISTS secret (name TEXT PRIMARY KEY, wrapped BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS retention_key (
  tag BLOB NOT NULL, caller INTEGER NOT NULL, class TEXT NOT NULL, retired INTEGER NOT NULL, wrapped BLOB NOT NULL,
  PRIMARY KEY (tag, caller, class, retired)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS retired_key ON retention_key (retired) WHERE retired <> 0;
"""
_BEFORE_RETIREMENT = """
BEGIN IMMEDIATE;
ALTER TABLE retention_key RENAME TO former;
CREATE TABLE retention_key (
  tag BLOB NOT NULL, caller INTEGER NOT NULL, class TEXT NOT NULL, retired INTEGER NOT NULL, wrapped BLOB NOT NULL,
  PRIMARY KEY (tag, caller, class, retired)
) STRICT, WITHOUT ROWID;
INSERT INTO retention_key SELECT tag, caller, class, 0, wrapped FROM former;
DROP TABLE former;
COMMIT;
"""
"""``retired`` is 0 while a key seals, and its handle afterwards."""
_FIND = "SELECT wrapped FROM retention_key WHERE tag = ? AND caller = ? AND class = ? AND retired = 0"
_INSERT = "INSERT INTO retention_key VALUES (?, ?, ?, 0, ?) ON CONFLICT DO NOTHING"
_ALL = "SELECT tag, caller, class, wrapped FROM retention_key"
_NONCE_BYTES = 12
_AT_ONCE = 500
_A_FEW = 256
_PRIVATE = 0o600


class KeyStore:
    """An open key store. Guards one connection; for one thread at a time, several processes may share the file.

    Args:
        path: of its database, or ``:memory:``.
        kek: the key-encryption key, 32 bytes (``belbaar.proof.keys.secret_files.read_secret``).
    """

    def __init__(self, path: Path | str, *, kek: bytes) -> None:
        if len(kek) != KEY_BYTES:
            raise InputError(f"a key-encryption key has {KEY_BYTES} bytes.")
        self.path = str(path)
        self._cipher = AESGCM(kek)
        if self.path != ":memory:":
            _make_private(Path(path))
        with self._translated():
            self._connection = sqlite3.connect(path, timeout=5.0, isolation_level=None)
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
                self._connection.execute(f"PRAGMA {pragma}").fetchone()
            columns = [name for _, name, *_ in self._connection.execute("PRAGMA table_info (retention_key)")]
            if columns and "retired" not in columns:
                self._connection.executescript(_BEFORE_RETIREMENT)
            self._connection.executescript(_TABLES)
            self._tag_key = self._own_secret("tag")

    def key(self, number: int, caller: int, retention: str) -> bytes:
        """Give the key of a number, caller and class, made when it is not there."""
        return self.find(number, caller, retention) or self.keys([(number, caller, retention)])[0]

    def keys(self, wanted: Sequence[Wanted]) -> list[bytes]:
        """Give many keys in one transaction, in order; made where they are not there.

        A few are looked for first: who finds all of them waits for nobody that is writing.
        """
        rows = [(self._tag(number), caller, _class(name)) for number, caller, name in wanted]
        if len(rows) <= _A_FEW:
            with self._translated():
                known = self._known({tag for tag, _, _ in rows})
            if all(row in known for row in rows):
                return [known[row] for row in rows]
        with self._translated(), self._writing():
            self._still_opens()
            keys = self._known({tag for tag, _, _ in rows})
            new = sorted({row for row in rows if row not in keys})  # in the table's order each page is written once
            keys.update(zip(new, _random(len(new), KEY_BYTES), strict=True))
            nonces = _random(len(new), _NONCE_BYTES)
            wrapped = (_wrap(self._cipher, keys[row], row, nonce) for row, nonce in zip(new, nonces, strict=True))
            self._connection.executemany(_INSERT, ((*row, blob) for row, blob in zip(new, wrapped, strict=True)))
        return [keys[row] for row in rows]

    def _known(self, tags: Collection[bytes]) -> dict[tuple[bytes, int, str], bytes]:
        """Give all keys that seal for some numbers."""
        found = {}
        ordered = sorted(tags)
        for start in range(0, len(ordered), _AT_ONCE):
            some = ordered[start : start + _AT_ONCE]
            query = f"SELECT tag, caller, class, wrapped FROM retention_key WHERE retired = 0 AND tag IN ({', '.join('?' * len(some))})"
            for *row, wrapped in self._connection.execute(query, some):
                found[tuple(row)] = self._unwrap(wrapped, tuple(row))
        return found

    def find(self, number: int, caller: int, retention: str) -> bytes | None:
        """Give a key, or nothing where there never was one or it was shredded."""
        row = (self._tag(number), caller, _class(retention))
        with self._translated():
            stored = self._connection.execute(_FIND, row).fetchone()
        return self._unwrap(stored[0], row) if stored else None

    def keys_of(self, number: int) -> list[tuple[int, str, bytes]]:
        """Give all keys that a number has, retired ones too: caller, class of retention, key."""
        return [(caller, name, key) for caller, name, _, key in self._rows_of(number)]

    def every_key(self) -> Iterator[bytes]:
        """Give all keys there are, retired ones too, in no order that says whose they are."""
        with self._translated():
            for tag, caller, name, wrapped in self._connection.execute(_ALL):
                yield self._unwrap(wrapped, (tag, caller, name))

    def retire(self, number: int, *, caller: int | None = None) -> None:
        """Have the keys of a number, for one caller or all, seal nothing any more; they open what they sealed."""
        statement = "UPDATE retention_key SET retired = ? WHERE tag = ? AND caller = ? AND class = ? AND retired = 0"
        with self._translated(), self._writing():
            for of, name, retired, key in self._rows_of(number):
                if not retired and caller in (None, of):
                    self._connection.execute(statement, (handle_of(key), self._tag(number), of, name))

    def shred_retired(self, handles: Sequence[int]) -> int:
        """Delete retired keys by their handles; give how many went."""
        gone = 0
        with self._translated():
            with self._writing():
                for start in range(0, len(handles), _AT_ONCE):
                    some = handles[start : start + _AT_ONCE]
                    marks = ", ".join("?" * len(some))
                    statement = f"DELETE FROM retention_key WHERE retired <> 0 AND retired IN ({marks})"
                    gone += self._connection.execute(statement, some).rowcount
            self._truncate_log()
        return gone

    def shred(self, number: int, *, caller: int | None = None, classes: Iterable[str] = RETENTION_CLASSES) -> int:
        """Delete the keys of a number, for one caller or all: whatever they sealed can never be opened again.

        Returns:
            How many keys went.
        """
        whose = "" if caller is None else " AND caller = ?"
        values = (self._tag(number),) if caller is None else (self._tag(number), caller)
        gone = 0
        with self._translated():
            with self._writing():
                for name in classes:
                    statement = f"DELETE FROM retention_key WHERE tag = ?{whose} AND class = ?"
                    gone += self._connection.execute(statement, (*values, _class(name))).rowcount
            self._truncate_log()
        return gone

    def rewrap(self, kek: bytes) -> None:
        """Change the key-encryption key: every key is wrapped anew in one transaction."""
        new = AESGCM(kek)
        with self._translated(), self._writing():
            for name, wrapped in self._connection.execute("SELECT name, wrapped FROM secret").fetchall():
                again = _wrap(new, self._unwrap(wrapped, name), name)
                self._connection.execute("UPDATE secret SET wrapped = ? WHERE name = ?", (again, name))
            for *row, retired, wrapped in self._connection.execute("SELECT * FROM retention_key").fetchall():
                again = _wrap(new, self._unwrap(wrapped, tuple(row)), tuple(row))
                where = "tag = ? AND caller = ? AND class = ? AND retired = ?"
                self._connection.execute(f"UPDATE retention_key SET wrapped = ? WHERE {where}", (again, *row, retired))
        self._cipher = new
        self._truncate_log()

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _still_opens(self) -> None:
        """Refuse to wrap with a key-encryption key that another process has changed meanwhile."""
        (wrapped,) = self._connection.execute("SELECT wrapped FROM secret WHERE name = ?", ("tag",)).fetchone()
        self._unwrap(wrapped, "tag")

    def _own_secret(self, name: str) -> bytes:
        with self._writing():
            fresh = _wrap(self._cipher, secrets.token_bytes(KEY_BYTES), name)
            self._connection.execute("INSERT INTO secret VALUES (?, ?) ON CONFLICT DO NOTHING", (name, fresh))
            stored = self._connection.execute("SELECT wrapped FROM secret WHERE name = ?", (name,)).fetchone()
        return self._unwrap(stored[0], name)

    def _rows_of(self, number: int) -> list[tuple[int, str, int, bytes]]:
        """Give the keys of a number: caller, class, handle when it is retired, key."""
        query = (
            "SELECT caller, class, retired, wrapped FROM retention_key WHERE tag = ? ORDER BY caller, class, retired"
        )
        tag = self._tag(number)
        with self._translated():
            rows = self._connection.execute(query, (tag,)).fetchall()
        return [
            (caller, name, retired, self._unwrap(wrapped, (tag, caller, name)))
            for caller, name, retired, wrapped in rows
        ]

    def _tag(self, number: int) -> bytes:
        return hmac_digest(self._tag_key, b"%d" % number, sha256)[:16]

    def _unwrap(self, wrapped: bytes, row: object) -> bytes:
        try:
            return self._cipher.decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], _bound(row))
        except InvalidTag as error:
            raise StoreUnavailable(
                "a key does not open with this key-encryption key.",
                where=self.path,
                todo="Put the right key file beside it, or restore the key store from its backup.",
                code="key-mismatch",
            ) from error

    def _truncate_log(self) -> None:
        with self._translated():
            busy, *_ = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise StoreUnavailable(
                "another process is reading the key store, so its log cannot be cleared yet.",
                where=self.path,
                todo="Do the same again when that has finished.",
                code="store-busy",
            )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise StoreUnavailable(
                f"the key store cannot be used: {error}.", where=self.path, todo="Check its disk and try again."
            ) from error


def _make_private(path: Path) -> None:
    """See to it that only its owner reads the file; what SQLite puts beside it gets the same mode.

    One that is there is never opened: closing it again would take away the locks of this process's other connections.
    """
    try:
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, _PRIVATE))
        if path.stat().st_mode & ~_PRIVATE & 0o777:
            path.chmod(_PRIVATE)
    except OSError as error:
        raise StoreUnavailable(
            f"the key store cannot be opened: {error.strerror}.", where=str(path), todo="Mend its permissions."
        ) from error


def _random(count: int, size: int) -> Iterator[bytes]:
    """Give so many random words: the system is asked once, which for many is most of the time."""
    words = secrets.token_bytes(count * size)
    return (words[at : at + size] for at in range(0, len(words), size))


def _wrap(cipher: AESGCM, key: bytes, row: object, nonce: bytes = b"") -> bytes:
    nonce = nonce or secrets.token_bytes(_NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, key, _bound(row))


def _bound(row: object) -> bytes:
    """What a wrapped key is bound to, so that rows cannot be exchanged."""
    return repr(row).encode()


def _class(name: str) -> str:
    if name not in RETENTION_CLASSES:
        raise InputError(f'"{name}" is not a class of retention: {", ".join(RETENTION_CLASSES)}.')
    return name
