"""Many questions, put together by what they ask: each sort is read once, and their numbers as a column.

    >>> calls = [Question(number, "voltix", "energy") for number in ("020 100 0007", "x", "+31201000008")]
    >>> plain, (place, error) = read_together(calls, range(3))
    >>> plain.numbers, plain.places, place, error.where
    ([31201000007, 31201000008], [0, 2], 1, '/calls/1/number')

Whatever is not plainly readable this way is read on its own, in the words in which it would be refused alone.
"""

__all__ = ["Together", "alone", "read_together"]

from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

from belbaar.api.questions import Asked, Question, read_question
from belbaar.errors import BelbaarError, InputError
from belbaar.numbers import read_many

_OWN = ("number", "id", "minutes", "campaign")
"""What may differ between questions that are judged and answered alike."""
_sort_of = attrgetter(*(name for name in Question.__struct_fields__ if name not in _OWN))


class Together(NamedTuple):
    """Questions that differ in their numbers only: one of them as it was read, and of each its number, place and id."""

    asked: Asked
    numbers: list[int]
    places: list[int]
    ids: list[str | None]


def alone(asked: Asked) -> Together:
    """Put one question together with no other."""
    return Together(asked, [asked.call.number], [0], [asked.question.id])


def read_together(questions: Sequence[Question], places: Sequence[int]) -> list[Together | tuple[int, BelbaarError]]:
    """Read questions.

    Args:
        questions: of a batch.
        places: those of the batch that are meant.

    Returns:
        What was put together; and each place where a question cannot be read, with what is wrong.
    """
    sorts: dict[tuple[object, ...], list[int]] = {}
    for place in places:
        sorts.setdefault(_sort_of(questions[place]), []).append(place)
    return [read for of_sort in sorts.values() for read in _read(questions, of_sort)]


def _read(questions: Sequence[Question], places: list[int]) -> Iterator[Together | tuple[int, BelbaarError]]:
    numbers = _numbers(questions, places)
    plain = [(place, number) for place, number in zip(places, numbers, strict=True) if number]
    try:
        asked = read_question(questions[plain[0][0]]) if plain else None
    except BelbaarError:
        asked = None  # what is wrong with it is told of each, with the place of each
    if asked:
        places = [place for place, number in zip(places, numbers, strict=True) if not number]
        yield _together(questions, asked, [number for _, number in plain], [place for place, _ in plain])
    for place in places:
        try:
            asked = read_question(questions[place], f"/calls/{place}")
        except BelbaarError as error:
            yield place, error
        else:
            yield _together(questions, asked, [asked.call.number], [place])


def _together(questions: Sequence[Question], asked: Asked, numbers: list[int], places: list[int]) -> Together:
    return Together(asked, numbers, places, [questions[place].id for place in places])


def _numbers(questions: Sequence[Question], places: Sequence[int]) -> list[int | None]:
    """Read the numbers of questions of one region; None where one has to be read on its own."""
    import pyarrow as pa  # noqa: PLC0415  loads slowly

    try:
        read = read_many(
            pa.array([questions[place].number for place in places], pa.string()), questions[places[0]].region
        )
    except InputError:  # there is no such region
        return [None] * len(places)
    numbers: list[int | None] = read.column("number").to_pylist()
    return numbers
