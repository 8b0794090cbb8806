"""What is said of a number alone counts for all organisations: only one that is trusted may say what helps a call."""

import pytest

from tests.api.conftest import ASKED

NUMBER = "+31201000071"
AT = "2026-09-01T10:00:00+02:00"
HELPFUL = [
    {"event": "subscriber.described", "number": NUMBER, "type": "legal", "at": AT},
    {"event": "number.published", "number": NUMBER, "product": "energy", "at": AT},
    {"event": "register.left", "number": NUMBER, "at": AT},
]
PROTECTING = [{"event": "register.entered", "number": NUMBER}, {"event": "number.reassigned", "number": NUMBER}]


@pytest.fixture(scope="module")
def rival(service):
    service.command("organisation", "add", "rival", "--name", "Rival B.V.")
    return service.make_key("integrator", "rival")


def test_another_organisation_cannot_make_the_calls_of_all_lawful(service, rival):
    before = service.post("/v1/verdicts", {**ASKED, "number": NUMBER}).json()
    told = service.post("/v1/events", HELPFUL + PROTECTING, key=rival).json()
    assert (told["new"], told["refused"]) == (len(PROTECTING), len(HELPFUL))
    assert {row["problem"]["code"] for row in told["results"][: len(HELPFUL)]} == {"not-for-all"}
    assert [row["problem"]["pointer"] for row in told["results"][: len(HELPFUL)]] == [
        "/0/event",
        "/1/event",
        "/2/event",
    ]
    after = service.post("/v1/verdicts", {**ASKED, "number": NUMBER}).json()
    assert (before["allowed"], after["allowed"]) == (False, False)
    assert service.post("/v1/events", HELPFUL[0], key=rival).json()["code"] == "not-for-all"


def test_the_first_organisation_may_say_it_and_others_once_they_are_trusted(service, rival):
    described = {**HELPFUL[0], "number": "+31201000072"}
    assert service.post("/v1/events", described).json()["new"] == 1
    service.command("organisation", "trust", "rival")
    assert service.post("/v1/events", HELPFUL, key=rival).json()["new"] == len(HELPFUL)
    trusted = {each["organisation"]: each["trusted"] for each in service.command("organisation", "list")}
    assert trusted == {"house": True, "rival": True}
    service.command("organisation", "trust", "rival", "--end")
    later = {**HELPFUL[0], "number": "+31201000073"}
    assert service.post("/v1/events", later, key=rival).json()["code"] == "not-for-all"


@pytest.mark.usefixtures("rival")
def test_who_was_trusted_stands_in_the_trail(service):
    service.command("organisation", "trust", "rival")
    auditor = service.make_key("auditor", "rival")
    acts = [
        each for each in service.get("/v1/audit", key=auditor).json()["entries"] if each["act"] == "organisation.trust"
    ]
    assert acts[-1]["details"] == {"organisation": "rival", "trusted": "yes"}


def test_what_is_sent_where_and_what_was_confirmed_stands_in_the_trail(service):
    made = service.post("/v1/webhooks", {"url": "https://crm.example/hook"}).json()["webhook"]["id"]
    service.post(f"/v1/webhooks/{made}/rotate", {})
    service.client.delete(f"/v1/webhooks/{made}")
    start = service.get("/v1/changes", after="now").json()["next"]
    service.post("/v1/events", {"event": "objection.made", "number": NUMBER, "scope": "all"})
    cursor = service.get("/v1/changes", after=start).json()["next"]
    service.post("/v1/changes/confirm", {"cursor": cursor})
    entries = service.get("/v1/audit", limit=1000).json()["entries"]
    changes = [each["details"]["change"] for each in entries if each["details"].get("webhook") == made]
    assert changes == ["made", "new secret", "ended"]
    assert [each["details"] for each in entries if each["act"] == "feed.confirm"] == [{"upto": cursor}]


def test_an_agent_is_the_organisations_that_it_was_registered_for(service, rival):
    for name, owner in (("noord", "house"), ("zuid", "rival")):
        service.command("agent", "add", name, "--name", name.title(), "--organisation", owner)
    assert [each["agent"] for each in service.get("/v1/agents", key=rival).json()["agents"]] == ["zuid"]
