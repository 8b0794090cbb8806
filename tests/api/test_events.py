"""Events over HTTP: each once, whatever is wrong with others, in force for the next verdict."""

from tests.api.conftest import ASKED, CONSENT, CONSENTED

OBJECTION = {"event": "objection.made", "number": "+31201000021", "caller": "voltix", "at": "2026-09-02T10:00:00+02:00"}


def test_the_same_event_again_does_no_harm(service):
    first, again = (service.post("/v1/events", {**OBJECTION, "row_id": "crm-1"}).json() for _ in range(2))
    assert (first["new"], again["new"], again["known"]) == (1, 0, 1)
    assert first["results"][0]["seq"] == again["results"][0]["seq"]
    assert again["results"][0]["row_id"] == "crm-1"
    assert again["results"][0]["known"] is True


def test_an_objection_is_recorded_whatever_is_wrong_with_the_row_beside_it(service):
    rows = [{**OBJECTION, "number": "+31201000022"}, {**CONSENT, "number": "06"}, {**CONSENT, "product": "Energy!"}]
    told = service.post("/v1/events", rows).json()
    assert (told["new"], told["refused"]) == (1, 2)
    assert [row["problem"] and row["problem"]["pointer"] for row in told["results"]] == [
        None,
        "/1/number",
        "/2/product",
    ]


def test_a_wording_with_somebodys_number_is_refused_and_the_row_beside_it_recorded(service):
    rows = [{**CONSENT, "wording": "Ja, bel mij op 020-1000024."}, {**OBJECTION, "number": "+31201000024"}]
    told = service.post("/v1/events", rows).json()
    assert (told["new"], told["refused"]) == (1, 1)
    problem = told["results"][0]["problem"]
    assert (problem["code"], problem["pointer"]) == ("personal-data", "/0/wording")
    assert "1000024" not in str(problem)


def test_an_event_sent_alone_is_refused_as_a_whole(service):
    refused = service.post("/v1/events", {**CONSENT, "verified": "telepathy"})
    assert refused.status_code == 422
    assert refused.json()["pointer"] == "/verified"


def test_an_idempotency_key_gives_the_same_answer_and_another_request_is_refused(service):
    body = {**OBJECTION, "number": "+31201000023"}
    first = service.post("/v1/events", body, **{"Idempotency-Key": "k1"})
    again = service.post("/v1/events", body, **{"Idempotency-Key": "k1"})
    assert first.json() == again.json()
    other = service.post("/v1/events", OBJECTION, **{"Idempotency-Key": "k1"})
    assert (other.status_code, other.json()["code"]) == (409, "key-reused")


def test_an_answer_that_was_kept_is_not_for_a_key_that_was_revoked(service):
    key, body = service.make_key("integrator"), {**OBJECTION, "number": "+31201000024"}
    assert service.post("/v1/events", body, key=key, **{"Idempotency-Key": "k2"}).status_code == 200
    service.command("key", "revoke", key.split("_")[1])
    assert service.post("/v1/events", body, key=key, **{"Idempotency-Key": "k2"}).status_code == 401


def test_an_undated_objection_counts_from_now_and_an_undated_consent_is_refused(service):
    undated = {name: value for name, value in OBJECTION.items() if name != "at"} | {"number": CONSENTED}
    consent = {name: value for name, value in CONSENT.items() if name != "at"}
    assert service.post("/v1/events", consent).json()["pointer"] == "/at"
    assert service.post("/v1/events", undated).json()["new"] == 1
    assert service.post("/v1/verdicts", ASKED).json()["allowed"] is False
