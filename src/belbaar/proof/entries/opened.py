"""What the log says of a person: the leaves that a number's keys open, and the entries in clear that they rest on.

Only who holds the keys can do this; each use for a dossier is itself logged (``belbaar.proof.dossier.dossiers``).
"""

__all__ = ["Clear", "Opened", "cleared", "entries_of", "erasures", "leaf_at", "texts_of"]

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from belbaar.proof.entries.commit import Body, Leaf, handle_of, open_sealed
from belbaar.proof.log.keeping import Log

_ERASE = b'"k":"erase","v":1}'
_COLUMNS = "ix, id, entry, sealed, handle, about"


@dataclass(frozen=True, slots=True)
class Opened:
    """An entry about a person, opened: its place in the log, its leaf, what it says, and the key that opened it."""

    index: int
    leaf: Leaf
    body: Body
    key: bytes

    @property
    def kind(self) -> str:
        """What it is: an event's kind, ``verdict``, ``receipt``."""
        return str(self.body.what.get("kind", ""))

    @property
    def caller(self) -> str:
        """Whom it concerns; "" when it is about the number alone."""
        return str(self.body.what.get("caller", ""))

    @property
    def at(self) -> int:
        """When it happened, or the call it judges is made; UTC microseconds."""
        at = self.body.what.get("at", 0)
        return at if isinstance(at, int) else 0

    @property
    def name(self) -> str:
        """Its name in a dossier: what it is, and its place."""
        return f"{self.kind.replace('.', '-')}-{self.index}"


@dataclass(frozen=True, slots=True)
class Clear:
    """An entry that everybody may read: its place, its leaf, its kind, what it says."""

    index: int
    leaf: Leaf
    kind: str
    says: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Its name in a dossier."""
        return f"{self.kind}-{self.index}"


def entries_of(log: Log, number: int, callers: Collection[str] = ()) -> list[Opened]:
    """Open all that the log says of a number, in the log's order.

    Args:
        log: with its keys.
        number: E.164.
        callers: only what concerns these, and what is about the number alone; none: all.

    Raises:
        ProofError: when a sealed body is not what the log committed to.
    """
    query = f"SELECT {_COLUMNS} FROM leaf WHERE handle = ? AND handle <> 0"
    found = []
    for _, _, key in log.keyring.retention.keys_of(number):
        for ix, *columns in log.store.connection.execute(query, (handle_of(key),)).fetchall():
            leaf = _leaf(columns)
            found.append(Opened(ix, leaf, open_sealed(key, leaf.id, leaf.sealed, leaf.entry), key))
    wanted = (entry for entry in found if not callers or entry.caller in {"", *callers})
    return sorted(wanted, key=lambda entry: entry.index)


def leaf_at(log: Log, index: int) -> Leaf:
    """Give the leaf at a place."""
    row = log.store.connection.execute(f"SELECT {_COLUMNS} FROM leaf WHERE ix = ?", (index,)).fetchone()
    return _leaf(row[1:])


def cleared(log: Log, index: int) -> Clear:
    """Read an entry in clear, by its place."""
    leaf = leaf_at(log, index)
    entry = msgspec.json.decode(leaf.entry)
    return Clear(index, leaf, entry["k"], entry["b"])


def texts_of(log: Log, hashes: Collection[str]) -> dict[str, tuple[Clear, str]]:
    """Give the logged texts of some hashes: the entry, and the text in full."""
    found = {}
    for hash_ in hashes:
        query = "SELECT ix, content FROM logged_text WHERE sha256 = ?"
        row = log.store.connection.execute(query, (hash_,)).fetchone()
        if row:
            found[hash_] = (cleared(log, row[0]), str(row[1]))
    return found


def erasures(log: Log, indices: Collection[int]) -> dict[int, Clear]:
    """Find which erasure names which of some entries."""
    rows = log.store.connection.execute("SELECT ix, entry FROM leaf WHERE handle = 0 AND about = 0").fetchall()
    found = (cleared(log, ix) for ix, entry in rows if bytes(entry).endswith(_ERASE))
    return {index: entry for entry in found for index in entry.says["leaves"] if index in indices}


def _leaf(columns: Any) -> Leaf:  # noqa: ANN401  a row of the table
    id_, entry, sealed, handle, about = columns
    return Leaf(bytes(id_), bytes(entry), bytes(sealed), handle, about)
