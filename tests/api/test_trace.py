"""The trace desk through the service: a request, the calls that may be meant, who called, the decision."""

import json
import sqlite3
from datetime import datetime

import pytest

from tests.api.conftest import OWN, furnish
from tests.api.incoming import ANNOYING, MOTHER, PERSON, came_in, then
from tests.api.service import serving

ASKED = {
    "number": PERSON,
    "name": "Żaneta Öztürk-de Vries",
    "address": "Plein 1",
    "postcode": "1012 AB",
    "town": "Amsterdam",
}
PARTY = {"number": ANNOYING, "name": "B. Eller", "address": "Laan 2", "postcode": "3511 AA", "town": "Utrecht"}


@pytest.fixture(scope="module")
def service(store, tmp_path_factory):
    folder = tmp_path_factory.mktemp("service")
    with serving(folder, store, trace_spool=str(folder / "spool")) as started:
        furnish(started)
        yield started


@pytest.fixture
def spool(service):
    return service.folder / "spool"


def iso(at):
    return datetime.fromtimestamp(at).astimezone().isoformat()


def opened(service, **more):
    answer = service.post("/v1/trace/cases", {**ASKED, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def steps(case):
    return [each["step"] for each in case["history"]]


def log_of(service):
    return (service.folder / "serve.log").read_text(encoding="utf-8")


def test_a_request_is_taken_in_and_the_calls_around_its_times_are_found(service, spool):
    at = service.now() - 86_400
    meant = came_in(spool, at + 40)
    then(spool, meant, "result", 3, code=200)
    then(spool, meant, "ended", 45)
    came_in(spool, at + 120, number=MOTHER, hidden=0, privacy="")  # a number was shown: nobody asks whose
    came_in(spool, at + 301)
    came_in(spool, at, called="31201000032")
    case = opened(service, times=[iso(at)])
    assert (case["state"], case["missing"]) == ("received", [])
    (call,) = case["calls"]
    assert (call["certainty"], call["off"], call["result"], call["seconds"]) == ("only", 40, 200, 42)
    assert (call["hidden"], call["peer"], call["trust"], call["same_caller"]) == (
        "withheld",
        "transit",
        "national",
        "A",
    )
    assert ANNOYING[1:] not in json.dumps(case)
    assert service.get(f"/v1/trace/cases/{case['case']}").json() == case
    assert case in service.get("/v1/trace/cases").json()["cases"]


def test_what_is_missing_is_asked_for_and_later_calls_are_added(service, spool):
    at = service.now() - 2 * 86_400
    case = opened(service, postcode="", town=" ")
    assert (case["state"], case["missing"], case["calls"]) == ("incomplete", ["postcode", "town", "times"], [])
    refused = service.post(f"/v1/trace/cases/{case['case']}/look", {"call": "x", "why": "y"})
    assert (refused.status_code, refused.json()["code"]) == (422, "case-incomplete")
    for later in (0, 3600):
        came_in(spool, at + later)
    came_in(spool, at + 3660, number="+31301990078")
    url = f"/v1/trace/cases/{case['case']}/add"
    added = service.post(url, {"name": "Iemand Anders", "postcode": "1012 AB", "town": "Amsterdam", "times": [iso(at)]})
    assert added.json()["state"] == "received"
    assert added.json()["request"]["name"] == ASKED["name"]  # what was said stays
    again = service.post(url, {"times": [iso(at + 3600)]}).json()
    assert [(call["certainty"], call["same_caller"]) for call in again["calls"]] == [
        ("only", "A"),
        ("one-of-several", "A"),
        ("one-of-several", "B"),
    ]
    assert steps(again) == ["trace.open", "trace.add", "trace.add"]
    tomorrow = service.post(url, {"times": [iso(service.now() + 86_400)]})
    assert (tomorrow.status_code, tomorrow.json()["pointer"]) == (422, "/times/0")


def test_who_called_is_read_in_a_case_and_each_time_is_an_entry_of_the_log(service, spool):
    at = service.now() - 3 * 86_400
    came_in(spool, at)
    case = opened(service, times=[iso(at)])
    url, call = f"/v1/trace/cases/{case['case']}/look", case["calls"][0]["call"]
    assert service.post(url, {"call": call, "why": " "}).json()["pointer"] == "/why"
    assert service.post(url, {"call": "0" * 16, "why": "y"}).json()["code"] == "not-found"
    looked = service.post(url, {"call": call, "why": "The only one at that time."}).json()
    assert (looked["number"], looked["rested_on"], looked["trust"]) == (ANNOYING, None, "national")
    assert looked["asserted"].startswith('"Onbekend" <sip:+31')
    told = service.get(f"/v1/trace/cases/{case['case']}").json()
    assert (told["state"], told["calls"][0]["looked"], steps(told)[-1]) == ("investigating", True, "trace.look")
    noted = service.get("/v1/audit", limit=1000, after=told["history"][-1]["entry"] - 1).json()["entries"]
    assert (noted[0]["act"], noted[0]["details"]) == ("trace.look", {"case": case["case"], "call": call})
    assert ANNOYING[1:] not in json.dumps([told, noted])
    assert noted[0]["about"] is not None  # it stands under the person's own key too


def test_it_is_disclosed_once_somebody_looked_and_all_is_said(service, spool):
    at = service.now() - 4 * 86_400
    came_in(spool, at)
    came_in(spool, at + 10, number="+31301990078")
    case = opened(service, times=[iso(at)])
    url, calls = f"/v1/trace/cases/{case['case']}", [call["call"] for call in case["calls"]]
    wanted = {"party": PARTY, "calls": calls[:1], "reason": "Six calls in one night."}
    assert service.post(f"{url}/disclose", wanted).json()["code"] == "not-looked"
    for call in calls:
        assert service.post(f"{url}/look", {"call": call, "why": "Which of the two?"}).status_code == 200
    assert service.post(f"{url}/disclose", {**wanted, "calls": calls}).json()["pointer"] == "/calls/1"
    assert service.post(f"{url}/disclose", {**wanted, "reason": ""}).json()["pointer"] == "/reason"
    bare = {**PARTY, "town": ""}
    assert service.post(f"{url}/disclose", {**wanted, "party": bare}).json()["pointer"] == "/party/town"
    found = service.post(f"{url}/disclose", wanted)
    assert found.status_code == 200, found.text
    found = found.json()
    assert (found["state"], found["decision"]["disclosed"]) == ("found", True)
    assert (found["due"], found["letters"]) == ("2026-09-15", [])  # who is named has to be told
    made = service.post(f"{url}/letter", {"letter": "named"})
    assert (made.status_code, made.headers["content-type"]) == (200, "application/pdf")
    assert service.post(f"{url}/letter", {"letter": "named"}).content == made.content
    assert service.post(f"{url}/letter", {"letter": "refused"}).json()["code"] == "not-ready"
    told = service.get(url).json()
    assert (told["due"], told["letters"]) == (None, ["named"])
    assert found["kept_until"] == "2026-12-08"  # three months after 2026-09-08
    assert service.post(f"{url}/add", {"times": [iso(at)]}).json()["code"] == "case-ended"


def test_it_is_refused_with_a_reason(service):
    case = opened(service, times=[iso(service.now() - 20 * 86_400)])
    assert case["calls"] == []
    refused = service.post(f"/v1/trace/cases/{case['case']}/refuse", {"why": "not-found", "note": "Twice looked."})
    assert (refused.json()["state"], refused.json()["decision"]["disclosed"]) == ("refused", False)


def test_a_deadline_is_told_in_working_days(service):
    assert opened(service, times=[iso(service.now())])["due"] == "2026-09-22"  # ten after Tuesday the 8th
    assert opened(service, name="")["due"] == "2026-09-15"


def test_the_command_lists_what_is_due_and_no_number(service):
    case = opened(service, name="")
    (told,) = [
        each for each in service.command("trace", "list", "--organisation", "house") if each["case"] == case["case"]
    ]
    assert told == {"case": case["case"], "state": "incomplete", "due": "2026-09-15", "calls": 0}


def test_a_call_is_marked_within_ten_minutes_and_fills_in_the_times(service, spool):
    line = "+31201000033"

    def marks():
        return service.post("/v1/trace/marks", {"number": line}).json()["marked"]

    assert marks() is False
    came_in(spool, service.now() - 700, called=line)
    assert marks() is False  # too long ago
    older = came_in(spool, service.now() - 650, called=line)
    then(spool, older, "result", 2, code=200)
    then(spool, older, "ended", 200)  # it ended 450 s ago
    assert marks() is True
    came_in(spool, service.now() - 60, called=line, number="+31301990078")
    assert marks() is True
    assert marks() is False  # the newest is marked already, and no older one instead
    case = opened(service, number=line)
    assert (case["missing"], [call["certainty"] for call in case["calls"]]) == ([], ["marked", "marked"])
    came_in(spool, service.now() - 30, called=line)
    assert marks() is True
    assert len(service.get(f"/v1/trace/cases/{case['case']}").json()["calls"]) == 3  # a later one comes to the case


def test_a_mark_by_star_code_is_taken_from_the_proxy(service, spool):
    line = "+31201000034"
    call = came_in(spool, service.now() - 60, called=line)
    then(spool, call, "mark", 30)
    case = opened(service, number=line)
    assert [each["certainty"] for each in case["calls"]] == ["marked"]


def test_the_proxy_is_told_who_refuses_and_what_was_taken(service, spool):
    line = "+31201000035"
    nothing = {"number": line, "refuse_anonymous": False, "refuse_unavailable": False, "changed_at": None}
    assert service.post("/v1/trace/lines/ask", {"number": line}).json() == nothing
    came_in(spool, service.now(), called=line)
    answer = service.post("/v1/trace/lines", {"number": line, "refuse_anonymous": True})
    assert answer.json()["refuse_anonymous"] is True
    assert service.post("/v1/trace/lines/ask", {"number": line}).json() == answer.json()
    with sqlite3.connect(spool / "told.db") as told, sqlite3.connect(spool / "calls.db") as calls:
        assert told.execute("SELECT * FROM refusing WHERE number = ?", (line[1:],)).fetchall() == [(line[1:], 1, 0)]
        assert told.execute("SELECT id FROM taken").fetchone() == calls.execute("SELECT max(id) FROM line").fetchone()
    service.post("/v1/trace/lines", {"number": line, "refuse_anonymous": False})
    with sqlite3.connect(spool / "told.db") as told:
        assert told.execute("SELECT count(*) FROM refusing").fetchone() == (0,)


def test_a_call_with_a_permit_shows_its_verdict_and_one_without_shows_that(service, spool):
    """The number called, shown and the moment are those of a verdict: that of a caller that withheld its number after it."""
    consented = "+31201000007"
    verdict = service.post("/v1/verdicts", {"number": consented, "caller": "voltix", "product": "energy"}).json()
    assert verdict["allowed"]
    at = service.now()
    came_in(spool, at + 1, called=consented, number=OWN)
    came_in(spool, at - 3600, called=consented, number=OWN)
    case = opened(service, number=consented, times=[iso(at), iso(at - 3600)])
    url = f"/v1/trace/cases/{case['case']}"
    looked = [service.post(f"{url}/look", {"call": call["call"], "why": "Both."}).json() for call in case["calls"]]
    before, with_permit = (each["rested_on"] for each in looked)
    assert (before["caller"], before["entry"], before["allowed"]) == ("voltix", None, False)
    assert (with_permit["entry"], with_permit["allowed"]) == (verdict["entry"], True)
    assert with_permit["why"][0].startswith("nl.consent")
    party = {**PARTY, "number": OWN}
    decided = {"party": party, "calls": [call["call"] for call in case["calls"]], "reason": "It is a caller's."}
    assert service.post(f"{url}/disclose", decided).status_code == 200
    events = service.post("/v1/history", {"number": consented}).json()["events"]
    complaints = {each["fields"]["about"] for each in events if each["event"] == "complaint.filed"}
    assert complaints == {"trace; verdict allowed the call", "trace; no verdict allowed the call"}


def test_no_log_list_or_book_has_the_hidden_number_or_what_people_wrote(service):
    service.stop()
    digits = ANNOYING[1:]
    assert digits not in log_of(service)
    if not service.store.startswith("postgres"):
        for path in service.folder.glob("belbaar.db*"):
            content = path.read_bytes() if path.is_file() else b""
            assert digits.encode() not in content, path
            assert "Öztürk".encode() not in content, path
