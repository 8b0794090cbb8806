"""Texts and recordings made sound for a telephone."""

import wave

import numpy as np
import pytest

from belbaar.errors import InputError
from belbaar.sip.saying import RATE, sound
from belbaar.sip.voice import ANNOUNCED, read_voice


def recorded(path, pitch, *, rate=44100, channels=2, width=2):
    at = np.arange(rate) / rate
    tone = np.repeat(8000 * np.sin(2 * np.pi * pitch * at), channels).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, width, rate, 0, "NONE", ""))
        file.writeframes(tone.tobytes())


def heard(pcm):
    return np.frombuffer(pcm, "<i2").astype(float)


@pytest.mark.parametrize(("rate", "channels"), [(44100, 2), (22050, 1), (8000, 1), (48000, 2)])
def test_a_recording_sounds_as_high_and_as_long_on_a_telephone(tmp_path, rate, channels):
    recorded(tmp_path / "nl.ask.wav", 440, rate=rate, channels=channels)
    told = heard(sound(tmp_path, ["nl.ask"], "", "nl"))
    assert len(told) == pytest.approx(RATE, abs=2)
    assert np.abs(np.fft.rfft(told)).argmax() == pytest.approx(440, abs=2)


def test_what_a_telephone_cannot_carry_is_not_heard_lower(tmp_path):
    recorded(tmp_path / "nl.ask.wav", 6000)
    assert np.abs(heard(sound(tmp_path, ["nl.ask"], "", "nl"))[200:-200]).max() < 80


def test_the_callers_own_recording_goes_first_and_speech_last(tmp_path):
    names = ["voltix.nl.ask", "nl.ask"]
    spoken = sound(tmp_path, names, "U belt naar een nummer van Voltix.", "nl")
    assert 1 < len(spoken) / 2 / RATE < 10
    assert np.abs(heard(spoken)).max() > 2000
    recorded(tmp_path / "nl.ask.wav", 440)
    anybodys = sound(tmp_path, names, "", "nl")
    recorded(tmp_path / "voltix.nl.ask.wav", 880)
    assert sound(tmp_path, names, "", "nl") not in (anybodys, spoken)
    assert sound(tmp_path, names[1:], "", "nl") == anybodys


def test_each_announcement_is_there_in_both_languages():
    assert all(set(texts) == {"nl", "en"} for texts in ANNOUNCED.values())


@pytest.mark.parametrize("broken", [b"", b"RIFF", b"no sound", "8 bits"])
def test_a_recording_that_is_none_is_named(tmp_path, broken):
    path = tmp_path / "nl.ask.wav"
    if broken == "8 bits":
        recorded(path, 440, width=1)
    else:
        path.write_bytes(broken)
    with pytest.raises(InputError) as error:
        sound(tmp_path, ["nl.ask"], "", "nl")
    assert error.value.where == str(path)


@pytest.mark.parametrize(
    "told",
    [
        'listen = "10.0.0.5:5064"',
        'listen = "udp:10.0.0.5:5064"\nservice = "http://127.0.0.1:8080"',
        'listen = "udp:10.0.0.5:5064"\nsecret = "short"',
        'listen = "udp:10.0.0.5:5064"\nloud = true',
        "listen",
    ],
)
def test_what_the_voice_is_told_is_read_strictly(told):
    with pytest.raises(InputError):
        read_voice(told, "voice.toml")
