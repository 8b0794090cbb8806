"""Compile libphonenumber's metadata into `plan.gz`, the tables of intervals that answer in its place.

    python -m belbaar.numbers.plan_build          write the tables anew
    python -m belbaar.numbers.plan_build --check  fail when they would change

Nothing of the library's logic is repeated here. Its answer can only change where one of its patterns begins or ends to
match; `edges` collects all those places (a few too many do no harm), the library is asked once at each, and
neighbours with the same answer are merged. What is not a shift of digits (carrier codes, rewritten local numbers) is
left to the library. docs/decisions/0002 tells the rest.
"""

__all__ = ["compiled", "dialled", "write"]

import gzip
import json
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from phonenumbers import SUPPORTED_REGIONS, __version__

from belbaar.numbers import edges, library
from belbaar.numbers.kinds import Kind
from belbaar.numbers.metadata import CALLING_CODES, plan_of
from belbaar.numbers.table import ASK, FILE, IDD, LONGEST, REFUSED, SHIFT

_Row = tuple[int, ...]  # from which key on, then the answer
_ACTIONS = {code: action for action, code in REFUSED.items()}
_CODES = sorted(CALLING_CODES)
_SHORTEST_ABROAD = 3  # digits behind an international prefix; of fewer the library makes nothing
_INT64 = 2**63


def compiled() -> str:
    """Give the text of the tables for the installed metadata: one line a table."""
    parts = {
        "phonenumbers": __version__,
        "kinds": _text(_merged(_all_kinds(), (Kind.NONE,))),
        "plus": _text(_merged(_all_plus(), (ASK, 0))),
        **{f"from {region}": _text(dialled(region)) for region in sorted(SUPPORTED_REGIONS)},
        "lengths": json.dumps({code: library.lengths_of(code) for code in _CODES}),
    }
    return "".join(f"{name}: {text}\n" for name, text in parts.items())


def dialled(region: str) -> list[_Row]:
    """Compile how digits dialled in a region become a number."""
    return list(_merged(_dialled(region), ()))


def write(path: Path = FILE) -> None:
    """Write the tables into the package."""
    path.write_bytes(gzip.compress(compiled().encode("ascii"), mtime=0))


def _all_kinds() -> Iterator[_Row]:
    for code, length, start in _blocks():
        for edge in sorted({0} | edges.of_kinds(code, length)):
            if edge < 10**length:
                yield start + edge, library.kind(start + edge)
        yield start + 10**length, Kind.NONE


def _all_plus() -> Iterator[_Row]:
    found = {code: edges.of_plus(code) for code in _CODES}
    for code, length, start in _blocks():
        for edge in sorted(found[code].places[length]):
            yield start + edge, *_answer(f"+{start + edge}", "ZZ", start + edge, asked=found[code].asks(edge, length))
        yield start + 10**length, ASK, 0


def _blocks() -> list[tuple[int, int, int]]:
    """All calling codes and lengths of national numbers, with their first E.164 integer, in its order."""
    blocks = [(code, length, code * 10**length) for code in _CODES for length in range(LONGEST - len(str(code)) + 1)]
    return sorted(blocks, key=lambda block: block[2])


def _dialled(region: str) -> Iterator[_Row]:
    found = edges.of_region(region)
    prefix = plan_of(region).international_prefix or ""
    yield 0, ASK, 0
    for length in range(1, LONGEST + 1):
        for edge in sorted(found.places[length]):
            digits, key = str(edge).zfill(length), 10**length + edge
            abroad = digits.removeprefix(prefix) if prefix.isdigit() else digits
            if _SHORTEST_ABROAD <= len(abroad) < length and abroad[0] != "0":
                yield key, IDD, int(abroad) - key
            else:
                yield key, *_answer(digits, region, key, asked=found.asks(edge, length))
        yield 2 * 10**length, ASK, 0


def _answer(digits: str, region: str, key: int, *, asked: bool) -> tuple[int, int]:
    number = "" if asked else library.dial(digits, region)
    if isinstance(number, str):
        # Behind a plus, an unknown calling code makes the library try again as if there were none: leave that to it.
        return (ASK, 0) if asked or (region == "ZZ" and number == "not-valid") else (_ACTIONS[number], 0)
    return (SHIFT, number - key) if number < _INT64 else (ASK, 0)


def _merged(rows: Iterable[_Row], gap: _Row) -> Iterator[_Row]:
    """Leave out rows that say the same again, and ends where at once something begins; a gap lies before the first."""
    last = gap
    if gap:
        yield 0, *gap
    for _, same in groupby(rows, key=lambda row: row[0]):
        row = tuple(same)[-1]
        if row[1:] != last:
            yield row
            last = row[1:]


def _text(rows: Iterable[_Row]) -> str:
    """Write rows in one array, their keys as steps: small numbers pack well."""
    flat, last = [], 0
    for key, *answer in rows:
        flat += [key - last, *answer]
        last = key
    return json.dumps(flat, separators=(",", ":"))


def _main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        return int(gzip.decompress(FILE.read_bytes()).decode("ascii") != compiled())
    write()
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
