"""Standing rows as Arrow columns, for engines that read columns."""

__all__ = ["in_groups", "rows_as_table"]

from collections.abc import Iterable, Iterator

import pyarrow as pa

from belbaar.ledger.standing import Row

_GROUP = 122_880
"""Rows of a group: as many as DuckDB gives to one thread."""


def rows_as_table(rows: Iterable[tuple[int, ...]]) -> pa.Table:
    """Give standing rows as an Arrow table with the ledger's columns."""
    columns = list(zip(*rows, strict=True)) or [()] * len(Row._fields)
    return pa.table({name: pa.array(column, pa.int64()) for name, column in zip(Row._fields, columns, strict=True)})


def in_groups(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Gather batches, which drivers give a thousand rows at a time, into groups that readers of Parquet can skip or share."""
    waiting: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        waiting.append(batch)
        rows += batch.num_rows
        if rows >= _GROUP:
            yield pa.Table.from_batches(waiting)
            waiting, rows = [], 0
    if rows:
        yield pa.Table.from_batches(waiting)
