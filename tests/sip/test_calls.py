"""Calls through the gate, with SIPp, Kamailio and the service: what passes, what does not, and what each side sees."""

import re

import pytest

from tests.api.conftest import CONSENTED, OTHERS, OWN, UNKNOWN
from tests.sip.conftest import OBJECTED
from tests.sip.dialer import AGAIN, PLAIN, STRANGER

ASSERTED = f"P-Asserted-Identity: <sip:{OWN}@dialer.example>"


def permits(invite):
    return re.findall(r"^X-Belbaar-Permit: (\S+)\r?$", invite, re.MULTILINE)


def test_a_call_that_is_allowed_passes_with_its_permit_and_is_written_down(gate, service):
    placed = gate.dialer.calls(CONSENTED, headers=f"{ASSERTED}\nX-Belbaar-Permit: forged\nX-Belbaar-Verdict: v-0")
    (invite,) = gate.carrier.invites(placed.call_id)
    (permit,) = permits(invite)
    (verdict,) = re.findall(r"^X-Belbaar-Verdict: v-(\d+)\r?$", invite, re.MULTILINE)
    assert len(permit) <= 512
    assert re.fullmatch(r"[0-9a-f]{32}\.[A-Za-z0-9_-]{22}", permit)
    line = gate.record(placed.call_id)
    assert (line.permit, line.verdict, line.cause) == (permit.partition(".")[0], f"v-{verdict}", "allowed")
    assert (placed.header("X-Belbaar-Call"), placed.header("X-Belbaar-Verdict")) == (line.permit, line.verdict)
    dossier = service.post("/v1/dossiers", {"number": CONSENTED, "call": int(verdict)})
    assert dossier.status_code == 200


@pytest.mark.parametrize("number", ["0201000007", "0031201000007", "%2B31201000007"])
def test_a_number_may_be_written_in_several_ways(gate, number):
    placed = gate.dialer.calls(number, shows="0201990001")
    assert len(permits(gate.carrier.invites(placed.call_id)[0])) == 1


@pytest.mark.parametrize(
    ("called", "source", "status", "reason", "more"),
    [
        (OBJECTED, "", "603 Decline", '603;text="objection"', {"Retry-After": "", "Call-Info": ""}),
        (UNKNOWN, "", "608 Rejected", '608;text="no ground"',
         {"Call-Info": "<https://voltix.example/jcard.jws>;purpose=jwscard"}),
        (UNKNOWN, PLAIN, "603 Decline", '608;text="no ground"', {"Call-Info": ""}),
        (f"{CONSENTED};rn={OBJECTED}", "", "403 Called Number Not Understood", '403;text="not a number"', {}),
        (f"{CONSENTED}%3Bext=5", "", "403 Called Number Not Understood", '403;text="not a number"', {}),
        ("12", "", "403 Called Number Not Understood", '403;text="not a number"', {"X-Belbaar-Verdict": ""}),
        ("+14155550100", "", "403 Called Number Not Understood", '403;text="not a number"', {}),
    ],
)  # fmt: skip
def test_a_call_that_is_denied_gets_its_code_and_never_leaves(gate, called, source, status, reason, more):
    how = {"source": source} if source else {}
    placed = gate.dialer.refused(called, int(status[:3]), **how)
    assert placed.status == f"SIP/2.0 {status}"
    assert placed.header("Reason") == f"SIP;cause={reason}"
    assert {name: placed.header(name) for name in more} == more
    if "X-Belbaar-Verdict" not in more and called in (OBJECTED, UNKNOWN):
        assert re.fullmatch(r"v-\d+", placed.header("X-Belbaar-Verdict"))
    assert called.strip("+") not in placed.header("X-Belbaar-Text")
    assert gate.carrier.invites(placed.call_id) == []
    assert gate.record(placed.call_id).code == status[:3]


def test_an_objection_counts_for_the_very_next_call(gate, service):
    number = "+31201000021"
    consent = {"event": "consent.given", "number": number, "caller": "voltix", "product": "energy",
               "at": "2026-09-01T10:00:00+02:00", "wording": "Ja, Voltix mag mij bellen over energie.",
               "verified": "sms"}  # fmt: skip
    assert service.post("/v1/events", consent).json()["new"] == 1
    gate.dialer.calls(number)
    assert service.post("/v1/events", {"event": "objection.made", "number": number, "caller": "voltix"}).json()["new"]
    assert 'text="objection"' in gate.dialer.refused(number, 603).header("Reason")


@pytest.mark.parametrize(
    "how",
    [
        {"headers": f"{ASSERTED}\nPrivacy: id"},
        {"headers": f"{ASSERTED}\nPrivacy: ID"},
        {"headers": f"{ASSERTED}\nPrivacy: critical;id"},
        {"headers": f"{ASSERTED}\nPrivacy: none\nPrivacy: user"},
        {"headers": f"{ASSERTED}\nPrivacy: header"},
        {"headers": f"{ASSERTED}\nPrivacy: somethingnew"},
        {"headers": "Privacy: id"},
        {"headers": f"{ASSERTED}\nRemote-Party-ID: <sip:{OWN}@dialer.example>;party=calling;privacy=full"},
        {"headers": "P-Asserted-Identity: <sip:anonymous@anonymous.invalid>"},
        {"sender": "From: <sip:anonymous@anonymous.invalid>"},
        {"sender": "f: <sip:anonymous@anonymous.invalid>"},
        {"sender": "From: <sip:x@ANONYMOUS.invalid>"},
        {"sender": f'From: "Anonymous" <sip:{OWN}@dialer.example>'},
        {"sender": f"From: anonymous <sip:{OWN}@dialer.example>"},
        {"sender": "From: <sip:Restricted@dialer.example>"},
    ],
    ids=lambda how: next(iter(how.values()))[-45:],
)
def test_who_hides_is_refused_in_every_disguise(gate, how):
    placed = gate.dialer.refused(CONSENTED, 433, **how)
    assert placed.status == "SIP/2.0 433 Anonymity Disallowed"
    assert placed.header("Reason") == 'SIP;cause=433;text="anonymous"'
    assert gate.carrier.invites(placed.call_id) == []


@pytest.mark.parametrize(
    ("how", "phrase"),
    [
        ({"headers": "X-Pad: 1"}, "Caller Identity Required"),
        ({"headers": "P-Preferred-Identity: <sip:+31201990001@dialer.example>"}, "Caller Identity Required"),
        ({"shows": OTHERS}, "Presented Number Not Registered"),
        ({"sender": f"From: <sip:{OTHERS}@dialer.example>"}, "Presented Number Not Registered"),
        ({"headers": f"P-Asserted-Identity: <sip:{OTHERS}@dialer.example>"}, "Presented Number Not Registered"),
        ({"headers": f"{ASSERTED}\nP-Asserted-Identity: <tel:{OTHERS}>"}, "Presented Number Not Registered"),
        ({"headers": f"{ASSERTED}, <tel:{OTHERS}>"}, "Presented Number Not Registered"),
        ({"headers": f"{ASSERTED}\n{ASSERTED}\n{ASSERTED}"}, "Caller Identity Not Understood"),
        ({"headers": f"P-Asserted-Identity: <sip:{OWN}@dialer.example"}, "Caller Identity Not Understood"),
        ({"headers": f"{ASSERTED}\nDiversion: <sip:{OTHERS}@dialer.example>"}, "Forwarded Call Not Permitted"),
        ({"headers": f"{ASSERTED}\nX-Belbaar-Campaign: zomer"}, "Campaign Not Registered"),
        ({"source": STRANGER}, "Unknown Trunk"),
    ],
    ids=lambda value: str(value)[-60:],
)
def test_a_caller_that_is_not_known_by_the_number_it_shows_is_refused(gate, how, phrase):
    placed = gate.dialer.refused(CONSENTED, 403, **how)
    assert placed.status == f"SIP/2.0 403 {phrase}"
    assert gate.carrier.invites(placed.call_id) == []


@pytest.mark.parametrize(
    "headers",
    [
        f"{ASSERTED}\nPrivacy: none",
        f"{ASSERTED}\nPrivacy: session;critical",
        f"P-Asserted-Identity: <tel:{OWN}>",
        f"P-Asserted-Identity: <tel:+31-20-199-0001>\nP-Asserted-Identity: <sip:{OWN}@dialer.example;user=phone>",
        f"{ASSERTED}, <tel:{OWN}>",
        f'P-Asserted-Identity: "Voltix <energie>" <sip:{OWN}@dialer.example>',
        f"{ASSERTED}\nX-Belbaar-Campaign: herfst",
    ],
    ids=lambda headers: headers[-50:],
)
def test_a_number_that_is_shown_openly_passes_however_it_is_written(gate, headers):
    placed = gate.dialer.calls(CONSENTED, headers=headers)
    assert len(permits(gate.carrier.invites(placed.call_id)[0])) == 1


def test_a_call_that_goes_on_is_not_asked_about_again(gate, service):
    before = service.post("/v1/verdicts", {"number": CONSENTED, "caller": "voltix", "product": "energy"}).json()[
        "entry"
    ]
    placed = gate.dialer.calls(CONSENTED, then=AGAIN)
    after = service.post("/v1/verdicts", {"number": CONSENTED, "caller": "voltix", "product": "energy"}).json()["entry"]
    assert after - before == 2
    first, again = gate.carrier.invites(placed.call_id)
    assert (len(permits(first)), permits(again)) == (1, [])


def test_over_tcp_a_call_passes_and_goes_on_as_well(gate):
    placed = gate.dialer.calls(CONSENTED, then=AGAIN, transport="t1")
    first, again = gate.carrier.invites(placed.call_id)
    assert (len(permits(first)), permits(again)) == (1, [])


def test_a_new_call_in_the_dress_of_a_dialog_does_not_pass(gate):
    port = gate.dialer.port
    route = f"Route: <sip:127.0.0.1:{port};lr=on;ok={'0' * 64}>"
    placed = gate.dialer.refused(f"{CONSENTED}", 403, headers=f"{ASSERTED}\n{route}", to_tag=";tag=carrier")
    assert placed.status == "SIP/2.0 403 Not A Call That Was Let Through"
    assert gate.carrier.invites(placed.call_id) == []


def test_emergency_numbers_pass_unasked_whoever_calls(gate):
    placed = gate.dialer.calls("112", headers="Privacy: id", sender="From: <sip:anonymous@anonymous.invalid>")
    (invite,) = gate.carrier.invites(placed.call_id)
    assert permits(invite) == []
    assert gate.record(placed.call_id).cause == "emergency"


def test_a_permit_that_the_dialer_has_is_used_up_once(gate, service):
    asked = {"number": CONSENTED, "caller": "voltix", "product": "energy", "presents": OWN}
    token = service.post("/v1/verdicts", asked).json()["permit"]["token"]
    headers = f"{ASSERTED}\nX-Belbaar-Offer: {token}"
    placed = gate.dialer.calls(CONSENTED, headers=headers)
    (invite,) = gate.carrier.invites(placed.call_id)
    assert "X-Belbaar-Offer" not in invite
    assert len(permits(invite)) == 1
    again = gate.dialer.refused(CONSENTED, 403, headers=headers)
    assert again.header("Reason") == 'SIP;cause=403;text="permit spent"'
    other = service.post("/v1/verdicts", asked).json()["permit"]["token"]
    elsewhere = gate.dialer.refused(UNKNOWN, 403, headers=f"{ASSERTED}\nX-Belbaar-Offer: {other}")
    assert elsewhere.header("Reason") == 'SIP;cause=403;text="permit of another call"'
