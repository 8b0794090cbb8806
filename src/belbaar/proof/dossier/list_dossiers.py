"""The dossier of a screened list: when, by which law, as known when, how many rows; and of any row its verdict."""

__all__ = ["ListAsked", "of_screening"]

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from belbaar.errors import InputError, ProofError
from belbaar.proof.dossier.dossiers import Dossier, in_clear, made, parties, personal
from belbaar.proof.dossier.lists import Kept, kept_lists
from belbaar.proof.dossier.readable import Page
from belbaar.proof.dossier.row_files import read_rows
from belbaar.proof.dossier.row_hashes import hashed, leaf_hashes, row_body, tiles_of, written
from belbaar.proof.dossier.zip_file import Evidence, ShownRow
from belbaar.proof.entries.commit import KEY_BYTES, ROWS, open_sealed, row_keys
from belbaar.proof.entries.jcs import Value
from belbaar.proof.entries.opened import Opened, entries_of, leaf_at, texts_of
from belbaar.proof.log.heads import heads_for
from belbaar.proof.log.keeping import Log
from belbaar.proof.log.tiles import nodes
from belbaar.proof.log.tree import inclusion_proof, root_hash
from belbaar.verdict.views import Answer


@dataclass(frozen=True, slots=True)
class ListAsked:
    """Of which screening a dossier is: its place in the log; and which rows are shown: by number, or from 1 by place.

    ``callers``: whose screenings may be shown; others are refused as if there were none. None: anybody's.
    """

    screening: int
    numbers: tuple[int, ...] = ()
    rows: tuple[int, ...] = ()
    callers: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    place: int
    body: Mapping[str, Value]
    key: bytes


def of_screening(log: Log, asked: ListAsked, folder: Path, *, at: int) -> Dossier:
    """Make the dossier of a screening.

    Args:
        log: with its keys.
        asked: which, and which rows of it.
        folder: where the rows of lists are kept.
        at: when it is made, UTC microseconds.

    Raises:
        InputError: when there is no such screening or row.
        StoreUnavailable: when its rows were forgotten, as after ninety days.
        ProofError: when its rows are not those that were logged.
    """
    kept = _kept(log, asked)
    entry = _opened(log, kept)
    if asked.callers is not None and entry.caller not in asked.callers:
        raise _no_list(asked.screening)
    rows, proofs = _rows(entry, kept, asked, folder)
    calls = [call for number in asked.numbers for call in _calls(log, number, entry)]
    texts = texts_of(log, [str(entry.body.what["rules"])])
    clear = [text for text, _ in texts.values()]
    shown = heads_for(log, [entry.index, *(call.index for call in calls), *(text.index for text in clear)])
    leaves = [personal(log, shown, opened) for opened in (entry, *calls)] + [
        in_clear(log, shown, text) for text in clear
    ]
    evidence = Evidence(
        texts=[text.encode() for _, text in texts.values()],
        rows=[
            ShownRow(f"row-{row.place + 1}", entry.name, row.place, row.key, row.body, proof)
            for row, proof in zip(rows, proofs, strict=True)
        ],
        anchors=shown.anchors(),
        consistency=shown.consistency(log),
    )
    about: dict[str, Value] = {"made_at": at, "rows": kept.rows, "screening": entry.index}
    listed = [(row.place + 1, row.body) for row in rows]
    page = Page(0, at, log.keyring.origin, [entry, *calls], texts, parties(log, [entry]), rows=listed)
    claims = _claims(entry, clear[0].name, rows, calls)
    return made(log, sorted(leaves, key=lambda leaf: leaf.index), claims, evidence, about, page)


def _kept(log: Log, asked: ListAsked) -> Kept:
    known = kept_lists(log)
    found = next((kept for kept in known if kept.index == asked.screening), None)
    if found is None or (asked.callers is not None and not found.key):  # of what is forgotten nobody knows whose it was
        last = ", ".join(f"{kept.index} ({kept.name})" for kept in known[:5] if asked.callers is None)
        raise _no_list(asked.screening, f"The latest: {last}." if last else "")
    return found


def _no_list(index: int, todo: str = "") -> InputError:
    return InputError(
        f"entry {index} of the log is no screened list.", where="--screening", todo=todo or "Name another entry."
    )


def _opened(log: Log, kept: Kept) -> Opened:
    key = log.keyring.retention.find(kept.key, 0, "list")
    if key is None:
        raise InputError(
            "what this list said was forgotten: its key is deleted.",
            where=f"entry {kept.index}",
            todo="That it was screened stays in the log; what it said can no longer be shown.",
            code="erased",
        )
    leaf = leaf_at(log, kept.index)
    return Opened(kept.index, leaf, open_sealed(key, leaf.id, leaf.sealed, leaf.entry), key)


def _rows(entry: Opened, kept: Kept, asked: ListAsked, folder: Path) -> tuple[list[_Row], list[Sequence[bytes]]]:
    """Read the rows, find those that are asked for, and prove that they are in the list that was logged."""
    answers, blocks = read_rows(folder / f"{kept.key}.rows", entry.key)
    outside = [row for row in asked.rows if not 1 <= row <= kept.rows]
    if outside:
        raise InputError(f"the list has rows 1 to {kept.rows}, and no row {outside[0]}.", where="--row")
    wanted = {row - 1 for row in asked.rows}
    chosen: list[_Row] = []
    hashes, tiles, at, texts = [], {}, 0, written(answers)
    for numbers, places in blocks:
        here = {row for row in wanted if at <= row < at + len(numbers)}
        here |= {at + int(place) for place in np.flatnonzero(np.isin(numbers, asked.numbers))}
        hashes.append(hashed(entry.key, at // ROWS, numbers, places, texts, listed=kept.rows))
        for tile in {row // ROWS for row in here}:
            piece = slice(tile * ROWS - at, (tile + 1) * ROWS - at)
            tiles[tile] = leaf_hashes(entry.key, tile, numbers[piece], places[piece], texts)
        chosen += (_row(entry.key, row, int(numbers[row - at]), answers[places[row - at]]) for row in sorted(here))
        at += len(numbers)
    node = nodes(tiles_of(kept.rows, b"".join(hashes), tiles))
    if root_hash(kept.rows, node).hex() != entry.body.what["rows_root"]:
        raise ProofError("the rows that are kept are not those that were logged.", where=kept.name, code="list-damaged")
    missing = set(asked.numbers) - {row.body.get("number") for row in chosen}
    if missing:
        raise InputError("this number is not on the list.", where=f"entry {kept.index}", todo="Name another.")
    return chosen, [inclusion_proof(row.place, kept.rows, node) for row in chosen]


def _row(secret: bytes, place: int, number: int, answer: Answer) -> _Row:
    block, within = divmod(place, ROWS)
    key = row_keys(secret, block)[within * KEY_BYTES : (within + 1) * KEY_BYTES]
    return _Row(place, row_body(number, answer), key)


def _calls(log: Log, number: int, entry: Opened) -> list[Opened]:
    """Give the calls to a number that were logged after the list, for its caller."""
    found = entries_of(log, number, (entry.caller,))
    return [call for call in found if call.kind == "call.made" and call.index > entry.index]


def _claims(entry: Opened, rules: str, rows: Sequence[_Row], calls: Sequence[Opened]) -> list[dict[str, Value]]:
    claims: list[dict[str, Value]] = [
        {"claim": "text", "field": "rules", "leaf": entry.name, "text": rules},
        {"claim": "position", "leaf": entry.name},
    ]
    for call in calls:
        claims += [
            {"call": call.name, "claim": "screened", "row": f"row-{row.place + 1}"}
            for row in rows
            if row.body.get("number") == call.body.who["number"]
        ]
    return claims
