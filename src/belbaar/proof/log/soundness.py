"""Is the log sound: computed anew, is it what its keys have signed, and is the ledger still what the log says?

    report = soundness(log)

The tree is made again from the entries, and its root held against every signed head: the latest in the database, the
one that the folder of keys remembers, and those that others vouched for. Every sealed body is opened, every event made
into a leaf again (``belbaar.proof.log.soundness_leaves``), every text hashed again. A body that is gone has to be named by
an erasure. Whoever has the log's key can still have signed another history: only a witness tells that
(``belbaar.proof.outsiders.anchoring``).
"""

__all__ = ["Fault", "Soundness", "soundness"]

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from belbaar.errors import InputError, ProofError
from belbaar.proof.entries.bodies import text_hash
from belbaar.proof.keys.trust import read_rotation
from belbaar.proof.log.checkpoint import Checkpoint
from belbaar.proof.log.keeping import Log
from belbaar.proof.log.note import check, parse
from belbaar.proof.log.note_keys import VerifierKey
from belbaar.proof.log.soundness_leaves import Fault, Seen, look_at_leaves
from belbaar.proof.log.tiles import check as check_tree
from belbaar.proof.log.tiles import leaves, root, size_of
from belbaar.proof.outsiders.tsa import check_stamp

_MOST = 100
"""Faults that are told; the others are counted."""


@dataclass(frozen=True, slots=True)
class Soundness:
    """What came of looking: how many entries there are, of which kinds, and what is wrong; sound when nothing is.

    ``more`` counts the faults that are not listed.
    """

    size: int
    opened: int
    clear: int
    erased: int
    events: int
    faults: tuple[Fault, ...] = ()
    more: int = 0


@dataclass(slots=True)
class _Found:
    """The faults so far."""

    faults: list[Fault] = field(default_factory=list)
    more: int = 0

    def extend(self, faults: Iterable[Fault]) -> None:
        for fault in faults:
            if len(self.faults) < _MOST:
                self.faults.append(fault)
            else:
                self.more += 1


def soundness(log: Log) -> Soundness:
    """Look at everything, in one view of the store; others may go on writing.

    Raises:
        StoreUnavailable: when the store or its keys cannot be read; then nothing is known.
    """
    remembered = log.keyring.head()  # first: whoever writes meanwhile only adds to it
    found, seen = _Found(), Seen()
    with log.store.reading():
        size = size_of(log.connection)
        found.extend(_tree(log))
        found.extend(_heads(log, size, remembered))
        found.extend(look_at_leaves(log, seen))
        found.extend(_pairs(log))
        found.extend(_texts(log, seen))
        found.extend(_rotations(log, seen))
        position = log.store.position()
    found.extend(_erased(log, seen, size))
    gone = len(seen.gone)
    return Soundness(size, seen.opened, seen.clear, gone, position, tuple(found.faults), found.more)


def _tree(log: Log) -> Iterator[Fault]:
    try:
        check_tree(log.connection)
    except ProofError as error:
        yield Fault("tree", "the tree", error.what)


def _heads(log: Log, size: int, remembered: str) -> Iterator[Fault]:
    """Hold every signed head against the tree: in the database, and in the folder of keys."""
    rows = log.store.connection.execute("SELECT size, note, reply, stamped_at FROM head ORDER BY size").fetchall()
    latest = rows[-1][0] if rows else 0
    if latest < size:
        yield Fault("unsigned", "the head", f"the log has {size:,} entries, and the latest signed head {latest:,}.")
    for _, note, reply, stamped_at in rows:
        yield from _head(log, size, note, "the database", bytes(reply), stamped_at)
    if remembered:
        yield from _head(log, size, remembered, "the folder of keys")


def _head(log: Log, size: int, text: str, where: str, reply: bytes = b"", stamped_at: int = 0) -> Iterator[Fault]:
    trust = log.keyring.trust()
    known = [dated.key for dated in trust.logs[0].keys]
    try:
        note = parse(text)
        head = Checkpoint.parse(note.text)
        about = f"the head of {head.size:,} entries in {where}"
        if not {key.kind for key in check(note, known).keys}:
            yield Fault("bad-signature", about, "the log's key did not sign it.")
        check(note, [*known, *(dated.key for dated in trust.witnesses)])
        if reply and check_stamp(reply, note.text.encode(), trust.tsa_roots) != stamped_at:
            yield Fault("bad-timestamp", about, "its timestamp tells another time.")
    except (InputError, ProofError) as error:
        yield Fault(error.code, f"a head in {where}", error.what)
        return
    if head.size > size:
        yield Fault(
            "log-behind", about, f"the log has {size:,}: an older copy of the store was put back, or its end cut off."
        )
        return
    try:
        forked = root(log.connection, head.size) != head.root
    except ProofError:  # told by the tree
        forked = True
    if forked:
        yield Fault("log-forked", about, "the entries make another tree: the log is not the one that was signed.")


def _pairs(log: Log) -> Iterator[Fault]:
    """Every event has one leaf."""
    query = log.store.connection.execute
    doubled = "SELECT about FROM leaf WHERE about <> 0 GROUP BY about HAVING count(*) > 1 ORDER BY about"
    for (seq,) in query(doubled).fetchall():
        yield Fault("event-twice", f"event {seq}", "several entries of the log say to be of it.")
    alone = (
        "SELECT seq FROM event WHERE NOT EXISTS "
        "(SELECT 1 FROM leaf WHERE leaf.about = event.seq AND leaf.about <> 0) ORDER BY seq"
    )
    for (seq,) in query(alone).fetchall():
        yield Fault("event-added", f"event {seq}", "the log has no entry of it: it was written past belbaar.")


def _texts(log: Log, seen: Seen) -> Iterator[Fault]:
    """Every text is what its entry has the hash of."""
    rows = log.store.connection.execute("SELECT sha256, kind, content, ix FROM logged_text ORDER BY ix").fetchall()
    for digest, kind, content, ix in rows:
        if text_hash(content) != digest:
            yield Fault("text-changed", f"the text of entry {ix}", "it is not the text that was logged.")
        elif seen.texts.pop(ix, None) != (kind, digest):
            yield Fault("text-changed", f"the text of entry {ix}", "that entry is of another text.")
    for ix in seen.texts:
        yield Fault("text-gone", f"the text of entry {ix}", "it is gone.")


def _rotations(log: Log, seen: Seen) -> Iterator[Fault]:
    """Each key but the first was handed the log in an entry, by the one before it."""
    keys = [dated.key for dated in log.keyring.trust().logs[0].keys]
    handed = _following(keys[0], seen.rotations)
    if handed != keys[1:]:
        yield Fault(
            "key-unknown",
            "the log's keys",
            "trust.json has other keys than the log was handed over to.",
            "If a rotation was interrupted, finish it with: belbaar log keys rotate",
        )


def _following(first: VerifierKey, entries: Sequence[bytes]) -> list[VerifierKey]:
    found, current = [], first
    for entry in entries:
        try:
            current, _ = read_rotation(entry, current)
        except ProofError:  # no handing over by the key before: whatever it names is not followed
            continue
        found.append(current)
    return found


def _erased(log: Log, seen: Seen, size: int) -> Iterator[Fault]:
    """Whatever is gone was erased in the open: an entry names it; of late ones too, which came while we looked."""
    if seen.gone - seen.erased or seen.emptied - seen.places:
        with log.store.reading():
            for ix, leaf in leaves(log.connection, size):
                seen.note(ix, leaf)
    for ix in sorted(seen.gone - seen.erased):
        yield Fault(
            "lost", f"entry {ix}", "its content or its key is gone, and no erasure names it.",
            "If keys.db was damaged, restore it from its backup.",
        )  # fmt: skip
    for seq in sorted(seen.emptied - seen.places):
        yield Fault("event-changed", f"event {seq}", "it was emptied, and no erasure names it.")
