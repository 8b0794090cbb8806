"""The time of day of a process, set as it begins: ``clock.c`` beside this, compiled once and loaded before all else.

env = {**os.environ, **clock_at("2026-09-08 14:00:00")}
"""

__all__ = ["clock_at"]

import hashlib
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest

_SOURCE = Path(__file__).parent / "clock.c"


def clock_at(at: str) -> dict[str, str]:
    """Give the variables by which a process begins at a moment, local time."""
    return {"LD_PRELOAD": str(_compiled()), "TEST_CLOCK": at, "TZ": "Europe/Amsterdam"}


@cache
def _compiled() -> Path:
    if not shutil.which("cc"):
        pytest.skip("there is no C compiler on the path: make system")
    digest = hashlib.sha256(_SOURCE.read_bytes()).hexdigest()[:16]
    library = Path(tempfile.gettempdir()) / f"belbaar-clock-{os.getuid()}-{digest}.so"
    if not library.exists():
        beside = library.with_suffix(f".{os.getpid()}")
        subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", str(beside), str(_SOURCE), "-ldl"], check=True)
        beside.replace(library)
    return library
