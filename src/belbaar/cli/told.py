"""The file in which a program is told how to run, such as a gate."""

__all__ = ["text_of"]

from pathlib import Path

from belbaar.errors import InputError

GATE = "docs/howto/gate-in-the-call-path.md"


def text_of(path: Path, guide: str = GATE) -> str:
    """Read it.

    Raises:
        InputError: names the file, and the guide that tells what belongs in it.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("it cannot be read.", where=str(path), todo=f"See: {guide}") from error
