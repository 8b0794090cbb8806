"""Keys that travel in the sound of a call (RFC 4733), through rtpengine: whose they are, and what they do."""

import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from belbaar.errors import InputError, StoreUnavailable
from belbaar.sip.control import command
from belbaar.sip.hearing import heard, hearing
from belbaar.sip.record import line_of, requests
from belbaar.sip.settings import read_gate
from belbaar.sip.writing import written
from tests.api.conftest import CONSENTED, OWN
from tests.api.service import free_port
from tests.sip.answerer import answering
from tests.sip.carrier import Carrier, carrier
from tests.sip.conftest import events
from tests.sip.dialer import BUREAU, PLAIN
from tests.sip.gate import Gate, gating
from tests.sip.incoming import until
from tests.sip.sound import Ear, Engine, at, ear, engine

PERMIT = "0f" * 16


@pytest.fixture(scope="module")
def theirs() -> Iterator[Ear]:
    """The called person's telephone."""
    with ear() as made:
        yield made


@pytest.fixture(scope="module")
def ours() -> Iterator[Ear]:
    """The dialer's."""
    with ear() as made:
        yield made


@pytest.fixture(scope="module")
def line(theirs) -> Iterator[Carrier]:
    with carrier(sdp=theirs.sdp) as answers:
        yield answers


@pytest.fixture(scope="module")
def media(tmp_path_factory) -> Iterator[Engine]:
    with engine(tmp_path_factory.mktemp("engine")) as running:
        yield running


@pytest.fixture(scope="module")
def gate(service, line, media, tmp_path_factory) -> Iterator[Gate]:
    key = service.make_key("integrator", "house", "--right", "ask", "--right", "permit")
    folder = tmp_path_factory.mktemp("gate")
    with gating(folder, line, url=service.url, key=key, shows=OWN, tables=media.told) as running, running.told():
        assured(running)
        yield running


def assured(gate):
    """Wait until Kamailio is told that keys are heard."""
    until(lambda: "until" in command(str(gate.folder), "htable.dump", "ears"), 20)


@contextmanager
def call(gate, person, ours, *, seconds=2.0, late=False):
    """Have a call go on; give where the called person's sound goes, as the carrier is told it.

    ``late``: whether the dialer leaves it to the called side to offer a sound, and says of its own in the ACK.
    """
    received, pause = gate.carrier.received, f'<pause milliseconds="{int(seconds * 1000)}"/>'
    before = len(received)
    with ThreadPoolExecutor(1) as pool:
        sound = {"answer": ours.sdp} if late else {"body": ours.sdp}
        going = pool.submit(gate.dialer.calls, person, then=pause, **sound)
        until(lambda: going.done() or any(text.startswith("ACK ") for text in received[before:]))
        if going.done():
            going.result()
        yield at(next(text for text in received[before:] if text.startswith("ACK " if late else "INVITE ")))
        assert not any(text.startswith("BYE ") for text in received[before:])
        going.result()


def test_a_key_in_the_sound_is_an_objection_before_the_call_has_ended(gate, service, person, theirs, ours):
    with call(gate, person, ours) as dialer:
        assert dialer[1] != ours.port
        theirs.press("9", dialer)
        until(lambda: events(service, person, "objection.made"))
        refused = gate.dialer.refused(person, 603, source=PLAIN)  # on another trunk
    assert refused.header("Reason") == 'SIP;cause=603;text="objection"'
    (made,) = events(service, person, "objection.made")
    assert made["caller"] == "voltix"


def test_the_dialers_own_key_is_no_objection_and_another_of_the_called_person_none_either(
    gate, service, person, theirs, ours
):
    with call(gate, person, ours) as dialer:
        theirs.press("7", dialer)
        theirs.press("8", dialer)  # the dialer's to say
        until(lambda: ours.heard)
        ours.press("9", ours.whence)
        ours.press("8", ours.whence)
        until(lambda: events(service, person, "objection.offered"))
    (offered,) = events(service, person, "objection.offered")
    assert offered["fields"]["offered_by"] == "key"
    assert events(service, person, "objection.made") == []
    gate.dialer.calls(person)


def test_keys_are_heard_through_a_restart_of_the_proxy(gate, service, person, theirs, ours):
    with call(gate, person, ours, seconds=4) as dialer:
        gate.restart()
        theirs.press("9", dialer)
        until(lambda: events(service, person, "objection.made"))
    assured(gate)


def test_who_leaves_it_to_the_other_to_offer_a_sound_is_heard_too(gate, service, person, theirs, ours):
    """The offer stands in the 200, the answer in the ACK."""
    with call(gate, person, ours, late=True) as dialer:
        theirs.press("9", dialer)
        until(lambda: events(service, person, "objection.made"))


def test_sound_that_is_changed_in_the_call_is_heard_too(gate, service, person, theirs, ours):
    with call(gate, person, ours):
        (invite,) = gate.carrier.invites(person)
        answer = again(gate, invite, route_of(invite), ours.sdp)
        assert answer.startswith("SIP/2.0 200")
        assert at(answer)[1] != theirs.port
        theirs.press("9", at(gate.carrier.invites(person)[-1]))
        until(lambda: events(service, person, "objection.made"))


def test_a_dialog_whose_sides_were_changed_is_not_one_that_was_let_through(gate, person, ours):
    gate.dialer.calls(person, body=ours.sdp)
    (invite,) = gate.carrier.invites(person)
    route = route_of(invite)
    assert again(gate, invite, route).startswith("SIP/2.0 200")
    turned = re.sub(r"ftag=[^;>]+", "ftag=carrier", route)
    assert turned != route
    assert again(gate, invite, turned).startswith("SIP/2.0 403")


def route_of(invite):
    """Give the way of requests within a dialog."""
    return re.search(r"^Record-Route: (.*?)\r?$", invite, re.MULTILINE)[1]


def again(gate, invite, route, sdp=""):
    """Send an INVITE within a dialog by a route; give the final answer."""
    kind = "Content-Type: application/sdp\r\n" if sdp else ""
    named = {name: re.search(rf"^{name}: (.*?)\r?$", invite, re.MULTILINE)[1] for name in ("From", "To", "Call-ID")}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind((BUREAU, 0))
        line.settimeout(5)
        here = f"{BUREAU}:{line.getsockname()[1]}"
        text = (
            f"INVITE sip:carrier@127.0.0.1:{gate.carrier.port} SIP/2.0\r\nVia: SIP/2.0/UDP {here};branch=z9hG4bK{here}\r\n"
            f"From: {named['From']}\r\nTo: {named['To']};tag=carrier\r\nCall-ID: {named['Call-ID']}\r\nRoute: {route}\r\n"
            f"CSeq: 9 INVITE\r\nContact: <sip:dialer@{here}>\r\nMax-Forwards: 70\r\n{kind}Content-Length: {len(sdp)}\r\n\r\n{sdp}"
        )
        line.sendto(text.encode(), ("127.0.0.1", gate.dialer.port))
        while True:
            answer = line.recv(65535).decode()
            if not answer.startswith("SIP/2.0 1"):
                return answer


def test_no_call_begins_whose_keys_nobody_would_hear(line, ours, tmp_path):
    """Not while nobody listens, nor when rtpengine is gone; unless the glass is broken. Then all is as it was."""
    with answering() as service, engine(tmp_path) as media:
        told = {"url": f"http://127.0.0.1:{service.port}", "key": "bel_0f3a_secret", "shows": OWN, "tables": media.told}
        with gating(tmp_path, line, **told) as gate:
            service.says(b'{"allow":1,"permit":"' + PERMIT.encode() + b'.abcdefghijklmnopqrstuv","ref":"v-7"}')
            refused = gate.dialer.refused(CONSENTED, 503, body=ours.sdp)
            assert refused.header("Reason") == 'SIP;cause=503;text="keys cannot be heard"'
            assert service.questions == []
            gate.dialer.calls("112", body=ours.sdp)
            with gate.told():
                assured(gate)
                gate.dialer.calls(CONSENTED, body=ours.sdp)
                media.stop()
                assert "cannot be heard" in gate.dialer.refused(CONSENTED, 503, body=ours.sdp).header("Reason")
                gate.command("break-glass", "gate.toml", "--minutes", "5", "--reason", "Gas leak, case 2026-014.")
                gate.dialer.calls(CONSENTED, body=ours.sdp)


def test_a_key_that_the_service_does_not_take_is_told_again(line, theirs, ours, tmp_path):
    with answering() as service, engine(tmp_path) as media:
        told = {"url": f"http://127.0.0.1:{service.port}", "key": "bel_0f3a_secret", "shows": OWN, "tables": media.told}
        with gating(tmp_path, line, **told) as gate, gate.told():
            assured(gate)
            service.says(b'{"allow":1,"permit":"' + PERMIT.encode() + b'.abcdefghijklmnopqrstuv","ref":"v-7"}')
            service.deaf = True
            with call(gate, CONSENTED, ours) as dialer:
                theirs.press("9", dialer)
                until((tmp_path / "calls" / "keys.log").exists)
            service.deaf = False
            service.says(b'{"results": [{}]}')
            until(lambda: any(each.get("path") == "/v1/gate/objections" for each in service.questions), 10)
        (said,) = [each for each in service.questions if each.get("path") == "/v1/gate/objections"]
    assert (said["permit"], said["how"]) == (PERMIT, "key")


GATE = """
listen = ["udp:10.0.0.5:5060"]
gate = "http://127.0.0.1:8080/v1/gate"
carrier = "sip:sbc.carrier.example:5060"
jcard = "https://voltix.example/jcard.jws"
objection_key = "*"
[[trunks]]
name = "bureau"
sources = ["10.0.0.20"]
key = "bel_0f3a_x"
"""


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ('{"callid": "%s.bureau.x", "source_tag": "a", "event": 10}', "key"),
        ('{"callid": "%s.bureau.x", "source_tag": "a", "event": 11}', ""),
        ('{"callid": "%s.bureau.x", "source_tag": "a", "event": 16}', ""),
        ('{"callid": "%s.bureau.x", "source_tag": "a", "event": -1}', ""),
        ('{"callid": "%s.strange.x", "source_tag": "a", "event": 10}', ""),
        ('{"callid": "%s", "source_tag": "a", "event": 10}', ""),
        ('{"source_tag": "a", "event": 10}', ""),
        ("%s", ""),
    ],
)
def test_what_is_heard_is_a_line_of_the_record_or_nothing(said, means):
    line = heard(read_gate(GATE), (said % PERMIT if "%s" in said else said).encode())
    told = [(each.path, each.body) for each in requests(line_of(line))] if line else []
    assert told == ([("/v1/gate/objections", {"permit": PERMIT, "how": means})] if means else [])


MEDIA = '[media]\nrtpengine = "udp:127.0.0.1:2223"\nkeys = "udp:127.0.0.1:2224"\n'
BACK = '[callers_back]\nsources = ["{}"]\nvoice = "sip:127.0.0.1:5064"\nsecret = "{}"\n'


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (GATE.replace('objection_key = "*"', "") + MEDIA, "no key means anything"),
        (GATE + MEDIA.replace("2224", '2224"'), "TOML"),
        (GATE + MEDIA.replace("udp:127.0.0.1:2223", "udp:engine:2223"), "media.rtpengine"),
        (GATE + BACK.format("10.0.0.20", "sixteen-or-more-letters"), "that of two trunks"),
        (GATE + BACK.format("192.0.2.10", "short"), "callers_back.secret"),
        (GATE + BACK.format("192.0.2.10", 'sixteen-or-more\\"-letters'), "callers_back.secret"),
        (GATE + BACK.format("the carrier", "sixteen-or-more-letters"), "not an address"),
    ],
)
def test_what_would_be_written_wrong_is_refused(told, why):
    with pytest.raises(InputError, match=why):
        read_gate(told, "gate.toml")


def test_nothing_of_sound_or_of_who_calls_back_is_in_a_gate_that_has_neither():
    text = written(read_gate(GATE))
    assert "#!define WITH" not in text
    assert (
        written(read_gate(GATE + MEDIA + BACK.format("192.0.2.10", "sixteen-or-more-letters"))).count("#!define") == 2
    )


def test_who_cannot_write_down_what_was_pressed_says_so_and_hears_no_more(tmp_path):
    keys = free_port()
    gate = read_gate(GATE + MEDIA.replace("2224", str(keys)))
    said = b'{"callid": "%s.bureau.x", "source_tag": "a", "event": 10}' % PERMIT.encode()
    with hearing(gate, tmp_path / "gone") as still_heard, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as rtpengine:
        still_heard()
        rtpengine.sendto(said, ("127.0.0.1", keys))
        with pytest.raises(StoreUnavailable, match="cannot be written down"):
            until(still_heard)  # it raises as soon as that has failed


def test_two_that_hear_are_one_too_many(tmp_path):
    gate = read_gate(GATE + MEDIA.replace("2224", str(free_port())))
    with (
        hearing(gate, tmp_path),
        pytest.raises(StoreUnavailable, match="Address already in use"),
        hearing(gate, tmp_path),
    ):
        pass
