"""Formulas without a stored result: whoever reads values sees an empty cell there, so it must be said.

>>> first_unstored([b'<c r="B4"><f>A4+1</f>', b'<v></v></c>'])
'B4'
>>> first_unstored([b'<c r="B4"><f>A4+1</f><v>7</v></c><c r="B5"/>']) is None
True
"""

import re
import zipfile
from collections.abc import Iterable
from pathlib import Path

__all__ = ["first_unstored", "formula_notes"]

BLOCK = 1 << 20
LONGEST_CELL = 10_000  # bytes; a formula has at most 8 192 characters
UNSTORED = re.compile(rb'<c r="([A-Z]+\d+)"[^>/]*>\s*<f(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>')


def formula_notes(path: Path) -> tuple[str, ...]:
    """Note, for each worksheet, the first formula that has no stored result."""
    notes = []
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not name.startswith("xl/worksheets/sheet"):
                continue
            with archive.open(name) as sheet:
                cell = first_unstored(iter(lambda sheet=sheet: sheet.read(BLOCK), b""))  # type: ignore[misc]  # bound early
            if cell:
                notes.append(
                    f"the formula in {cell} has no stored result and reads as empty: save the file in Excel first"
                )
    return tuple(notes)


def first_unstored(blocks: Iterable[bytes]) -> str | None:
    """Find the first cell whose formula has no stored result in a worksheet's XML."""
    rest = b""
    for block in blocks:
        text = rest + block
        if match := UNSTORED.search(text):
            return match[1].decode()
        rest = text[-LONGEST_CELL:]
    return None
