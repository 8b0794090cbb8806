"""In doubt, no: whatever happens to the service, nothing passes without its yes, and no dialer waits long for a no."""

import base64
import time

import pytest

from tests.api.conftest import CONSENTED, OWN
from tests.api.service import free_port
from tests.sip.answerer import YES, answering
from tests.sip.carrier import carrier
from tests.sip.dialer import PLAIN
from tests.sip.gate import gating

KEY = "bel_0f3a_secret"
NO = '"phrase":"Decline","cause":"objection","text":"No.","ref":"v-1"}'


@pytest.fixture(scope="module")
def service():
    with answering() as answerer:
        yield answerer


@pytest.fixture(scope="module")
def gate(service, line, tmp_path_factory):
    url = f"http://127.0.0.1:{service.port}"
    with gating(tmp_path_factory.mktemp("doubt"), line, url=url, key=KEY, shows=OWN) as running:
        yield running


def refused(gate, **how):
    placed = gate.dialer.refused(CONSENTED, 503, **how)
    assert placed.header("Reason") == 'SIP;cause=503;text="permission cannot be checked"'
    assert placed.header("Retry-After") == "30"
    assert gate.carrier.invites(placed.call_id) == []
    assert gate.record(placed.call_id).code == "503"
    return placed


def test_the_question_says_what_stands_in_the_call(gate, service):
    service.says()
    placed = gate.dialer.calls(CONSENTED, source=PLAIN, headers=f"P-Asserted-Identity: <tel:{OWN}>\nX-Belbaar-Offer: o")
    (question,) = service.questions
    basic = base64.b64encode(f"trunk:{KEY}".encode()).decode()
    assert question == {
        "agent": "",
        "campaign": "herfst",
        "product": "",
        "presented": OWN,
        "from": OWN,
        "called": CONSENTED,
        "call_id": placed.call_id,
        "offer": "o",
        "authorization": f"Basic {basic}",
    }


def test_what_signs_for_the_number_is_asked_about_as_it_stands(gate, service):
    service.says()
    signed = f'P-Asserted-Identity: <tel:{OWN}>\nIdentity: ..a;info=<u>;ppt="x"\nDate: today\nIdentity: b'
    gate.dialer.calls(CONSENTED, source=PLAIN, headers=signed)
    (question,) = service.questions
    assert (question["identity"], question["date"]) == ('..a;info=<u>;ppt="x",b', "today")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"yes",
        b"[1]",
        b"{}",
        YES[:-1],
        YES[:20],
        b'{"allow":true,"permit":"0f.ab"}',
        b'{"allow":"1","permit":"0f.ab"}',
        b'{"allow":1.0,"permit":"0f.ab"}',
        b'{"allow":10,"permit":"0f.ab"}',
        b'{"allow":1}',
        b'{"allow":1,"ref":"v-7"}',
        b'{"allow":1,"permit":""}',
        b'{"allow":1,"permit":7}',
        b'{"allow":1,"permit":"a\\r\\nX-Evil: 1"}',
        b'{"text":"\\"allow\\":1,","permit":"0f.ab"}',
        b'{"allow":1,"permit":"0f.ab","identity":"x"}',
        b'{"allow":1,"permit":"0f.ab","identity":7}',
        b'{"allow":1,"permit":"0f.ab","identity":"a.b.c;info=<https://x.example/y>;alg=ES256;ppt=shaken\\r\\nX-Evil: 1"}',
        b'{"allow":1,"permit":"' + b"a" * 1_000_000 + b'"}',
        f'{{"allow":0,"code":200,{NO}'.encode(),
        f'{{"allow":0,"code":700,{NO}'.encode(),
        f'{{"allow":0,{NO}'.encode(),
        f'{{"allow":0,"code":603,{NO}'.replace("No.", 'a\\" b').encode(),
        f'{{"allow":0,"code":603,{NO}'.replace("Decline", "a\\r\\nX: 1").encode(),
    ],
    ids=lambda body: repr(body[:40]),
)
def test_nonsense_is_no_yes(gate, service, body):
    service.says(body)
    refused(gate)


@pytest.mark.parametrize("status", [201, 204, 302, 401, 404, 422, 500, 503])
def test_a_yes_under_another_status_is_no_yes(gate, service, status):
    service.says(b"" if status == 204 else YES, status=status, Location="/v1/gate")
    refused(gate)


def test_a_service_that_hangs_up_after_each_answer_will_do(gate, service):
    service.says(Connection="close")
    for _ in range(3):
        assert "X-Belbaar-Permit: 0f.ab" in gate.carrier.invites(gate.dialer.calls(CONSENTED).call_id)[0]


def test_a_slow_answer_is_waited_for_and_asked_for_once(gate, service):
    service.says(seconds=0.4)
    placed = gate.dialer.calls(CONSENTED, again="yes")  # the dialer sends its INVITE twice
    assert placed.line.count("\nINVITE sip:") >= 2
    assert len(service.questions) == 1
    assert len(gate.carrier.invites(placed.call_id)) == 1


def test_a_call_that_is_called_off_while_it_is_asked_about_never_leaves(gate, service):
    service.says(seconds=0.6)
    placed = gate.dialer.calls_off(CONSENTED, ringing=False)
    assert placed.status.startswith("SIP/2.0 487")
    time.sleep(0.8)
    assert len(service.questions) == 1
    assert gate.carrier.invites(placed.call_id) == []


def test_a_service_that_hangs_is_not_waited_for_and_no_queue_grows(gate, service):
    service.says(seconds=1.6)  # then it says yes: too late
    start = time.monotonic()
    late = refused(gate)
    assert time.monotonic() - start < 2.5
    start = time.monotonic()
    for _ in range(3):
        refused(gate)
    assert time.monotonic() - start < 1.5  # most of it SIPp's own
    assert len(service.questions) == 1
    time.sleep(max(0.0, 1.0 - (time.monotonic() - start)))
    assert gate.carrier.invites(late.call_id) == []
    service.says()
    time.sleep(max(0.0, 4.2 - (time.monotonic() - start)))  # a whole second more than the 3 s for which none is asked
    assert len(gate.carrier.invites(gate.dialer.calls(CONSENTED).call_id)) == 1


def test_a_service_that_is_away_is_a_no_at_once_but_for_emergencies(line, tmp_path):
    port = free_port()
    with gating(tmp_path, line, url=f"http://127.0.0.1:{port}", key=KEY, shows=OWN) as gate:
        start = time.monotonic()
        refused(gate)
        assert time.monotonic() - start < 1
        assert len(line.invites(gate.dialer.calls("112", headers="Privacy: id").call_id)) == 1
        with answering(port):
            assert len(line.invites(gate.dialer.calls(CONSENTED).call_id)) == 1  # and when it is back, it is asked


def test_a_call_that_rings_can_be_called_off(service, tmp_path):
    service.says()
    with (
        carrier(rings=True) as ringing,
        gating(tmp_path, ringing, url=f"http://127.0.0.1:{service.port}", key=KEY, shows=OWN) as gate,
    ):
        placed = gate.dialer.calls_off(CONSENTED, ringing=True)
        assert any(text.startswith("CANCEL ") and placed.call_id in text for text in ringing.received)
