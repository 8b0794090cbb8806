"""Which connected system has confirmed which objection, and which has not, asked over HTTP."""

import pytest

from tests.api.conftest import furnish
from tests.api.feeds import OBJECTION, OTHER, add_other, number
from tests.api.receiver import Receiver, until
from tests.api.service import serving


@pytest.fixture(scope="module")
def service(store, tmp_path_factory):
    with serving(tmp_path_factory.mktemp("service"), store, at="", webhooks_inside="true", seconds="10") as started:
        furnish(started)
        yield started


@pytest.fixture(scope="module")
def other(service):
    return add_other(service)


@pytest.fixture
def dialer(service):
    key = service.make_key("integrator", "house", "--label", "dialer")
    service.get("/v1/changes", key=key, after="now")
    yield key
    service.command("key", "revoke", key.split("_")[1])


def id_of(key):
    return key.split("_")[1]


def object_(service, place, key="", **more):
    told = service.post("/v1/events", {**OBJECTION, "number": number(place), **more}, key=key).json()
    return told["results"][0]


def asked(service, key="", **what):
    """Give, of the one event that is meant, which systems have confirmed it."""
    (told,) = service.post("/v1/changes/confirmations", what, key=key).json()
    return {each["system"]["id"]: each["confirmed"] for each in told["systems"]}


def waited_for(service, system, key="", **query):
    found = service.get("/v1/changes/confirmations", key=key, **({"minutes": 0} | query)).json()
    return [each["change"]["number"] for each in found if each["system"]["id"] == system]


def test_a_key_has_confirmed_what_stands_before_its_cursor(service, dialer):
    start = service.get("/v1/changes", key=dialer, after="now").json()["next"]
    for place in (100, 101):
        object_(service, place)
    assert asked(service, number=number(100))[id_of(dialer)] is False
    assert waited_for(service, id_of(dialer)) == [number(100), number(101)]
    first, _ = service.get("/v1/changes", key=dialer, after=start).json()["changes"]
    told = service.post("/v1/changes/confirm", {"cursor": first["cursor"]}, key=dialer).json()
    assert told["cursor"] == first["cursor"]
    assert asked(service, number=number(100))[id_of(dialer)] is True
    assert asked(service, event=first["id"])[id_of(dialer)] is True
    assert asked(service, seq=first["seq"] + 1)[id_of(dialer)] is False
    assert waited_for(service, id_of(dialer)) == [number(101)]
    assert waited_for(service, id_of(dialer), minutes=10) == []


def test_a_confirmation_keeps_its_time_and_is_not_taken_back(service, dialer):
    start = service.get("/v1/changes", key=dialer, after="now").json()["next"]
    object_(service, 110)
    (change,) = service.get("/v1/changes", key=dialer, after=start).json()["changes"]
    first = service.post("/v1/changes/confirm", {"cursor": change["cursor"]}, key=dialer).json()
    assert service.post("/v1/changes/confirm", {"cursor": change["cursor"]}, key=dialer).json() == first
    assert service.post("/v1/changes/confirm", {"cursor": start}, key=dialer).json()["cursor"] == change["cursor"]
    (told,) = service.post("/v1/changes/confirmations", {"number": number(110)}).json()
    (own,) = [each for each in told["systems"] if each["system"]["id"] == id_of(dialer)]
    assert own["confirmed_at"] == first["confirmed_at"]
    assert (own["system"]["kind"], own["system"]["label"]) == ("key", "dialer")


def test_a_webhook_confirms_by_taking_it(service):
    receiver = Receiver()
    made = service.post("/v1/webhooks", {"url": receiver.url, "kinds": ["objection.made"]}).json()
    receiver.secrets.append(made["secret"])
    webhook = made["webhook"]["id"]
    object_(service, 120)
    assert asked(service, number=number(120))[webhook] is False
    assert waited_for(service, webhook) == [number(120)]
    with receiver.up():
        until(lambda: asked(service, number=number(120))[webhook])
    assert waited_for(service, webhook) == []
    service.client.delete(f"/v1/webhooks/{webhook}")
    object_(service, 121)
    assert webhook not in asked(service, number=number(121))
    assert asked(service, number=number(120))[webhook] is True


def test_what_did_not_concern_a_system_is_not_asked_of_it(service):
    made = service.post("/v1/webhooks", {"url": "https://crm.invalid/", "kinds": ["consent.withdrawn"]}).json()
    object_(service, 130)
    assert made["webhook"]["id"] not in asked(service, number=number(130))
    late = service.make_key("integrator")
    service.get("/v1/changes", key=late, after="now")
    assert id_of(late) not in asked(service, number=number(130))
    service.client.delete(f"/v1/webhooks/{made['webhook']['id']}")


def test_a_caller_sees_its_agents_systems_for_its_own_objections_and_nobody_else_does(service, other):
    service.command("organisation", "add", "bureau", "--name", "Belbureau B.V.")
    service.command("organisation", "caller", "voltix", "--organisation", "bureau", "--mandate")
    agent = service.make_key("officer", "bureau", "--label", "our dialer")
    service.get("/v1/changes", key=agent, after="now")
    own = service.make_key("officer", "others")
    service.get("/v1/changes", key=own, after="now")
    object_(service, 140)
    object_(service, 141, other, caller=OTHER)
    object_(service, 142, scope="all")
    (told,) = service.post("/v1/changes/confirmations", {"number": number(140)}).json()
    (of_agent,) = [each["system"] for each in told["systems"] if each["system"]["id"] == id_of(agent)]
    assert (of_agent["organisation"], of_agent["label"]) == ("bureau", None)
    assert waited_for(service, id_of(agent)) == [number(140), number(142)]
    assert id_of(own) not in asked(service, number=number(142))
    assert set(asked(service, agent, number=number(140))) == {id_of(agent)}
    assert set(asked(service, other, number=number(141))) == {id_of(own)}
    assert service.post("/v1/changes/confirmations", {"number": number(140)}, key=other).json() == []
    (everybody,) = service.post("/v1/changes/confirmations", {"number": number(142)}, key=other).json()
    assert [each["system"]["organisation"] for each in everybody["systems"]] == ["others"]
    assert everybody["change"]["id"] is None


def test_a_system_that_was_disconnected_or_revoked_is_asked_for_nothing(service, dialer):
    leaving = service.make_key("integrator")
    for key in (dialer, leaving):
        service.get("/v1/changes", key=key, after="now")
    assert service.client.delete(f"/v1/changes/systems/{id_of(dialer)}").status_code == 204
    service.command("key", "revoke", id_of(leaving))
    object_(service, 150)
    told = asked(service, number=number(150))
    assert id_of(dialer) not in told
    assert id_of(leaving) not in told
    assert service.client.delete(f"/v1/changes/systems/{id_of(dialer)}").status_code == 404


def test_an_auditor_asks_and_a_supervisor_does_not(service):
    object_(service, 160)
    assert service.post("/v1/changes/confirmations", {"number": number(160)}, key=service.make_key("auditor")).json()
    refused = service.post("/v1/changes/confirmations", {"number": number(160)}, key=service.make_key("supervisor"))
    assert refused.status_code == 403


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ({}, 422, ""),
        ({"number": "12"}, 422, "/number"),
        ({"event": "x"}, 422, "/event"),
        ({"seq": 9_000_000_000}, 404, ""),
        ({"number": "+31201000001", "seq": 1}, 422, ""),
    ],
)
def test_a_mistake_is_told_with_its_field(service, body, status, pointer):
    refused = service.post("/v1/changes/confirmations", body)
    assert (refused.status_code, refused.json()["pointer"]) == (status, pointer)
    assert service.get("/v1/changes/confirmations", kinds="call.made").json()["pointer"] == "/kinds"
