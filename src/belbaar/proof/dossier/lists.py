"""Screened lists: every row is a leaf of the list's own tree, and the tree's root is one entry of the log.

    >>> answers = [Answer(error="too-short"), Answer(True, "nl.consent", "2027-03-02T00:00:00+01:00")]
    >>> row_body(31201000007, answers[1])
    {'allowed': True, 'ground': 'nl.consent', 'number': 31201000007, 'until': '2027-03-02T00:00:00+01:00'}
    >>> row_body(0, answers[0])
    {'allowed': False, 'error': 'too-short'}

What a row says and the key that hides it are the row's own, so one row can be shown without its neighbours. The rows
are kept in a file beside the keys, encrypted under the list's key; when that is deleted nothing of them can be read or
shown any more, and the entry stays. A million rows take about two seconds of one core, in a process of their own.
"""

__all__ = ["Kept", "ListRows", "keep_list", "kept_lists", "known_at", "leaf_hashes", "row_body", "tiles_of"]

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from hashlib import file_digest, sha256
from multiprocessing import get_context
from pathlib import Path
from secrets import randbits

import numpy as np
import numpy.typing as npt

from belbaar.law import PACKS, Law, ruleset
from belbaar.law.calendar import local_day
from belbaar.law.rulesets import ruleset_text
from belbaar.proof.dossier.row_files import RowFile
from belbaar.proof.entries.bodies import asked
from belbaar.proof.entries.commit import KEY_BYTES, ROWS, Body, row_keys, seal
from belbaar.proof.entries.jcs import Value, encode
from belbaar.proof.log.keeping import Log
from belbaar.proof.log.tiles import TILE_BYTES, TileAt, folded, nodes
from belbaar.proof.log.tree import HASH_BYTES, root_hash
from belbaar.verdict import Call
from belbaar.verdict.tally import Screening
from belbaar.verdict.views import Answer

Numbers = npt.NDArray[np.int64]
Places = npt.NDArray[np.int32]

_BLOCK = 256 * ROWS
"""Rows that are hashed as one task: a tile of tiles."""
_FEW = 4 * _BLOCK
"""Rows up to which a process of their own would take longer to start than they take."""
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


def row_body(number: int, answer: Answer) -> dict[str, Value]:
    """Say what a row's verdict is; the number is 0 when it could not be read."""
    body: dict[str, Value] = {"allowed": answer.allowed}
    if answer.error:
        body["error"] = answer.error
    if answer.ground:
        body["ground"] = answer.ground
    if number:
        body["number"] = number
    if answer.reasons:
        body["reasons"] = list(answer.reasons)
    if answer.until:
        body["until"] = answer.until
    return body


class ListRows:
    """Takes the rows of a screening in order, keeps them, and grows their tree. Guards a file and maybe a process.

    Args:
        log: whose keys hide the rows.
        folder: where the rows of lists are kept.
    """

    def __init__(self, log: Log, folder: Path) -> None:
        self._log = log
        self.key = randbits(62)
        self._secret = log.keyring.retention.key(self.key, 0, "list")
        self._file = RowFile(folder / f"{self.key}.rows", self._secret)
        self._waiting: list[tuple[Numbers, Places]] = []
        self._held = self.rows = 0
        self._answers: Sequence[Answer] = ()
        self._pool: ProcessPoolExecutor | None = None
        self._roots: list[bytes | Future[bytes]] = []

    def add(self, numbers: Numbers, places: Places, answers: Sequence[Answer]) -> None:
        """Take rows: their numbers (0: unreadable), and the place of the answer to each."""
        self._answers = answers
        self._waiting.append((numbers, places))
        self._held += len(numbers)
        self.rows += len(numbers)
        while self._held >= _BLOCK:
            self._close(_BLOCK)

    def finish(self) -> bytes:
        """Give the root of the tree; the rows are durable then."""
        if self._held:
            self._close(self._held)
        hashes = b"".join(item if isinstance(item, bytes) else item.result() for item in self._roots)
        self._file.close(self._answers, self.rows)
        self.stop()
        return root_hash(self.rows, nodes(tiles_of(self.rows, hashes, {})))

    def forget(self) -> None:
        """Leave nothing of the rows: the screening failed."""
        self.stop()
        self._file.remove()
        self._log.keyring.retention.shred(self.key)

    def stop(self) -> None:
        """End the process, if there is one."""
        if self._pool:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def _close(self, rows: int) -> None:
        numbers, places = (np.concatenate(columns) for columns in zip(*self._waiting, strict=True))
        self._waiting = [(numbers[rows:], places[rows:])]
        self._held -= rows
        numbers, places = numbers[:rows], places[:rows]
        self._file.add(numbers, places)
        first = (self.rows - self._held - rows) // ROWS
        task = (self._secret, first, numbers, places, tuple(self._answers))
        if self.rows <= _FEW:
            self._roots.append(hashed(*task))
            return
        if self._pool is None:
            self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
        self._roots.append(self._pool.submit(hashed, *task))
        running = [item for item in self._roots[-_WAITING:] if not isinstance(item, bytes)]
        if len(running) == _WAITING:
            running[0].result()


def hashed(secret: bytes, first: int, numbers: Numbers, places: Places, answers: Sequence[Answer]) -> bytes:
    """Hash rows: of each full tile its root, of a last one that is not full its leaves."""
    pieces = []
    for block, at in enumerate(range(0, len(numbers), ROWS), first):
        tile = b"".join(leaf_hashes(secret, block, numbers[at : at + ROWS], places[at : at + ROWS], answers))
        pieces.append(folded(tile) if len(tile) == ROWS * HASH_BYTES else tile)
    return b"".join(pieces)


def leaf_hashes(
    secret: bytes, block: int, numbers: Numbers, places: Places, answers: Sequence[Answer]
) -> Iterator[bytes]:
    """Hash the rows of one block."""
    keys = row_keys(secret, block)
    written = _templates(tuple(answers))
    rows = enumerate(zip(numbers.tolist(), places.tolist(), strict=True))
    for at, (number, place) in rows:
        plain, before, after = written[place]
        content = b"%s%d%s" % (before, number, after) if number else plain
        inner = sha256(keys[at * KEY_BYTES : (at + 1) * KEY_BYTES] + content).digest()
        yield sha256(b"\0" + inner).digest()


@lru_cache(maxsize=8)
def _templates(answers: tuple[Answer, ...]) -> list[tuple[bytes, bytes, bytes]]:
    """Write each answer once: without a number, and before and after the place of one."""
    written = []
    for answer in answers:
        before, _, after = encode(row_body(1, answer)).partition(b'"number":1')
        written.append((encode(row_body(0, answer)), before + b'"number":', after))
    return written


def tiles_of(rows: int, hashes: bytes, shown: Mapping[int, bytes]) -> TileAt:
    """Answer for the tiles of a list.

    Args:
        rows: how many.
        hashes: the roots of all full tiles, then the leaves of the last one.
        shown: the leaves of those full tiles of which a row is to be proven.
    """
    full = rows // ROWS
    levels = {1: hashes[: full * HASH_BYTES]}

    def level(n: int) -> bytes:
        if n not in levels:
            below = level(n - 1)
            whole = range(0, len(below) // TILE_BYTES * TILE_BYTES, TILE_BYTES)
            levels[n] = b"".join(folded(below[at : at + TILE_BYTES]) for at in whole)
        return levels[n]

    def tile(height: int, n: int) -> bytes:
        if height:
            return level(height)[n * TILE_BYTES : (n + 1) * TILE_BYTES]
        return shown.get(n, b"") if n < full else hashes[full * HASH_BYTES :]

    return tile


def keep_list(log: Log, rows: ListRows, call: Call, result: Screening, path: Path) -> int:
    """Log a screening in one transaction; give its place.

    Args:
        log: of the store.
        rows: all of them were taken.
        call: the question.
        result: what was counted, and by which law.
        path: the list.
    """
    root = rows.finish()
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
    body = Body({**asked(call, known.caller(call.caller)), "name": path.name}, what)
    with log.store.writing() as connection:
        log.keep_text(ruleset_text(rules), kind="rule", name=rules.name)
        secret = log.keyring.retention.key(rows.key, 0, "list")
        place = log.append([seal(secret, rows.key.to_bytes(16, "big"), body, "l")])
        connection.execute(
            "INSERT INTO screening (ix, key, at, rows, name) VALUES (?, ?, ?, ?, ?)",
            (place, rows.key, at, rows.rows, path.name),
        )
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
