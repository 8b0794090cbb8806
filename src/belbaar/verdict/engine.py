"""Where the tables of a list are: DuckDB in this process."""

__all__ = ["DuckDB", "Engine"]

from typing import Any, Protocol

import duckdb
import pyarrow as pa


class Engine(Protocol):
    """What judging a list asks of an engine."""

    dialect: str
    """Its SQL, by sqlglot's name."""

    def make(self, name: str, query: str) -> None:
        """Make a table of what a query gives, in the place of one of that name."""

    def put(self, name: str, table: pa.Table) -> None:
        """Bring a small table in, in the place of one of that name."""

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Give the rows of a query with few."""


class DuckDB:
    """A DuckDB database."""

    dialect = "duckdb"

    def __init__(self, database: duckdb.DuckDBPyConnection) -> None:
        self.database = database

    def make(self, name: str, query: str) -> None:
        """Make a temporary table."""
        self.database.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")

    def put(self, name: str, table: pa.Table) -> None:
        """Show an Arrow table to the database."""
        self.database.register(name, table)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Give the rows of a query."""
        return self.database.execute(query).fetchall()
