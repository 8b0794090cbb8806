"""The formats, each in a module of its own that loads when such a file comes along.

    >>> sorted(MODULES)
    ['csv', 'jsonl', 'parquet', 'xlsx']
    >>> format_of(Path("lijst.TXT")), format_of(Path("lijst.doc"))
    ('csv', None)

A format's module offers ``look`` (open), ``batches`` (read) and ``Writer`` (write).
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from belbaar.tables.table import Batch, Options, Table

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["MODULES", "FormatModule", "FormatWriter", "format_of", "load"]

MODULES = {"csv": "csv_files", "jsonl": "jsonl_files", "parquet": "parquet_files", "xlsx": "xlsx_files"}
SUFFIXES = {
    ".csv": "csv",
    ".tab": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".xlsm": "xlsx",
    ".xlsx": "xlsx",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
}


class FormatWriter(Protocol):
    """Writes batches to a file that nobody else sees yet."""

    notes: list[str]

    def __init__(self, table: Table, out: Path, names: Sequence[str]) -> None: ...
    def write(self, data: pa.Table) -> None:
        """Append rows."""

    def close(self) -> None:
        """Finish the file."""


class FormatModule(Protocol):
    """What each format offers."""

    Writer: type[FormatWriter]

    def look(self, path: Path, options: Options) -> Table:
        """Tell columns and dialect."""

    def batches(self, table: Table, size: int) -> Iterator[Batch]:
        """Read the rows."""


def load(name: str) -> FormatModule:
    """Load the module of a format."""
    return cast("FormatModule", importlib.import_module(f"belbaar.tables.{MODULES[name]}"))


def format_of(path: Path) -> str | None:
    """Tell the format by the name; None when the name tells nothing."""
    return SUFFIXES.get(path.suffix.lower())
