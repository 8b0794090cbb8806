"""Where a demonstration keeps what it makes: a folder that goes again, or an empty one that is kept."""

__all__ = ["folder_of"]

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from belbaar.errors import InputError


@contextmanager
def folder_of(folder: str) -> Iterator[Path]:
    """Give the folder.

    Args:
        folder: one to keep; "": one that goes again.

    Raises:
        InputError: when there is something in it already.
    """
    if not folder:
        with tempfile.TemporaryDirectory(prefix="belbaar-demo-") as made:
            yield Path(made)
        return
    kept = Path(folder)
    if kept.exists() and any(kept.iterdir()):
        raise InputError("this folder is not empty.", where=folder, todo="Name another, or leave --folder out.")
    kept.mkdir(parents=True, exist_ok=True)
    yield kept.resolve()
