"""The heads that are kept: the latest, and those that witnesses signed or an authority stamped.

Order is told by places in the log; time by others: an entry was logged after the last cosigned head that does not have
it, and before the first stamped one that does. So a dossier brings, for each entry it shows, those two, and the proofs
that all its heads are of one history.
"""

__all__ = ["Head", "Shown", "heads_for"]

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from belbaar.errors import InputError
from belbaar.proof.dossier.zip_file import Anchor
from belbaar.proof.log.checkpoint import format_proof
from belbaar.proof.log.keeping import Log
from belbaar.proof.log.tiles import consistency, inclusion

_COLUMNS = "size, note, anchored, query, reply, stamped_at"


@dataclass(frozen=True, slots=True)
class Head:
    """A signed head: how many leaves, the note, whether others vouched, and the timestamp (0: none)."""

    size: int
    note: str
    anchored: bool
    query: bytes
    reply: bytes
    stamped_at: int


@dataclass(frozen=True, slots=True)
class Shown:
    """The heads that a dossier needs: the one in which all its entries are proven, and those that tell the time."""

    head: Head
    around: tuple[Head, ...]

    @property
    def all(self) -> tuple[Head, ...]:
        """All of them, by size."""
        return tuple(
            sorted({head.size: head for head in (self.head, *self.around)}.values(), key=lambda head: head.size)
        )

    def anchors(self) -> list[Anchor]:
        """Give what others said, for the dossier."""
        return [Anchor(head.note, head.query, head.reply) for head in self.all]

    def proof(self, log: Log, index: int) -> str:
        """Prove that an entry is in the log."""
        return format_proof(index, inclusion(log.connection, index, self.head.size), self.head.note)

    def consistency(self, log: Log) -> Mapping[tuple[int, int], Sequence[bytes]]:
        """Prove that each head continues the one before."""
        return {
            (old.size, new.size): consistency(log.connection, old.size, new.size) for old, new in pairwise(self.all)
        }


def heads_for(log: Log, indices: Iterable[int]) -> Shown:
    """Choose the heads that prove some entries and tell when they were logged."""
    wanted = sorted(set(indices))
    if not wanted:
        raise InputError("there is nothing to prove.")
    last = wanted[-1]
    head = _one(log, "size > ? AND anchored = 1 ORDER BY size LIMIT 1", last) or _one(
        log, "size > ? ORDER BY size DESC LIMIT 1", last
    )
    if head is None:
        raise InputError(
            "the log has no signed head of these entries.", todo="Look what happened with: belbaar log check"
        )
    around = []
    for index in wanted:
        around.append(_one(log, "size <= ? AND anchored = 1 AND size > 0 ORDER BY size DESC LIMIT 1", index))
        around.append(_one(log, "size > ? AND stamped_at > 0 ORDER BY size LIMIT 1", index))
    return Shown(head, tuple({found.size: found for found in around if found}.values()))


def _one(log: Log, which: str, value: int) -> Head | None:
    row = log.store.connection.execute(f"SELECT {_COLUMNS} FROM head WHERE {which}", (value,)).fetchone()
    if row is None:
        return None
    size, note, anchored, query, reply, stamped_at = row
    return Head(size, note, bool(anchored), bytes(query), bytes(reply), stamped_at)
