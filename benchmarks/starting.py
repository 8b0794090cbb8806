"""How long it takes until ``belbaar`` answers: the best of five whole processes."""

import subprocess
import sys
from pathlib import Path

from benchmarks.timing import seconds


def measure(store: Path) -> list[tuple[str, ...]]:
    question = ("may-call", "+3197010000001", "--caller", "voltix", "--product", "energy", "--store", str(store))
    python = _best(sys.executable, "-c", "pass")
    belbaar = str(Path(sys.executable).with_name("belbaar"))
    lines = []
    for name, words in (("`belbaar --help`", ("--help",)), ("`belbaar may-call …`", question)):
        took = _best(belbaar, *words)
        ratio = f"{took / python:.1f} times its time"
        lines.append((name, "`python -c pass`", ratio, f"{took:.2f} s", f"{python:.3f} s"))
    return lines


def _best(*command: str) -> float:
    return min(seconds(lambda: subprocess.run(command, check=False, capture_output=True)) for _ in range(5))  # noqa: S603
