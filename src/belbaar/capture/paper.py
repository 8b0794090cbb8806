"""Paper forms, typed over in a table with their scans beside it: what was signed, as events, each with its scan's hash.

A row has ``number``, ``date`` and ``scan`` (the name of a file in the folder of scans), ``box-1`` and so on with a yes
for each box that was ticked, or ``opt-out``; ``email`` may be there. A signature on paper proves that somebody signed,
and not that the number is theirs: such a consent is recorded unconfirmed, and counts when it is confirmed by a link.
"""

__all__ = ["Paper", "events_of_paper", "filled_of", "read_paper"]

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from belbaar.capture.design import Lang
from belbaar.capture.evidence import Filled
from belbaar.capture.forms import Form, Published
from belbaar.errors import InputError
from belbaar.law import PACKS
from belbaar.law.calendar import instant_of_day, iso
from belbaar.ledger import Event, read_event
from belbaar.ledger.values import read_day
from belbaar.numbers import REFUSALS, read
from belbaar.tables import Table

_ZONE = PACKS["NL"].zone
_NAMES: Mapping[str, tuple[str, ...]] = {
    "number": ("number", "nummer", "telefoonnummer", "telefoon", "phone"),
    "date": ("date", "datum"),
    "scan": ("scan",),
    "email": ("email", "e-mail"),
    "opt-out": ("opt-out", "niet bellen", "niet-bellen"),
}
_BOX = ("box-{}", "vakje-{}", "box {}", "vakje {}", "{}")
_YES = frozenset({"yes", "ja", "x", "1", "true", "j", "y", "☒", "☑"})


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper form.

    Args:
        row: where it stands in the table, as people count.
        number: E.164.
        day: on which it was signed, an ordinal.
        boxes: which were ticked.
        opted_out: whether "do not call me" was.
        scan: the SHA-256 of its scan.
        email: a mail address, "" where none was told.
    """

    row: int
    number: int
    day: int
    boxes: tuple[bool, ...]
    opted_out: bool
    scan: str
    email: str = ""


def read_paper(table: Table, scans: Path, of: Published) -> list[Paper]:
    """Read a table of paper forms; all of it, or nothing.

    Args:
        table: as it was opened.
        scans: the folder of their scans.
        of: the version that was printed.

    Raises:
        InputError: with all rows that cannot be used.
    """
    columns = {name.strip().lower(): name for name in table.columns}
    for needed in ("number", "date", "scan"):
        if not _column(columns, _NAMES[needed]):
            raise InputError(
                f"the table has no column {needed}.", where=str(table.path), todo="It needs number, date and scan."
            )
    papers, wrong = list[Paper](), list[str]()
    for row, cells in _rows(table):
        try:
            papers.append(_paper(row, cells, columns, scans, of))
        except InputError as error:
            wrong.append(f"row {row}: {error.what}")
    if wrong:
        raise InputError(
            f"{len(wrong)} rows cannot be used, so none was recorded.",
            where=str(table.path),
            todo="Mend them, and record the file again.",
            code="rows-refused",
            details=wrong,
        )
    return papers


def events_of_paper(
    form: Form, of: Published, papers: Iterable[Paper], lang: Lang, *, captured_by: str, now: int
) -> Iterator[tuple[int, Event]]:
    """Give what was signed as events, each with its row: consents for boxes that were ticked, or relations."""
    put = of.shown[lang]
    for paper in papers:
        at = iso(instant_of_day(paper.day, _ZONE), _ZONE)
        if of.design.kind == "number":
            told: list[dict[str, Any]] = [
                {
                    "event": "relation.started",
                    "kind": of.design.relation,
                    "product": of.design.choices[0].product,
                    "opt_out_offered": bool(put.boxes),
                    "opted_out": paper.opted_out,
                }
            ]
        else:
            told = [
                {
                    "event": "consent.given",
                    "product": box.product,
                    "channels": list(box.channels),
                    "wording": put.wording,
                    "wording_version": str(of.version),
                    "language": lang,
                    "boxes": [
                        {"label": each.label, "initial": False, "final": ticked}
                        for each, ticked in zip(put.boxes, paper.boxes, strict=True)
                    ],
                    "shown_at": at,
                    "first_contact_within": of.design.first_contact_within,
                    "captured_by": f"{captured_by}, form {form.id}, paper",
                    "scan": paper.scan,
                }
                for box, ticked in zip(put.boxes, paper.boxes, strict=True)
                if ticked
            ]
        for each in told:
            data = {"at": at, "caller": form.caller, **each}
            yield (
                paper.row,
                read_event(data, number=paper.number, zone=_ZONE, where=f"row {paper.row}", recorded_at=now),
            )


def filled_of(form: Form, of: Published, paper: Paper, lang: Lang) -> Filled:
    """Give a paper form as one that was filled in, to be confirmed by a link."""
    return Filled(
        form=form.id,
        version=of.version,
        language=lang,
        number=paper.number,
        boxes=tuple((False, ticked) for ticked in paper.boxes),
        way="paper",
        sent_under=f"paper:{paper.scan}:{hashlib.sha256(str(paper.number).encode()).hexdigest()[:16]}",
        address=paper.email,
        scan=paper.scan,
    )


def _rows(table: Table) -> Iterator[tuple[int, dict[str, str]]]:
    for batch in table.batches():
        for row, cells in zip(batch.rows.to_pylist(), batch.data.to_pylist(), strict=True):
            yield row, {name: str(value or "").strip() for name, value in cells.items()}


def _paper(row: int, cells: Mapping[str, str], columns: Mapping[str, str], scans: Path, of: Published) -> Paper:
    def cell(names: tuple[str, ...]) -> str:
        found = _column(columns, names)
        return cells[found] if found else ""

    reading = read(cell(_NAMES["number"]), "NL")
    if reading.number is None:
        raise InputError(REFUSALS[reading.code].en)
    boxes = of.shown[of.design.languages[0]].boxes
    ticked = tuple(cell(tuple(name.format(place) for name in _BOX)).lower() in _YES for place, _ in enumerate(boxes, 1))
    opted_out = cell(_NAMES["opt-out"]).lower() in _YES
    if of.design.kind == "consent" and not any(ticked):
        raise InputError("no box is ticked, so there is nothing to record.")
    day = dt.date.fromisoformat(read_day(cell(_NAMES["date"]))).toordinal()
    return Paper(row, reading.number, day, ticked, opted_out, _hash(scans, cell(_NAMES["scan"])), cell(_NAMES["email"]))


def _hash(scans: Path, name: str) -> str:
    """Give the SHA-256 of a scan; one outside the folder is none."""
    path = scans / name
    if not name or Path(name).name != name or not path.is_file():
        raise InputError(f'there is no scan "{name}" in {scans}.')
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _column(columns: Mapping[str, str], names: Iterable[str]) -> str:
    return next((columns[name] for name in names if name in columns), "")
