"""Typed cells as text, and text as the typed cell it was: for files that tell numbers from text (XLSX, JSON Lines).

>>> [cell_text(value) for value in (31101462206, 97014742997.0, datetime(2021, 7, 1), True, None)]
['31101462206', '97014742997.0', '2021-07-01', 'true', '']
>>> kind_of_cells([1004, 1005, None]), kind_of_cells([1004, "020-1136469"])
('number', None)
>>> typed("1004", "number"), typed("0612", "number"), typed("2021-07-01", "date")
(1004, '0612', datetime.datetime(2021, 7, 1, 0, 0))
"""

import json
import re
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal

__all__ = ["Cell", "cell_text", "kind_of_cells", "typed"]

Cell = str | int | float | bool | datetime | None

_WHOLE = re.compile(r"0|-?[1-9]\d{0,14}")  # what a spreadsheet's float holds exactly
_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "bool"),  # before number: True is an int
    ((int, float, Decimal), "number"),
    ((date, datetime), "date"),
    ((list, dict), "json"),
)


def cell_text(value: object) -> str:
    """Render a cell with nothing lost; a day without time as a day alone."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, datetime):
        return (value.date() if value.time() == time() else value).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=float)
    return str(value)


def kind_of_cells(values: Iterable[object]) -> str | None:
    """Tell the kind of a column: None when it holds text, nothing, or more than one kind."""
    kinds = {_kind(value) for value in values if value is not None and value != ""}
    return kinds.pop() if len(kinds) == 1 else None


def typed(text: str, kind: str | None) -> Cell:
    """Turn text back into a cell of its column's kind; what does not fit exactly stays text."""
    if kind == "number":
        return _number(text)
    if kind == "bool" and text in ("true", "false"):
        return text == "true"
    if kind == "date" and text:
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            return text
    return text


def _kind(value: object) -> str | None:
    return next((kind for types, kind in _KINDS if isinstance(value, types)), None)


def _number(text: str) -> Cell:
    if _WHOLE.fullmatch(text):
        return int(text)
    try:
        number = float(text)
    except ValueError:
        return text
    return number if repr(number) == text else text
