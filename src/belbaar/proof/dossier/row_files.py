"""The rows of a screened list on disk: numbers and answers, block by block, encrypted under the list's key.

A file is blocks: length in four bytes, nonce, and what AES-GCM made of the compressed columns; the last block holds the
answers and the number of rows. It appears under its name when it is whole.
"""

__all__ = ["RowFile", "read_rows"]

import os
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from hashlib import shake_256
from pathlib import Path
from typing import BinaryIO

import msgspec
import numpy as np
import numpy.typing as npt
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from belbaar.errors import ProofError, StoreUnavailable
from belbaar.verdict.views import Answer

Numbers = npt.NDArray[np.int64]
Places = npt.NDArray[np.int32]

_LABEL = b"belbaar/rowfile/1"
_NONCE = 12
_ANSWERS = 2**32 - 1
"""In the place of a block's number: the block of the answers, the last of a file."""


class RowFile:
    """A file of rows that is being written. Guards the file; durable when ``close`` returns.

    Args:
        path: where it will be.
        secret: the list's key.
    """

    def __init__(self, path: Path, secret: bytes) -> None:
        self.path = path
        self._cipher = _cipher(secret)
        self._blocks = 0
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file: BinaryIO = path.with_suffix(".part").open("wb")
        except OSError as error:
            raise StoreUnavailable(
                f"the rows of the list cannot be kept: {error.strerror}.",
                where=str(path.parent),
                todo="Make room, or mend its permissions.",
            ) from error

    def add(self, numbers: Numbers, places: Places) -> None:
        """Write a block of rows."""
        content = numbers.astype("<i8").tobytes() + places.astype("<i4").tobytes()
        self._write(self._blocks, zlib.compress(content, 1))
        self._blocks += 1

    def close(self, answers: Sequence[Answer], rows: int) -> None:
        """Write the answers, and give the file its name."""
        said = {"answers": [asdict(answer) for answer in answers], "rows": rows}
        self._write(_ANSWERS, zlib.compress(msgspec.json.encode(said)))
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self.path.with_suffix(".part").replace(self.path)

    def remove(self) -> None:
        """Leave nothing of the file."""
        self._file.close()
        for path in (self.path, self.path.with_suffix(".part")):
            path.unlink(missing_ok=True)

    def _write(self, block: int, content: bytes) -> None:
        nonce = block.to_bytes(_NONCE, "big")  # the key is the file's own, so a block's number is used once
        sealed = self._cipher.encrypt(nonce, content, _LABEL)
        try:
            self._file.write(len(sealed).to_bytes(4, "big") + nonce + sealed)
        except OSError as error:
            raise StoreUnavailable(
                f"the rows of the list cannot be kept: {error.strerror}.",
                where=str(self.path.parent),
                todo="Make room.",
            ) from error


def read_rows(path: Path, secret: bytes) -> tuple[list[Answer], Iterator[tuple[Numbers, Places]]]:
    """Read a file of rows: the answers, and the blocks in order.

    Raises:
        StoreUnavailable: when it is not there.
        ProofError: when it was changed.
    """
    cipher = _cipher(secret)
    try:
        *blocks, last = list(_places(path))
    except (OSError, ValueError) as error:
        raise StoreUnavailable(
            "the rows of this list are not there.", where=str(path), todo="Rows are kept for 90 days; the entry stays."
        ) from error
    said = msgspec.json.decode(_opened(path, cipher, last))
    answers = [Answer(**{**answer, "reasons": tuple(answer["reasons"])}) for answer in said["answers"]]
    return answers, (_columns(_opened(path, cipher, block)) for block in blocks)


def _places(path: Path) -> Iterator[tuple[int, int]]:
    """Find where the blocks stand: offset and length."""
    at, end = 0, path.stat().st_size
    with path.open("rb") as file:
        while at < end:
            file.seek(at)
            length = int.from_bytes(file.read(4), "big")
            yield at + 4, _NONCE + length
            at += 4 + _NONCE + length


def _opened(path: Path, cipher: AESGCM, place: tuple[int, int]) -> bytes:
    with path.open("rb") as file:
        file.seek(place[0])
        sealed = file.read(place[1])
    try:
        return zlib.decompress(cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], _LABEL))
    except (InvalidTag, zlib.error) as error:
        raise ProofError("the rows of this list were changed.", where=str(path), code="list-damaged") from error


def _columns(content: bytes) -> tuple[Numbers, Places]:
    rows = len(content) // 12
    return np.frombuffer(content[: rows * 8], "<i8"), np.frombuffer(content[rows * 8 :], "<i4")


def _cipher(secret: bytes) -> AESGCM:
    return AESGCM(shake_256(secret + _LABEL).digest(32))
