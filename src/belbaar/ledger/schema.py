"""The ledger's tables, made and brought up to date by migrations.

Alembic and SQLAlchemy are loaded only when there is something to migrate.
"""

__all__ = ["LATEST", "migrate", "tables", "version"]

import sqlite3
import tempfile
from functools import lru_cache
from pathlib import Path

LATEST = "0001"
"""The schema this belbaar reads and writes."""


def version(connection: sqlite3.Connection) -> str:
    """Give the schema version of a store, "" for an empty database."""
    there = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if there else None
    return str(row[0]) if row else ""


def migrate(path: Path) -> None:
    """Bring the database file to the latest schema; one transaction a migration."""
    import sqlalchemy  # noqa: PLC0415
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    engine = sqlalchemy.create_engine(f"sqlite:///{path}")
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


@lru_cache(maxsize=1)
def tables() -> str:
    """Give the SQL that makes all tables, as the migrations made them: for stores in memory."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        migrate(path)
        connection = sqlite3.connect(path)
        try:
            return "\n".join(connection.iterdump())
        finally:
            connection.close()
