"""Stores by name: a path or ``sqlite:///path`` is a SQLite file, ``postgresql://…`` a PostgreSQL database.

>>> local_path("sqlite:////srv/belbaar.db"), local_path("belbaar.db"), local_path("postgresql://localhost/belbaar")
(PosixPath('/srv/belbaar.db'), PosixPath('belbaar.db'), None)
"""

__all__ = ["create_store", "is_there", "local_path", "memory_store", "open_store"]

from pathlib import Path

from belbaar.errors import InputError
from belbaar.ledger import sqlite_store
from belbaar.ledger.store import Store


def create_store(target: str | Path) -> Store:
    """Make a store, or bring one that is there up to the latest schema.

    Raises:
        InputError: when the name is that of no store.
        StoreUnavailable: when the place cannot be written, or holds something else.
    """
    path = local_path(target)
    if path is not None:
        return sqlite_store.create(path)
    from belbaar.ledger.postgres_store import create  # noqa: PLC0415  psycopg loads slowly

    return create(str(target))


def open_store(target: str | Path, *, patience: float = 0) -> Store:
    """Open a store that is there.

    Args:
        target: its name.
        patience: seconds that it may wait for anything: a lock, a statement, a server that says nothing. What takes
            longer is StoreUnavailable, and the store must be opened anew. 0: as patient as people are.

    Raises:
        InputError: when the name is that of no store.
        StoreUnavailable: when it is missing, no store, locked, or of another version; says what to do.
    """
    path = local_path(target)
    if path is not None:
        return sqlite_store.open_file(path, patience=patience)
    from belbaar.ledger.postgres_store import connect  # noqa: PLC0415  psycopg loads slowly

    return connect(str(target), patience=patience)


def memory_store() -> Store:
    """Make an empty store in memory, with the same tables as any other."""
    return sqlite_store.in_memory()


def is_there(target: str | Path) -> bool:
    """Tell whether there is a store of that name already, whatever its schema.

    Raises:
        InputError: when the name is that of no store.
        StoreUnavailable: when its server cannot be asked.
    """
    path = local_path(target)
    if path is not None:
        return path.exists()
    from belbaar.ledger import postgres_store  # noqa: PLC0415  psycopg loads slowly

    return postgres_store.is_there(str(target))


def local_path(target: str | Path) -> Path | None:
    """Give the file of a store, None when it is in PostgreSQL.

    Raises:
        InputError: when the name is that of no store.
    """
    text = str(target)
    scheme, separator, _ = text.partition("://")
    if separator and scheme in ("postgresql", "postgres"):
        return None
    path = text.removeprefix("sqlite:///")
    if not path or (separator and path == text):
        raise InputError(
            "this names no store.",
            where="--store",
            todo="Name a file, such as belbaar.db or sqlite:///belbaar.db, or a database: postgresql://host/name.",
        )
    return Path(path)
