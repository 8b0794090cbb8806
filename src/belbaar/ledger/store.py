"""The store: one SQLite file that holds the ledger, opened with care, read and written in whole transactions.

A store is WAL-mode SQLite: many readers, one writer at a time. When ``Store.writing`` ends without an exception, what
was written is durable; when it ends with one, nothing was written.
"""

__all__ = ["Caller", "Known", "Store", "create_store", "memory_store", "open_store"]

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from belbaar.errors import InputError, StoreUnavailable, nearest
from belbaar.law.products import ALL, ProductSets, product_sets
from belbaar.ledger.schema import LATEST, migrate, version

_WAIT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Caller:
    """A legal entity on whose behalf calls are made.

    ``id`` is the word people use, ``key`` the store's integer; ``numbers`` are E.164 integers in the order registered.
    """

    id: str
    name: str
    sector: str
    numbers: tuple[int, ...] = ()
    key: int = 0


@dataclass(frozen=True, eq=False)
class Known:
    """The small tables of a ledger as they are now: callers, products and their ids (``*`` is 0), rules switched off."""

    callers: Mapping[str, Caller]
    products: dict[str, int]
    switched_off: frozenset[str]
    _sets: dict[str, ProductSets] = field(default_factory=dict)

    def caller(self, name: str) -> Caller:
        """Give a caller.

        Raises:
            InputError: when nobody registered it; names the nearest.
        """
        if name not in self.callers:
            hint = nearest(name, self.callers) if self.callers else "No caller is registered yet."
            raise InputError(
                f'"{name}" is not a registered caller.',
                todo=f"{hint} Register one with: belbaar caller add {name} --name … --sector … --number …",
                code="unknown-caller",
            )
        return self.callers[name]

    def product_sets(self, product: str) -> ProductSets:
        """Give the ids that matter to a product asked; the product itself need not be known."""
        if product not in self._sets:
            self._sets[product] = product_sets(product, self.products)
        return self._sets[product]


class Store:
    """An open ledger. Guards one SQLite connection and what is remembered of its small tables."""

    def __init__(self, connection: sqlite3.Connection, path: str) -> None:
        self.connection = connection
        self.path = path
        self._seen = -1
        self._known = Known({}, {ALL: 0}, frozenset())

    def known(self) -> Known:
        """Give the small tables, read again when this or another process has written."""
        with _translated(self.path):
            changed = int(self.connection.execute("PRAGMA data_version").fetchone()[0])
            if changed != self._seen:
                self._known = self._load()
                self._seen = changed
        return self._known

    def callers(self) -> Mapping[str, Caller]:
        """Give all callers by id."""
        return self.known().callers

    def caller(self, name: str) -> Caller:
        """Give a caller, or say which is nearest."""
        return self.known().caller(name)

    def position(self) -> int:
        """Give the ledger's position: the seq of its latest event, 0 when empty."""
        return int(self.connection.execute("SELECT coalesce(max(seq), 0) FROM event").fetchone()[0])

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Hold the one write transaction; durable at the end, undone by an exception. One inside another joins it."""
        joined = self.connection.in_transaction
        if joined:
            yield self.connection
            self._seen = -1
            return
        with _translated(self.path):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise
            finally:
                self._seen = -1

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Hold one consistent view of the ledger for several queries."""
        with _translated(self.path):
            self.connection.execute("BEGIN")
            try:
                yield self.connection
            finally:
                self.connection.execute("ROLLBACK")

    def product_key(self, path: str) -> int:
        """Give the id of a product, making one if it is new; only inside ``writing``."""
        products = self._known.products
        if path not in products:
            row = self.connection.execute("INSERT INTO product (path) VALUES (?) RETURNING id", (path,)).fetchone()
            products[path] = int(row[0])
        return products[path]

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _load(self) -> Known:
        query = self.connection.execute
        numbers: dict[int, list[int]] = {}
        for caller, number in query("SELECT caller, number FROM caller_number ORDER BY caller, place"):
            numbers.setdefault(caller, []).append(number)
        callers = {
            handle: Caller(handle, name, sector, tuple(numbers.get(key, ())), key)
            for key, handle, name, sector in query("SELECT id, handle, name, sector FROM caller ORDER BY handle")
        }
        latest = dict(query("SELECT rule, off FROM rule_switch ORDER BY id").fetchall())
        return Known(
            callers=callers,
            products={ALL: 0, **dict(query("SELECT path, id FROM product").fetchall())},
            switched_off=frozenset(rule for rule, off in latest.items() if off),
        )


def create_store(path: Path) -> Store:
    """Make a store, or bring one that is there up to the latest schema.

    Raises:
        StoreUnavailable: when the place cannot be written, or holds something else.
    """
    with _translated(str(path)):
        if not path.parent.is_dir():
            raise StoreUnavailable("the folder does not exist.", where=str(path.parent), todo="Make it first.")
        with _connect(str(path)) as connection:
            _check_version(connection, str(path), older_is_fine=True)
        connection.close()
        migrate(path)
    return open_store(path)


def open_store(path: Path) -> Store:
    """Open a store that is there.

    Raises:
        StoreUnavailable: when it is missing, no store, locked, or of another version; says what to do.
    """
    if not path.is_file():
        raise StoreUnavailable(
            "there is no store here.", where=str(path), todo=f"Make one with: belbaar init --store {path}"
        )
    with _translated(str(path)):
        connection = _connect(str(path))
        try:
            _check_version(connection, str(path), older_is_fine=False)
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
        except BaseException:
            connection.close()
            raise
    return Store(connection, str(path))


def memory_store() -> Store:
    """Make an empty store in memory, with the same tables as any other."""
    from belbaar.ledger.schema import tables  # noqa: PLC0415

    connection = _connect(":memory:")
    connection.executescript(tables())
    return Store(connection, ":memory:")


def _connect(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=_WAIT_SECONDS, isolation_level=None, cached_statements=512, check_same_thread=False
    )
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _check_version(connection: sqlite3.Connection, path: str, *, older_is_fine: bool) -> None:
    found = version(connection)
    if found == LATEST:
        return
    empty = not connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    if found > LATEST:
        raise StoreUnavailable(
            f"the store was written by a newer belbaar (schema {found}, this one knows {LATEST}).",
            where=path,
            todo="Install that version or a later one.",
            code="store-newer",
        )
    if not found and not empty:
        raise StoreUnavailable("this is a database, but not a belbaar store.", where=path, todo="Name another file.")
    if not older_is_fine:
        raise StoreUnavailable(
            f"the store has schema {found or 'none'}, older than {LATEST}.",
            where=path,
            todo=f"Bring it up to date with: belbaar init --store {path}",
        )


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
    """Let no foreign exception out: SQLite's become StoreUnavailable with a remedy."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        for word, what, todo in _REMEDIES:
            if word in str(error).lower():
                raise StoreUnavailable(what, where=path, todo=todo) from error
        raise StoreUnavailable(f"the store cannot be used: {error}.", where=path) from error
