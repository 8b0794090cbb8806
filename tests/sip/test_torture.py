"""Whatever reaches it, a gate lets nothing out without a permit and goes on; and it may be started anew at any time."""

import json
import re
import socket
import threading
import time

import pytest

from tests.api.conftest import CONSENT, CONSENTED, OWN
from tests.sip.dialer import BUREAU
from tests.sip.gate import gating
from tests.sip.torture import VALID, WRONG


def sent(gate, text, n):
    """Send a message as it is; give what came back within a moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sending:
        sending.bind((BUREAU, 0))
        sending.settimeout(0.3)
        here = f"{BUREAU}:{sending.getsockname()[1]}"
        for name, value in (
            ("called", CONSENTED),
            ("shows", OWN),
            ("here", here),
            ("port", gate.dialer.port),
            ("n", n),
        ):
            text = text.replace(f"{{{name}}}", str(value))
        sending.sendto(text.replace("\n", "\r\n").encode("latin-1"), ("127.0.0.1", gate.dialer.port))
        answers = []
        try:
            while True:
                answers.append(sending.recv(65535).decode("latin-1"))
        except TimeoutError:
            return answers


def unpermitted(texts):
    """Give INVITEs that have no permit of ours."""
    permit = re.compile(r"^X-Belbaar-Permit: [0-9a-f]{32}\.[A-Za-z0-9_-]{22}\r?$", re.MULTILINE)
    return [text for text in texts if "INVITE" in text.split("\n", 1)[0] and len(permit.findall(text)) != 1]


def test_no_message_that_is_wrong_gets_out_without_a_permit_or_stops_the_gate(gate):
    for n, (name, text) in enumerate(WRONG.items()):
        before = len(gate.carrier.received)
        sent(gate, text, n)
        assert unpermitted(gate.carrier.received[before:]) == [], name
    gate.dialer.calls(CONSENTED)
    assert "core" not in {file.name.split(".")[0] for file in gate.folder.iterdir()}
    assert not re.search(r"segfault|signal 11|CRITICAL.*child process", gate.log.read_text(errors="replace"))


@pytest.mark.parametrize("name", VALID)
def test_what_is_strange_and_right_is_a_call_as_any_other(gate, name):
    before = len(gate.carrier.received)
    answers = sent(gate, VALID[name], 900 + list(VALID).index(name))
    assert any(text.startswith("SIP/2.0 ") for text in answers)
    came = [text for text in gate.carrier.received[before:] if text.startswith("INVITE ")]
    assert unpermitted(came) == []
    assert not any("+31201000099" in text for text in came)


def test_kamailio_started_anew_under_load_has_one_verdict_for_each_call_and_ends_no_call(service, line, tmp_path):
    """Dialers send again what was not answered; each is one call, one permit, one entry, whoever was away meanwhile."""
    numbers = [f"+312010003{n:02}" for n in range(30)]
    consents = [{**CONSENT, "number": number} for number in numbers]
    assert service.post("/v1/events", consents).json()["new"] == len(numbers)
    key = service.make_key("integrator", "house", "--right", "ask", "--right", "permit")
    before = len(line.received)
    with gating(tmp_path, line, url=service.url, key=key, shows=OWN) as gate:
        answered: dict[str, int] = {}
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sending:
            sending.bind((BUREAU, 0))
            sending.settimeout(0.1)
            stopped = threading.Event()
            dialing = threading.Thread(target=_dials, args=(gate, sending, numbers, answered, stopped))
            dialing.start()
            time.sleep(0.4)
            gate.restart()
            time.sleep(0.3)
            gate.restart()
            dialing.join(25)
            stopped.set()
            dialing.join()
        assert answered == dict.fromkeys(numbers, 200)
    permits = {}
    for text in line.received[before:]:
        if text.startswith("INVITE "):
            call = re.search(r"^Call-ID: (\S+)", text, re.MULTILINE)[1]
            permits.setdefault(call, set()).update(re.findall(r"^X-Belbaar-Permit: (\S+)", text, re.MULTILINE))
    assert {call: len(found) for call, found in permits.items()} == {f"load{n}": 1 for n in range(len(numbers))}
    for number in numbers[:: len(numbers) // 5]:
        listed = service.command("log", "entries", number)
        assert [each["kind"] for each in listed].count("verdict") == 1, json.dumps(listed)


def _dials(gate, sending, numbers, answered, stopped):
    """Place calls one after the other, and send each again until it is answered, as RFC 3261 has it for UDP."""
    here = f"{BUREAU}:{sending.getsockname()[1]}"
    due = {number: 0.02 * n + time.monotonic() for n, number in enumerate(numbers)}
    while len(answered) < len(numbers) and not stopped.is_set():
        for n, number in enumerate(numbers):
            if number not in answered and time.monotonic() >= due[number]:
                due[number] = time.monotonic() + 0.5
                text = _INVITE.format(called=number, shows=OWN, here=here, n=n, port=gate.dialer.port)
                sending.sendto(text.replace("\n", "\r\n").encode(), ("127.0.0.1", gate.dialer.port))
        try:
            answer = sending.recv(65535).decode()
        except (TimeoutError, ConnectionError):
            continue
        code, found = int(answer.split(" ", 2)[1]), re.search(r"^Call-ID: load(\d+)", answer, re.MULTILINE)
        if found and (code == 200 or code >= 600):
            answered[numbers[int(found[1])]] = code


_INVITE = """INVITE sip:{called}@127.0.0.1:{port} SIP/2.0
Via: SIP/2.0/UDP {here};branch=z9hG4bKload{n}
From: <sip:{shows}@dialer.example>;tag=l{n}
To: <sip:{called}@127.0.0.1:{port}>
Call-ID: load{n}
CSeq: 1 INVITE
Contact: <sip:dialer@{here}>
P-Asserted-Identity: <sip:{shows}@dialer.example>
Max-Forwards: 70
Content-Length: 0

"""
