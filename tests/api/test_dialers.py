"""Dialers that ask the gate in their own words: a line of text, FreeSWITCH's mod_httapi, Twilio's voice webhook.

What they send stands in `recorded/`, with where it is from.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import httpx
import pytest

from belbaar.api.gate.twilio import signature, signed
from tests.api.conftest import CONSENT, CONSENTED, OTHERS, OWN, UNKNOWN, furnish
from tests.api.service import Service, serving
from tests.sip.asterisk import block

_TOKEN = "0123456789abcdef0123456789abcdef"
_PUBLIC = "https://belbaar.voltix.example"
_PERMIT = r"[0-9a-f]{32}\.[A-Za-z0-9_-]{22}"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service to which an account of Twilio is known, with a key that was made before it began."""
    folder = tmp_path_factory.mktemp("dialers")
    with serving(folder, "belbaar.db") as first:
        furnish(first)
        campaign = {"campaign": "autumn", "caller": "voltix", "product": "energy", "presents": OWN}
        assert first.post("/v1/campaigns", campaign).status_code == 200
        key = first.make_key("integrator", "house", "--right", "ask", "--right", "permit")
        lists = first.make_key("integrator", "house", "--right", "ask")
        administrator = first.key
    known = f"{recorded('twilio-voice')['AccountSid']}:{_TOKEN}:{key} ACother:{_TOKEN}:{lists}"
    with serving(folder, "belbaar.db", key=administrator, public_url=_PUBLIC, twilio_secrets=known) as started:
        yield started


def recorded(name: str) -> dict[str, str]:
    """Give the fields of a form that a dialer sends."""
    text = (Path(__file__).parent / "recorded" / f"{name}.txt").read_text(encoding="utf-8")
    return dict(line.split("=", 1) for line in text.splitlines())


def asked(service: Service, path: str, form: dict[str, str], **headers: str) -> httpx.Response:
    """Send a form."""
    return service.client.post(path, data=form, headers=headers)


def test_the_dialplans_of_the_page_dial_on_a_yes_of_the_service_and_on_nothing_else(service):
    plans = [ET.fromstring(block(name)) for name in ("dialplan.xml", "dialplan-curl.xml")]  # noqa: S314  our own
    by_variable, by_line = (plan.findall(".//condition")[-1].get("expression") or "" for plan in plans)
    allowed = {each.get("name") for each in ET.fromstring(block("httapi.conf.xml")).iter("variable")}  # noqa: S314
    told = [channel(service, Caller_Destination_Number=called, session_id=called)[0] for called in (CONSENTED, UNKNOWN)]
    assert told[0].keys() | told[1].keys() <= allowed
    assert [bool(re.search(by_variable, f"0201000007_{each['belbaar']}")) for each in told] == [True, False]
    assert not re.search(by_variable, "0201000007_deny")  # what it was set to before anybody answered
    lines = [
        asked(service, "/v1/gate/plain", {**PLAIN, "called": called}) for called in (CONSENTED, UNKNOWN, "x" * 300)
    ]
    lines.append(asked(service, "/v1/gate/plain", PLAIN, Authorization="Bearer bel_0f3a5c7e9b1d_x"))
    known = [f"0201000007_{each.status_code}_{each.text}" for each in lines]
    assert [bool(re.search(by_line, each)) for each in (*known, "0201000007__", "0201000007_200_")] == [True] + 5 * [
        False
    ]


@pytest.mark.parametrize(("called", "allow"), [(CONSENTED, 1), (UNKNOWN, 0)])
def test_a_data_action_of_genesys_asks_and_reads_the_answer_as_the_page_says(service, called, allow):
    told = json.loads(block("genesys.json"))
    body = told["request"]["requestTemplate"].replace("${input.called}", called).replace("${input.call_id}", called)
    answer = service.post(told["request"]["requestUrlTemplate"], json.loads(body)).json()
    mapped = told["response"]["translationMapDefaults"] | {
        name: json.dumps(answer[path[2:]])
        for name, path in told["response"]["translationMap"].items()
        if path[2:] in answer
    }
    read = json.loads(re.sub(r"\$\{(\w+)\}", lambda found: mapped[found[1]], told["response"]["successTemplate"]))
    assert (read["allow"], bool(read["permit"]), bool(read["cause"])) == (allow, bool(allow), not allow)


PLAIN = {"called": CONSENTED, "presented": OWN, "campaign": "autumn"}


def test_a_line_of_text_is_a_yes_with_a_permit_or_a_no_with_its_code(service):
    yes, no = (asked(service, "/v1/gate/plain", {**PLAIN, "called": called}) for called in (CONSENTED, UNKNOWN))
    assert yes.headers["content-type"] == "text/plain; charset=utf-8"
    assert re.fullmatch(f"allow:{_PERMIT}", yes.text)
    assert re.fullmatch(r"deny:608:v-\d+", no.text)


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({}, 400),
        ({**PLAIN, "colour": "red"}, 400),
        ({**PLAIN, "called": "3" * 300}, 400),
        ({**PLAIN, "agent": "x"}, 422),
    ],
)
def test_what_is_no_question_is_no_yes_either(service, form, status):
    answer = asked(service, "/v1/gate/plain", form)
    assert (answer.status_code, "allow:" in answer.text) == (status, False)


def channel(service: Service, **changed: str) -> tuple[dict[str, str | None], list[tuple[str, dict[str, str]]]]:
    """Ask as mod_httapi does; give the variables that the answer sets, and the work that it has done."""
    form = {**recorded("freeswitch-httapi"), **{name.replace("_", "-"): value for name, value in changed.items()}}
    answer = asked(service, "/v1/gate/httapi", form)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/xml")  # all else it does not read (httapi_function)
    document = ET.fromstring(answer.content)  # noqa: S314  our own
    assert (document.tag, document.get("type")) == ("document", "xml/freeswitch-httapi")
    return (
        {each.tag: each.text for each in document.findall("variables/*")},
        [(each.tag, dict(each.attrib)) for each in document.findall("work/*")],
    )


def test_freeswitch_goes_on_with_its_dialplan_only_where_it_may(service):
    told, work = channel(service)
    assert told["belbaar"] == "allow"
    assert re.fullmatch(_PERMIT, told["sip_h_X-Belbaar-Permit"] or "")
    assert work == [("break", {})]
    told, work = channel(service, Caller_Destination_Number="0201000008", session_id="another")
    assert (told["belbaar"], told["belbaar_cause"]) == ("deny", "no ground")
    assert work == [
        ("execute", {"application": "respond", "data": "608 Rejected"}),
        ("hangup", {"cause": "CALL_REJECTED"}),
    ]


def test_a_number_that_a_channel_hides_is_none(service):
    for changed in ({"Caller_Privacy_Hide_Number": "true"}, {"Caller_Caller_ID_Number": OTHERS}):
        told, work = channel(service, session_id="hidden", **changed)
        assert (told["belbaar"], told["belbaar_cause"]) == ("deny", "not registered")
        assert work[0][1]["data"] == "403 Presented Number Not Registered"


def consented(service: Service, number: str) -> str:
    """Have somebody consent, whom nobody else calls."""
    assert service.post("/v1/events", {**CONSENT, "number": number}).json()["new"] == 1
    return number


def outcome(service: Service, number: str) -> list[tuple[str, str]]:
    """Give what became of calls to a number, and when."""
    events = service.post("/v1/history", {"number": number}).json()["events"]
    return [(each["event"], each["at"][:19]) for each in events if each["event"].startswith("call.")]


@pytest.mark.parametrize(
    ("number", "changed", "became"),
    [
        ("+31201000651", {"variable_answer_uepoch": "1788868799500000"}, ("call.made", "2026-09-08T13:59:59")),
        (
            "+31201000652",
            {"variable_answer_uepoch": "0", "variable_last_bridge_proto_specific_hangup_cause": "sip:486"},
            ("call.attempted", "2026-09-08T13:59:59"),
        ),
    ],
)
def test_a_channel_that_ended_is_judged_no_more_and_what_became_of_its_call_is_kept(service, number, changed, became):
    told, _ = channel(service, Caller_Destination_Number=consented(service, number), session_id=number)
    form = {**recorded("freeswitch-ended"), "variable_belbaar_permit": told["belbaar_permit"] or "", **changed}
    for _ in range(2):  # told twice it is the same call
        answer = asked(service, "/v1/gate/httapi", form)
        assert (answer.status_code, ET.fromstring(answer.content).find("work/break") is not None) == (200, True)  # noqa: S314
    assert outcome(service, number) == [became]


def test_a_channel_without_a_permit_tells_of_no_call(service):
    form = {**recorded("freeswitch-ended"), "Caller-Destination-Number": UNKNOWN}
    assert asked(service, "/v1/gate/httapi", form).status_code == 200
    assert asked(service, "/v1/gate/httapi", {**form, "variable_belbaar_permit": "0f" * 16}).status_code == 422
    assert outcome(service, UNKNOWN) == []


def called_by_twilio(
    service: Service, query: str = "campaign=autumn", token: str = _TOKEN, **changed: str
) -> httpx.Response:
    """Ask as Twilio does."""
    return sent_by_twilio(service, f"/v1/gate/twilio?{query}", {**recorded("twilio-voice"), **changed}, token)


def sent_by_twilio(service: Service, path: str, form: dict[str, str], token: str = _TOKEN) -> httpx.Response:
    """Send a form, signed over the address that is seen from outside."""
    shown = signature(f"{_PUBLIC}{path}", list(form.items()), token)
    return httpx.post(f"{service.url}{path}", data=form, headers={"X-Twilio-Signature": shown})


def test_twilio_dials_what_it_may_and_rejects_the_rest(service):
    yes, no = (
        called_by_twilio(service),
        called_by_twilio(service, To="sip:0201000008@voltix.sip.twilio.com", CallSid="CA2"),
    )
    ended = f"{_PUBLIC}/v1/gate/twilio/ended?permit=…"
    dial = f'<Dial callerId="{OWN}" action="{ended}" method="POST"><Number>{CONSENTED}</Number></Dial>'
    assert re.sub(r"[0-9a-f]{32}", "…", yes.text) == f"<Response>{dial}</Response>"
    assert no.text == '<Response><Reject reason="rejected" /></Response>'
    assert yes.headers["content-type"].startswith("text/xml")
    app = called_by_twilio(
        service, f"campaign=autumn&presented={OWN.replace('+', '%2B')}", From="client:iris", CallSid="CA3"
    )
    assert "<Dial" in app.text
    assert "<Reject" in called_by_twilio(service, From="client:iris", CallSid="CA4").text


@pytest.mark.parametrize(
    ("number", "told", "became"),
    [
        ("+31201000661", {"DialCallStatus": "completed", "DialCallDuration": "42"}, "call.made"),
        ("+31201000662", {"DialCallStatus": "busy"}, "call.attempted"),
        ("+31201000663", {"DialCallStatus": "no word of Twilio's"}, "call.attempted"),
    ],
)
def test_what_became_of_a_call_that_twilio_dialled_is_kept(service, number, told, became):
    to = f"sip:{consented(service, number)}@voltix.sip.twilio.com"
    answer = ET.fromstring(called_by_twilio(service, To=to, CallSid=number).content)  # noqa: S314  our own
    dial = answer.find("Dial")
    assert dial is not None
    action = (dial.get("action") or "").removeprefix(_PUBLIC)
    form = {**recorded("twilio-voice"), "CallSid": number, "To": to, **told}
    assert sent_by_twilio(service, action, form, token="f" * 32).status_code == 401
    assert outcome(service, number) == []
    assert sent_by_twilio(service, action, form).text == "<Response><Hangup /></Response>"
    assert [event for event, _ in outcome(service, number)] == [became]


@pytest.mark.parametrize(
    ("how", "status"),
    [
        ({"token": "f" * 32}, 401),
        ({"AccountSid": "ACunknown"}, 401),
        ({"AccountSid": "ACother"}, 403),
        ({"Direction": "outbound-api"}, 422),
        ({"query": "campaign=autumn&colour=red"}, 200),
    ],
)
def test_what_an_account_did_not_sign_or_may_not_ask_is_answered_without_a_dial(service, how, status):
    answer = called_by_twilio(service, **how)
    assert answer.status_code == status
    assert ("<Dial" in answer.text) == (status == 200)


@pytest.mark.parametrize(
    ("url", "form", "shown"),
    [
        ("https://mycompany.com/myapp.php?foo=1&bar=2", "default", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("https://mycompany.com:1234/myapp.php?foo=1&bar=2", "default", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("http://mycompany.com:1234/myapp.php?foo=1&bar=2", "default", "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
        ("https://mycompany.com/myapp.php?foo=1&bar=2", "default", "kvajT1Ptam85bY51eRf/AJRuM3w="),
        ("http://mycompany.com/myapp.php?foo=1&bar=2", "default", "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        ("https://mycompany.com/myapp.php?foo=1&bar=2", "twice", "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
    ],
)
def test_signatures_that_twilio_publishes_are_good(url, form, shown):
    forms = {
        "default": {"CallSid": "CA1234567890ABCDE", "Digits": "1234", "From": "+14158675309", "To": "+18005551212",
                    "Caller": "+14158675309"}.items(),
        "twice": [("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234")],
    }  # fmt: skip
    assert signed(url, list(forms[form]), "12345", shown)
    assert not signed(url, [*forms[form], ("x", "")], "12345", shown)
    assert not signed(f"{url}&baz=3", list(forms[form]), "12345", shown)
