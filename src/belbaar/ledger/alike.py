"""Rows that tell the same, apart from number and instant, are read once; the others are made after that one.

A file of a million consents tells them in a few ways: one text, one product, verified by sms or not at all. Reading
each row by itself costs ten times what writing it down costs.

Invariant: an event made here is what reading its row by itself gives. Whatever is not sure to be (an instant that cannot
be read, a row like one that was refused, one that names an instant before its own) is left out, for the row to be read
by itself and told in its own words.
"""

__all__ = ["Instants", "alike"]

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from belbaar.errors import InputError
from belbaar.ledger.events import NO_LATER, Event

_NO_INSTANT = int(np.iinfo(np.int64).min)
_DAY, _MIDNIGHT = len("2026-07-01"), "T00:00:00+00:00"
_WITH_OFFSET = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})", re.ASCII)
_REMEMBERED = 500_000
"""Texts of instants that are kept; a file that has more is read on without those before."""

_Codes = npt.NDArray[np.int64]
_Truths = npt.NDArray[np.bool_]


class Instants:
    """Reads the texts of a column of instants, each distinct one once. Guards what it remembers of batches before.

    With an offset behind it a time of day is a distance from midnight in Greenwich, whatever the day: then the day and
    the rest are read apart, and of each there are few.
    """

    def __init__(self, read: Callable[[str], int]) -> None:
        self._read = read
        self._known: dict[str, int] = {}
        self._days: dict[str, int] = {}
        self._times: dict[str, int] = {}

    def of(self, column: pa.Array) -> tuple[_Codes, _Truths]:
        """Give microseconds for each row, the least integer where they cannot be read; and whether a row says none."""
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        distinct = column.dictionary_encode()
        texts, rows = distinct.dictionary.to_pylist(), distinct.indices.to_numpy()
        found = np.array([self._one(text) for text in texts], np.int64)
        return found[rows], np.array([not text.strip() for text in texts], np.bool_)[rows]

    def _one(self, text: str) -> int:
        day, time = self._days.get(text[:_DAY]), self._times.get(text[_DAY:])
        if day is not None and time is not None:
            return day + time
        known = self._known.get(text)
        if known is None:
            known = self._known[text] = self._sure(text)
            if known != _NO_INSTANT and _WITH_OFFSET.fullmatch(text):
                self._days[text[:_DAY]] = self._read(text[:_DAY] + _MIDNIGHT)
                self._times[text[_DAY:]] = known - self._days[text[:_DAY]]
        return known

    def _sure(self, text: str) -> int:
        try:
            return self._read(text)
        except InputError:
            return _NO_INSTANT


def alike(
    data: pa.RecordBatch,
    fields: Mapping[str, str],
    numbers: Sequence[int | None],
    instants: Instants,
    read: Callable[[int], Event | None],
) -> list[Event | None]:
    """Give the event of each row, None where it must be read by itself.

    Args:
        data: the rows.
        fields: column → field of what they tell.
        numbers: of each row, None where it cannot be read.
        instants: reads the column of instants.
        read: reads one row by itself, as an example; None when it is refused.
    """
    dated = [column for column, field in fields.items() if field == "at"]
    if len(dated) > 1:
        return [None] * data.num_rows
    undated = np.zeros(data.num_rows, np.int64), np.ones(data.num_rows, np.bool_)
    at, blank = instants.of(data.column(dated[0])) if dated else undated
    columns = [data.column(column) for column, field in fields.items() if field != "at"]
    firsts, sort_of_row = _sorts(columns, blank)
    examples = [_example(read(int(row))) for row in firsts]
    then = np.array([example.at if example else 0 for example in examples], np.int64)
    latest = np.array([example.recorded_at if example else _NO_INSTANT for example in examples], np.int64)
    at = np.where(blank, then[sort_of_row], at)
    sure = (at != _NO_INSTANT) & (at <= latest[sort_of_row])
    return [
        Event(like.kind, number, instant, like.recorded_at, like.caller, like.agent, like.fields)
        if good and number is not None and (like := examples[sort]) is not None
        else None
        for good, number, instant, sort in zip(sure.tolist(), numbers, at.tolist(), sort_of_row.tolist(), strict=True)
    ]


def _example(event: Event | None) -> Event | None:
    """Give an event after which others can be made: of what it says, nothing is compared with its instant."""
    return event if event is not None and not event.fields.keys() & NO_LATER else None


def _sorts(columns: Sequence[pa.Array], blank: _Truths) -> tuple[_Codes, _Codes]:
    """Sort rows by what they tell: the first row of each sort, and the sort of each row."""
    keys = blank.astype(np.int64)
    for column in columns:
        codes = column.dictionary_encode().indices.to_numpy().astype(np.int64)
        keys = np.unique(keys * (1 + int(codes.max(initial=0))) + codes, return_inverse=True)[1]
    _, firsts, sort_of_row = np.unique(keys, return_index=True, return_inverse=True)
    return firsts, sort_of_row
