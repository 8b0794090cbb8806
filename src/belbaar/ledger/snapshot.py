"""A snapshot of standing beside the store: Parquet, so that a big screening does not read the live ledger's rows.

The folder ``<store>.snapshot`` holds ``standing.parquet``, sorted by number, and ``manifest.json`` with the ledger
position it was taken at and its SHA-256. It is refreshed by difference: numbers with events after that position are
read from the ledger, and the file is written anew only when they are many. Replacing the manifest is the commit.

The first writing reads the store with Arrow's SQLite driver in a process of its own: two copies of SQLite in one
process would undo each other's file locks.
"""

__all__ = ["Snapshot", "load_standing"]

import hashlib
import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from belbaar.errors import StoreUnavailable
from belbaar.ledger.schema import LATEST
from belbaar.ledger.standing import Row
from belbaar.ledger.store import Store

if TYPE_CHECKING:
    import duckdb

_COLUMNS = ", ".join(Row._fields)
_MANY = 0.05
"""Share of the snapshot's rows that may have changed before it is written anew."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a manifest says: the ledger position, the schema, the rows and the SHA-256 of the Parquet file."""

    position: int
    schema: str
    rows: int
    sha256: str


def load_standing(store: Store, database: "duckdb.DuckDBPyConnection") -> int:
    """Make the view ``standing`` in a DuckDB database, as of now, and give the ledger position it shows.

    Raises:
        StoreUnavailable: when the snapshot cannot be written.
    """
    folder = Path(f"{store.target}.snapshot")
    snapshot = _current(folder, store)
    with store.reading() as connection:
        position = store.position()
        connection.execute("DROP TABLE IF EXISTS temp.changed")
        connection.execute(
            "CREATE TEMP TABLE changed AS SELECT DISTINCT number FROM event WHERE seq > ?", (snapshot.position,)
        )
        numbers = [number for (number,) in connection.execute("SELECT number FROM changed")]
        rows = connection.execute(f"SELECT {_COLUMNS} FROM standing WHERE number IN changed").fetchall()
    _register(database, folder / "standing.parquet", numbers, rows)
    return position


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
    """Give the snapshot that is there, or write one when there is none fit for use."""
    found = _manifest(folder)
    if found and found.schema == LATEST and found.position <= store.position():
        query = "SELECT count(DISTINCT number) FROM event WHERE seq > ?"
        changed = int(store.connection.execute(query, (found.position,)).fetchone()[0])
        if changed <= _MANY * found.rows and _digest(folder / "standing.parquet") == found.sha256:
            return found
    command = [sys.executable, "-m", "belbaar.ledger.snapshot", store.target, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  our own module
    written = _manifest(folder)
    if done.returncode or not written:
        raise StoreUnavailable(
            "the snapshot of standing cannot be written.",
            where=str(folder),
            todo="Make room beside the store, or mend its permissions.",
            details=done.stderr.strip().splitlines()[-1:],
        )
    return written


def _manifest(folder: Path) -> Snapshot | None:
    try:
        return Snapshot(**json.loads((folder / "manifest.json").read_text(encoding="utf-8")))
    except FileNotFoundError:
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


def _write(path: str, folder: Path) -> None:
    """Write the snapshot of a store: the Parquet file first, then the manifest, each by renaming."""
    import pyarrow.parquet as pq  # noqa: PLC0415
    from adbc_driver_sqlite import dbapi  # noqa: PLC0415

    folder.mkdir(exist_ok=True)
    part = folder / "standing.parquet.part"
    rows = 0
    with dbapi.connect(path) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(seq), 0) FROM event")
        position = sum(row[0] for row in cursor.fetchall())
        cursor.execute(f"SELECT {_COLUMNS} FROM standing ORDER BY number")
        reader = cursor.fetch_record_batch()
        with pq.ParquetWriter(part, reader.schema, compression="zstd") as writer:
            for batch in reader:
                writer.write_batch(batch)
                rows += batch.num_rows
    snapshot = Snapshot(position, LATEST, rows, _digest(part))
    part.rename(folder / "standing.parquet")
    manifest = folder / "manifest.json.part"
    manifest.write_text(json.dumps(asdict(snapshot)), encoding="utf-8")
    manifest.rename(folder / "manifest.json")


if __name__ == "__main__":
    _write(sys.argv[1], Path(sys.argv[2]))
