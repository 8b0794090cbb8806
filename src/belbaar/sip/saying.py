"""Texts made sound, for the telephone: 8 000 samples a second, of 16 bits. Own recordings go before a machine's voice."""

__all__ = ["RATE", "pause", "sound"]

import io
import shutil
import subprocess
import wave
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from belbaar.errors import InputError

RATE = 8000
"""Samples a second."""
_SAMPLE = 2
_SECONDS = 20
_SLOWLY = "140"
"""Words a minute: who hears it hears it once, on a telephone."""
_TAPS = 101
_Sound = np.ndarray[Any, np.dtype[np.float64]]


def pause(seconds: float) -> bytes:
    """Give silence."""
    return bytes(int(seconds * RATE) * _SAMPLE)


def sound(recordings: Path | None, names: Sequence[str], text: str, lang: str) -> bytes:
    """Give what is said: the first recording that is there, or else the text, spoken.

    Args:
        recordings: a folder.
        names: of recordings, without ``.wav``.
        text: what it says.
        lang: ``nl`` or ``en``.

    Raises:
        InputError: when a recording is none, or nobody can speak here.
    """
    for name in names:
        path = recordings / f"{name}.wav" if recordings else None
        if path is not None and path.is_file():
            return _samples(path.read_bytes(), str(path))
    return _spoken(text, lang)


@lru_cache(maxsize=256)
def _spoken(text: str, lang: str) -> bytes:
    program = shutil.which("espeak-ng")
    if program is None:
        raise InputError(
            "espeak-ng is not on this machine, so nothing can be spoken.",
            todo="Install it (Debian: apt-get install espeak-ng), or record what is to be said.",
        )
    run = subprocess.run(  # noqa: S603  the program's own name, words of ours
        [program, "-v", lang, "-s", _SLOWLY, "--stdin", "--stdout"],
        input=text.encode(),
        capture_output=True,
        timeout=_SECONDS,
        check=False,
    )
    if run.returncode:
        raise InputError(
            "espeak-ng does not speak.", details=tuple(run.stderr.decode(errors="replace").splitlines()[:3])
        )
    return _samples(run.stdout, "espeak-ng")


def _samples(wav: bytes, where: str) -> bytes:
    try:
        with wave.open(io.BytesIO(wav)) as file:
            rate, channels, width = file.getframerate(), file.getnchannels(), file.getsampwidth()
            frames = file.readframes(min(file.getnframes(), len(wav)))
    except (wave.Error, EOFError) as error:
        raise InputError(f"this is no WAV file: {error}.", where=where) from error
    if width != _SAMPLE:
        raise InputError("its samples are not of 16 bits.", where=where, todo="sox in.wav -b 16 out.wav")
    whole = len(frames) // (_SAMPLE * channels) * _SAMPLE * channels
    heard = np.frombuffer(frames[:whole], "<i2").reshape(-1, channels).mean(axis=1)
    return _at_rate(heard, rate).astype("<i2").tobytes()


def _at_rate(heard: _Sound, rate: int) -> _Sound:
    """Give as many samples a second as a telephone has; what it cannot carry is taken out, or it would be heard lower."""
    if rate == RATE or not len(heard):
        return heard
    cut = 0.45 * min(RATE, rate) / rate
    at = np.arange(_TAPS) - _TAPS // 2
    low = 2 * cut * np.sinc(2 * cut * at) * np.hamming(_TAPS)
    kept = np.convolve(heard, low / low.sum(), mode="same")
    wanted: _Sound = np.interp(np.arange(0, len(kept), rate / RATE), np.arange(len(kept)), kept)
    return wanted
