"""Checkpoints: the signed head of the log, by which everybody means the same tree (C2SP tlog-checkpoint, tlog-proof).

>>> print(Checkpoint("belbaar.example/demo/2026", 5, bytes(32)), end="")
belbaar.example/demo/2026
5
AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
>>> Checkpoint.parse(str(Checkpoint("belbaar.example/demo/2026", 5, bytes(32)))).size
5
"""

__all__ = [
    "Checkpoint",
    "Proof",
    "format_proof",
    "parse_hash",
    "parse_hashes",
    "parse_proof",
    "parse_size",
    "signed_checkpoint",
]

import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from belbaar.errors import InputError
from belbaar.proof.log.note import Note, parse, sign
from belbaar.proof.log.note_keys import SignerKey, unbase64
from belbaar.proof.log.tree import HASH_BYTES

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_LARGEST = 2**63 - 1
_HEADER = "c2sp.org/tlog-proof@v1"
_MOST_HASHES = 63


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: whose, how many leaves, their root."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text of a checkpoint's note.

        Raises:
            InputError: when it is none.
        """
        origin, *rest = text.split("\n")
        if len(rest) < 3 or rest[-1] or not origin or "" in rest[:-1]:  # noqa: PLR2004  size, root, end
            raise InputError("this is no checkpoint: origin, size and root on a line each.")
        return cls(origin, parse_size(rest[0]), parse_hash(rest[1]), tuple(rest[2:-1]))

    def __str__(self) -> str:
        return "\n".join([self.origin, str(self.size), b64encode(self.root).decode(), *self.extensions, ""])


@dataclass(frozen=True, slots=True)
class Proof:
    """That an entry is in the log: its index, the hashes, the signed checkpoint."""

    index: int
    hashes: tuple[bytes, ...]
    note: Note


def signed_checkpoint(checkpoint: Checkpoint, *signers: SignerKey) -> str:
    """Sign a checkpoint with the log's keys: one, or old and new around a rotation; the name of a key is the origin."""
    if any(signer.name != checkpoint.origin for signer in signers):
        raise InputError("the key of a log has the log's origin for its name.", where=checkpoint.origin)
    if Checkpoint.parse(str(checkpoint)) != checkpoint:
        raise InputError("this checkpoint cannot be written.", where=checkpoint.origin)
    return sign(str(checkpoint), *signers)


def format_proof(index: int, hashes: Iterable[bytes], note: str) -> str:
    """Write a proof of inclusion with its checkpoint, for a ``.tlog-proof`` file."""
    lines = "".join(f"{b64encode(hash_).decode()}\n" for hash_ in hashes)
    return f"{_HEADER}\nindex {index}\n{lines}\n{note}"


def parse_proof(text: str) -> Proof:
    """Read a ``.tlog-proof`` file; proves nothing until its note and its hashes are checked.

    Raises:
        InputError: when it is none.
    """
    head, _, note = text.partition("\n\n")
    header, *lines = head.split("\n")
    if lines and lines[0].startswith("extra "):  # somebody's remark, which nothing vouches for
        lines = lines[1:]
    if header != _HEADER or not lines or not lines[0].startswith("index "):
        raise InputError("this is no proof of inclusion.", todo=f"It begins with {_HEADER} and an index.")
    return Proof(parse_size(lines[0].removeprefix("index ")), tuple(parse_hashes(lines[1:])), parse(note))


def parse_hashes(lines: Sequence[str]) -> list[bytes]:
    """Read hashes in base64, a line each."""
    if len(lines) > _MOST_HASHES:
        raise InputError(f"a proof has at most {_MOST_HASHES} hashes.")
    return [parse_hash(line) for line in lines]


def parse_size(text: str) -> int:
    """Read a size or an index: decimal, no leading zeros."""
    if not _SIZE.fullmatch(text) or int(text) > _LARGEST:
        raise InputError("a size is a decimal number without leading zeros.")
    return int(text)


def parse_hash(text: str) -> bytes:
    """Read a hash in base64, in its one spelling."""
    hash_ = unbase64(text)
    if len(hash_) != HASH_BYTES:
        raise InputError(f"a hash is {HASH_BYTES} bytes in base64.")
    return hash_
