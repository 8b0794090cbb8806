"""Calls that come in for subscribers, through Kamailio with SIPp: written down, stripped, refused, marked, found again."""

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from belbaar.sip.tracing_demo import Called, find_anonymous_caller
from tests.api.conftest import OWN
from tests.api.incoming import ANNOYING
from tests.api.service import free_port, serving
from tests.sip.authority import Authority, spc
from tests.sip.carrier import carrier
from tests.sip.incoming import ABROAD, ALARM, SUBSCRIBERS, TRANSIT, proxying, until
from tests.sip.passports import identity
from tests.sip.phone import Phone
from tests.sip.voice import PITCHES, recorded, speaking

PERSON, OTHER, CAREFUL = "+31201000061", "+31201000062", "+31201000063"
ASSERTED = f"P-Asserted-Identity: <sip:{ANNOYING}@peer.example;user=phone>"
NOBODY = "From: Anonymous <sip:anonymous@anonymous.invalid>"
WITHHELD = {"source": TRANSIT, "sender": NOBODY, "headers": f"{ASSERTED}\nPrivacy: id"}
SDP = "v=0\r\no={name} 1 1 IN IP4 127.0.0.7\r\ns=call of {name}\r\np={name}\r\nc=IN IP4 127.0.0.7\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\n"
RAW = (
    "INVITE sip:{called}@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.7:{{port}};branch=z9hG4bK{call_id}\r\n"
    'From: "B. Eller" <sip:{annoying}@peer.example>;tag=1\r\nTo: <sip:{called}@127.0.0.1>\r\nCall-ID: {call_id}\r\n'
    "CSeq: 1 INVITE\r\nContact: <sip:{annoying}@127.0.0.7:{{port}}>\r\nMax-Forwards: 70\r\n{headers}"
    "Content-Type: application/sdp\r\nContent-Length: {length}\r\n\r\n{body}"
)
NAMING = (
    "Privacy: id;user;header\r\nP-Asserted-Identity: <sip:{0}@peer.example>\r\nIdentity: a.b.c;info=<https://x/{0}>\r\n"
    "Remote-Party-ID: <sip:{0}@peer.example>;privacy=full\r\nDiversion: <sip:{0}@peer.example>\r\nSubject: from {0}\r\n"
    "X-Original-CLI: {0}\r\nCall-Info: <https://peer.example/{0}>;purpose=icon\r\nUser-Agent: phone of {0}\r\n"
)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def service(tmp_path_factory, authority):
    folder = tmp_path_factory.mktemp("service")
    told = {"trace_spool": folder / "spool", "stir_roots": authority.path, "stir_folder": folder / "certificates"}
    with serving(folder, "belbaar.db", at="", **{name: str(path) for name, path in told.items()}) as started:
        yield started


@pytest.fixture(scope="module")
def proxy(service, tmp_path_factory):
    with (
        carrier() as lines,
        proxying(tmp_path_factory.mktemp("proxy"), service.folder / "spool", lines, OWN) as running,
    ):
        yield running


def asked(service, number):
    """Open a case about calls to a number around now."""
    now = datetime.fromtimestamp(service.now(), UTC).isoformat()
    request = {
        "number": number,
        "name": "A",
        "address": "Plein 1",
        "postcode": "1012 AB",
        "town": "Ede",
        "times": [now],
    }
    answer = service.post("/v1/trace/cases", request)
    assert answer.status_code == 201, answer.text
    return answer.json()


def raw(call_id, called, headers):
    body = SDP.format(name=ANNOYING)
    return RAW.format(called=called, call_id=call_id, annoying=ANNOYING, headers=headers, length=len(body), body=body)


def test_a_withheld_number_is_written_down_and_never_reaches_the_line(proxy, service):
    placed = proxy.dialer.calls(PERSON, **WITHHELD)
    received = [text for text in proxy.lines.received if placed.call_id in text]
    assert {text.split(" ", 1)[0] for text in received} == {"INVITE", "ACK", "BYE"}
    assert ANNOYING[1:] not in "".join(received)
    assert proxy.written(placed.call_id) == [("call", 0), ("result", 200), ("ended", 0)]
    (call,) = asked(service, PERSON)["calls"]
    assert (call["hidden"], call["peer"], call["trust"], call["result"]) == ("withheld", "transit", "national", 200)


def test_nothing_of_a_call_tells_who_makes_it(proxy, service):
    line = "+31201000064"
    answer = proxy.sends(raw("naming", line, NAMING.format(ANNOYING)))
    assert answer.startswith("SIP/2.0 200")
    (invite,) = proxy.lines.invites("naming")
    assert ANNOYING[1:] not in invite
    assert "Eller" not in invite
    assert "<sip:anonymous@anonymous.invalid>;tag=1" in invite
    head, body = invite.split("\r\n\r\n", 1)
    assert body.splitlines()[:3] == ["v=0", "o=- 1 1 IN IP4 127.0.0.7", "s=-"]
    assert re.search(r"^Content-Length: (\d+)", head, re.MULTILINE)[1] == str(len(body))
    case = asked(service, line)
    found = service.post(
        f"/v1/trace/cases/{case['case']}/look", {"call": case["calls"][0]["call"], "why": "It is the only one."}
    ).json()
    assert (found["number"], found["call_id"]) == (ANNOYING, "naming")
    assert found["history"].startswith(f"<sip:{ANNOYING}")


@pytest.mark.parametrize(
    ("line", "how", "source", "trust", "said"),
    [
        ("+31201000072", {}, ABROAD, "signed", "A"),
        ("+31201000073", {"claims": {"attest": "B"}}, ABROAD, "international", "B"),
        ("+31201000074", {"claims": {"orig": {"tn": OWN[1:]}}}, TRANSIT, "broken", "broken"),
        ("+31201000075", {"at": -90}, TRANSIT, "broken", "broken"),
        ("+31201000076", {"url": "https://sti.example/none.pem"}, TRANSIT, "national", "unchecked"),
        ("+31201000077", None, TRANSIT, "national", "none"),
        ("+31201000078", {"claims": {"dest": {"tn": [OWN[1:]]}}, "from": OWN}, TRANSIT, "national", "forwarded"),
        ("+31201000079", {"claims": {"dest": {"tn": [OWN[1:]]}}}, TRANSIT, "broken", "broken"),
    ],
)
def test_what_the_callers_provider_signed_says_how_far_a_hidden_number_is_trusted(
    proxy, service, authority, line, how, source, trust, said
):
    certificate, key = authority.issue("peer", tn=spc("7031"))
    place = service.folder / f"certificates/sti.example/{line[1:]}.pem"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(certificate.read_bytes())
    headers = f"{ASSERTED}\nPrivacy: id"
    if how is not None:
        told = {"url": f"https://sti.example/{line[1:]}.pem", "at": 0} | how
        at = service.now() + told.pop("at")
        headers += f"\nDiversion: <sip:{told.pop('from')}@peer.example>" if "from" in told else ""
        headers += f"\nIdentity: {identity(key, told.pop('url'), ANNOYING, line, at, **told)}"
    placed = proxy.dialer.calls(line, source=source, sender=NOBODY, headers=headers)
    assert "Identity" not in proxy.lines.invites(placed.call_id)[0]
    case = asked(service, line)
    (call,) = case["calls"]
    assert call["trust"] == trust
    looked = service.post(f"/v1/trace/cases/{case['case']}/look", {"call": call["call"], "why": "It is the only one."})
    assert (looked.json()["number"], looked.json()["trust"]) == (ANNOYING, trust)
    assert looked.json()["signature"].partition(":")[0] == said
    assert looked.json()["signed_by"] == ("CN=peer" if said in ("A", "B") else "")
    assert bool(looked.json()["identity"]) == (how is not None)


def test_a_number_that_is_shown_stays_as_it_is(proxy):
    placed = proxy.dialer.calls(
        PERSON, source=TRANSIT, headers=f"P-Asserted-Identity: <sip:{OWN}@peer.example>\nSubject: hi"
    )
    (invite,) = proxy.lines.invites(placed.call_id)
    assert f"P-Asserted-Identity: <sip:{OWN}@peer.example>" in invite
    assert "Subject: hi" in invite


def test_who_refuses_calls_without_a_number_is_spared_them_from_the_very_next_on(proxy, service):
    proxy.dialer.calls(CAREFUL, **WITHHELD)
    assert service.post("/v1/trace/lines", {"number": CAREFUL, "refuse_anonymous": True}).status_code == 200
    placed = proxy.dialer.refused(CAREFUL, 433, **WITHHELD)
    assert placed.status == "SIP/2.0 433 Anonymity Disallowed"
    assert proxy.lines.invites(placed.call_id) == []
    assert proxy.written(placed.call_id) == [("call", 0), ("result", 433)]
    proxy.dialer.refused("0201000063", 433, **WITHHELD)  # however the number is written
    shown = {"source": TRANSIT, "headers": f"P-Asserted-Identity: <sip:{OWN}@peer.example>"}
    proxy.dialer.calls(CAREFUL, **shown)
    proxy.dialer.calls(OTHER, **WITHHELD)  # another's line


@pytest.mark.parametrize(
    "how",
    [
        {"headers": f"P-Asserted-Identity: <sip:{ALARM}@peer.example>\nPrivacy: id"},
        {"headers": f"{ASSERTED}\nPrivacy: id\nPriority: psap-callback"},
    ],
)
def test_who_calls_back_for_an_emergency_is_let_through(proxy, service, how):
    service.post("/v1/trace/lines", {"number": CAREFUL, "refuse_anonymous": True})
    proxy.dialer.calls(CAREFUL, source=TRANSIT, sender=NOBODY, **how)


def test_that_it_is_an_emergency_is_not_believed_of_everybody(proxy, service):
    service.post("/v1/trace/lines", {"number": CAREFUL, "refuse_anonymous": True})
    proxy.dialer.refused(
        CAREFUL, 433, source=ABROAD, sender=NOBODY, headers=f"{ASSERTED}\nPrivacy: id\nPriority: psap-callback"
    )


def test_a_call_from_abroad_without_a_number_has_a_switch_of_its_own(proxy, service):
    line = "+31201000065"
    abroad = {"source": ABROAD, "sender": "From: <sip:unavailable@peer.example>", "headers": "Subject: hi"}
    service.post("/v1/trace/lines", {"number": line, "refuse_anonymous": True})
    proxy.dialer.calls(line, **abroad)
    service.post("/v1/trace/lines", {"number": line, "refuse_anonymous": False, "refuse_unavailable": True})
    proxy.dialer.refused(line, 433, **abroad)
    proxy.dialer.calls(line, **WITHHELD)


def test_the_star_code_marks_the_latest_call_and_says_nothing_of_who_it_was(proxy, service):
    line = "+31201000066"
    dials = {"source": SUBSCRIBERS, "sender": f"From: <sip:{line}@line.example>", "headers": "Subject: hi"}
    none = proxy.dialer.refused("*57", 404, **dials)
    assert none.status == "SIP/2.0 404 Sorry - There Is No Call To Mark"
    proxy.dialer.calls(line, **WITHHELD)
    marked = proxy.dialer.refused("*57", 480, **dials)
    assert marked.status == "SIP/2.0 480 Thank You - The Last Call Is Marked"
    assert ANNOYING[1:] not in marked.line
    proxy.dialer.refused("*57", 404, **dials)  # it is marked already
    (call,) = asked(service, line)["calls"]
    assert call["certainty"] == "marked"
    assert service.post("/v1/trace/marks", {"number": line}).json()["marked"] is False
    audit = service.get("/v1/audit", limit=1000).json()["entries"]
    assert [each["by"] for each in audit if each["act"] == "trace.mark"] == ["sip:incoming"]


def test_an_announcement_says_so_where_there_is_one(service, tmp_path):
    line = "+31201000069"
    dials = {"source": SUBSCRIBERS, "sender": f"From: <sip:{line}@line.example>", "headers": "Subject: hi"}
    with carrier() as lines, carrier() as player:
        more = f'announcements = "sip:127.0.0.1:{player.port}"\n'
        with proxying(tmp_path, service.folder / "spool", lines, OWN, more) as proxy:
            proxy.dialer.calls("*57", **dials)
            proxy.dialer.calls(line, **WITHHELD)
            proxy.dialer.calls("*57", **dials)
            service.post("/v1/trace/lines", {"number": line, "refuse_anonymous": True})
            refused = proxy.dialer.calls(line, **WITHHELD)
            assert proxy.written(refused.call_id) == [("call", 0), ("result", 433)]
            assert lines.invites(refused.call_id) == []
    told = [text.split(" ", 2)[1].partition("@")[0] for text in player.invites()]
    assert told == ["sip:nothing", "sip:marked", "sip:refused"]
    assert ANNOYING[1:] not in "".join(player.received)


def test_a_refusal_is_one_even_where_nobody_announces_it(service, tmp_path):
    line, gone = "+31201000071", free_port()
    service.post("/v1/trace/lines", {"number": line, "refuse_anonymous": True})
    with carrier() as lines:
        more = f'announcements = "sip:127.0.0.1:{gone}"\n'
        with proxying(tmp_path, service.folder / "spool", lines, OWN, more) as proxy:
            assert proxy.dialer.refused(line, 433, **WITHHELD).status == "SIP/2.0 433 Anonymity Disallowed"


def test_who_is_refused_hears_why_before_an_answer_that_is_433(service, tmp_path):
    """And who dials the star code hears what came of it: from a voice, in both languages."""
    line = "+31201000072"
    for name in ("nl.refused", "en.refused", "nl.marked", "en.marked"):
        recorded(tmp_path, name)
    with carrier() as lines, speaking(tmp_path, f'recordings = "{tmp_path}"\n') as port:
        more = f'announcements = "sip:127.0.0.1:{port}"\n'
        with proxying(tmp_path, service.folder / "spool", lines, OWN, more) as proxy:
            withheld = (ASSERTED, "Privacy: id")
            with Phone(proxy.dialer.port, TRANSIT) as phone:
                assert phone.calls(line, *withheld).startswith("SIP/2.0 200")
            with Phone(proxy.dialer.port, SUBSCRIBERS) as phone:
                assert phone.calls("*57", sender=f"<sip:{line}@line.example>").startswith("SIP/2.0 200")
                until(lambda: len(phone.ear.heard) > 20)
                assert phone.hears() == pytest.approx(PITCHES["marked"], abs=20)
                phone.hangs_up_on()
            service.post("/v1/trace/lines", {"number": line, "refuse_anonymous": True})
            with Phone(proxy.dialer.port, TRANSIT) as phone:
                answer = phone.calls(line, *withheld)
                assert answer.startswith("SIP/2.0 433 Anonymity Disallowed")
                assert any(text.startswith("SIP/2.0 183") for text in phone.answers)
                assert phone.hears(0, 25) == pytest.approx(PITCHES["refused"], abs=20)
                assert len(phone.ear.heard) > 80  # it is told in English too
            (call,) = [text for text in lines.invites() if line in text]
            assert ANNOYING[1:] not in call


def test_a_star_code_from_elsewhere_and_a_stranger_are_refused(proxy):
    proxy.dialer.calls(PERSON, source=TRANSIT, sender=NOBODY, headers=f"{ASSERTED}\nPrivacy: id")
    stranger = proxy.dialer.refused(PERSON, 403, source="127.0.0.9")
    assert stranger.status == "SIP/2.0 403 Unknown Peer"
    wrong_way = proxy.dialer.refused(PERSON, 403, source=SUBSCRIBERS)
    assert "Only Calls To Subscribers" in wrong_way.status


def test_what_a_header_has_in_it_ends_no_statement_and_stops_nothing(proxy, service):
    line = "+31201000067"
    nasty = f'P-Asserted-Identity: "a\'); DROP TABLE line; -- \xff" <sip:{ANNOYING}@peer.example>\r\nPrivacy: id\r\n'
    assert proxy.sends(raw("nasty-'x", line, nasty)).startswith("SIP/2.0 200")
    assert [call["hidden"] for call in asked(service, line)["calls"]] == ["withheld"]


def test_calls_wait_where_no_service_reads_them(proxy, service):
    """The file keeps what the service has not taken yet: nothing is asked of it while a call comes in."""
    line = "+31201000068"
    placed = proxy.dialer.calls(line, **WITHHELD)
    with (
        closing(sqlite3.connect(proxy.spool / "told.db")) as told,
        closing(sqlite3.connect(proxy.spool / "calls.db")) as calls,
    ):
        (taken,) = told.execute("SELECT id FROM taken").fetchone()
        (place,) = calls.execute(
            "SELECT id FROM line WHERE call_id = ? AND what = 'call'", (placed.call_id,)
        ).fetchone()
    assert place > taken
    assert len(asked(service, line)["calls"]) == 1


def test_the_log_has_no_number(proxy):
    text = proxy.log.read_text(errors="replace")
    assert "ALERT" not in text, text
    for number in (ANNOYING, PERSON, CAREFUL):
        assert number[1:] not in text
        assert number[1:].encode().hex() not in text


def test_the_demonstration_ends_with_a_letter(service, tmp_path):
    said: list[str] = []
    path = find_anonymous_caller(
        service.client, service.folder / "spool", tmp_path, Called("+31201000070", ANNOYING), said.append
    )
    assert path.read_bytes().startswith(b"%PDF")
    assert str(path) in said[-1]
    assert any(ANNOYING in line for line in said)
