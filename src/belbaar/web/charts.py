"""Charts as shapes: what stands where, twice, for a wide page and for a phone. The template only writes them down.

An axis begins at 0. Colours are classes, labels stand beside what they name, and the numbers themselves are in the
table that goes with a chart: a drawing may shorten a label, the table does not.
"""

__all__ = ["Chart", "Drawing", "Row", "Shape", "bars", "lines", "stacked"]

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

WIDE, SLIM = 560, 300
_ROW, _BAR = 46, 16
_TOP, _HIGH = 24, 220
_LETTER = 7.4
"""Width of a letter of 14 px, about."""
_COLOURS = 5

Row = tuple[str, Sequence[int]]
"""A label, and a value for each series."""
Shown = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Shape:
    """A text, a rectangle or a line of points; its class says its colour.

    ``at``: x and y, for a rectangle with width and height, for a line all points, as SVG has them. ``anchor``: start,
    middle or end, of a text.
    """

    kind: str
    css: str
    at: str
    text: str = ""
    anchor: str = "start"
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes on a surface, in CSS pixels."""

    width: int
    height: int
    shapes: Sequence[Shape]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: its name in addresses, title, what it shows in a sentence, its columns and rows, and the two drawings."""

    name: str
    title: str
    finding: str
    columns: Sequence[str]
    rows: Sequence[Row]
    drawings: Sequence[Drawing] = field(default_factory=tuple)

    def as_csv(self) -> str:
        """Give the rows, for a spreadsheet."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(self.columns)
        writer.writerows([label, *values] for label, values in self.rows)
        return out.getvalue()


def bars(rows: Sequence[Row], shown: Shown) -> tuple[Drawing, Drawing]:
    """Draw a bar for each row, its label above it and its number behind it."""
    most = max((values[0] for _, values in rows), default=0) or 1

    def drawn(width: int) -> Drawing:
        shapes: list[Shape] = []
        room = width - len(shown(most)) * _LETTER - 12
        for place, (label, (value, *_)) in enumerate(rows):
            number, top = shown(value), place * _ROW
            long = round(room * value / most, 1)
            shapes.append(_text(0, top + 15, _short(label, width)))
            shapes.append(_rect(f"c{place % _COLOURS + 1}", 0, top + 22, max(long, 1), _BAR))
            shapes.append(_text(max(long, 1) + 6, top + 35, number))
        return Drawing(width, max(len(rows) * _ROW, 1), shapes)

    return drawn(WIDE), drawn(SLIM)


def stacked(rows: Sequence[Row], names: Sequence[str], shown: Shown) -> tuple[Drawing, Drawing]:
    """Draw a column for each row, its series on top of each other; names stand above, each beside its colour."""
    most = max((sum(values) for _, values in rows), default=0) or 1

    def drawn(width: int) -> Drawing:
        head = _TOP * len(names)
        shapes = [shape for place, name in enumerate(names) for shape in _legend(place, name, width)]
        shapes += _axis(width, head, most, shown)
        step = width / max(len(rows), 1)
        for place, (label, values) in enumerate(rows):
            foot: float = head + _HIGH
            for series, value in enumerate(values):
                high = round((_HIGH - 20) * value / most, 1)
                foot -= high
                if high:
                    css = f"c{series % _COLOURS + 1}"
                    shapes.append(_rect(css, place * step + step * 0.15, foot, step * 0.7, max(high - 1, 0.5)))
            if place % max(1, round(70 / step)) == 0:
                shapes.append(_text(place * step + step / 2, head + _HIGH + 18, label, "middle", "soft"))
        return Drawing(width, head + _HIGH + 26, shapes)

    return drawn(WIDE), drawn(SLIM)


def lines(rows: Sequence[Row], names: Sequence[str], shown: Shown) -> tuple[Drawing, Drawing]:
    """Draw a line for each series, in steps: a value holds until the next row."""
    most = max((value for _, values in rows for value in values), default=0) or 1

    def drawn(width: int) -> Drawing:
        head = _TOP * len(names)
        shapes = [shape for place, name in enumerate(names) for shape in _legend(place, name, width)]
        shapes += _axis(width, head, most, shown)
        step = (width - 2) / max(len(rows) - 1, 1)
        for series in range(len(names)):
            points: list[str] = []
            for place, (_, values) in enumerate(rows):
                y = round(head + _HIGH - (_HIGH - 20) * values[series] / most, 1)
                if points:
                    points.append(f"{round(place * step, 1)},{points[-1].partition(',')[2]}")
                points.append(f"{round(place * step, 1)},{y}")
            shapes.append(Shape("line", f"l{series % 2 + 1}", " ".join(points)))
        for place, anchor in ((0, "start"), (len(rows) // 2, "middle"), (len(rows) - 1, "end")):
            if rows and (anchor != "middle" or len(rows) > 4):  # noqa: PLR2004  else labels would touch
                shapes.append(_text(round(place * step, 1), head + _HIGH + 18, rows[place][0], anchor, "soft"))
        return Drawing(width, head + _HIGH + 26, shapes)

    return drawn(WIDE), drawn(SLIM)


def _legend(place: int, name: str, width: int) -> list[Shape]:
    top = place * _TOP
    return [_rect(f"c{place % _COLOURS + 1}", 0, top + 3, 14, 14), _text(22, top + 15, _short(name, width - 22))]


def _axis(width: int, head: int, most: int, shown: Shown) -> list[Shape]:
    """Draw the ground line, and the line of the highest value with its number."""
    foot, top = head + _HIGH, head + 20
    return [
        Shape("line", "axis", f"0,{foot} {width},{foot}"),
        Shape("line", "axis", f"0,{top} {width},{top}"),
        _text(width, top - 5, shown(most), "end", "soft"),
    ]


def _text(x: float, y: float, text: str, anchor: str = "start", css: str = "") -> Shape:
    return Shape("text", css, "", text, anchor, x, y)


def _rect(css: str, x: float, y: float, width: float, height: float) -> Shape:
    return Shape("rect", css, "", "", "", round(x, 1), round(y, 1), round(width, 1), height)


def _short(text: str, width: float) -> str:
    most = int(width / _LETTER)
    return text if len(text) <= most else text[: most - 1].rstrip(" ,.") + "…"
