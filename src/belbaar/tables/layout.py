r"""Where a table begins: its delimiter, its header row, its column names.

>>> find_delimiter("Naam;Adres\nJansen;Dorp 1, Ee\nPot;Kade 2, Ee\n")
';'
>>> find_header([["Export CRM", ""], [], ["Naam", "Mobiel"], ["Jansen", "020-1136469"]])
2
>>> find_header([["'097011203614"], ["tel:+493023125485"]]) is None
True
>>> unique_names(["Naam", "", "Naam"], 3)
(('Naam', 'kolom 2', 'Naam (2)'), ('column 2 has no name: called "kolom 2"', 'column 3 repeats "Naam": called "Naam (2)"'))
"""

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from belbaar.tables.header_words import is_known
from belbaar.tables.records import Records

__all__ = ["column_width", "find_delimiter", "find_header", "looks_like_data", "unique_names"]

DELIMITERS = (";", "\t", "|", ",")
HEAD_RECORDS = 200
MOST = 0.5  # of the records agree on how many fields there are
HEADER_WITHIN = 20  # rows; a title block is never longer
PHONE_DIGITS = 8

_DATE = re.compile(r"\b(\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|(19|20)\d\d[-/.]?(0\d|1[0-2])[-/.]?[0-3]\d)\b")


def find_delimiter(text: str) -> str | None:
    """Choose the delimiter that cuts most records of a file's head in equally many fields."""
    best: tuple[float, int] = (0.0, 1)
    chosen = None
    for delimiter in DELIMITERS:
        records = itertools.islice(Records(text, delimiter), HEAD_RECORDS)
        widths = Counter(len(record.fields) for record in records)
        if not widths:
            continue
        width, times = widths.most_common(1)[0]
        score = (times / widths.total(), width)
        if width > 1 and score[0] >= MOST and score > best:
            best, chosen = score, delimiter
    return chosen


def find_header(rows: Sequence[Sequence[str]], header: bool | None = None) -> int | None:
    """Find the index of the header among a file's first rows; None when the first row is data already.

    The row with most names that belbaar knows is the header. Without any, it is the first row that is at least half
    filled, with words. A telephone number or an e-mail address is never part of a header, nor above it.
    """
    if header is False:
        return None
    head = [[cell for cell in row if cell.strip()] for row in rows[:HEADER_WITHIN]]
    if header is None:
        head = list(itertools.takewhile(lambda cells: not any(map(looks_like_contact, cells)), head))
    known = [(sum(map(is_known, cells)), len(cells), -index) for index, cells in enumerate(head)]
    if known and max(known)[0]:
        return -max(known)[2]
    width = column_width(rows)
    filled = next((index for index, cells in enumerate(head) if cells and 2 * len(cells) >= width), None)
    if filled is not None and (header or not any(map(looks_like_data, head[filled]))):
        return filled
    return None


def column_width(rows: Sequence[Sequence[str]]) -> int:
    """Count the columns that most rows have."""
    widths = Counter(len(row) for row in rows if row)
    return widths.most_common(1)[0][0] if widths else 0


def looks_like_contact(cell: str) -> bool:
    """Tell whether a cell holds a telephone number or an e-mail address.

    >>> [looks_like_contact(cell) for cell in ("06-12 34 56 78", "06-nummer", "1-7-2021 14:05", "a@b.example")]
    [True, False, False, True]
    """
    if re.fullmatch(r"\S+@\S+\.\S+", cell.strip()):
        return True
    rest = _DATE.sub("", cell)
    digits = sum(map(str.isdigit, rest))
    return digits >= PHONE_DIGITS and digits > sum(map(str.isalpha, rest))


def looks_like_data(cell: str) -> bool:
    """Tell whether a cell holds a number, date or address rather than a name.

    >>> [looks_like_data(cell) for cell in ("1-7-2021", "12.50", "31,5", "Q1 2024", "2024", "Naam")]
    [True, True, True, False, False, False]
    """
    if looks_like_contact(cell) or _DATE.fullmatch(cell.strip()):
        return True
    bare = cell.strip()
    year = re.fullmatch(r"(19|20)\d\d", bare)
    return any(map(str.isdigit, bare)) and not any(map(str.isalpha, bare)) and not year


def unique_names(header: Sequence[str], width: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Name ``width`` columns after the header, each differently; say what had to be changed."""
    taken = {name.strip() for name in header}
    names: dict[str, None] = {}
    notes = list[str]()
    counts: dict[str, Iterator[int]] = defaultdict(lambda: itertools.count(2))
    for number, given in enumerate(itertools.islice(itertools.chain(header, itertools.repeat("")), width), 1):
        name = given.strip() or f"kolom {number}"
        if name in names or (not given.strip() and name in taken):
            name = next(new for new in (f"{name} ({n})" for n in counts[name]) if new not in taken)
            notes.append(f'column {number} repeats "{given.strip()}": called "{name}"')
        elif not given.strip() and header:
            notes.append(f'column {number} has no name: called "{name}"')
        taken.add(name)
        names[name] = None
    return tuple(names), tuple(notes)
