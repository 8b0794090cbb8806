"""What surrounds a question of the gate: asked again, a glass that was broken, a number that is held, a call back."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.api.conftest import CONSENT, CONSENTED, OWN, UNKNOWN
from tests.api.others import with_another

SHOWN = {"called": CONSENTED, "presented": OWN, "from": OWN, "product": "energy"}
REASON = "Gas leak in the north, case 2026-014."


def entries(service, number):
    return [each["entry"] for each in service.command("log", "entries", number)]


def consented(service, number):
    assert service.post("/v1/events", {**CONSENT, "number": number}).json()["new"] == 1
    return number


def test_a_question_that_is_asked_again_has_one_answer_one_permit_and_one_entry(service):
    number = consented(service, "+31201000070")
    question = {**SHOWN, "called": number, "call_id": "again"}
    before = entries(service, number)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: service.post("/v1/gate", question).json(), range(16)))
    assert answers[0]["allow"] == 1
    assert all(answer == answers[0] for answer in answers)
    assert len(entries(service, number)) == len(before) + 1
    other = service.post("/v1/gate", {**question, "call_id": "another"}).json()
    assert other["permit"] != answers[0]["permit"]
    denied = [service.post("/v1/gate", {**question, "called": UNKNOWN}).json() for _ in range(2)]
    assert denied[0] == denied[1]


def test_a_yes_is_not_given_again_after_an_objection(service):
    number = consented(service, "+31201000071")
    question = {**SHOWN, "called": number, "call_id": "objected"}
    permit = service.post("/v1/gate", question).json()["permit"]
    assert service.post("/v1/gate/objections", {"permit": permit}).status_code == 200
    assert service.post("/v1/gate", question).json()["cause"] == "objection"


def test_a_broken_glass_lets_pass_what_the_law_denies_and_says_so_everywhere(service):
    rival = with_another(service)
    number = "+31201000072"
    question = {**SHOWN, "called": number}
    assert service.post("/v1/gate", question).json()["cause"] == "no ground"
    broken = service.post("/v1/gate/broken-glass", {"minutes": 10, "reason": REASON}).json()
    answer = service.post("/v1/gate", {**question, "call_id": "glass"}).json()
    assert (answer["allow"], answer["glass"]) == (1, 1)
    assert int(answer["ref"].removeprefix("v-")) in entries(service, number)
    for change, cause in (({"from": UNKNOWN}, "other number"), ({"called": "x"}, "not a number")):
        assert service.post("/v1/gate", {**question, **change}).json()["cause"] == cause
    allowed = service.post("/v1/gate", SHOWN).json()
    assert "glass" not in allowed
    told = {"permit": answer["permit"], "cause": "break-glass", "code": 200}
    told |= {"begun_at": "2026-09-08T13:59:00+02:00", "answered_at": "2026-09-08T13:59:08+02:00"}
    (came,) = service.post("/v1/calls", {"calls": [told]}).json()["results"]
    assert came["call"]["verdict"] == answer["ref"]
    missing = service.get("/v1/calls/missing").json()["calls_without_permit"]
    assert [(each["cause"], each["verdict"]) for each in missing] == [("break-glass", answer["ref"])]
    acts = {each["entry"]: each for each in service.get("/v1/audit", limit=1000).json()["entries"]}
    assert (acts[broken["entry"]]["act"], acts[broken["entry"]]["details"]["reason"]) == ("glass.break", REASON)
    assert service.get("/v1/gate/broken-glass", key=rival).json() == {"glasses": []}
    assert service.client.delete("/v1/gate/broken-glass").json()["glasses"][0]["entry"] == broken["entry"]
    assert service.post("/v1/gate", {**question, "call_id": "mended"}).json()["cause"] == "no ground"


@pytest.mark.parametrize(
    "body",
    [{"minutes": 0, "reason": REASON}, {"minutes": 241, "reason": REASON}, {"minutes": 5, "reason": "kort"},
     {"minutes": 5, "reason": "bel mevrouw De Wit op 020-1000007"}],
)  # fmt: skip
def test_no_glass_is_broken_for_ever_or_without_a_reason(service, body):
    assert service.post("/v1/gate/broken-glass", body).status_code in (400, 422)
    assert service.post("/v1/gate", {**SHOWN, "called": UNKNOWN}).json()["allow"] == 0


def test_only_an_administrator_breaks_the_glass_and_a_gate_that_tells_of_its_own_opens_nothing(service):
    key = service.make_key("supervisor")
    assert service.post("/v1/gate/broken-glass", {"minutes": 5, "reason": REASON}, key=key).status_code == 403
    told = {"by": "beheer", "at": "2026-09-08T13:59:00+02:00", "minutes": 30, "reason": REASON}
    first, again = (service.post("/v1/gate/broken-glass/told", told, key=key).json() for _ in range(2))
    assert first == again
    assert first["by"] == "gate:beheer"
    assert service.post("/v1/gate", {**SHOWN, "called": UNKNOWN}).json()["allow"] == 0


@pytest.mark.parametrize(
    ("call", "counts"),
    [
        ({"asserted": "+31201000073"}, True),
        ({"asserted": "0201000073", "privacy": "none"}, True),
        ({"asserted": "+31201000073", "privacy": "id"}, False),
        ({"asserted": "+31201000073", "privacy": "session;user"}, False),
        ({"asserted": "anonymous"}, False),
        ({}, False),
    ],
)
def test_who_calls_back_hears_who_it_was_and_may_object_where_the_network_asserts_the_number(service, call, counts):
    asked = service.post("/v1/gate/call-backs", {"dialled": OWN, **call}).json()
    assert (asked["callers"], asked["counts"], asked["objected"]) == (["voltix"], counts, False)
    assert all("Voltix Energie B.V." in text for text in asked["says"].values())
    before = service.get("/v1/changes").json()["next"]
    pressed = service.post("/v1/gate/call-backs", {"dialled": OWN, "pressed": "1", **call}).json()
    assert pressed["objected"] == counts
    assert (service.get("/v1/changes").json()["next"] != before) == counts
