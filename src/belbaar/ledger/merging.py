"""Merge changed rows into a sorted Parquet file of standing, a stretch at a time: memory is bounded by the changes."""

__all__ = ["merged"]

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from belbaar.ledger.columns import rows_as_table

_AT_ONCE = 500_000


def merged(base: Path, numbers: Sequence[int], rows: Sequence[tuple[int, ...]]) -> Iterator[pa.RecordBatch]:
    """Give all rows by number: those of the file, but of changed numbers the changed rows; maybe none.

    Args:
        base: rows sorted by number.
        numbers: those that changed.
        rows: what they have now.
    """
    changed = np.sort(np.array(numbers, np.int64))
    added = rows_as_table(rows).sort_by("number").combine_chunks()
    ends = added.column("number").to_numpy()
    done = 0
    with pq.ParquetFile(base) as file:
        for batch in file.iter_batches(batch_size=_AT_ONCE):
            own = batch.column("number").to_numpy()
            kept = batch.filter(pa.array(~np.isin(own, changed)))
            until = int(np.searchsorted(ends, own[-1], side="right"))
            yield from _sorted(pa.Table.from_batches([kept]), added.slice(done, until - done))
            done = until
    yield from added.slice(done).to_batches()


def _sorted(kept: pa.Table, added: pa.Table) -> list[pa.RecordBatch]:
    both = pa.concat_tables([kept, added.cast(kept.schema)])
    together = both.sort_by("number") if added.num_rows else both
    return list(together.combine_chunks().to_batches())
