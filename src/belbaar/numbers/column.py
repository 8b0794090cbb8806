"""Read a whole column of numbers as `read` would, one by one.

>>> import pyarrow as pa
>>> read_many(pa.array(["06-11111111", "onbekend"])).to_pylist()[1]
{'number': None, 'code': 'not-a-number', 'extension': ''}
"""

__all__ = ["read_many"]

import pyarrow as pa
import pyarrow.compute as pc

from belbaar.numbers.reading import read


def read_many(raw: pa.ChunkedArray | pa.Array, region: str = "NL") -> pa.Table:
    """Read a column: number (null when refused), code ("" when readable) and extension, row by row."""
    whole = raw.combine_chunks() if isinstance(raw, pa.ChunkedArray) else raw
    distinct = pc.dictionary_encode(whole, null_encoding="encode")
    readings = [read(value, region) for value in distinct.dictionary.to_pylist()]
    answers = pa.table(
        {
            "number": pa.array([reading.number for reading in readings], pa.int64()),
            "code": pa.array([reading.code for reading in readings], pa.string()),
            "extension": pa.array([reading.extension for reading in readings], pa.string()),
        }
    )
    return answers.take(distinct.indices)
