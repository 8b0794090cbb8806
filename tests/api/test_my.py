"""My number on PostgreSQL: its person reads over the wall, and nobody else by that; what is done there counts at once."""

import re
from collections.abc import Iterator

import httpx
import pytest

from tests.api.conftest import ASKED, CONSENT, CONSENTED, furnish
from tests.api.service import Service, serving
from tests.capture.post import Gateway, gateway


@pytest.fixture(scope="module")
def texts() -> Iterator[Gateway]:
    with gateway() as running:
        yield running


@pytest.fixture(scope="module")
def service(texts: Gateway, postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving(tmp_path_factory.mktemp("my"), str(postgres.url(postgres.database())), sms_url=texts.url) as started:
        furnish(started)
        yield started


def test_a_person_of_two_organisations_customers_sees_both_and_ends_one(service, texts):
    service.command("organisation", "add", "rival", "--name", "Rival B.V.")
    rival = service.make_key("administrator", "rival")
    caller = {"caller": "rival.caller", "name": "Rival Telecom", "sector": "commercial", "numbers": ["+31201990009"]}
    assert service.post("/v1/callers", caller, key=rival).status_code == 200
    consent = {**CONSENT, "caller": "rival.caller", "product": "telecom", "captured_by": "LeadPunt"}
    assert service.post("/v1/events", consent, key=rival).json()["new"] == 1
    with httpx.Client(base_url=service.url, timeout=30) as person:
        person.post("/nl/my", data={"number": CONSENTED})
        assert person.post("/nl/my/code", data={"code": texts.code(CONSENTED)}).headers["location"] == "/nl/my"
        seen = person.get("/nl/my").text
        assert "Voltix Energie B.V." in seen
        assert "Rival Telecom" in seen
        denied = person.post("/nl/my/not-mine", data={"caller": "rival.caller", "product": "telecom"})
        assert denied.headers["location"] == "/nl/my?done=not-mine&caller=rival.caller"
        person.post("/nl/my/proof", data={"caller": "voltix"})
        events = [each["event"] for each in person.get("/nl/my/data/json").json()["events"]]
        assert sorted(events) == ["complaint.filed", "consent.frozen", "consent.given", "consent.given"]
        assert person.post("/nl/my/leave").headers["location"] == "/nl/my"
        assert person.get("/nl/my/data/json").status_code == 404
    asked = {"number": CONSENTED, "caller": "rival.caller", "product": "telecom"}
    assert service.post("/v1/verdicts", asked, key=rival).json()["allowed"] is False
    assert service.post("/v1/verdicts", ASKED).json()["allowed"] is True
    theirs = {key: service.get("/v1/requests", key=key).json()["requests"] for key in (service.key, rival)}
    assert [each["kind"] for each in theirs[service.key]] == ["proof"]
    assert [each["kind"] for each in theirs[rival]] == ["complaint"]
    (complaint,) = service.get("/v1/complaints", key=rival).json()["complaints"]
    assert complaint["source"] == "LeadPunt"


def test_a_cookie_of_my_number_opens_no_other_number(service, texts):
    with httpx.Client(base_url=service.url, timeout=30) as person:
        person.post("/nl/my", data={"number": "+31201000071"})
        person.post("/nl/my/code", data={"code": texts.code("+31201000071")})
        assert "Geen beller in belbaar mag u bellen" in person.get("/nl/my").text
        assert person.post("/nl/my/stop", data={"caller": "voltix", "product": "energy"}).status_code == 404
        assert not re.search("Voltix|Rival", person.get("/nl/my").text)
