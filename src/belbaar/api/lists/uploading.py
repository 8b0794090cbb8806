"""A form with a file, taken in piece by piece: the file goes to disk as it comes, and no further than it may."""

__all__ = ["Upload", "take_upload"]

import asyncio
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO

import msgspec
from litestar.exceptions import ClientException
from multipart import (  # type: ignore[import-untyped]  # it ships none
    MultipartError,
    MultipartSegment,
    PushMultipartParser,
    parse_options_header,
)

from belbaar.errors import InputError, StoreUnavailable

_FIELDS = 64
"""Fields of a form."""
_FIELD_BYTES = 65_536
"""Bytes of all fields but the file."""
_LET_OUT = 64 << 20
"""Bytes that are read of a form after it was refused."""
_NAME = 200
_SUFFIXES = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
_NOT_IN_A_NAME = re.compile(r"[/\\\x00-\x1f\x7f]|^\.+$")


class Upload(msgspec.Struct):
    """What came: the fields with all values given, the file's name as sent, and where it lies now."""

    fields: dict[str, list[str]]
    name: str
    path: Path


async def take_upload(chunks: AsyncIterator[bytes], content_type: str, folder: Path, most: int) -> Upload:
    """Take a form in.

    Args:
        chunks: of the request's body.
        content_type: of the request, which says what stands between its parts.
        folder: where the file goes.
        most: bytes that all may have together.

    Raises:
        InputError: it is no such form, has no file or two, is too large, or names a file as no file is named.
        StoreUnavailable: the file cannot be kept: the disk is full.
    """
    kind, options = parse_options_header(content_type)
    if kind != "multipart/form-data" or not options.get("boundary"):
        raise InputError(
            "a list is uploaded as a form.", todo="Send multipart/form-data with the list as file.", code="malformed"
        )
    form = _Form(folder, most)
    try:
        with PushMultipartParser(options["boundary"], max_segment_count=_FIELDS, strict=True) as parser:
            async for chunk in chunks:
                form.count(len(chunk))
                for part in parser.parse(chunk):
                    form.take(part)
    except InputError:
        await _let_out(chunks)
        raise
    except (MultipartError, UnicodeError, ClientException) as error:
        raise InputError("the form cannot be read, or broke off.", todo="Send it again.", code="malformed") from error
    except OSError as error:
        raise StoreUnavailable(
            f"the list cannot be kept: {error.strerror}.", todo="Send it later; the operator must make room."
        ) from error
    finally:
        await asyncio.to_thread(form.close)
    return form.uploaded()


async def _let_out(chunks: AsyncIterator[bytes]) -> None:
    """Read some of what still comes: most clients hear a refusal only when all is sent."""
    left = _LET_OUT
    async for chunk in chunks:
        left -= len(chunk)
        if left < 0:
            return


class _Form:
    """Guards the file that is being written, and what the form said so far."""

    def __init__(self, folder: Path, most: int) -> None:
        self._folder, self._most = folder, most
        self._fields: dict[str, list[str]] = {}
        self._bytes = self._field_bytes = 0
        self._part: MultipartSegment | None = None
        self._text = bytearray()
        self._file: BinaryIO | None = None
        self._name = ""
        self._path: Path | None = None

    def count(self, size: int) -> None:
        """Count what comes in."""
        self._bytes += size
        if self._bytes > self._most:
            raise InputError(
                f"the list is larger than the {self._most:,} bytes that may be uploaded.",
                where="/file",
                todo="Send it in parts, or as Parquet, which is smaller.",
                code="too-large",
            )

    def take(self, part: "MultipartSegment | bytearray | None") -> None:
        """Take what the parser found: the head of a part, some of it, its end."""
        if isinstance(part, MultipartSegment):
            self._part = part
            if part.name == "file" or part.filename:
                self._open(part)
        elif part is not None and self._in_file() and self._file:
            self._file.write(part)
        elif part is not None:
            self._field_bytes += len(part)
            if self._field_bytes > _FIELD_BYTES:
                raise InputError("the fields of the form are too long.", code="too-large")
            self._text += part
        else:
            self._end()

    def close(self) -> None:
        """Have the file durable, and close it."""
        if self._file is not None:
            with self._file as file:
                file.flush()
                os.fsync(file.fileno())
            self._file = None

    def uploaded(self) -> Upload:
        """Give what came."""
        if self._path is None:
            raise InputError("no list came along.", where="/file", todo="Send it as the field file.", code="malformed")
        return Upload(self._fields, self._name, self._path)

    def _in_file(self) -> bool:
        return self._part is not None and (self._part.name == "file" or bool(self._part.filename))

    def _open(self, part: MultipartSegment) -> None:
        if part.name != "file" or self._path is not None:
            raise InputError("a form has one file.", where="/file", todo="Send each list by itself.", code="malformed")
        self._name = part.filename or ""
        if not self._name or len(self._name) > _NAME or _NOT_IN_A_NAME.search(self._name):
            raise InputError(
                "the file's name is a path, or no name.",
                where="/file",
                todo=f"Name it as a file, with at most {_NAME} characters and no / or \\ in it.",
                code="bad-name",
            )
        suffix = _SUFFIXES.get(Path(self._name).suffix.lower())
        if suffix is None:
            raise InputError(
                "the file's name does not tell what it is.",
                where="/file",
                todo="Send CSV, XLSX, Parquet or JSON Lines, its name ending in .csv, .xlsx, .parquet or .jsonl.",
                code="bad-name",
            )
        self._path = self._folder / f"list.{suffix}"
        self._file = os.fdopen(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")

    def _end(self) -> None:
        if self._part is not None and not self._in_file():
            if self._text:  # a form sends fields that nobody filled in
                self._fields.setdefault(self._part.name, []).append(self._text.decode())
            self._text = bytearray()
        self._part = None
