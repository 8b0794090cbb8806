"""The numbers of a list on Spark: which column has them, and what each cell says, by the house's own reader.

Only the column of numbers goes to Python, as Arrow, and is read there by ``read_many`` as anywhere else: so a cell that
Spark's SQL might read otherwise cannot be. Who has E.164 in integers already says so, and needs no Python.
"""

__all__ = ["chosen_columns", "with_number"]

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from belbaar.errors import InputError
from belbaar.numbers import read_many
from belbaar.numbers.kinds import MOST_DIGITS
from belbaar.tables import Batch, Dialect, Table, number_columns
from belbaar.tables.texts import as_text

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_INTEGERS = ("tinyint", "smallint", "int", "bigint")


def chosen_columns(frame: "DataFrame", source: str, wanted: Sequence[str]) -> tuple[str, ...]:
    """Find the columns with telephone numbers by their header, and by what is in them where several could be it."""
    columns = tuple(frame.columns)
    dialect = Dialect(header=columns, header_row=1)
    return number_columns(_Frame(Path(source), "parquet", columns, dialect, frame=frame), wanted=wanted)


@dataclass(frozen=True)
class _Frame(Table):
    """A list on Spark, for who looks at its header; of its rows it tells which columns hold anything."""

    frame: "DataFrame | None" = None

    def batches(self, size: int = 1) -> Iterator[Batch]:  # noqa: ARG002  one row tells it all
        """Give one row: of every column the text that sorts last, so that it is empty where all are."""
        from pyspark.sql import functions as f  # noqa: PLC0415

        assert self.frame is not None  # noqa: S101
        last = [
            f.max(f.trim(f.col(_quoted(name)).cast("string"))).alias(f"c{i}") for i, name in enumerate(self.columns)
        ]
        found = self.frame.agg(*last).toArrow().to_batches()[0]
        texts = pa.RecordBatch.from_arrays([as_text(column) for column in found.columns], names=list(self.columns))
        yield Batch(pa.array([1], pa.int64()), texts, pa.array([""]))


def with_number(frame: "DataFrame", column: str, region: str, *, as_is: bool) -> "DataFrame":
    """Put ``number`` (NULL when refused) and ``code`` ("" when readable) to every row."""
    from pyspark.sql import functions as f  # noqa: PLC0415
    from pyspark.sql.pandas.functions import arrow_udf  # noqa: PLC0415  needs no pandas

    if as_is:
        kind = dict(frame.dtypes)[column]
        if kind not in _INTEGERS:
            raise InputError(
                f"the numbers are {kind}, and E.164 is taken as it is from integers only.",
                where="--e164",
                todo="Leave it out: then the numbers are read.",
            )
        good = f"{column} BETWEEN 1 AND {10**MOST_DIGITS - 1}"
        return frame.selectExpr(
            "*",
            f"CASE WHEN {good} THEN CAST({column} AS BIGINT) END AS number",
            f"CASE WHEN {column} IS NULL THEN 'empty' WHEN {good} THEN '' ELSE 'not-a-number' END AS code",
        )

    def read(cells: pa.Array) -> pa.Array:
        readings = read_many(as_text(cells), region).combine_chunks()
        return pa.StructArray.from_arrays(
            [readings.column(name).combine_chunks() for name in ("number", "code")], names=["number", "code"]
        )

    reader = arrow_udf(read, "number bigint, code string")  # type: ignore[call-overload]  # it finds out the kind itself
    read_frame = frame.withColumn("reading", reader(f.col(column)))
    return read_frame.selectExpr("*", "reading.number AS number", "reading.code AS code").drop("reading")


def _quoted(name: str) -> str:
    return f"`{name.replace('`', '``')}`"
