"""A witness: somebody else's memory of a log, which signs only what continues what it signed before.

    >>> log = SignerKey.generate("belbaar.example/demo/2026", seed=bytes(32))
    >>> key = SignerKey.generate("witness.example/w1", COSIGNER, seed=b"1" * 32)
    >>> witness = Witness(":memory:", key, {log.name: [log.verifier()]}, clock=lambda: 1796000000)
    >>> from belbaar.proof.log.checkpoint import signed_checkpoint
    >>> head = signed_checkpoint(Checkpoint(log.name, 0, EMPTY_ROOT), log)
    >>> witness.answer(submission(0, [], head)).status
    200

This is C2SP tlog-witness, its rules; ``belbaar.proof.outsiders.witness_http`` speaks it over HTTP. A witness that neither the
operator nor the caller runs is what keeps both from rewriting history: they can sign anew, it cannot be made to forget.

Invariants: per log there is one head, and it only grows by a proven step; comparing and storing are one transaction,
durable before anything is signed. A head may be stored whose answer got lost; the log asks again from that size.
"""

__all__ = ["Answer", "Witness", "read_submission", "submission"]

import sqlite3
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from belbaar.errors import InputError, ProofError, StoreUnavailable
from belbaar.proof.log.checkpoint import Checkpoint, parse_hashes, parse_size
from belbaar.proof.log.note import Note, check, cosign, lines_of, parse
from belbaar.proof.log.note_keys import COSIGNER, SignerKey, VerifierKey
from belbaar.proof.log.tree import EMPTY_ROOT, check_consistency

SIZE_TYPE, TEXT_TYPE = "text/x.tlog.size", "text/plain; charset=utf-8"
OK, BAD, FORBIDDEN, UNKNOWN, CONFLICT, UNPROVEN, BROKEN = 200, 400, 403, 404, 409, 422, 503
_TABLE = "CREATE TABLE IF NOT EXISTS head (origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL) STRICT"
_STORE = (
    "INSERT INTO head VALUES (?, ?, ?) ON CONFLICT (origin) DO UPDATE SET size = excluded.size, root = excluded.root"
)


class Answer(NamedTuple):
    """What the witness answers: status, body, and the type of the body."""

    status: int
    body: str
    content_type: str = TEXT_TYPE


class Witness:
    """A witness and its memory. Guards one connection; may be asked by several threads at once.

    Args:
        path: of its store, which is for it alone: a witness that lost its store is another witness, with another key.
        key: a cosigner's key.
        logs: by origin, the keys that sign its checkpoints.
        clock: gives POSIX seconds.
    """

    def __init__(
        self, path: Path | str, key: SignerKey, logs: Mapping[str, Sequence[VerifierKey]], *, clock: Callable[[], int]
    ) -> None:
        if key.kind != COSIGNER:
            raise InputError("a witness signs with a cosigner's key (type 4).", where=key.name)
        self.key, self.logs, self._clock, self._lock = key, logs, clock, Lock()
        try:
            self._connection = sqlite3.connect(path, timeout=5.0, isolation_level=None, check_same_thread=False)
            self._connection.execute("PRAGMA journal_mode = WAL").fetchone()
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute(_TABLE)
        except sqlite3.DatabaseError as error:
            raise StoreUnavailable(f"the witness's store cannot be used: {error}.", where=str(path)) from error

    def answer(self, body: bytes) -> Answer:
        """Answer a submitted checkpoint: a cosignature, or why not, in the specification's status codes."""
        try:
            old, proof, note = read_submission(body)
            checkpoint = Checkpoint.parse(note.text)
        except InputError as error:
            return Answer(BAD, f"{error.what}\n")
        if checkpoint.origin not in self.logs:
            return Answer(UNKNOWN, "This witness does not know that log.\n")
        try:
            check(note, self.logs[checkpoint.origin])
        except ProofError as error:
            return Answer(FORBIDDEN, f"{error.what}\n")
        if old > checkpoint.size:
            return Answer(BAD, "The old size is larger than the checkpoint's.\n")
        try:
            refused = self._advance(old, proof, checkpoint)
        except sqlite3.DatabaseError:
            return Answer(BROKEN, "The witness's store does not answer.\n")
        return refused or Answer(OK, lines_of([cosign(note.text, self.key, self._clock())]))

    def head(self, origin: str) -> tuple[int, bytes]:
        """Give the size and root last signed; an empty tree for a log never seen."""
        row = self._connection.execute("SELECT size, root FROM head WHERE origin = ?", (origin,)).fetchone()
        return (row[0], row[1]) if row else (0, EMPTY_ROOT)

    def close(self) -> None:
        """Close the store, when no answer is under way."""
        with self._lock:
            self._connection.close()

    def _advance(self, old: int, proof: Sequence[bytes], checkpoint: Checkpoint) -> Answer | None:
        """Compare with the head and store the new one, in one transaction; give an answer only to refuse."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")  # other processes with this store wait here
            try:
                refused = self._compare(old, proof, checkpoint)
                if not refused:
                    self._connection.execute(_STORE, (checkpoint.origin, checkpoint.size, checkpoint.root))
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("ROLLBACK" if refused else "COMMIT")
        return refused

    def _compare(self, old: int, proof: Sequence[bytes], checkpoint: Checkpoint) -> Answer | None:
        size, root = self.head(checkpoint.origin)
        if old != size or (old == checkpoint.size and root != checkpoint.root):
            return Answer(CONFLICT, f"{size}\n", SIZE_TYPE)
        if old == 0 < checkpoint.size:  # the first head is taken on trust; from then on nothing is
            return Answer(UNPROVEN, "From size 0 there is no proof.\n") if proof else None
        try:
            check_consistency(old, checkpoint.size, root, checkpoint.root, proof)
        except ProofError as error:
            return Answer(UNPROVEN, f"{error.what}\n")
        return None


def submission(old: int, proof: Sequence[bytes], note: str) -> bytes:
    """Write what is sent to a witness: the size it knows, the proof from there, the signed checkpoint."""
    lines = "".join(f"{b64encode(hash_).decode()}\n" for hash_ in proof)
    return f"old {old}\n{lines}\n{note}".encode()


def read_submission(body: bytes) -> tuple[int, list[bytes], Note]:
    """Read what was sent to a witness.

    Raises:
        InputError: when it is of another form.
    """
    head, blank, note = body.partition(b"\n\n")
    try:
        first, *lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise InputError("a submission begins with sizes and hashes.") from error
    if not blank or not first.startswith("old "):
        raise InputError("a submission is: old size, hashes, a blank line, a checkpoint.")
    return parse_size(first.removeprefix("old ")), parse_hashes(lines), parse(note)
