"""The voice, as `belbaar sip speak` runs it, and recordings that a test can tell apart."""

import subprocess
import sys
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from tests.api.service import free_port
from tests.sip.gate import _end
from tests.sip.incoming import until

PITCHES = {"ask": 400, "unseen": 600, "done": 800, "refused": 1000, "marked": 1200, "away": 1400, "failed": 1600}
"""Hz of the recording of each step."""


def recorded(folder: Path, step: str) -> None:
    """Make a recording: a tone of half a second, with more samples a second than a telephone has."""
    at = np.arange(22050 // 2) / 22050
    with wave.open(str(folder / f"{step}.wav"), "wb") as file:
        file.setparams((1, 2, 22050, 0, "NONE", ""))
        file.writeframes((8000 * np.sin(2 * np.pi * PITCHES[step.rpartition(".")[2]] * at)).astype("<i2").tobytes())


@contextmanager
def speaking(folder: Path, told: str) -> Iterator[int]:
    """Run the voice, by the command; give its port."""
    port, log = free_port(), folder / "voice.log"
    (folder / "voice.toml").write_text(f'listen = "udp:127.0.0.1:{port}"\n{told}', encoding="utf-8")
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "belbaar.cli", "sip", "speak", "voice.toml"],
            cwd=folder, stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
    try:
        until(lambda: "answers at" in log.read_text() or process.poll() is not None, 30)
        assert process.poll() is None, log.read_text()
        yield port
    finally:
        _end(process)
