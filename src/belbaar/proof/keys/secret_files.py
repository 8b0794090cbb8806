"""Secrets in files of their own, which only their owner can read; never in a database or its backups.

>>> import tempfile, pathlib
>>> path = pathlib.Path(tempfile.mkdtemp()) / "kek"
>>> new_secret(path) == read_secret(path)
True
"""

__all__ = ["new_secret", "read_private", "read_secret", "write_private"]

import os
import secrets
import stat
from pathlib import Path

from belbaar.errors import InputError, StoreUnavailable

_BYTES = 32


def new_secret(path: Path) -> bytes:
    """Make 32 random bytes and keep them in a new file of mode 0600; durable when this returns."""
    secret = secrets.token_bytes(_BYTES)
    write_private(path, secret.hex() + "\n")
    return secret


def read_secret(path: Path) -> bytes:
    """Read what ``new_secret`` wrote."""
    text = read_private(path).strip()
    try:
        secret = bytes.fromhex(text)
    except ValueError:
        secret = b""
    if len(secret) != _BYTES:
        raise InputError(f"this is no key: {_BYTES} bytes in hex are wanted.", where=str(path))
    return secret


def write_private(path: Path, text: str) -> None:
    """Write a new file that only its owner can read; a file that is there is never written over."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # the name is durable too, not only the bytes
        finally:
            os.close(folder)
    except FileExistsError as error:
        raise InputError(
            "there is a key file already.", where=str(path), todo="Rotate it, or name another; a lost key is for ever."
        ) from error
    except OSError as error:
        raise StoreUnavailable(f"the key file cannot be written: {error.strerror}.", where=str(path)) from error


def read_private(path: Path) -> str:
    """Read a private file.

    Raises:
        StoreUnavailable: when it is not there, or others than its owner could have read it.
    """
    try:
        with path.open(encoding="utf-8") as file:
            if os.fstat(file.fileno()).st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise StoreUnavailable(
                    "others can read this key file.",
                    where=str(path),
                    todo=f"If nobody did: chmod 600 {path}",
                    code="key-exposed",
                )
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise StoreUnavailable(
            "the key file cannot be read.",
            where=str(path),
            todo="Put it back; without it nothing opens.",
            code="key-missing",
        ) from error
