"""The folder of keys beside a store: what must never be in its database or in the database's backups.

    >>> import tempfile
    >>> ring = make_keyring(Path(tempfile.mkdtemp()) / "keys", "belbaar.example/demo/2026")
    >>> ring.log_keys(at=0)[0].name, ring.receipt_key().name, len(ring.suppression_keys())
    ('belbaar.example/demo/2026', 'belbaar.example/demo/2026/receipt', 1)
    >>> [str(key) for key in ring.trust().logs[0].keys[0][:1]] == [str(ring.log_keys(at=0)[0].verifier())]
    True

====================  ==============================================================================================
``kek``               wraps the retention keys
``keys.db``           the retention keys: deleting one erases; backed up apart, for 14 days at most
``log.key``           signs the heads of the log; ``log.<n>.key`` are those that it followed
``receipt.key``       signs what persons get
``suppression.1.key`` finds the objections of erased persons; later ones are put over it
``trust.json``        whom to trust, in public: to be published, and held against what a dossier brings
``anchors.json``      witnesses and the timestamp authority that are asked to sign along
``head.note``         the latest head that this machine has signed: an older copy of the database is seen by it
====================  ==============================================================================================
"""

__all__ = ["BOTH_SIGN", "Anchors", "Keyring", "WitnessAt", "alone", "make_keyring", "shared_secret", "with_new_key"]

import contextlib
import fcntl
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from threading import Event
from typing import BinaryIO

import msgspec

from belbaar.errors import InputError, StoreUnavailable
from belbaar.files import write_whole
from belbaar.proof.keys.keystore import KeyStore
from belbaar.proof.keys.secret_files import new_secret, read_secret
from belbaar.proof.keys.suppress import read_suppression_keys
from belbaar.proof.keys.trust import DatedKey, LogTrust, Trust, new_key, read_key, read_trust, write_trust
from belbaar.proof.log.checkpoint import parse_size
from belbaar.proof.log.note_keys import SignerKey

DAY = 86_400_000_000
_BRIEFLY, _PAUSE = 0.5, 0.02
"""Seconds to wait for a place that another process holds, and between looking."""
BOTH_SIGN = 90 * DAY
"""Microseconds after a rotation in which the old key signs too."""


class WitnessAt(msgspec.Struct, frozen=True):
    """A witness: where it answers, and its public key."""

    url: str
    vkey: str


class Anchors(msgspec.Struct, frozen=True):
    """Who is asked to sign along: witnesses, and a timestamp authority ("": none)."""

    witnesses: tuple[WitnessAt, ...] = ()
    tsa: str = ""


class Keyring:
    """The keys of one store. Guards the open key store; files are read when they are first needed.

    Args:
        folder: where they are.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._head, self._head_lock = folder / "head.note", folder / "head.lock"
        self._signing = folder / "trust.json", folder / "log.key"
        self._signers: tuple[object, SignerKey, list[SignerKey], int] | None = None
        self._kept: tuple[object, int] | None = None

    @cached_property
    def retention(self) -> KeyStore:
        """The retention keys, opened; with the next key-encryption key where changing it was interrupted."""
        self._there()
        path, following = self.folder / "keys.db", self.folder / "kek.next"
        try:
            return KeyStore(path, kek=read_secret(self.folder / "kek"))
        except StoreUnavailable as error:
            if error.code != "key-mismatch" or not following.exists():
                raise
        return KeyStore(path, kek=read_secret(following))

    def log_keys(self, at: int) -> list[SignerKey]:
        """Give the keys that sign heads at an instant (UTC microseconds): the log's, and one it followed of late.

        What was read is remembered for as long as the files stay the same.
        """
        self._there()
        state = tuple(map(_state, self._signing))
        if self._signers is None or self._signers[0] != state:
            current, former = read_key(self.folder / "log.key"), self.former_keys()
            since = {dated.key: dated.since for dated in self.trust().logs[0].keys}.get(current.verifier(), 0)
            before = [key for key in map(read_key, former[-1:]) if key != current]
            self._signers = state, current, before, since
        _, current, before, since = self._signers
        return [current, *(before if at < since + BOTH_SIGN else ())]

    def former_keys(self) -> list[Path]:
        """Give the files of the keys that the log's key followed, oldest first."""
        return self._numbered("log")

    def receipt_key(self) -> SignerKey:
        """Give the key that signs receipts."""
        return read_key(self.folder / "receipt.key")

    def suppression_keys(self) -> list[bytes]:
        """Give the keys of suppression tags, oldest first."""
        return read_suppression_keys(self._numbered("suppression"))

    @property
    def origin(self) -> str:
        """The log's name."""
        return self.trust().logs[0].origin

    def trust(self) -> Trust:
        """Say whom to trust."""
        return read_trust(self._public("trust.json"))

    def publish(self, trust: Trust) -> None:
        """Write whom to trust anew."""
        write_whole(self.folder / "trust.json", write_trust(trust))

    def anchors(self) -> Anchors:
        """Say who is asked to sign along."""
        path = self.folder / "anchors.json"
        if not path.exists():
            return Anchors()
        try:
            return msgspec.json.decode(path.read_bytes(), type=Anchors)
        except msgspec.MsgspecError as error:
            raise InputError(f"this is no list of witnesses: {error}", where=str(path)) from error

    def remember(self, anchors: Anchors) -> None:
        """Keep who is asked to sign along."""
        write_whole(self.folder / "anchors.json", msgspec.json.format(msgspec.json.encode(anchors)) + b"\n")

    def head(self) -> str:
        """Give the latest head that was signed here; "" when none was."""
        return self._head.read_text(encoding="utf-8") if self._head.exists() else ""

    def keep_head(self, note: str) -> None:
        """Keep the latest head outside the database; of several writers that of the longest log stays.

        Where another process holds on to its place, as one that was stopped does, the next head is kept instead.
        """
        size = _size(note)
        with alone(self._head_lock, seconds=_BRIEFLY) as held:
            if held and self._size_kept() < size:
                write_whole(self._head, note.encode())
                self._kept = _state(self._head), size

    def _size_kept(self) -> int:
        """Give the size of the head that is kept, -1 where none is; what was kept last is remembered until the file changes."""
        if self._kept is None or self._kept[0] != _state(self._head):
            known = self.head()
            return _size(known) if known else -1
        return self._kept[1]

    def close(self) -> None:
        """Close the key store, if it is open."""
        if "retention" in self.__dict__:
            self.retention.close()
            del self.__dict__["retention"]

    def _numbered(self, name: str) -> list[Path]:
        numbered = [(path.name.split(".")[1], path) for path in self.folder.glob(f"{name}.*.key")]
        return [path for _, path in sorted((int(place), path) for place, path in numbered if place.isdigit())]

    def _public(self, name: str) -> bytes:
        self._there()
        try:
            return (self.folder / name).read_bytes()
        except OSError as error:
            raise StoreUnavailable(
                f"{name} is missing or cannot be read.", where=str(self.folder), todo="Put it back from your copy."
            ) from error

    def _there(self) -> None:
        if not self.folder.is_dir():
            raise StoreUnavailable(
                "the keys of this store are not there, so nothing can be logged or erased.",
                where=str(self.folder),
                todo="Put the folder back, name it in BELBAAR_KEYS, or make keys for an older store: belbaar init",
                code="key-missing",
            )


def make_keyring(folder: Path, origin: str) -> Keyring:
    """Make the keys of a new store; keys that are there stay as they are.

    Args:
        folder: made when it is not there, readable by its owner only.
        origin: the log's name, for ever: a domain of yours and a word, such as ``voltix.example/log/2026``.
    """
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(
            f"the folder of keys cannot be made: {error.strerror}.", where=str(folder), todo="Name it in BELBAAR_KEYS."
        ) from error
    ring = Keyring(folder)
    if (folder / "trust.json").exists():
        return ring
    for name in ("kek", "suppression.1.key"):
        if not (folder / name).exists():
            new_secret(folder / name)
    for name, signer in (("log.key", origin), ("receipt.key", f"{origin}/receipt")):
        if not (folder / name).exists():
            new_key(folder / name, signer)
    log = read_key(folder / "log.key")
    ring.publish(Trust((LogTrust(log.name, (DatedKey(log.verifier()),)),)))  # last: then all is there
    return ring


def with_new_key(trust: Trust, new: SignerKey, at: int) -> Trust:
    """Say that a new key signs the log from an instant on; the one before stays good for as long as both sign."""
    (log,) = trust.logs
    *older, latest = log.keys
    keys = (*older, latest._replace(until=at + BOTH_SIGN), DatedKey(new.verifier(), at))
    return replace(trust, logs=(LogTrust(log.origin, keys),))


def shared_secret(folder: Path, name: str) -> bytes:
    """Give a secret that all processes of an installation share, from a file beside the store's other keys.

    Made when it is not there.
    """
    path = folder / f"{name}.key"
    with alone(folder / f"{name}.lock"):
        return read_secret(path) if path.exists() else new_secret(path)


@contextlib.contextmanager
def alone(path: Path, *, seconds: float | None = None) -> Iterator[bool]:
    """Hold a file's lock; it goes with the process, whatever ends that.

    Args:
        path: the file.
        seconds: how long to wait for it; None: until it is free. Gives whether it is held.
    """
    try:
        with path.open("ab") as file:
            yield _locked(file, seconds)
    except OSError as error:
        raise StoreUnavailable(f"it cannot be locked: {error.strerror}.", where=str(path)) from error


def _locked(file: BinaryIO, seconds: float | None) -> bool:
    if seconds is None:
        fcntl.flock(file, fcntl.LOCK_EX)
        return True
    for _ in range(int(seconds / _PAUSE)):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            Event().wait(_PAUSE)  # whatever clock it is given, where time.sleep may refuse
        else:
            return True
    return False


def _state(path: Path) -> tuple[int, int, int]:
    """Tell a file from any that was there before."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0, 0
    return found.st_mtime_ns, found.st_ino, found.st_size


def _size(note: str) -> int:
    """Give the size of a head that was signed here: its second line."""
    return parse_size(note.split("\n", 2)[1])
