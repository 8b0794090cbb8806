"""Who calls back, and who is announced something, hears it: calls through the real proxies to the voice, with their sound."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.api.conftest import CONSENTED, OWN
from tests.sip.answerer import Answerer, answering
from tests.sip.conftest import events
from tests.sip.dialer import BUREAU
from tests.sip.gate import Gate, gating
from tests.sip.incoming import until
from tests.sip.phone import Phone
from tests.sip.voice import PITCHES, recorded, speaking

CARRIER, SECRET = "127.0.0.6", "sixteen-or-more-letters"


@pytest.fixture(scope="module")
def voice(service, tmp_path_factory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("voice")
    for name in ("voltix.nl.ask", "nl.unseen", "en.unseen", "nl.done", "en.done"):
        recorded(folder, name)
    key = service.make_key("integrator", "house", "--right", "permit")
    told = f'service = "{service.url}"\nkey = "{key}"\nsecret = "{SECRET}"\nrecordings = "{folder}"\n'
    with speaking(folder, told) as port:
        yield port


@pytest.fixture(scope="module")
def back(service, line, voice, tmp_path_factory) -> Iterator[Gate]:
    """A gate that who calls back comes through."""
    tables = f'[callers_back]\nsources = ["{CARRIER}"]\nvoice = "sip:127.0.0.1:{voice}"\nsecret = "{SECRET}"\n'
    key = service.make_key("integrator", "house", "--right", "ask", "--right", "permit")
    with gating(tmp_path_factory.mktemp("gate"), line, url=service.url, key=key, shows=OWN, tables=tables) as running:
        yield running


def asserted(number):
    return f"P-Asserted-Identity: <sip:{number}@carrier.example;user=phone>"


def test_who_calls_back_hears_who_called_and_presses_1(back, service, person):
    with Phone(back.dialer.port, CARRIER) as phone:
        assert phone.calls(OWN, asserted(person)).startswith("SIP/2.0 200")
        until(lambda: len(phone.ear.heard) > 20)
        assert phone.hears() == pytest.approx(PITCHES["ask"], abs=20)
        until(lambda: len(phone.ear.heard) > 100)  # English is spoken by now
        assert phone.hears(60) > 0
        before = len(phone.ear.heard)
        phone.ear.press("1", phone.ear.toward)
        phone.hangs_up_on()
        (made,) = events(service, person, "objection.made")
        assert phone.hears(before + 25) > 0
    assert made["caller"] == "voltix"
    assert back.dialer.refused(person, 603).status.startswith("SIP/2.0 603")


@pytest.mark.parametrize(
    "headers",
    [
        (),
        (asserted("{}"), "Privacy: id"),
        (asserted("{}"), "P-Asserted-Identity: <tel:+31201000008>"),
        ("X-Belbaar-Back: {}.{}..00",),
    ],
)
def test_who_is_not_seen_is_told_so_and_objects_to_nothing(back, service, person, headers):
    with Phone(back.dialer.port, CARRIER) as phone:
        phone.calls(OWN, *(each.replace("{}", person) for each in headers), sender=f"<sip:{person}@carrier.example>")
        until(lambda: len(phone.ear.heard) > 20)
        assert phone.hears() == pytest.approx(PITCHES["unseen"], abs=20)
        phone.ear.press("1", phone.ear.toward)
        phone.hangs_up_on()
    assert events(service, person, "objection.made") == []


def test_two_identities_of_one_number_are_one(back, service, person):
    with Phone(back.dialer.port, CARRIER) as phone:
        phone.calls(OWN, f"{asserted(person)}, <tel:{person}>", "Privacy: none")
        phone.ear.press("1", phone.ear.toward)
        phone.hangs_up_on()
    assert len(events(service, person, "objection.made")) == 1


def test_nobody_elses_word_is_taken_for_who_is_calling(back, voice, service, person):
    told = ".".join([OWN.encode().hex(), person.encode().hex(), ""])
    with Phone(voice) as phone:  # past the gate
        assert phone.calls(OWN, f"X-Belbaar-Back: {told}.{'0' * 64}").startswith("SIP/2.0 486")
    with Phone(back.dialer.port, "127.0.0.9") as phone:  # not from the carrier
        assert phone.calls(OWN, asserted(person)).startswith("SIP/2.0 403")
    with Phone(back.dialer.port, CARRIER) as phone:  # a number that is nobody's
        assert phone.calls("+31201990077", asserted(person)).startswith("SIP/2.0 486")
    assert events(service, person, "objection.made") == []


def test_several_call_back_at_a_time_and_nobody_is_put_on_hold(back, service):
    people = [f"+312010002{number}" for number in range(10, 14)]

    def presses(person):
        with Phone(back.dialer.port, CARRIER) as phone:
            phone.calls(OWN, asserted(person))
            until(lambda: len(phone.ear.heard) > 60)
            phone.ear.press("1", phone.ear.toward)
            phone.hangs_up_on()
            return [text for text in phone.answers if text.startswith("INVITE ")]

    with ThreadPoolExecutor(len(people)) as pool:
        assert list(pool.map(presses, people)) == [[]] * len(people)
    assert [len(events(service, person, "objection.made")) for person in people] == [1] * len(people)


def test_a_call_back_is_no_call_of_a_dialer_and_stands_in_no_record(back):
    back.tell()
    with Phone(back.dialer.port, CARRIER) as phone:
        phone.calls(OWN)
        phone.hangs_up_on()
    assert back.tell() == {"lines": 0, "refused": 0}
    with Phone(back.dialer.port, BUREAU) as phone:
        assert phone.calls(OWN, asserted(OWN), sender=f"<sip:{OWN}@dialer.example>").startswith("SIP/2.0 608")


@pytest.fixture(scope="module")
def alone(tmp_path_factory) -> Iterator[tuple[Answerer, int]]:
    """A voice that asks whatever a test says."""
    folder = tmp_path_factory.mktemp("voice")
    for step in ("ask", "away", "failed"):
        for lang in ("nl", "en"):
            recorded(folder, f"{lang}.{step}")
    with answering() as service:
        url = f"http://127.0.0.1:{service.port}"
        told = f'service = "{url}"\nkey = "bel_0f3a_x"\nsecret = "{SECRET}"\nrecordings = "{folder}"\n'
        with speaking(folder, told) as port:
            yield service, port


def sealed(phone, person):
    """Say who calls, as the gate does."""
    told = ".".join([OWN.encode().hex(), person.encode().hex(), ""])
    seal = hashlib.sha256(f"{SECRET}|{phone.call_id}|{told}".encode()).hexdigest()
    return f"X-Belbaar-Back: {told}.{seal}"


def test_a_key_that_could_not_be_told_is_not_said_to_count(alone):
    service, port = alone
    service.deaf = False
    service.says(
        json.dumps({"callers": [], "says": {"nl": "a", "en": "b"}, "counts": True, "objected": False}).encode()
    )
    with Phone(port) as phone:
        phone.calls(OWN, sealed(phone, CONSENTED))
        until(lambda: len(phone.ear.heard) > 20)
        assert phone.hears() == pytest.approx(PITCHES["ask"], abs=20)
        service.deaf = True
        phone.ear.press("1", phone.ear.toward)
        phone.hangs_up_on()
        assert phone.hears(-60) == pytest.approx(PITCHES["failed"], abs=20)
    pressed = [each["pressed"] for each in service.questions if "pressed" in each]
    assert pressed == ["1"] * 3


def test_who_calls_back_while_the_service_is_away_is_asked_to_call_later(alone):
    service, port = alone
    service.deaf = True
    with Phone(port) as phone:
        phone.calls(OWN, sealed(phone, CONSENTED))
        phone.hangs_up_on()
        assert phone.hears() == pytest.approx(PITCHES["away"], abs=20)


def test_two_voices_at_one_port_are_one_too_many(alone, tmp_path):
    _, port = alone
    (tmp_path / "voice.toml").write_text(f'listen = "udp:127.0.0.1:{port}"\n', encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "belbaar.cli", "sip", "speak", "voice.toml"],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert run.returncode == 2, run.stderr
    assert "Is the port taken?" in run.stderr
