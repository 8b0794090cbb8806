"""Screened lists: every row is a leaf of the list's own tree, and the tree's root is one entry of the log.

What a row says and the key that hides it are the row's own, so one row can be shown without its neighbours. The rows
are kept in a file beside the keys, encrypted under the list's key; when that is deleted nothing of them can be read or
shown any more, and the entry stays. Both is done in a thread, beside whoever judges and writes the list.
"""

__all__ = ["Kept", "ListRows", "keep_list", "kept_lists", "known_at"]

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from secrets import randbits

import numpy as np

from belbaar.law import PACKS, Law, ruleset
from belbaar.law.calendar import local_day
from belbaar.law.rulesets import ruleset_text
from belbaar.proof.dossier.row_files import RowFile
from belbaar.proof.dossier.row_hashes import FEW, Numbers, Places, hashed, tiles_of, written
from belbaar.proof.entries.bodies import asked
from belbaar.proof.entries.commit import ROWS, Body, seal
from belbaar.proof.entries.jcs import Value
from belbaar.proof.log.keeping import Log
from belbaar.proof.log.tiles import nodes
from belbaar.proof.log.tree import root_hash
from belbaar.verdict import Call
from belbaar.verdict.tally import Screening
from belbaar.verdict.views import Answer

_BLOCK = 256 * ROWS
"""Rows that are hashed as one task: a tile of tiles."""
_WAITING = 8
"""Tasks that may wait before more rows are taken."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A screening in the log: its place, when (UTC microseconds), its rows, the name of the list."""

    index: int
    at: int
    rows: int
    name: str
    key: int


class ListRows:
    """Takes the rows of a screening in order, keeps them, and grows their tree. Guards a file and a thread.

    Args:
        log: whose keys hide the rows.
        folder: where the rows of lists are kept.
    """

    def __init__(self, log: Log, folder: Path) -> None:
        self._log = log
        self.key = randbits(62)
        self._secret = log.keyring.retention.key(self.key, 0, "list")
        self._file = RowFile(folder / f"{self.key}.rows", self._secret)
        self._thread = ThreadPoolExecutor(1)
        self._held: list[tuple[Numbers, Places]] = []
        self._begun = self.rows = 0
        self._answers: Sequence[Answer] = ()
        self._texts: list[bytes] = []
        self._roots: list[Future[bytes]] = []

    def add(self, numbers: Numbers, places: Places, answers: Sequence[Answer]) -> None:
        """Take rows: their numbers (0: unreadable), and the place of the answer to each."""
        if answers is not self._answers:
            self._answers, self._texts = answers, written(answers)
        self._held.append((numbers, places))
        self.rows += len(numbers)
        if self.rows > FEW:
            self._begin((self.rows - self._begun) // _BLOCK * _BLOCK)

    def finish(self) -> bytes:
        """Give the root of the tree; the rows are durable then."""
        self._begin(self.rows - self._begun)
        hashes = b"".join(root.result() for root in self._roots)
        self._file.close(self._answers, self.rows)
        self.stop()
        return root_hash(self.rows, nodes(tiles_of(self.rows, hashes, {})))

    def forget(self) -> None:
        """Leave nothing of the rows: the screening failed."""
        self.stop()
        self._file.remove()
        self._log.keyring.retention.shred(self.key)

    def stop(self) -> None:
        """End the thread."""
        self._thread.shutdown(cancel_futures=True)

    def _begin(self, rows: int) -> None:
        """Have so many of the rows that are held kept and hashed, block by block, while more are taken."""
        if not rows:
            return
        numbers, places = (np.concatenate(columns) for columns in zip(*self._held, strict=True))
        self._held = [(numbers[rows:], places[rows:])]
        for at in range(0, rows, _BLOCK):
            end = min(at + _BLOCK, rows)
            first = (self._begun + at) // ROWS
            block = (first, numbers[at:end], places[at:end], self._texts)
            self._roots.append(self._thread.submit(self._keep, *block, self.rows))
        self._begun += rows
        for root in self._roots[:-_WAITING][-1:]:
            root.result()

    def _keep(self, first: int, numbers: Numbers, places: Places, texts: Sequence[bytes], listed: int) -> bytes:
        self._file.add(numbers, places)
        return hashed(self._secret, first, numbers, places, texts, listed=listed)


def keep_list(
    log: Log,
    rows: ListRows,
    call: Call,
    result: Screening,
    path: Path,
    *,
    name: str = "",
    also: Callable[[int], None] | None = None,
) -> int:
    """Log a screening in one transaction; give its place.

    Args:
        log: of the store.
        rows: all of them were taken.
        call: the question.
        result: what was counted, and by which law.
        path: the list.
        name: what the list is called; "": as its file.
        also: called with the place in the same transaction.
    """
    name, root = name or path.name, rows.finish()
    known = log.store.known()
    law = Law(PACKS["NL"], off=known.switched_off)
    rules = ruleset(law, local_day(call.at, law.pack.zone))
    at = log.clock()
    what: dict[str, Value] = {
        "allowed_rows": result.allowed,
        "at": call.at,
        "caller": call.caller,
        "decided_at": at,
        "kind": "list",
        "known_at": known_at(log, result.position),
        "list": _digest(path),
        "position": result.position,
        "product": call.product,
        "rows": rows.rows,
        "rows_root": root.hex(),
        "rules": result.ruleset_hash,
        "ruleset": result.ruleset,
        "switched_off": [*sorted(known.switched_off)],
    }
    if result.demanded:
        what["level_demanded"] = result.demanded
    body = Body({**asked(call, known.caller(call.caller)), "name": name}, what)
    with log.store.writing() as connection:
        log.keep_text(ruleset_text(rules), kind="rule", name=rules.name)
        secret = log.keyring.retention.key(rows.key, 0, "list")
        place = log.append([seal(secret, rows.key.to_bytes(16, "big"), body, "l")])
        connection.execute(
            "INSERT INTO screening (ix, key, at, rows, name) VALUES (?, ?, ?, ?, ?)",
            (place, rows.key, at, rows.rows, name),
        )
        if also:
            also(place)
    return place


def _digest(path: Path) -> str:
    """Hash a list: the file, or the hashes of a folder's files in the order of their names."""
    if path.is_dir():
        parts = sorted(part for part in path.iterdir() if part.is_file())
        return sha256("".join(f"{_digest(part)}  {part.name}\n" for part in parts).encode()).hexdigest()
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def known_at(log: Log, position: int) -> int:
    """Give how many leaves the log had when the ledger was at a position."""
    if not position:
        return 0
    row = log.store.connection.execute(
        "SELECT ix FROM leaf WHERE about > 0 AND about <= ? ORDER BY about DESC LIMIT 1", (position,)
    ).fetchone()
    return int(row[0]) + 1 if row else 0


def kept_lists(log: Log) -> list[Kept]:
    """Give all screenings, latest first."""
    rows = log.store.connection.execute("SELECT ix, at, rows, name, key FROM screening ORDER BY ix DESC").fetchall()
    return [Kept(*row) for row in rows]
