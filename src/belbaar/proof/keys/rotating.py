"""Changing the keys: each in steps that may be interrupted anywhere, and are finished by doing it again.

The log's key is followed in an entry that old and new both sign; both sign heads for 90 days, so that whoever knows one
of them can go on. The old file stays, numbered. The key-encryption key is replaced under the retention keys, the
suppression key is put over the tags that are there: neither leaves a trace outside the folder of keys and that table.

Invariant: at no moment is a secret in use that is not durable in its file.
"""

__all__ = ["Rotated", "rotate_kek", "rotate_log_key", "rotate_suppression_key"]

import os
from pathlib import Path
from typing import NamedTuple

from belbaar.errors import ProofError
from belbaar.proof.entries.commit import ID_BYTES, Leaf
from belbaar.proof.keys.keyring import Keyring, alone, with_new_key
from belbaar.proof.keys.secret_files import new_secret, read_secret, write_private
from belbaar.proof.keys.suppress import under_new_key
from belbaar.proof.keys.trust import new_key, read_key, read_rotation, rotation_entry
from belbaar.proof.log.keeping import Log
from belbaar.proof.log.note_keys import SignerKey, VerifierKey

_LOCK = "rotate.lock"


class Rotated(NamedTuple):
    """What a rotation of the log's key made: the new key, since when it signs, the entry that says so, the old file."""

    key: VerifierKey
    since: int
    entry: int
    former: Path


def rotate_log_key(log: Log) -> Rotated:
    """Give the log a new key, or finish what was interrupted.

    Raises:
        StoreUnavailable: when store or folder cannot be written; do it again then.
        ProofError: when the log is not the one that these keys have signed.
    """
    ring = log.keyring
    with alone(ring.folder / _LOCK):
        current, waiting = read_key(ring.folder / "log.key"), ring.folder / "log.next.key"
        interrupted = waiting.exists()
        new = read_key(waiting) if interrupted else new_key(waiting, current.name)
        with log.store.writing():
            done = _handed_over(log, current, new) if interrupted else None
            entry, since = done or _hand_over(log, current, new)
        trust = ring.trust()
        if new.verifier() not in {dated.key for dated in trust.logs[0].keys}:
            ring.publish(with_new_key(trust, new, since))
        former = _kept(ring, current)
        _put(waiting, ring.folder / "log.key")
    return Rotated(new.verifier(), since, entry, former)


def rotate_kek(ring: Keyring) -> int:
    """Wrap the retention keys with a new key-encryption key, or finish what was interrupted; give how many there are.

    Programs that have the key store open have to be started again: they refuse to write with the key that was.
    """
    with alone(ring.folder / _LOCK):
        waiting = ring.folder / "kek.next"
        new = read_secret(waiting) if waiting.exists() else new_secret(waiting)
        ring.close()  # opened anew, with whichever key it is under now
        ring.retention.rewrap(new)
        _put(waiting, ring.folder / "kek")
        return sum(1 for _ in ring.retention.every_key())


def rotate_suppression_key(log: Log) -> int:
    """Put a new key over the tags of erased persons, or finish what was interrupted; give how many tags there are.

    Their numbers are gone, so the keys before it stay in use beneath; programs that run look under the new one at once.
    """
    ring, store = log.keyring, log.store
    store.overwrite_deleted()
    with alone(ring.folder / _LOCK), store.writing() as connection:
        under, keys = log.suppression_keys(), ring.suppression_keys()
        if len(keys) == len(under):
            keys.append(new_secret(ring.folder / f"suppression.{len(keys) + 1}.key"))
        rows = connection.execute("SELECT tag, caller FROM suppression").fetchall()
        for old, caller in rows:
            tag = bytes(old)
            for key in keys[len(under) :]:
                tag = under_new_key(tag, key)
            connection.execute("UPDATE suppression SET tag = ? WHERE tag = ? AND caller = ?", (tag, old, caller))
    return len(rows)


def _hand_over(log: Log, current: SignerKey, new: SignerKey) -> tuple[int, int]:
    since = log.clock()
    entry = rotation_entry(current, new, since)
    return log.append([Leaf(bytes(ID_BYTES), entry, b"")], new), since


def _handed_over(log: Log, current: SignerKey, new: SignerKey) -> tuple[int, int] | None:
    """Find the entry that hands the log over to this key: there is one when a rotation was interrupted."""
    rows = log.store.connection.execute("SELECT ix, entry FROM leaf WHERE handle = 0 AND about = 0 ORDER BY ix DESC")
    for ix, entry in rows:
        try:
            key, since = read_rotation(bytes(entry), current.verifier())
        except ProofError:  # an entry of another kind
            continue
        if key == new.verifier():
            return ix, since
    return None


def _kept(ring: Keyring, current: SignerKey) -> Path:
    """Keep the key that was followed under the next number, once."""
    former = ring.former_keys()
    if former and read_key(former[-1]) == current:
        return former[-1]
    path = ring.folder / f"log.{len(former) + 1}.key"
    write_private(path, current.secret_text() + "\n")
    return path


def _put(waiting: Path, place: Path) -> None:
    """Put a file in its place, durably."""
    waiting.replace(place)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
