r"""Turn a numbering plan's patterns into intervals of integers.

    >>> spans(r"6[1-58]\d{2}", 4)
    ((6100, 6600), (6800, 6900))

A pattern of libphonenumber is a finite set of digit strings for every length, and the strings of one length are a
range of integers: so a pattern is a sorted tuple of half-open intervals. The way there is the textbook's: parse the
pattern, walk the set of positions it can be in digit by digit, remember every set already seen.
Only what the metadata uses is understood: digits, classes, ``\d``, groups, ``|``, ``?``, ``{n}``, ``{n,m}`` and ``$``.
"""

__all__ = ["Spans", "alternatives", "prefix_spans", "spans"]

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from belbaar.errors import InternalError

Spans = tuple[tuple[int, int], ...]
_TOKEN = re.compile(r"\d|\\d|\[[\d-]+\]|\(\?:|\(|\)|\||\?|\{\d+(?:,\d+)?\}|\$")


class _Step(NamedTuple):
    """One digit to read, out of a set; an empty set stands for the end of the text (`$`)."""

    digits: frozenset[int]


class _Choice(NamedTuple):
    """One of several sequences."""

    branches: tuple["_Sequence", ...]


_Sequence = tuple[_Step | _Choice, ...]
_States = frozenset[_Sequence]  # what may still be read


def spans(pattern: str, length: int) -> Spans:
    """Give the intervals of all strings of a length that match as a whole."""
    return _walk(frozenset([_parsed(pattern)]), length, prefix=False)


def prefix_spans(pattern: str, length: int) -> Spans:
    """Give the intervals of all strings of a length that match with at least their first digit."""
    return _walk(frozenset([_parsed(pattern)]), length, prefix=True)


def alternatives(pattern: str) -> list[str]:
    """Part a pattern at its outermost bars.

    >>> alternatives("(1(?:2|3))|0")
    ['(1(?:2|3))', '0']
    """
    found, depth = [""], 0
    for sign in _TOKEN.findall(pattern):
        depth += (sign[0] == "(") - (sign == ")")
        if sign == "|" and not depth:
            found.append("")
        else:
            found[-1] += sign
    return found


@cache
def _walk(states: _States, length: int, *, prefix: bool) -> Spans:
    if length == 0:
        return ((0, 1),) if any(_ends(states)) else ()
    found: list[tuple[int, int]] = []
    size = 10 ** (length - 1)
    for digit in range(10):
        left = _after(states, digit)
        whole = prefix and () in left
        for first, end in ((0, size),) if whole else _walk(left, length - 1, prefix=prefix):
            start = found.pop()[0] if found and found[-1][1] == digit * size + first else digit * size + first
            found.append((start, digit * size + end))
    return tuple(found)


def _ends(states: _States) -> Iterator[bool]:
    return (all(isinstance(part, _Step) and not part.digits for part in state) for state in states)


@cache
def _after(states: _States, digit: int) -> _States:
    """Give what may still be read after a digit, choices resolved."""
    return frozenset(
        rest
        for state in states
        for opened in _opened(state)
        if opened and isinstance(opened[0], _Step) and digit in opened[0].digits
        for rest in _opened(opened[1:])
    )


@cache
def _opened(state: _Sequence) -> tuple[_Sequence, ...]:
    """Resolve the choices in front of a sequence."""
    if not state or isinstance(state[0], _Step):
        return (state,)
    return tuple(opened for branch in state[0].branches for opened in _opened(branch + state[1:]))


@cache
def _parsed(pattern: str) -> _Sequence:
    tokens = _TOKEN.findall(pattern)
    if "".join(tokens) != pattern:
        raise InternalError(f"The pattern {pattern} has something new in it.", todo="Teach belbaar.numbers.patterns.")
    tokens.reverse()
    return (_choice(tokens),)


def _choice(tokens: list[str]) -> _Choice:
    branches = [_sequence(tokens)]
    while tokens and tokens[-1] == "|":
        tokens.pop()
        branches.append(_sequence(tokens))
    return _Choice(tuple(branches))


def _sequence(tokens: list[str]) -> _Sequence:
    parts: _Sequence = ()
    while tokens and tokens[-1] not in {"|", ")"}:
        part = _part(tokens)
        parts += _repeated(part, tokens.pop()) if tokens and tokens[-1][0] in "?{" else (part,)
    return parts


def _part(tokens: list[str]) -> _Step | _Choice:
    sign = tokens.pop()
    if sign[0] == "(":
        group = _choice(tokens)
        tokens.pop()
        return group
    return _Step(frozenset(digit for digit in range(10) if sign != "$" and re.fullmatch(sign, str(digit))))


def _repeated(part: _Step | _Choice, mark: str) -> _Sequence:
    """Write a repetition out: x{1,3} is x(?:x(?:x)?)?."""
    bounds = [0, 1] if mark == "?" else [int(bound) for bound in mark[1:-1].split(",")]
    low, high = bounds[0], bounds[-1]
    tail: _Sequence = ()
    for _ in range(high - low):
        tail = (_Choice(((part, *tail), ())),)
    return (part,) * low + tail
