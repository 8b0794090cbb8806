"""Where things stand in a chart: bars by month, and ranges with a dot; numbers in, numbers out. Templates draw them.

>>> chart = bars([("jan", 2), ("feb", 8)], width=328)
>>> [(bar.label, bar.value, round(bar.height)) for bar in chart.bars], chart.top
([('jan', 2, 40), ('feb', 8, 160)], 8)
"""

__all__ = ["Bar", "Bars", "Range", "Ranges", "bars", "ranges", "round_up"]

from collections.abc import Sequence
from dataclasses import dataclass

_HEIGHT, _LEFT, _BELOW, _ABOVE = 160.0, 34.0, 26.0, 22.0
_ROW = 46.0
_GAP = 0.25
_STEPS = (1, 2, 4, 5, 8, 10)


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: where it stands, its label and value; ``shown``: whether there is room for its label."""

    x: float
    y: float
    width: float
    height: float
    label: str
    value: int
    shown: bool


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of bars. ``top``: the value at the top of the axis; ``left`` and ``floor``: where the axes stand."""

    width: int
    height: float
    left: float
    floor: float
    top: int
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class Range:
    """A rate and between what it lies: where it stands."""

    y: float
    low: float
    dot: float
    high: float
    label: str
    stop: bool


@dataclass(frozen=True, slots=True)
class Ranges:
    """A chart of ranges. ``top``: the value at the end of the axis; ``end``: where that is."""

    width: int
    height: float
    left: float
    end: float
    top: int
    rows: Sequence[Range]


def round_up(value: float) -> int:
    """Give a round number that is not less, for the end of an axis.

    >>> [round_up(value) for value in (0, 3, 7, 41, 1000)]
    [1, 4, 8, 50, 1000]
    """
    scale = 1
    while value > 10 * scale:
        scale *= 10
    return next(step * scale for step in _STEPS if step * scale >= value)


def bars(told: Sequence[tuple[str, int]], *, width: int) -> Bars:
    """Place bars, from 0 up, side by side."""
    top = round_up(max((value for _, value in told), default=1))
    step = (width - _LEFT) / max(len(told), 1)
    every = max(1, -(-44 // int(step)))  # a label takes 44 pixels
    placed = [
        Bar(
            _LEFT + place * step + step * _GAP / 2,
            _ABOVE + _HEIGHT * (1 - value / top),
            step * (1 - _GAP),
            _HEIGHT * value / top,
            label,
            value,
            place % every == 0,
        )
        for place, (label, value) in enumerate(told)
    ]
    return Bars(width, _ABOVE + _HEIGHT + _BELOW, _LEFT, _ABOVE + _HEIGHT, top, placed)


def ranges(told: Sequence[tuple[str, float, float, float, bool]], *, width: int) -> Ranges:
    """Place ranges under each other: of each its label, low end, rate, high end, and whether it stands out.

    The axis ends at twice the highest rate, or a range of few calls would press all others together.
    """
    top = round_up(max((2 * rate for _, _, rate, _, _ in told), default=1))
    left, end = 8.0, width - 12.0
    scale = (end - left) / top

    def x(value: float) -> float:
        return left + min(value, top) * scale

    rows = [
        Range(_ROW * place + 34, x(low), x(rate), x(high), label, stop)
        for place, (label, low, rate, high, stop) in enumerate(told)
    ]
    return Ranges(width, _ROW * len(told) + 30, left, end, top, rows)
