"""A snapshot of standing: Parquet, so that a big screening does not read the rows of the ledger that serves live calls.

Its folder holds ``standing.parquet``, sorted by number, and ``manifest.json`` with the ledger position it was taken at
and its SHA-256. That of a file lies beside it, as ``<store>.snapshot``; that of a database in the user's cache, or in
the folder that BELBAAR_SNAPSHOTS names. It is refreshed by difference: numbers with events after that position are read
from the ledger and shown in the place of their old rows; when they are many, they are merged into the file, which is
read from its own disk and not from the ledger. Replacing the manifest is the commit. From scratch it is written when
there is none, when it is damaged or of another schema, and after an erasure: then nobody can say whose rows must go.

A SQLite store is first read with Arrow's driver in a process of its own: two copies of SQLite in one process would undo
each other's file locks. PostgreSQL sends standing by binary COPY.
"""

__all__ = ["Changes", "Snapshot", "changes_since", "current_snapshot", "fits", "forget_snapshot", "load_standing"]

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from belbaar.errors import StoreUnavailable
from belbaar.ledger.schema import LATEST
from belbaar.ledger.sqlite_store import IDENTITY
from belbaar.ledger.standing import Row
from belbaar.ledger.store import Store

if TYPE_CHECKING:
    import duckdb

_COLUMNS = ", ".join(Row._fields)
_MANY, _MOST = 0.05, 200_000
"""Share of the snapshot's rows, and how many numbers, that may have changed before they are merged into it."""
_TOO_MANY = 1_000_000
"""Changed numbers beyond which it is written from scratch: they are held in memory while they are merged."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a manifest says: the ledger position, the schema, the rows and the SHA-256 of the Parquet file.

    ``ledger`` tells one database from another that answers to its name; a file needs no such thing. ``erased`` counts
    the events that were erased by then: that moves no position.
    """

    position: int
    schema: str
    rows: int
    sha256: str
    ledger: str = ""
    erased: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened since a snapshot: the ledger position of now, the numbers it touched, and their rows as of now."""

    position: int
    numbers: list[int]
    rows: list[tuple[int, ...]]


def load_standing(store: Store, database: "duckdb.DuckDBPyConnection", also: Sequence[tuple[int, ...]] = ()) -> int:
    """Make the view ``standing`` in a DuckDB database, as of now, and give the ledger position it shows.

    ``also`` are rows of numbers that have no standing of their own: what outlived an erasure.

    Raises:
        StoreUnavailable: when the snapshot cannot be written.
    """
    parquet, snapshot = current_snapshot(store)
    changes = changes_since(store, snapshot.position)
    _register(database, parquet, changes.numbers, [*changes.rows, *also])
    return changes.position


def current_snapshot(store: Store) -> tuple[Path, Snapshot]:
    """Give the Parquet file of a snapshot fit for use, and its manifest; it is written when there is none.

    Raises:
        StoreUnavailable: when the snapshot cannot be written.
    """
    folder = _folder(store)
    return folder / "standing.parquet", _current(folder, store)


def changes_since(store: Store, position: int) -> Changes:
    """Give what a snapshot of a position does not know yet, as of one instant."""
    since = "SELECT DISTINCT number FROM event WHERE seq > ?"
    with store.reading() as connection:
        numbers = [number for (number,) in connection.execute(since, (position,)).fetchall()]
        rows = connection.execute(f"SELECT {_COLUMNS} FROM standing WHERE number IN ({since})", (position,)).fetchall()
        return Changes(store.position(), numbers, rows)


def forget_snapshot(store: Store) -> None:
    """Remove the snapshot, which may know persons that the ledger has erased; the next screening makes it anew.

    Raises:
        StoreUnavailable: when it cannot be removed.
    """
    try:
        shutil.rmtree(_folder(store))
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreUnavailable(
            f"the snapshot of standing cannot be removed: {error.strerror}.",
            where=str(_folder(store)),
            todo="Mend its permissions, and do it again.",
        ) from error


def _folder(store: Store) -> Path:
    """Say where a store's snapshot is: of a database, by a name that is its own in a folder for all."""
    if store.dialect == "sqlite":
        return Path(f"{store.target}.snapshot")
    named = os.environ.get("BELBAAR_SNAPSHOTS")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    digest = hashlib.sha256(store.target.encode()).hexdigest()[:12]
    word = "-".join(re.findall(r"[\w.]+", store.target.rpartition("/")[2])) or "store"
    return (Path(named) if named else cache / "belbaar") / f"{word}-{digest}.snapshot"


def _register(
    database: "duckdb.DuckDBPyConnection", base: Path, numbers: list[int], rows: list[tuple[int, ...]]
) -> None:
    import pyarrow as pa  # noqa: PLC0415

    from belbaar.ledger.columns import rows_as_table  # noqa: PLC0415

    database.register("changed_numbers", pa.table({"number": pa.array(numbers, pa.int64())}))
    database.register("changed_rows", rows_as_table(rows))
    parquet = str(base).replace("'", "''")
    database.execute(f"""
        CREATE OR REPLACE TEMP VIEW standing AS
        SELECT {_COLUMNS} FROM read_parquet('{parquet}') AS base
        {"WHERE number NOT IN (SELECT number FROM changed_numbers)" if numbers else ""}
        UNION ALL SELECT {_COLUMNS} FROM changed_rows
    """)


def _current(folder: Path, store: Store) -> Snapshot:
    """Give the snapshot that is there, with many changes merged into it; or write one when there is none fit for use."""
    found = _manifest(folder)
    parquet = folder / "standing.parquet"
    if found and fits(found, store) and _digest(parquet) == found.sha256:
        query = "SELECT count(DISTINCT number) FROM event WHERE seq > ?"
        changed = int(store.connection.execute(query, (found.position,)).fetchone()[0])
        if changed <= min(_MANY * found.rows, _MOST):
            return found
        if changed <= min(found.rows, _TOO_MANY):
            return _written(folder, lambda: _merge(folder, found, changes_since(store, found.position)))
    return _written(folder, lambda: _from_scratch(store, folder))


def fits(found: Snapshot, store: Store) -> bool:
    """Tell whether a snapshot is of this ledger, and the ledger has only grown since."""
    same = (found.schema, found.ledger, found.erased) == (LATEST, store.identity(), _erased(store))
    return same and found.position <= store.position()


def _erased(store: Store) -> int:
    """Count the erased events: their number is 0."""
    return int(store.connection.execute("SELECT count(*) FROM event WHERE number = 0").fetchone()[0])


def _from_scratch(store: Store, folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if store.dialect == "sqlite":
        command = [sys.executable, "-m", "belbaar.ledger.snapshot", store.target, str(folder)]
        subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  our own module
    else:
        _from_postgres(store, folder)


def _written(folder: Path, write: Callable[[], None]) -> Snapshot:
    try:
        write()
    except (OSError, subprocess.CalledProcessError) as error:
        raise StoreUnavailable(
            "the snapshot of standing cannot be written.",
            where=str(folder),
            todo="Make room there, or mend its permissions.",
            details=(getattr(error, "stderr", "") or str(error)).strip().splitlines()[-1:],
        ) from error
    written = _manifest(folder)
    if not written:
        raise StoreUnavailable("the snapshot of standing is gone.", where=str(folder), todo="Try again.")
    return written


def _merge(folder: Path, found: Snapshot, changes: Changes) -> None:
    """Write a snapshot with changes merged into it."""
    from belbaar.ledger.merging import merged  # noqa: PLC0415

    batches = merged(folder / "standing.parquet", changes.numbers, changes.rows)
    _write(folder, replace(found, position=changes.position), batches)


def _manifest(folder: Path) -> Snapshot | None:
    try:
        return Snapshot(**json.loads((folder / "manifest.json").read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, TypeError) as error:
        raise StoreUnavailable(
            "the snapshot's manifest is damaged.", where=str(folder), todo="Remove the folder."
        ) from error


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def _from_postgres(store: Store, folder: Path) -> None:
    from belbaar.ledger.postgres_copy import standing_batches  # noqa: PLC0415
    from belbaar.ledger.postgres_store import PostgresStore  # noqa: PLC0415

    assert isinstance(store, PostgresStore)  # noqa: S101  there are two kinds of stores
    with store.reading():
        of = Snapshot(store.position(), LATEST, 0, "", store.identity(), _erased(store))
        _write(folder, of, standing_batches(store.connection))


def _from_sqlite(path: str, folder: Path) -> None:
    from adbc_driver_sqlite import dbapi  # noqa: PLC0415

    with dbapi.connect(path) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(seq), 0), (SELECT count(*) FROM event WHERE number = 0) FROM event")
        ((position, erased),) = cursor.fetchall()
        cursor.execute(IDENTITY)
        ((identity,),) = cursor.fetchall()
        cursor.execute(f"SELECT {_COLUMNS} FROM standing ORDER BY number")
        _write(folder, Snapshot(position, LATEST, 0, "", identity, erased), cursor.fetch_record_batch())


def _write(folder: Path, of: Snapshot, batches: Iterable[Any]) -> None:
    """Write a snapshot: the Parquet file first, then the manifest, each by renaming; two at once do not meet."""
    import pyarrow.parquet as pq  # noqa: PLC0415

    from belbaar.ledger.columns import in_groups, rows_as_table  # noqa: PLC0415
    from belbaar.tables.ahead import read_ahead  # noqa: PLC0415

    part, manifest = (folder / f"{name}.{os.getpid()}.part" for name in ("standing.parquet", "manifest.json"))
    rows = 0
    try:
        with pq.ParquetWriter(part, rows_as_table(()).schema, compression="zstd") as writer:
            for group in read_ahead(in_groups(batches)):  # the ledger is read while the file is written
                writer.write_table(group, row_group_size=group.num_rows)
                rows += group.num_rows
        snapshot = replace(of, rows=rows, sha256=_digest(part))
        manifest.write_text(json.dumps(asdict(snapshot)), encoding="utf-8")
        part.rename(folder / "standing.parquet")
        manifest.rename(folder / "manifest.json")
    finally:
        for left in (part, manifest):
            left.unlink(missing_ok=True)


if __name__ == "__main__":
    _from_sqlite(sys.argv[1], Path(sys.argv[2]))
