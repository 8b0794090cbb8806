"""The log's keys: one file each, rotation that old and new both sign, and the list of what to trust.

    >>> old, new = (SignerKey.generate("belbaar.example/demo/2026", seed=bytes([n]) * 32) for n in (1, 2))
    >>> entry = rotation_entry(old, new, since=1796000000000000)
    >>> read_rotation(entry, old.verifier()) == (new.verifier(), 1796000000000000)
    True

``trust.json`` says who may sign: it is published apart from any dossier, for a list of trusted keys inside the
evidence proves nothing about a forger.
"""

__all__ = [
    "DatedKey",
    "LogTrust",
    "Trust",
    "new_key",
    "read_key",
    "read_rotation",
    "read_trust",
    "rotation_entry",
    "write_trust",
]

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from belbaar.errors import InputError, ProofError
from belbaar.proof.entries.commit import clear_entry
from belbaar.proof.entries.jcs import Value, canonical, encode
from belbaar.proof.keys.secret_files import read_private, write_private
from belbaar.proof.log.note import check, parse, sign
from belbaar.proof.log.note_keys import COSIGNER, LOG, SignerKey, VerifierKey

FOREVER = 2**53 - 1
"""Until when a key is good that has no end yet, in UTC microseconds."""
_HEADER = "belbaar/key/1"


class DatedKey(NamedTuple):
    """A public key, and from when until when it may sign, in UTC microseconds; the end is no longer part of it."""

    key: VerifierKey
    since: int = 0
    until: int = FOREVER


class LogTrust(NamedTuple):
    """One log: its origin and the keys that sign its checkpoints."""

    origin: str
    keys: tuple[DatedKey, ...]


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom to believe: logs, witnesses and how many of them, roots of timestamp authorities (PEM)."""

    logs: tuple[LogTrust, ...]
    witnesses: tuple[DatedKey, ...] = ()
    quorum: int = 1
    tsa_roots: tuple[str, ...] = ()


class _DatedText(msgspec.Struct, forbid_unknown_fields=True):
    since: int
    until: int
    vkey: str


class _LogText(msgspec.Struct, forbid_unknown_fields=True):
    keys: list[_DatedText]
    origin: str


class _TrustFile(msgspec.Struct, forbid_unknown_fields=True):
    logs: list[_LogText]
    quorum: int
    tsa_roots: list[str]
    v: int
    witnesses: list[_DatedText]


class _KeyBody(msgspec.Struct, forbid_unknown_fields=True):
    note: str


class _KeyEntry(msgspec.Struct, forbid_unknown_fields=True):
    b: _KeyBody
    k: Literal["key"]
    v: Literal[1]


def new_key(path: Path, name: str, kind: int = LOG) -> SignerKey:
    """Make a key and keep it in a new private file; durable when this returns."""
    key = SignerKey.generate(name, kind)
    write_private(path, key.secret_text() + "\n")
    return key


def read_key(path: Path) -> SignerKey:
    """Read a key file."""
    try:
        return SignerKey.parse(read_private(path))
    except InputError as error:
        raise InputError(error.what, where=str(path), todo=error.todo) from error


def rotation_entry(old: SignerKey, new: SignerKey, since: int) -> bytes:
    """Write the entry that hands a log over to a new key, signed by both: neither can be pushed on the other."""
    if old.name != new.name or old.seed == new.seed:
        raise InputError("a log's new key has the same name and is another key.", where=old.name)
    text = f"{_HEADER}\n{old.name}\nold {old.verifier()}\nnew {new.verifier()}\nsince {since}\n"
    return clear_entry("key", {"note": sign(text, old, new)})


def read_rotation(entry: bytes, trusted: VerifierKey) -> tuple[VerifierKey, int]:
    """Give the key that follows a trusted one, and from when.

    Raises:
        ProofError: when the entry is no rotation of that key, or one of the two did not sign.
    """
    try:
        note = parse(msgspec.json.decode(entry, type=_KeyEntry).b.note)
        header, origin, old, new, since, end = note.text.split("\n")
        following = VerifierKey.parse(new.removeprefix("new "))
        at = int(since.removeprefix("since "))
    except (InputError, msgspec.MsgspecError, ValueError) as error:
        raise ProofError("this entry is no rotation of a key.", where=trusted.name) from error
    expected = (_HEADER, trusted.name, f"old {trusted}", f"new {following}", f"since {at}", "")
    if (header, origin, old, new, since, end) != expected or following.name != trusted.name:
        raise ProofError("this entry hands over another key.", where=trusted.name)
    if len(check(note, [trusted, following]).keys) != len({trusted, following}) or following == trusted:
        raise ProofError("a rotation is signed by the old key and the new.", where=trusted.name)
    return following, at


def write_trust(trust: Trust) -> bytes:
    """Write ``trust.json``, canonical."""
    return encode(
        {
            "logs": [{"keys": _dated(log.keys), "origin": log.origin} for log in trust.logs],
            "quorum": trust.quorum,
            "tsa_roots": list(trust.tsa_roots),
            "v": 1,
            "witnesses": _dated(trust.witnesses),
        }
    )


def read_trust(data: bytes) -> Trust:
    """Read ``trust.json``, as written here or by hand.

    Raises:
        InputError: when it is none.
    """
    try:
        read = msgspec.json.decode(canonical(data), type=_TrustFile)
    except msgspec.MsgspecError as error:
        raise InputError(
            f"this is no list of trusted keys: {error}", todo="See docs/reference/log-formats.md."
        ) from error
    logs = tuple(LogTrust(log.origin, _undated(log.keys, LOG)) for log in read.logs)
    if read.v != 1 or any(dated.key.name != log.origin for log in logs for dated in log.keys):
        raise InputError("this list of trusted keys is of another version, or has a key of another origin.")
    return Trust(logs, _undated(read.witnesses, COSIGNER), read.quorum, tuple(read.tsa_roots))


def _dated(keys: Sequence[DatedKey]) -> list[Value]:
    return [{"since": dated.since, "until": dated.until, "vkey": str(dated.key)} for dated in keys]


def _undated(listed: Sequence[_DatedText], kind: int) -> tuple[DatedKey, ...]:
    keys = tuple(DatedKey(VerifierKey.parse(item.vkey), item.since, item.until) for item in listed)
    if any(dated.key.kind != kind for dated in keys):
        raise InputError("a witness has a cosigner's key (type 4), a log has not (type 1).")
    return keys
