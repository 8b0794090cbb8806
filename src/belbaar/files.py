"""Files that are there whole or not at all: written beside their place, then renamed.

>>> import tempfile
>>> place = Path(tempfile.mkdtemp()) / "receipt.txt"
>>> write_whole(place, b"all of it")
>>> place.read_bytes(), [path.name for path in place.parent.iterdir()]
(b'all of it', ['receipt.txt'])
"""

__all__ = ["write_whole"]

import contextlib
import os
from pathlib import Path

from belbaar.errors import StoreUnavailable


def write_whole(path: Path, content: bytes, *, synced: bool = False, todo: str = "") -> None:
    """Write a file: a reader sees the old one or the new one, and a failure leaves nothing behind.

    Args:
        path: its place, in a folder that is there.
        content: all of it.
        synced: have it on the disk before it gets its name, so that not even a loss of power shows half of it.
        todo: what to do when it cannot be written.

    Raises:
        StoreUnavailable: when it cannot be written.
    """
    beside = path.parent / f".{path.name}.{os.getpid()}"
    try:
        with beside.open("wb") as file:
            file.write(content)
            if synced:
                file.flush()
                os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise StoreUnavailable(f"it cannot be written: {error.strerror}.", where=str(path), todo=todo) from error
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
