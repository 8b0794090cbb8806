"""A store in PostgreSQL 15 or later: many readers, and writers one after another under one advisory lock.

The lock makes places in the ledger visible in their order, so whoever has read up to a place misses nothing before it;
and it lets events be looked up, numbered and copied in without a race. It goes with the transaction, whatever ends that.
"""

__all__ = ["PostgresStore", "connect", "connected", "create", "is_there", "named", "pool"]

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from itertools import count
from typing import Any, Self

import psycopg
from psycopg.abc import Params, Query
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus
from psycopg.types.numeric import Int8BinaryDumper
from psycopg_pool import ConnectionPool

from belbaar.errors import StoreUnavailable
from belbaar.ledger.postgres_arrays import Integers, array_of, register
from belbaar.ledger.postgres_asking import PREPARED, Asking
from belbaar.ledger.postgres_errors import translated, unavailable
from belbaar.ledger.schema import EVENT_COLUMNS, STANDING_COLUMNS, STANDING_TYPES, check_version, migrate
from belbaar.ledger.store import Store, StoredRow
from belbaar.ledger.wall import ROLE, make_wall, narrowing

_OLDEST = 150_000
_DEFAULTS = "-c lock_timeout=30s -c client_connection_check_interval=10s"
"""A writer waits that long for the others; a server sees within ten seconds that a client is gone."""
_PATIENCE = 10.0
_PATIENT = {"connect_timeout": 10, "tcp_user_timeout": 30_000}
"""Seconds to wait for a connection, and milliseconds for a sign of life of a server that was reached."""
_IDLE_SECONDS = 5
_LIMITS = (
    ("lock_timeout", 750, 0),
    ("statement_timeout", 1_000, 0),
    ("idle_in_transaction_session_timeout", 1_000, 1_000 * _IDLE_SECONDS),
)
"""What a server is told: milliseconds for each second of patience, and the least of each.

A lock is waited for less long, so that who waits is told of it. The last ends the transaction of a client that was stopped or cut off while it held the lock, so that others go on.
"""
_IMPATIENT = "belbaar, with limits"
"""By this name a server knows connections whose statements never take longer than these limits."""
_END_STUCK = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = ? AND datname = current_database() "
    "AND usename = current_user AND pid <> pg_backend_pid() AND state <> 'idle' "
    "AND wait_event = 'ClientRead' AND state_change < clock_timestamp() - ? * interval '1 second'"
)
"""Ends what has begun to read from a client that is gone, in the middle of a COPY or of statements sent together.

A server's own limits are not looked at there, and it may hold the lock.
"""
_GRACE = 0.5
"""Seconds that a server gets to tell that patience has ended."""
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('belbaar.ledger.' || current_schema(), 0))"
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
_IDENTITY = (
    "SELECT system_identifier, timeline_id, pg_database.oid, 'event'::regclass::oid "
    "FROM pg_control_system(), pg_control_checkpoint(), pg_database WHERE datname = current_database()"
)
_COLUMNS = ", ".join(STANDING_COLUMNS)
_COPY_EVENTS = f"COPY event (seq, {', '.join(EVENT_COLUMNS)}) FROM STDIN (FORMAT BINARY)"
_EVENT_TYPES = ("int8", "bytea", "text", "int8", "int4", "int4", "int8", "int8", "text", "int4", "int4")
_COPY_STANDING = f"COPY standing ({_COLUMNS}) FROM STDIN (FORMAT BINARY)"
_AT_ONCE = 20_000
_OPEN = (TransactionStatus.ACTIVE, TransactionStatus.INTRANS, TransactionStatus.INERROR)
_ERASED_FROM = (
    "event",
    "standing",
    "erasing",
    "leaf",
    "retained",
    "permit",
    "asked",
    "outgoing",
    "receipt_link",
    "request",
)
_INSERT = re.compile(r"INSERT INTO ((\w+) \([\w, ]+\)) VALUES \([?, ]+\)")
_MANY_ROWS = {
    "leaf": ("int8", "bytea", "bytea", "bytea", "int8", "int8"),
    "permit": ("bytea", "int4", "int4", "int8", "int8", "text", "int8", "int8"),
}
"""Tables that get many rows at a time, and the types of their columns in the order in which they are inserted."""
_FEW = 1_000
"""Rows that go as arrays: one round trip, where COPY takes two."""


class _Cursor(psycopg.RawCursor[tuple[Any, ...]]):
    """A cursor that takes ``?`` for values, as SQLite does."""

    def execute(
        self, query: Query, params: Params | None = None, *, prepare: bool | None = None, binary: bool | None = None
    ) -> Self:
        """Run a statement; bytes are taken as they are, with PostgreSQL's own ``$1``."""
        text = _numbered(query) if isinstance(query, str) else query
        return super().execute(text, params, prepare=prepare, binary=binary)  # type: ignore[arg-type,misc]  # psycopg's overloads


class _Connection(Asking):
    """A connection as the ledger wants it, with the store that guards it; it raises no error but belbaar's own."""

    store: "PostgresStore"

    def execute(
        self, query: Query, params: Params | None = None, *, prepare: bool | None = None, binary: bool = False
    ) -> psycopg.Cursor[tuple[Any, ...]]:
        """Run a statement."""
        try:
            return super().execute(query, params, prepare=prepare, binary=binary)  # type: ignore[arg-type]  # as above
        except psycopg.Error as error:
            raise self.store.unavailable(error) from None

    def executemany(self, query: str, rows: Collection[Sequence[object]]) -> None:
        """Run a statement for each of some rows, in few round trips; some as arrays, many by COPY."""
        if not rows:
            return
        found = _INSERT.fullmatch(query)
        types = _MANY_ROWS.get(found[2]) if found else None
        try:
            with self.cursor() as cursor:
                if not found or not types:
                    cursor.executemany(_numbered(query), rows)
                elif len(rows) <= _FEW or self.pgconn.pipeline_status:
                    places = ", ".join(f"${place}" for place in range(1, len(types) + 1))
                    columns = [
                        array_of(type_)(column) for type_, column in zip(types, zip(*rows, strict=True), strict=True)
                    ]
                    cursor.execute(f"INSERT INTO {found[1]} SELECT * FROM unnest({places})", columns)
                else:
                    with cursor.copy(f"COPY {found[1]} FROM STDIN (FORMAT BINARY)") as copy:
                        copy.set_types(types)
                        for row in rows:
                            copy.write_row(row)
        except psycopg.Error as error:
            raise self.store.unavailable(error) from None


_ARGUMENTS: Mapping[str, Any] = {"autocommit": True, "cursor_factory": _Cursor}


class PostgresStore(Store):
    """An open PostgreSQL ledger."""

    dialect = "postgres"
    errors = (psycopg.Error,)
    _BEGIN_WRITING = (f"BEGIN; {_LOCK}",)
    _BEGIN_READING = ("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",)
    connection: _Connection
    _walled = False
    _outside = False

    def append(self, events: Iterable[tuple[object, ...]]) -> int:
        """Append events by COPY; the lock is held, so what is not there now will not be there a moment later."""
        rows = {row[0]: row for row in reversed(list(events))}
        new = dict(reversed(rows.items()))
        ids = list(new)
        for start in range(0, len(ids), _AT_ONCE):
            found = self.connection.execute("SELECT id FROM event WHERE id = ANY(?)", (ids[start : start + _AT_ONCE],))
            for (known,) in found:
                del new[known]
        if new:
            places = count(self.position() + 1)
            with self.connection.cursor() as cursor, cursor.copy(_COPY_EVENTS) as copy:
                copy.set_types(_EVENT_TYPES)
                for row in new.values():
                    copy.write_row((next(places), *row))
        return len(new)

    def add_standing(self, rows: Sequence[StoredRow]) -> None:
        """Write rows of standing by COPY."""
        with self.connection.cursor() as cursor, cursor.copy(_COPY_STANDING) as copy:
            copy.set_types(STANDING_TYPES)
            for row in rows:
                copy.write_row(row)

    def standing_of(self, numbers: Sequence[int]) -> list[StoredRow]:
        """Give the standing rows of some numbers, asked as one array."""
        query = f"SELECT {_COLUMNS} FROM standing WHERE number = ANY(?)"
        with self._translated():
            return self.connection.execute(query, (Integers(numbers),), binary=True).fetchall()

    def among(self, values: Sequence[int]) -> tuple[str, object]:
        """Give the integers as an array."""
        return "= ANY (?)", Integers(values)

    @contextmanager
    def sent_together(self) -> Iterator[None]:
        """Write by a pipeline; one inside another joins it."""
        if self.connection.pgconn.pipeline_status:
            yield
            return
        with self._translated(), self.connection.pipeline():
            yield

    def stream(self, query: str, values: Sequence[object] = ()) -> Iterator[Any]:
        """Give rows by a cursor of the server."""
        with psycopg.RawServerCursor(self.connection, "stream") as cursor:
            cursor.itersize = _AT_ONCE
            cursor.execute(_numbered(query), values, binary=True)
            yield from cursor

    def identity(self) -> str:
        """Name the server's data, its history, the database and the table: what was put back or took over differs."""
        with self._translated():
            parts = self.connection.execute(_IDENTITY).fetchone()
        return "/".join(map(str, parts or ()))

    def make_wall(self) -> None:
        """Make the second wall, where it is not there yet.

        Raises:
            StoreUnavailable: when the database's user may not; says what to do.
        """
        with self.writing() as connection:
            make_wall(connection, self.target)

    def behind_wall(self) -> Self:
        """Read as the role that sees nothing of others from now on."""
        self._BEGIN_READING = (f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL ROLE {ROLE}",)  # type: ignore[misc]  # this store's own
        self._walled = True
        return self

    def narrow(self, organisation: int, callers: Collection[int]) -> None:
        """Tell the wall on whose behalf this transaction reads."""
        if self._walled:
            self.connection.execute(*narrowing(organisation, callers))

    @contextmanager
    def outside_wall(self) -> Iterator[_Connection]:
        """Read as the owner for the block, the whole of it; after an error the transaction is undone, the role with it."""
        inside = self._walled and self._in_transaction() and not self._outside
        if not inside:
            yield self.connection
            return
        self.connection.execute("SET LOCAL ROLE NONE")
        self._outside = True
        try:
            yield self.connection
        finally:
            self._outside = False
        self.connection.execute(f"SET LOCAL ROLE {ROLE}")

    def _scrub(self, *, whole: bool) -> None:
        """Free the versions of rows that nobody sees any more; only tables that are written anew lose every byte."""
        for table in _ERASED_FROM:
            self.connection.execute(f"VACUUM (FULL) {table}" if whole else f"VACUUM {table}")

    def unavailable(self, error: Exception) -> StoreUnavailable:
        """Tell by PostgreSQL's code for the error."""
        return unavailable(error, self.target)

    @contextmanager
    def undone(self) -> Iterator[Self]:
        """Hold a write transaction of which nothing stays."""
        with self._transaction(self._BEGIN_WRITING):
            try:
                yield self
                self.connection.execute("ROLLBACK")
            finally:
                self._known = None  # it may name what was undone

    def _in_transaction(self) -> bool:
        """Tell by the connection; while answers of a pipeline are outstanding it is active, and within one."""
        return self.connection.info.transaction_status in _OPEN


def create(url: str) -> PostgresStore:
    """Make a store in a database that is there, or bring one up to the latest schema."""
    with connected(url) as connection:
        _check(connection, named(url), older_is_fine=True)
    with translated(named(url)):
        migrate("", lambda: psycopg.connect(_settings(url)), lock=_LOCK)
    return connect(url)


def is_there(url: str) -> bool:
    """Tell whether a database holds a store."""
    with connected(url) as connection:
        return ("alembic_version",) in connection.execute(_TABLES).fetchall()


def connect(url: str, *, patience: float = 0) -> PostgresStore:
    """Open a store that is there: one warm connection; ``patience`` as for ``belbaar.ledger.open_store``."""
    connection = connected(url, patience=patience)
    try:
        _check(connection, named(url), older_is_fine=False)
        if patience:
            connection.execute(_END_STUCK, (_IMPATIENT, 2 * patience + _IDLE_SECONDS))
    except BaseException:
        connection.close()
        raise
    return connection.store


@contextmanager
def pool(url: str, size: int) -> Iterator[Callable[[], AbstractContextManager[PostgresStore]]]:
    """Keep up to ``size`` warm connections; gives a function that lends a store for one thread's question."""
    target = named(url)
    with (
        translated(target),
        ConnectionPool(
            _settings(url),
            connection_class=_Connection,
            kwargs=dict(_ARGUMENTS),
            configure=lambda connection: _configure(connection, target),
            min_size=min(size, 2),
            max_size=size,
            timeout=_PATIENCE,
        ) as connections,
    ):

        @contextmanager
        def lend() -> Iterator[PostgresStore]:
            with translated(target):
                connection = connections.getconn()
            try:
                yield connection.store
            finally:
                connections.putconn(connection)

        with lend() as store:
            _check(store.connection, target, older_is_fine=False)
        yield lend


def connected(url: str, *, patience: float = 0) -> _Connection:
    """Connect to a database, whatever is in it."""
    target = named(url)
    with translated(target):
        connection = _Connection.connect(_settings(url, patience), **_ARGUMENTS)
    _configure(connection, target)
    connection.patience = patience + _GRACE if patience else None
    return connection


def _configure(connection: _Connection, target: str) -> None:
    register(connection.adapters)
    connection.adapters.register_dumper(int, Int8BinaryDumper)  # one type for all, so that a text is prepared once
    connection.prepared_max = PREPARED
    connection.store = PostgresStore(connection, target)


def _settings(url: str, patience: float = 0) -> str:
    """Add what the ledger wants of a connection; what the URL says goes before it."""
    with translated(named(url)):
        given = conninfo_to_dict(url)
    milliseconds = int(patience * 1000)
    limits = (
        "".join(f" -c {name}={max(least, int(patience * each))}" for name, each, least in _LIMITS) if patience else ""
    )
    patient = {"connect_timeout": max(2, int(patience)), "tcp_user_timeout": milliseconds} if patience else _PATIENT
    options = f"{_DEFAULTS}{limits} {given.get('options') or ''}".strip()
    name = _IMPATIENT if patience else "belbaar"
    return make_conninfo(url, **{**patient, "application_name": name, **given, "options": options})


def named(url: str) -> str:
    """Name a database without the password."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.Error:
        return "postgresql://…"
    user = f"{parts['user']}@" if parts.get("user") else ""
    port = f":{parts['port']}" if parts.get("port") else ""
    return f"postgresql://{user}{parts.get('host') or ''}{port}/{parts.get('dbname') or ''}"


def _check(connection: _Connection, target: str, *, older_is_fine: bool) -> None:
    if connection.info.server_version < _OLDEST:
        raise StoreUnavailable(
            f"PostgreSQL {connection.info.server_version // 10_000} is too old.",
            where=target,
            todo="Use PostgreSQL 15 or later.",
        )
    with translated(target):
        names = {name for (name,) in connection.execute(_TABLES)}
        check_version(connection, target, names, older_is_fine=older_is_fine)


@lru_cache(maxsize=512)
def _numbered(text: str) -> str:
    """Put ``$1``, ``$2`` … for question marks.

    >>> _numbered("SELECT path FROM product WHERE id = ? AND path = ?")
    'SELECT path FROM product WHERE id = $1 AND path = $2'
    """
    places = count(1)
    return re.sub(r"\?", lambda _: f"${next(places)}", text)
