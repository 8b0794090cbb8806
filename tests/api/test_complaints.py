"""Complaints: linked to call, agent and source, counted, answered in time; a source that is stopped counts no more."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belbaar.complaints.figures import rate
from tests.api.conftest import ASKED, CONSENT

LEADS = [f"+312010001{place:02}" for place in range(20)]
OF_LEADPUNT = {**CONSENT, "captured_by": "LeadPunt B.V.", "product": "energy"}


@pytest.fixture(scope="module")
def called(service):
    """Leads of one supplier and one own customer were called, through a bureau."""
    service.post("/v1/agents", {"agent": "belhuis", "name": "Belhuis Noord B.V."})
    given = [{**OF_LEADPUNT, "number": number} for number in LEADS]
    calls = [
        {"event": "call.made", "number": number, "caller": "voltix", "agent": "belhuis", "at": "2026-09-03T15:00+02:00"}
        for number in (*LEADS, CONSENT["number"])
    ]
    assert service.post("/v1/events", [*given, *calls]).json()["refused"] == 0
    return service


def verdict(service, number):
    return service.post("/v1/verdicts", {**ASKED, "number": number}).json()


def complain(service, number, **more):
    answer = service.post("/v1/complaints", {"number": number, "about": "Ik zei nooit ja.", **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_complaint_finds_the_call_the_agent_and_the_source_and_ends_with_an_answer(called):
    told = complain(called, LEADS[0], at="2026-09-03T14:40+02:00", objects=True)
    assert (told["agent"], told["source"], told["called_at"]) == (
        "belhuis",
        "LeadPunt B.V.",
        "2026-09-03T15:00:00+02:00",
    )
    request = told["request"]
    assert (request["kind"], request["state"], request["caller"], request["due"]) == (
        *("complaint", "new", "voltix"),
        "2026-09-22",  # ten working days after Tuesday the 8th
    )
    assert verdict(called, LEADS[0])["allowed"] is False  # the objection counts at once
    path = f"/v1/requests/{request['id']}"
    assert called.post(f"{path}/take-up", {}).json()["state"] == "busy"
    said = {"decision": "granted", "reply": "U bent van onze lijst.", "name": "A. de Vries"}
    assert called.post(f"{path}/answer", said).json()["state"] == "done"
    again = called.post(f"{path}/answer", said)
    assert (again.status_code, again.json()["code"]) == (422, "request-answered")
    steps = called.get(path).json()["steps"]
    assert [step["step"] for step in steps] == ["request.open", "request.take-up", "request.answer"]
    acts = {each["entry"]: each["act"] for each in called.get("/v1/audit", limit=1000).json()["entries"]}
    assert all(acts[step["entry"]] == step["step"] for step in steps)


def test_a_source_that_stands_out_is_stopped_and_none_of_its_consents_counts_whenever_it_is_recorded(called):
    for number in LEADS[1:4]:
        complain(called, number)
    counted = called.get("/v1/complaints/figures").json()
    (source,) = [each for each in counted["sources"] if each["name"] == "LeadPunt B.V."]
    assert source["calls"] == len(LEADS)
    assert source["stop"]
    assert sum(counted["months"].values()) >= 3
    assert verdict(called, LEADS[9])["allowed"] is True
    stop = called.post("/v1/sources/stop", {"source": "LeadPunt B.V.", "reason": "te veel klachten"})
    assert stop.status_code == 200, stop.text
    assert stop.json()["frozen"] == len(LEADS)
    assert not any(verdict(called, number)["allowed"] for number in LEADS)
    assert verdict(called, CONSENT["number"])["allowed"] is True  # it came from elsewhere
    late = {**OF_LEADPUNT, "number": "+31201000151"}
    assert called.post("/v1/events", late).status_code == 200
    assert verdict(called, "+31201000151")["allowed"] is False
    assert called.post("/v1/events", {**late, "captured_by": "", "at": "2026-09-02T10:00+02:00"}).status_code == 200
    assert verdict(called, "+31201000151")["allowed"] is True  # a consent of its own came after
    again = called.post("/v1/sources/stop", {"source": "LeadPunt B.V.", "reason": "nog eens"})
    assert again.json() == stop.json()
    assert [each["source"] for each in called.get("/v1/sources/stopped").json()["sources"]] == ["LeadPunt B.V."]
    history = called.post("/v1/history", {"number": LEADS[9]}).json()["events"]
    frozen = [event["fields"]["why"] for event in history if event["event"] == "consent.frozen"]
    assert frozen == ["source"]


def test_a_source_of_which_nothing_came_or_a_reason_with_a_person_in_it_is_refused(called):
    unknown = called.post("/v1/sources/stop", {"source": "Lead%", "reason": "te veel klachten"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown-source")
    named = called.post("/v1/sources/stop", {"source": "LeadPunt B.V.", "reason": "zie jan@example.nl"})
    assert (named.status_code, named.json()["pointer"]) == (422, "/reason")


def test_only_who_may_answer_answers_and_only_who_may_stop_stops(called):
    request = complain(called, LEADS[5])["request"]["id"]
    system = called.make_key("integrator")
    auditor = called.make_key("auditor")
    supervisor = called.make_key("supervisor")
    assert called.get("/v1/complaints", key=system).status_code == 403
    assert called.get("/v1/complaints", key=auditor).status_code == 200
    assert called.post(f"/v1/requests/{request}/take-up", {}, key=auditor).status_code == 403
    assert called.post("/v1/sources/stop", {"source": "api", "reason": "x"}, key=auditor).status_code == 403
    assert called.post(f"/v1/requests/{request}/take-up", {}, key=supervisor).status_code == 200
    other = called.command("caller", "add", "andere", "--name", "Andere B.V.", "--sector", "commercial")
    assert other
    narrow = called.make_key("officer", "house", "--caller", "andere")
    assert called.get("/v1/requests", key=narrow).json()["requests"] == []
    assert called.get(f"/v1/requests/{request}", key=narrow).status_code == 404


def test_another_organisation_learns_nothing_from_a_complaint_about_the_same_number(called):
    called.command("organisation", "add", "rival", "--name", "Rival B.V.")
    rival = called.make_key("officer", "rival")
    told = called.post("/v1/complaints", {"number": LEADS[0], "at": "2026-09-03T15:00+02:00"}, key=rival).json()
    assert (told["call"], told["agent"], told["source"], told["request"]["caller"]) == (None, None, None, None)
    assert told["request"]["ref"] == "2026-0001"  # how many others have does not show
    seen = called.get("/v1/complaints/figures", key=rival).json()
    assert [(each["name"], each["calls"]) for each in (*seen["agents"], *seen["sources"])] == [("", 0), ("", 0)]


def test_nothing_of_what_a_person_wrote_stands_open_in_the_store_and_an_erasure_takes_it_away(called):
    number, said = "+31201000160", "klaagzang-die-niemand-leest"
    request = complain(called, number, about=said, name="Jo Bloem", address="Plein 1")["request"]["id"]
    assert called.get(f"/v1/requests/{request}").json()["text"] == said
    if called.store.endswith(".db"):
        kept = sqlite3.connect(called.folder / called.store).execute("SELECT sealed FROM request").fetchall()
        assert not any(said.encode() in bytes(sealed) for (sealed,) in kept)
    called.command("erase", number, "--reason", "request 2026-014")
    told = called.get(f"/v1/requests/{request}").json()
    assert (told["number"], told["text"], told["name"], told["state"]) == (None, "", "", "done")


@given(st.integers(1, 100_000).flatmap(lambda calls: st.tuples(st.integers(0, calls), st.just(calls))))
def test_a_rate_lies_in_its_interval_which_more_calls_make_narrower(told):
    complaints, calls = told
    one, tenfold = rate("", complaints, calls), rate("", 10 * complaints, 10 * calls)
    assert 0 <= one.low <= one.per_1000 <= one.high <= 1000
    assert tenfold.high - tenfold.low <= one.high - one.low
