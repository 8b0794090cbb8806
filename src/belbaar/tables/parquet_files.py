"""Parquet files: typed columns, read as text and written in the types they had."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from belbaar.errors import InputError
from belbaar.tables.layout import unique_names
from belbaar.tables.table import Batch, Dialect, Options, Table
from belbaar.tables.texts import as_text

__all__ = ["Writer", "batches", "look"]


def look(path: Path, options: Options) -> Table:  # noqa: ARG001  a Parquet file says all of itself
    """Read the schema."""
    with _opened(path) as file:
        schema = file.schema_arrow
    columns, notes = unique_names(schema.names, len(schema.names))
    return Table(path, "parquet", columns, Dialect(header=tuple(schema.names), header_row=1, schema=schema), notes)


def batches(table: Table, size: int) -> Iterator[Batch]:
    """Read the rows; they are counted from 1."""
    first = 1
    with _opened(table.path) as file:
        for batch in file.iter_batches(batch_size=size):
            texts = [as_text(column) for column in batch.columns]
            data = pa.RecordBatch.from_arrays(texts, names=list(table.columns))
            rows = pa.array(range(first, first + batch.num_rows), pa.int64())
            yield Batch(rows, data, pa.repeat("", batch.num_rows))
            first += batch.num_rows


class Writer:
    """Writes original columns in their original type, where text can be turned back into it."""

    def __init__(self, table: Table, out: Path, names: Sequence[str]) -> None:
        self.notes: list[str] = []
        self._names = list(names)
        self._out = out
        schema = table.dialect.schema
        types = dict(zip(table.columns, schema.types, strict=True)) if schema is not None else {}
        self._types = {name: kind for name, kind in types.items() if _returns(kind)}
        self._file: pq.ParquetWriter | None = None

    def write(self, data: pa.Table) -> None:
        """Append rows."""
        columns = [self._typed(name, column) for name, column in zip(self._names, data.columns, strict=True)]
        table = pa.table(columns, names=self._names)
        if self._file is None:
            self._file = pq.ParquetWriter(self._out, table.schema)
        self._file.write_table(table)

    def close(self) -> None:
        """Finish the file; without a single row it still has its columns."""
        if self._file is None:
            self.write(pa.table({name: pa.array([], pa.string()) for name in self._names}))
        if self._file is not None:
            self._file.close()

    def _typed(self, name: str, column: pa.Array) -> pa.Array:
        kind = self._types.get(name)
        if kind is None or column.type == kind or not pa.types.is_string(column.type):
            return column
        if pa.types.is_string(kind) or pa.types.is_large_string(kind):
            return column.cast(kind)
        return pc.if_else(pc.equal(column, ""), None, column).cast(kind)


def _returns(kind: pa.DataType) -> bool:
    """Tell whether text of this type can be read back exactly."""
    tests = (
        pa.types.is_integer,
        pa.types.is_floating,
        pa.types.is_boolean,
        pa.types.is_date32,
        pa.types.is_timestamp,
        pa.types.is_decimal,
        pa.types.is_string,
        pa.types.is_large_string,
    )
    return any(test(kind) for test in tests)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[pq.ParquetFile]:
    try:
        with pq.ParquetFile(path) as file:
            yield file
    except (pa.ArrowException, OSError) as error:
        todo = "Export it again, or fetch it again."
        raise InputError("the Parquet file is damaged and cannot be read", where=str(path), todo=todo) from error
