"""Standing rows as Arrow columns, for engines that read columns."""

__all__ = ["rows_as_table"]

from collections.abc import Iterable

import pyarrow as pa

from belbaar.ledger.standing import Row


def rows_as_table(rows: Iterable[tuple[int, ...]]) -> pa.Table:
    """Give standing rows as an Arrow table with the ledger's columns."""
    columns = list(zip(*rows, strict=True)) or [()] * len(Row._fields)
    return pa.table({name: pa.array(column, pa.int64()) for name, column in zip(Row._fields, columns, strict=True)})
