"""The store: a ledger in a database, opened with care, read and written in whole transactions.

What every store can do is written here; what SQLite and PostgreSQL do each in their own way is in
``belbaar.ledger.sqlite_store`` and ``belbaar.ledger.postgres_store``. Both speak the same SQL wherever both know it,
with ``?`` for values.

Invariants: when ``writing`` ends without an exception, what was written is durable; when it ends with one, nothing was
written. One writer at a time: places in the ledger are given without gaps, and become visible in their order.
"""

__all__ = ["Caller", "Connection", "Cursor", "Keeper", "Known", "Store", "StoredRow"]

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, Protocol, Self

from belbaar.errors import StoreUnavailable
from belbaar.ledger.events import Placed
from belbaar.ledger.known import Caller, Connection, Cursor, Known, load_known

_GLANCE = "SELECT number, (SELECT at FROM head ORDER BY size DESC LIMIT 1) FROM revision"
"""Whether the small tables have changed, and when anything was recorded last."""
StoredRow = tuple[int, ...]
"""A row of standing as its table holds it: ids for names."""


class Keeper(Protocol):
    """What proof does while a ledger is written and read (``belbaar.proof.log.keeping``)."""

    def appended(self, events: Iterable[Placed], meanwhile: Callable[[], None] = ...) -> None:
        """Make leaves of events; inside the transaction that appends them, which asking for the next one may do.

        ``meanwhile`` is done once, when all are asked for and maybe not all are leaves yet.
        """

    def committed(self) -> None:
        """Hear that a transaction is durable."""

    def undone(self) -> None:
        """Hear that a transaction was undone, or may have been."""

    def suppressed(self, number: int) -> Sequence[tuple[str, int]]:
        """Give the objections to keep of a person who was erased: a caller's id, "" for all, and since when."""

    def objecting(self, numbers: Iterable[int]) -> Mapping[int, Sequence[tuple[str, int]]]:
        """Give those of many numbers that have any."""


class Store(ABC):
    """An open ledger. Guards one connection and what is remembered of its small tables; for one thread at a time.

    ``target`` names it in messages: a path, or a URL without its password.
    """

    dialect: ClassVar[str]
    errors: ClassVar[tuple[type[Exception], ...]]
    """What the database's driver raises."""
    _BEGIN_WRITING: ClassVar[tuple[str, ...]]
    _BEGIN_READING: ClassVar[tuple[str, ...]]

    def __init__(self, connection: Connection, target: str) -> None:
        self.connection = connection
        self.target = target
        self._keeper: Keeper | None = None
        self._make_keeper: Callable[[], Keeper] | None = None
        self._known: Known | None = None
        self._still = False
        self._heard = 0
        self._noted: set[tuple[int, int]] = set()

    @property
    def keeper(self) -> Keeper | None:
        """What keeps the proof of this ledger, made when it is first needed; None: nothing does."""
        if self._keeper is None and self._make_keeper:
            self._keeper = self._make_keeper()
        return self._keeper

    @property
    def logged(self) -> bool:
        """Whether all that is written is logged too: a text then stands in the log before the event that shows it."""
        return self._keeper is not None or self._make_keeper is not None

    def kept_by(self, make: Callable[[], Keeper]) -> Self:
        """Have the proof of this ledger kept by what ``make`` gives."""
        self._make_keeper = make
        return self

    def known(self) -> Known:
        """Give the small tables as they are now, read again when anybody changed them."""
        if self._still and self._known is not None:
            return self._known
        with self._translated():
            revision, heard = self.connection.execute(_GLANCE).fetchone()
            self._heard = heard or 0
            if self._known is None or self._known.revision != revision:
                with self.outside_wall():
                    self._known = load_known(self.connection, revision)
        return self._known

    @contextmanager
    def still(self) -> Iterator[Known]:
        """Look at the small tables once for all that is asked in the block.

        Inside a transaction in which nobody can change them: one that reads, or one that writes no caller, product,
        rule or key until the block ends.
        """
        was, known = self._still, self.known()
        self._still = True
        try:
            yield known
        finally:
            self._still = was

    def remembered(self, caller: str) -> Known:
        """Give the small tables as last seen, when they have that caller.

        For whoever looks at the revision afterwards, and asks ``known`` if it has moved on.
        """
        known = self._known
        return known if known is not None and caller in known.callers else self.known()

    def heard(self) -> int:
        """Give the latest instant at which anything was recorded, by whatever clock; UTC microseconds, 0: never.

        Within ``still`` that of its beginning.
        """
        self.known()
        return self._heard

    def callers(self) -> Mapping[str, Caller]:
        """Give all callers by id."""
        return self.known().callers

    def caller(self, name: str) -> Caller:
        """Give a caller, or say which is nearest."""
        return self.known().caller(name)

    def position(self) -> int:
        """Give the ledger's position: the seq of its latest event, 0 when empty."""
        with self._translated(), self.outside_wall() as connection:
            return int(connection.execute("SELECT coalesce(max(seq), 0) FROM event").fetchone()[0])

    def make_wall(self) -> None:  # noqa: B027  only PostgreSQL has one
        """Make the second wall, where the database can have one and has it not yet."""

    def behind_wall(self) -> Self:
        """Have what is read here from now on be read behind the second wall, where the database has one."""
        return self

    def narrow(self, organisation: int, callers: Collection[int]) -> None:  # noqa: B027  only PostgreSQL has a wall
        """Say on whose behalf this transaction reads: the key of an organisation, and those of its callers."""

    @contextmanager
    def outside_wall(self) -> Iterator[Connection]:
        """Look over the wall, in a transaction that reads: for what is nobody's, such as the ledger's position."""
        yield self.connection

    @abstractmethod
    def identity(self) -> str:
        """Tell this ledger from another that may come to answer to its name."""

    @contextmanager
    def writing(self, durable: Callable[[], None] = lambda: None) -> Iterator[Connection]:
        """Hold the one write transaction; durable at the end, undone by an exception. One inside another joins it.

        ``durable`` is called when it is, before the keeper hears of it.
        """
        if self._in_transaction():
            yield self.connection
            return
        with self._transaction(self._BEGIN_WRITING):
            try:
                yield self.connection
                self.connection.execute("COMMIT")
            except BaseException:
                self._noted.clear()
                self._known = None  # it may name products of this transaction, which is undone
                if self._keeper:
                    self._keeper.undone()
                raise
        durable()
        if self._keeper:
            self._keeper.committed()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Hold one consistent view of the ledger for several queries; inside another transaction, that one's view."""
        if self._in_transaction():
            yield self.connection
            return
        with self._transaction(self._BEGIN_READING):
            yield self.connection
            self.connection.execute("COMMIT")  # nothing was written; at a ROLLBACK psycopg drops what it prepared

    @contextmanager
    def sent_together(self) -> Iterator[None]:
        """Have what is written in the block be sent at once, where that saves round trips; what is read waits for it."""
        yield

    def product_key(self, path: str) -> int:
        """Give the id of a product, making one if it is new; only inside ``writing``, after ``known``."""
        products = (self._known or self.known()).products
        if path not in products:
            row = self.connection.execute("INSERT INTO product (path) VALUES (?) RETURNING id", (path,)).fetchone()
            products[path] = int(row[0])
        return products[path]

    def note_products(self, seen: Collection[tuple[int, int]]) -> None:
        """Note with which products callers were seen, ids of both; only inside ``writing``."""
        for pair in set(seen) - self._noted:
            self.connection.execute(
                "INSERT INTO product_seen (caller, product) VALUES (?, ?) ON CONFLICT DO NOTHING", pair
            )
            self._noted.add(pair)

    def products_of(self, callers: Collection[int]) -> list[str]:
        """Give the products that some callers (their keys) were seen with, sorted."""
        seen = self.known().seen
        return sorted({path for caller in callers for path in seen.get(caller, ())})

    def suppressed(self, number: int) -> Sequence[tuple[str, int]]:
        """Give the objections that outlive the erasure of a number: a caller's id, "" for all, and since when.

        Raises:
            StoreUnavailable: without the key to look them up; where there are any, nobody may be called then.
        """
        return self._needed_keeper().suppressed(number)

    def objecting(self, numbers: Iterable[int]) -> Mapping[int, Sequence[tuple[str, int]]]:
        """Give, of many numbers, those with objections that outlive an erasure, as ``suppressed`` does.

        Raises:
            StoreUnavailable: without the key to look them up; where there are any, nobody may be called then.
        """
        return self._needed_keeper().objecting(numbers) if self.known().suppressing else {}

    def overwrite_deleted(self) -> None:  # noqa: B027  only SQLite can
        """Have what this connection deletes from here on overwritten, where the database can do that."""

    def scrub(self, *, whole: bool = False) -> None:
        """Clear what deletions left behind; ``whole`` writes the tables anew. Outside any transaction.

        Raises:
            StoreUnavailable: when somebody else is at work in the store, so that it cannot be done now.
        """
        with self._translated():
            self._scrub(whole=whole)

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @abstractmethod
    def append(self, events: Iterable[tuple[object, ...]]) -> int:
        """Append events that are new by content, in order, at the places that follow; give how many.

        Each is (id, kind, number, caller, agent, at, recorded_at, fields, source, row). Only inside ``writing``.
        """

    @abstractmethod
    def add_standing(self, rows: Sequence[StoredRow]) -> None:
        """Write rows of standing; only inside ``writing``."""

    @abstractmethod
    def standing_of(self, numbers: Sequence[int]) -> list[StoredRow]:
        """Give the standing rows of some numbers, of all callers."""

    @abstractmethod
    def among(self, values: Sequence[int]) -> tuple[str, object]:
        """Write that an integer is one of some, however many, in words that stay the same; and the value for its ``?``."""

    @abstractmethod
    def stream(self, query: str, values: Sequence[object] = ()) -> Iterator[Any]:
        """Give the rows of a query a few at a time; only inside a transaction, where other queries may come between."""

    @abstractmethod
    def _in_transaction(self) -> bool: ...

    @abstractmethod
    def _scrub(self, *, whole: bool) -> None: ...

    @abstractmethod
    def unavailable(self, error: Exception) -> StoreUnavailable:
        """Say what is wrong and what to do, for an exception of the database's driver."""

    def _needed_keeper(self) -> Keeper:
        if self.keeper is None:
            raise StoreUnavailable(
                "objections of erased persons cannot be looked up without the store's keys.",
                where=self.target,
                todo="Put the folder of keys back; until then every call is refused.",
                code="key-missing",
            )
        return self.keeper

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except self.errors as error:
            raise self.unavailable(error) from error

    @contextmanager
    def _transaction(self, begin: Iterable[str]) -> Iterator[None]:
        with self._translated():
            try:
                for statement in begin:
                    self.connection.execute(statement)
                yield
            except BaseException:
                if self._in_transaction():
                    self.connection.execute("ROLLBACK")
                raise
