"""Breaking the glass of a gate itself: Kamailio is told on its control socket, and it is written down to be sent on."""

__all__ = ["break_at"]

import os
from pathlib import Path

import msgspec

from belbaar.errors import StoreUnavailable
from belbaar.reading import written
from belbaar.sip.control import command
from belbaar.sip.settings import Gate

_MINUTE = 60_000_000


def break_at(gate: Gate, *, minutes: int, reason: str, by: str, now: int) -> str:
    """Break the glass of the Kamailio on this machine, or mend it (``minutes`` 0); give until when.

    It is written down first: no glass is broken of which nothing would be known.

    Raises:
        StoreUnavailable: when it cannot be written down, or Kamailio does not run.
    """
    until = now + minutes * _MINUTE
    if minutes:
        _write_down(
            Path(gate.calls) / "glass.jsonl", {"by": by, "at": written(now), "minutes": minutes, "reason": reason}
        )
    command(gate.run, "htable.seti", "glass", "until", str(until // 1_000_000))
    return written(until)


def _write_down(path: Path, told: dict[str, object]) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.json.encode(told) + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StoreUnavailable(f"it cannot be written: {error.strerror}.", where=str(path)) from error
