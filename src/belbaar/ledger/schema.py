"""The ledger's tables, made and brought up to date by migrations.

Alembic and SQLAlchemy are loaded only when there is something to migrate.
"""

__all__ = ["EVENT_COLUMNS", "LATEST", "STANDING_COLUMNS", "STANDING_TYPES", "check_version", "migrate", "tables"]

import sqlite3
import tempfile
from collections.abc import Callable, Collection
from functools import lru_cache
from pathlib import Path
from typing import Any

from belbaar.errors import StoreUnavailable
from belbaar.ledger.standing import Row
from belbaar.ledger.store import Connection

LATEST = "0023b"
"""The schema this belbaar reads and writes."""

EVENT_COLUMNS = ("id", "kind", "number", "caller", "agent", "at", "recorded_at", "fields", "source", "row")
"""The columns of an event, its place in the ledger (``seq``) apart."""

STANDING_COLUMNS = Row._fields
"""The columns of standing."""

_WIDE = frozenset({"number", "event", "since", "ended", "closed", "verified_at", "contacted_at"})
_MIDDLE = frozenset({"caller", "product", "segment", "last_day", "contact_by"})
STANDING_TYPES = tuple("int8" if name in _WIDE else "int4" if name in _MIDDLE else "int2" for name in STANDING_COLUMNS)
"""Their types in PostgreSQL, as the migrations made them."""


def check_version(connection: Connection, target: str, tables: Collection[str], *, older_is_fine: bool) -> None:
    """Look whether a database with these tables is a store of the schema known here.

    Raises:
        StoreUnavailable: when it is not; says what to do.
    """
    row = (
        connection.execute("SELECT version_num FROM alembic_version").fetchone()
        if "alembic_version" in tables
        else None
    )
    found = str(row[0]) if row else ""
    if found > LATEST:
        raise StoreUnavailable(
            f"the store was written by a newer belbaar (schema {found}, this one knows {LATEST}).",
            where=target,
            todo="Install that version or a later one.",
            code="store-newer",
        )
    if not found and tables:
        raise StoreUnavailable("this is a database, but not a belbaar store.", where=target, todo="Name another.")
    if found != LATEST and not older_is_fine:
        raise StoreUnavailable(
            f"the store has schema {found or 'none'}, older than {LATEST}.",
            where=target,
            todo=f"Bring it up to date with: belbaar init --store {target}",
        )


def migrate(path: str, connect: Callable[[], Any] | None = None, *, lock: str = "") -> None:
    """Bring a database to the latest schema, in one transaction.

    Args:
        path: of a SQLite file; "" with ``connect``.
        connect: opens a psycopg connection.
        lock: a statement that lets one process migrate at a time.
    """
    import sqlalchemy  # noqa: PLC0415
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    if connect:
        engine = sqlalchemy.create_engine("postgresql+psycopg://", creator=connect)
    else:
        engine = sqlalchemy.create_engine(sqlalchemy.URL.create("sqlite", database=path))
    try:
        with engine.begin() as connection:
            if lock:
                connection.exec_driver_sql(lock)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except sqlalchemy.exc.DBAPIError as error:
        raise (error.orig or error) from error  # the driver's own exception is what stores translate
    finally:
        engine.dispose()


@lru_cache(maxsize=1)
def tables() -> str:
    """Give the SQL that makes all tables in SQLite, as the migrations made them: for stores in memory."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        migrate(str(path))
        connection = sqlite3.connect(path)
        try:
            return "\n".join(connection.iterdump())
        finally:
            connection.close()
