"""During and after a call: the objection, however it comes, before anything else; and what became of it, in the ledger."""

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.api.conftest import CONSENTED, OWN
from tests.sip.answerer import answering
from tests.sip.carrier import carrier
from tests.sip.conftest import events
from tests.sip.dialer import PLAIN, within
from tests.sip.gate import gating

ASSERTED = f"P-Asserted-Identity: <sip:{OWN}@dialer.example>"


def awaited(gate, method):
    """Wait until the carrier has got a request; give its Call-ID."""
    before, end = len(gate.carrier.received), time.monotonic() + 8
    while time.monotonic() < end:
        for text in gate.carrier.received[before:]:
            if text.startswith(method):
                return re.search(r"^Call-ID: (\S+)", text, re.MULTILINE)[1]
        time.sleep(0.02)
    raise AssertionError(method)


def key(digit, kind="application/dtmf-relay", cseq=2):
    body = f"Signal={digit}\r\nDuration=160\r\n" if kind.endswith("relay") else digit
    return within("INFO", cseq, headers=f"Content-Type: {kind}", body=body) + '<recv response="200"/>'


def test_an_answered_call_becomes_an_event_on_its_verdict_and_is_sent_once(gate, service, person):
    placed = gate.dialer.calls(person)
    verdict = gate.record(placed.call_id).verdict
    assert gate.tell()["lines"] >= 2
    (made,) = events(service, person, "call.made")
    assert made["fields"] == {"product": "energy", "verdict": verdict}
    assert gate.tell()["lines"] == 0
    (gate.folder / "calls" / "sent.json").unlink()  # what was sent is forgotten: all is sent again
    assert gate.tell()["lines"] >= 2
    assert events(service, person, "call.made") == [made]


@pytest.mark.parametrize("kind", ["application/dtmf-relay", "application/dtmf"])
def test_a_key_that_means_do_not_call_me_again_is_in_force_before_the_call_has_ended(gate, service, person, kind):
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(gate.dialer.calls, person, then=key("9", kind) + '<pause milliseconds="1500"/>')
        heard = awaited(gate, "INFO ")
        refused = gate.dialer.refused(person, 603, source=PLAIN)  # on another trunk
        assert not any(text.startswith("BYE ") and heard in text for text in gate.carrier.received)
        call.result()
    assert refused.header("Reason") == 'SIP;cause=603;text="objection"'
    (made,) = events(service, person, "objection.made")
    assert made["caller"] == "voltix"


def test_a_key_that_means_nothing_is_none_and_one_says_that_the_right_was_offered(gate, service, person):
    gate.dialer.calls(person, then=key("7") + key("8", cseq=3), cseq=4)
    assert events(service, person, "objection.made") == []
    (offered,) = events(service, person, "objection.offered")
    assert offered["fields"]["offered_by"] == "key"
    gate.dialer.calls(person)


def test_607_from_the_called_side_is_an_objection_before_the_dialer_hears_of_it(service, person, gate, tmp_path):
    with carrier(answers="607 Unwanted") as unwilling:
        key_ = service.make_key("integrator", "house", "--right", "ask", "--right", "permit")
        with gating(tmp_path, unwilling, url=service.url, key=key_, shows=OWN) as another:
            assert another.dialer.refused(person, 607).status.startswith("SIP/2.0 607")
            assert 'text="objection"' in another.dialer.refused(person, 603).header("Reason")
            assert 'text="objection"' in gate.dialer.refused(person, 603, source=PLAIN).header("Reason")
            assert len(unwilling.invites()) == 1
            another.tell()
    assert len(events(service, person, "objection.made")) == 1
    (attempt,) = events(service, person, "call.attempted")
    assert attempt["fields"]["outcome"] == "607"


def test_a_hang_up_that_says_607_is_an_objection(gate, service, person):
    gate.dialer.calls(person, bye='Reason: SIP ;cause=607 ;text="Unwanted"')
    assert len(events(service, person, "objection.made")) == 1
    gate.dialer.calls(CONSENTED, bye="Reason: Q.850;cause=16")
    gate.dialer.calls(CONSENTED)


def test_what_nobody_heard_during_the_call_is_in_its_record(line, tmp_path):
    """The service does not take in that 9 is pressed: the call goes on, and what was said comes by the record of calls."""
    with (
        answering() as service,
        gating(tmp_path, line, url=f"http://127.0.0.1:{service.port}", key="bel_0f3a_secret", shows=OWN) as gate,
    ):
        service.says(b'{"allow":1,"permit":"' + b"0f" * 16 + b'.abcdefghijklmnopqrstuv","ref":"v-7"}')
        service.deaf = True
        gate.dialer.calls(CONSENTED, then=key("9"))
        time.sleep(0.2)
        assert gate.tell(status=2) == {}  # nor does it take the record: nothing is passed over
        service.deaf = False
        service.says(json.dumps({"results": [{}, {}]}).encode())
        assert gate.tell() == {"lines": 3, "refused": 0}
        told = [each for each in service.questions if each["path"] == "/v1/gate/objections"]
    assert [(each["permit"], each["how"]) for each in told] == [("0f" * 16, "key")]
