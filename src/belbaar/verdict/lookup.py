"""Answers to whole columns of numbers, from a view that was made: a search in two sorted arrays, no query a batch.

What is no number has its refusal for an answer, so that a row is one small integer from here on.
"""

__all__ = ["Lookup", "Places", "columns_of", "make_lookup"]

from dataclasses import dataclass, replace

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from belbaar.numbers import REFUSALS
from belbaar.verdict.views import LAW_UNKNOWN, Answer, View, ranges

Places = npt.NDArray[np.int32]
_Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Lookup:
    """A view's numbers in order, the id of each, and the id of all others by the range that they lie in.

    The answers of ``view`` go on with the refusals, from ``refused`` on.
    """

    view: View
    refused: int
    numbers: _Numbers
    ids: Places
    firsts: _Numbers
    others: Places

    def places(self, numbers: pa.ChunkedArray, codes: pa.ChunkedArray) -> Places:
        """Give for each row the place of its answer among those of the view.

        Args:
            numbers: null where there is none to be read.
            codes: the refusal code where there is none.
        """
        wanted = pc.fill_null(numbers, 0).to_numpy()
        found: Places = self.others[np.searchsorted(self.firsts, wanted, side="right") - 1]
        if len(self.numbers):
            order = np.argsort(wanted)
            inside = np.minimum(np.searchsorted(self.numbers, wanted[order]), len(self.numbers) - 1)
            known = self.numbers[inside] == wanted[order]
            found[order[known]] = self.ids[inside[known]]
        refused = np.flatnonzero(wanted == 0)
        known_codes = pa.array(list(REFUSALS), pa.string())
        told = pc.index_in(codes.take(pa.array(refused)), value_set=known_codes)
        found[refused] = self.refused + told.to_numpy()
        return found


def make_lookup(database: duckdb.DuckDBPyConnection, view: View) -> Lookup:
    """Bring a view's table into memory: twelve bytes a number."""
    found = database.execute(f"SELECT number, CAST(id AS INTEGER) AS id FROM {view.name} ORDER BY number").fetchnumpy()
    edges = sorted((edge for code, id_ in view.others.items() for edge in _edges(code, id_)), key=lambda edge: edge[0])
    firsts = np.array([0, *(first for first, _ in edges)], np.int64)
    others = np.array([LAW_UNKNOWN, *(id_ for _, id_ in edges)], np.int32)
    numbers, ids = np.asarray(found["number"], np.int64), np.asarray(found["id"], np.int32)
    judged = others[np.searchsorted(firsts, numbers, side="right") - 1] != LAW_UNKNOWN  # of a country without a law
    answers = view.answers + tuple(Answer(error=code) for code in REFUSALS)
    return Lookup(
        replace(view, answers=answers), len(view.answers), numbers[judged], ids[judged], firsts=firsts, others=others
    )


def _edges(code: str, id_: int) -> list[tuple[int, int]]:
    """Give from which numbers on what answer holds: the ranges of calling codes never overlap."""
    return [edge for first, last in ranges(code) for edge in ((first, id_), (last + 1, LAW_UNKNOWN))]


def columns_of(view: View, numbers: pa.ChunkedArray, places: Places, *, typed: bool) -> dict[str, pa.Array]:
    """Give the columns that a screening adds; ``typed`` where the file knows true and false."""
    allowed = [answer.allowed for answer in view.answers]
    dictionaries = {
        "belbaar_allowed": pa.array(allowed) if typed else pa.array(["true" if yes else "false" for yes in allowed]),
        "belbaar_ground": pa.array([answer.ground for answer in view.answers], pa.string()),
        "belbaar_until": pa.array([answer.until for answer in view.answers], pa.string()),
        "belbaar_reasons": pa.array([" ".join(answer.reasons) for answer in view.answers], pa.string()),
        "belbaar_error": pa.array([answer.error for answer in view.answers], pa.string()),
    }
    picked = pa.array(places)
    written = pc.fill_null(pc.binary_join_element_wise("+", pc.cast(numbers, pa.string()), ""), "")
    if typed:
        return {"belbaar_number": written, **{name: texts.take(picked) for name, texts in dictionaries.items()}}
    told = {name: pa.DictionaryArray.from_arrays(picked, texts) for name, texts in dictionaries.items()}
    return {"belbaar_number": written, **told}
