"""Rows of a screening that wrote Parquet, a folder of parts: read back, so that they can be logged like any other's."""

__all__ = ["rows_of_parts"]

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from belbaar.proof.dossier.row_hashes import Numbers, Places
from belbaar.verdict.screening import COLUMNS
from belbaar.verdict.views import Answer

_AT_ONCE = 65_536


def rows_of_parts(folder: Path) -> Iterator[tuple[Numbers, Places, list[Answer]]]:
    """Give the rows, part by part in the order of their names: numbers, the place of each answer, and the answers."""
    known: dict[tuple[Any, ...], int] = {}
    for path in sorted(folder.glob("*.parquet")):
        for batch in pq.ParquetFile(path).iter_batches(columns=list(COLUMNS), batch_size=_AT_ONCE):
            texts, *answers = (batch.column(name).to_pylist() for name in COLUMNS)
            places = [known.setdefault(answer, len(known)) for answer in zip(*answers, strict=True)]
            numbers = [int(text or 0) for text in texts]  # "+31201000001" is written with its sign
            yield np.array(numbers, np.int64), np.array(places, np.int32), [_answer(*answer) for answer in known]


def _answer(allowed: bool, ground: str | None, until: str | None, reasons: str | None, error: str | None) -> Answer:
    return Answer(allowed, ground or "", until or "", tuple((reasons or "").split()), error or "")
