"""Where the library's answer may change: the first digits of every interval that one of its patterns makes.

    >>> sorted(of_kinds(31, 9))[-3:]  # 91… is voip, 92… up to the last is nothing
    [910000000, 920000000, 1000000000]

Completeness matters here, economy does not: a missing edge makes the table wrong, one too many is merged away. Leading
zeros count, so a place is a length and a value; `Places` holds the values by length.
"""

__all__ = ["Dialling", "of_kinds", "of_plus", "of_region"]

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from phonenumbers import PhoneMetadata

from belbaar.numbers.metadata import CALLING_CODES, pattern_of, plan_of, plans_of
from belbaar.numbers.patterns import Spans, alternatives, prefix_spans, spans
from belbaar.numbers.table import LONGEST

_KINDS = (
    *("general_desc", "fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "personal_number", "voip"),
    *("pager", "uan", "voicemail"),
)
_FEW = 16  # so many prefixes of a length are taken one by one
_COARSE = 3
_LENGTHS = range(LONGEST + 1)

Places = list[set[int]]


class _Puzzle(NamedTuple):
    """Prefixes of a length, from first to before end, that only the library understands; `whole` with nothing behind."""

    first: int
    end: int
    length: int
    whole: bool


@dataclass(frozen=True)
class Dialling:
    """The places by length, and by length the intervals in which only the library knows."""

    places: Places
    asked: list[Spans]

    def asks(self, value: int, length: int) -> bool:
        """Say whether digits must be shown to the library."""
        return any(first <= value < end for first, end in self.asked[length])


def of_kinds(code: int, length: int) -> set[int]:
    """Collect the edges of what sort of number it is, for national numbers of a length."""
    shapes = [getattr(plan, name) for plan in plans_of(code) for name in _KINDS]
    for region in CALLING_CODES[code]:
        short = PhoneMetadata.short_metadata_for_region(region)
        shapes += [short.general_desc, short.short_code] if short else []
    found = {edge for shape in shapes for edge in _edges(spans(pattern_of(shape) or "$", length))}
    for plan in plans_of(code):
        found |= _edges(prefix_spans(plan.leading_digits or "$", length))
    return found


def of_plus(code: int) -> Dialling:
    """Collect the edges of how digits behind a plus and a calling code are read."""
    main = plans_of(code)[0]
    few, many = _prefixes(main)
    asked = [_open(many, length) for length in _LENGTHS]
    return Dialling(_joined(_stripped(_general(main), few), _as_places(asked)), asked)


def of_region(region: str) -> Dialling:
    """Collect the edges of how digits dialled in a region are read."""
    own = plan_of(region)
    main = plans_of(own.country_code or 0)[0]
    code = str(own.country_code)
    (few, many), (few_main, many_main) = _prefixes(own), _prefixes(main)
    few, many = few | few_main, many | many_main
    abroad = own.international_prefix or ""
    # The prefix may be stripped twice: behind the calling code, and again from the number that is left.
    places = _joined(_general(own), _general(main))
    places = _stripped(_stripped(places, few), few)
    puzzles = [_open(many, length) for length in _LENGTHS]
    asked = [
        (() if abroad.isdigit() else prefix_spans(abroad, length))
        + tuple(
            span for front in ("", code, *(code + prefix for prefix in few)) for span in _behind(front, puzzles, length)
        )
        for length in _LENGTHS
    ]
    beyond = [{0, 10 ** (length - 1)} if length else {0} for length in _LENGTHS]  # a zero there is no country
    return Dialling(
        _joined(
            places,
            _shifted(places, code),
            _as_places(asked),
            *([_shifted(beyond, abroad)] if abroad.isdigit() else []),
        ),
        asked,
    )


def _edges(found: Iterable[tuple[int, int]]) -> set[int]:
    return {edge for span in found for edge in span}


def _prefixes(plan: PhoneMetadata) -> tuple[set[str], set[_Puzzle]]:
    """Part what a national prefix can be into digits that are simply stripped, and what only the library knows."""
    few: set[str] = set()
    many: set[_Puzzle] = set()
    for pattern in alternatives(plan.national_prefix_for_parsing or ""):
        for length in _LENGTHS[1:]:
            found = spans(pattern, length)
            if pattern.endswith("$") or sum(end - first for first, end in found) > _FEW:
                many |= {_coarse(*span, length, whole=pattern.endswith("$")) for span in found}
                continue
            for value in (value for span in found for value in range(*span)):
                prefix = str(value).zfill(length)
                if plan.national_prefix_transform_rule and _rewrites(pattern, prefix):
                    many.add(_Puzzle(value, value + 1, length, whole=False))
                else:
                    few.add(prefix)
    return few, many


def _coarse(first: int, end: int, length: int, *, whole: bool) -> _Puzzle:
    """Keep the first digits only: Argentina's prefixes would be thousands of intervals. The library is asked more."""
    cut = 0 if whole else max(length - _COARSE, 0)
    return _Puzzle(first // 10**cut, (end - 1) // 10**cut + 1, length - cut, whole)


def _rewrites(pattern: str, prefix: str) -> bool:
    """Say whether a prefix fills a group, and is so replaced instead of stripped."""
    found = re.fullmatch(pattern, prefix)
    return found is None or any(group is not None for group in found.groups())


def _general(plan: PhoneMetadata) -> Places:
    return [{0} | _edges(spans(pattern_of(plan.general_desc) or "$", length)) for length in _LENGTHS]


def _stripped(places: Places, prefixes: Iterable[str]) -> Places:
    """Add the places that become a given place when one of the prefixes is stripped."""
    return _joined(places, *(_shifted(places, prefix) for prefix in prefixes))


def _shifted(places: Places, front: str) -> Places:
    """Put digits in front: the places behind them, and where they begin and end."""
    return [
        {int(front) * 10**rest, (int(front) + 1) * 10**rest, *(int(front) * 10**rest + place for place in places[rest])}
        if (rest := length - len(front)) >= 0
        else set()
        for length in _LENGTHS
    ]


def _behind(front: str, found: list[Spans], length: int) -> Spans:
    rest = length - len(front)
    ahead = int(front or 0) * 10 ** max(rest, 0)
    return tuple((ahead + first, ahead + end) for first, end in found[rest]) if rest >= 0 else ()


def _open(puzzles: Iterable[_Puzzle], length: int) -> Spans:
    """Give the intervals of digits of a length that begin with a puzzle."""
    return tuple(
        (puzzle.first * 10 ** (length - puzzle.length), puzzle.end * 10 ** (length - puzzle.length))
        for puzzle in puzzles
        if puzzle.length == length or (puzzle.length < length and not puzzle.whole)
    )


def _as_places(found: list[Spans]) -> Places:
    return [_edges(spans_of_length) for spans_of_length in found]


def _joined(*several: Places) -> Places:
    """Unite, keeping to what has that many digits."""
    return [{place for places in several for place in places[length] if place < 10**length} for length in _LENGTHS]
