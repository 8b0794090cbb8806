"""Webhooks over HTTP, to a real receiver: signed, at once, again until taken, and nothing of another organisation's."""

import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import httpx
import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from tests.api.conftest import furnish
from tests.api.feeds import OBJECTION, OTHER, add_other, number
from tests.api.receiver import Receiver, until
from tests.api.service import Service, serving

INSIDE = {"webhooks_inside": "true", "seconds": "10"}  # of patience, on a busy machine


@pytest.fixture(scope="module")
def service(store, tmp_path_factory):
    """A service whose clock is true, as receivers refuse messages of another day; its webhooks may lead to this machine."""
    with serving(tmp_path_factory.mktemp("service"), store, at="", **INSIDE) as started:
        furnish(started)
        yield started


@pytest.fixture(scope="module")
def other(service):
    return add_other(service)


@pytest.fixture
def receiver():
    with Receiver().up() as started:
        yield started


def hooked(service: Service, receiver: Receiver, key: str = "", **more) -> str:
    made = service.post("/v1/webhooks", {"url": receiver.url, **more}, key=key)
    assert made.status_code == 201, made.text
    receiver.secrets.append(made.json()["secret"])
    return made.json()["webhook"]["id"]


def object_(service, place, key="", **more):
    told = service.post("/v1/events", {**OBJECTION, "number": number(place), **more}, key=key).json()
    assert told["new"] == 1, told
    return told["results"][0]["seq"]


def deliveries(service, webhook, **query):
    return service.get(f"/v1/webhooks/{webhook}/deliveries", **query).json()


def test_an_objection_arrives_signed_within_a_second(service, receiver):
    webhook = hooked(service, receiver)
    object_(service, 40)
    taken = until(lambda: receiver.messages)
    assert taken < 1
    (message,) = receiver.messages
    assert message["type"] == "objection.made"
    assert (message["data"]["number"], message["data"]["caller"]) == (number(40), "voltix")
    until(lambda: deliveries(service, webhook, only="delivered"))
    (delivery,) = deliveries(service, webhook)
    assert (delivery["attempts"], delivery["status"]) == (1, 204)
    assert delivery["confirmed_at"]


def test_the_secret_is_shown_once_and_a_tampered_body_fails(service, receiver):
    webhook = hooked(service, receiver)
    (listed,) = [each for each in service.get("/v1/webhooks").json() if each["id"] == webhook]
    assert "secret" not in listed
    caught = []
    receiver.take = lambda body, headers: caught.append((body, headers)) or 204
    object_(service, 41)
    until(lambda: caught)
    body, headers = caught[0]
    signing = Webhook(receiver.secrets[0])
    signing.verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        signing.verify(body.replace(b"objection.made", b"consent.given"), headers)


def test_after_a_rotation_both_secrets_sign_and_then_the_new_one(service, receiver):
    webhook = hooked(service, receiver)
    turned = service.post(f"/v1/webhooks/{webhook}/rotate", {"overlap_hours": 1}).json()
    object_(service, 42)
    until(lambda: receiver.messages)  # verified with the former secret
    receiver.secrets = [turned["secret"]]
    object_(service, 43)
    until(lambda: len(receiver.messages) == 2)
    assert [len(each.split()) for each in receiver.signatures] == [2, 2]
    last = service.post(f"/v1/webhooks/{webhook}/rotate", {"overlap_hours": 0}).json()
    receiver.secrets = [last["secret"]]
    object_(service, 44)
    until(lambda: len(receiver.messages) == 3)
    assert len(receiver.signatures[2].split()) == 1


def test_a_receiver_that_was_down_gets_all_when_it_is_back(service):
    receiver = Receiver()
    webhook = hooked(service, receiver)
    for place in range(50, 55):
        object_(service, place)
    until(lambda: any(each["error"] == "connection" for each in deliveries(service, webhook)))
    with receiver.up():
        until(lambda: len(receiver.messages) == 5)
        until(lambda: not deliveries(service, webhook, only="pending"))
    assert sorted(receiver.numbers) == [number(place) for place in range(50, 55)]
    assert len(set(receiver.ids)) == 5


def test_a_slow_receiver_holds_up_no_other(service, receiver):
    with Receiver().up() as slow:
        slow.seconds = 4
        hooked(service, slow)
        webhook = hooked(service, receiver)
        object_(service, 60)
        until(lambda: slow.tries)
        object_(service, 61)
        assert until(lambda: len(receiver.messages) == 2) < 2
        assert not slow.messages
        service.client.delete(f"/v1/webhooks/{webhook}")


def test_a_redirect_is_not_followed_and_a_refusal_is_tried_again(service, receiver):
    receiver.status = 302
    webhook = hooked(service, receiver)
    object_(service, 62)
    until(lambda: [each for each in deliveries(service, webhook) if each["error"] == "http-302"])
    receiver.status = 204
    until(lambda: deliveries(service, webhook, only="delivered"))
    assert deliveries(service, webhook)[0]["attempts"] >= 2


def test_others_events_never_arrive(service, other, receiver):
    with Receiver().up() as theirs:
        hooked(service, receiver)
        hooked(service, theirs, other)
        object_(service, 70)
        object_(service, 71, other, caller=OTHER)
        service.post("/v1/events", {"event": "number.reassigned", "number": number(72)})
        until(lambda: len(receiver.messages) == 2 and len(theirs.messages) == 2)
        assert sorted(receiver.numbers) == [number(70), number(72)]
        assert sorted(theirs.numbers) == [number(71), number(72)]
        assert "voltix" not in str(theirs.messages)


def test_only_kinds_and_callers_that_were_asked_for_arrive(service, receiver):
    hooked(service, receiver, kinds=["number.reassigned"], callers=["voltix"])
    object_(service, 73)
    service.post("/v1/events", {"event": "number.reassigned", "number": number(74)})
    until(lambda: receiver.messages)
    assert receiver.numbers == [number(74)]


def test_a_replay_sends_again_under_the_same_ids(service, receiver):
    start = service.get("/v1/changes", after="now").json()["next"]
    webhook = hooked(service, receiver)
    for place in (80, 81):
        object_(service, place)
    until(lambda: len(receiver.messages) == 2)
    until(lambda: not deliveries(service, webhook, only="pending"))
    before = deliveries(service, webhook)
    assert service.post(f"/v1/webhooks/{webhook}/replay", {"after": start}).status_code == 200
    until(lambda: len(receiver.messages) == 4)
    assert sorted(receiver.ids[:2]) == sorted(receiver.ids[2:])
    until(lambda: not deliveries(service, webhook, only="pending"))
    assert [each["confirmed_at"] for each in deliveries(service, webhook)] == [each["confirmed_at"] for each in before]


def test_an_ended_webhook_is_told_nothing(service, receiver):
    webhook = hooked(service, receiver)
    assert service.client.delete(f"/v1/webhooks/{webhook}").status_code == 204
    with Receiver().up() as second:
        hooked(service, second)
        object_(service, 82)
        until(lambda: second.messages)
    assert not receiver.messages
    assert service.get(f"/v1/webhooks/{webhook}/deliveries").status_code == 404


def test_another_organisations_webhook_is_refused_as_one_that_there_is_not(service, other, receiver):
    webhook = hooked(service, receiver)
    narrow = service.make_key("officer", "others")
    for key in (other, narrow):
        for path, body in (("rotate", {}), ("replay", {"after": service.get("/v1/changes").json()["next"]})):
            theirs = service.post(f"/v1/webhooks/{webhook}/{path}", body, key=key)
            none = service.post(f"/v1/webhooks/wh_none/{path}", body, key=key)
            assert (theirs.status_code, theirs.json()) == (404, none.json())
    assert service.get("/v1/webhooks", key=other).json() == [
        each for each in service.get("/v1/webhooks", key=other).json() if each["id"] != webhook
    ]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"url": "ftp://crm.example/"}, "/url"),
        ({"url": "http://crm.example/"}, "/url"),
        ({"url": "https://iris:secret@crm.example/"}, "/url"),
        ({"url": "https://crm.example/", "kinds": ["objection"]}, "/kinds"),
        ({"url": "https://crm.example/", "callers": ["nobody"]}, "/callers/0"),
        ({"url": "https://crm.example/", "after": "x"}, "/after"),
    ],
)
def test_a_mistake_is_told_with_its_field(service, body, pointer):
    refused = service.post("/v1/webhooks", body)
    assert (refused.status_code, refused.json()["pointer"]) == (422, pointer)


def test_a_service_killed_delivers_after_it_is_back(store, folder, request):
    if store != "belbaar.db":  # a database of its own: the module's is in use
        server = request.getfixturevalue("postgres")
        store = str(server.url(server.database()))
    receiver = Receiver()
    with serving(folder, store, at="", **INSIDE) as service:
        furnish(service)
        webhook = hooked(service, receiver)
        object_(service, 90)
        until(lambda: any(each["attempts"] for each in deliveries(service, webhook)))
        key = service.key
        object_(service, 91)
        service.stop(signal.SIGKILL)
    with receiver.up(), serving(folder, store, at="", key=key, **INSIDE):
        until(lambda: {number(90), number(91)} <= set(receiver.numbers), 40)


def test_the_services_own_network_is_refused_unless_it_was_allowed(folder):
    with Receiver().up() as receiver, serving(folder, "belbaar.db", at="") as service:
        furnish(service)
        for url in (
            receiver.url,
            "https://localhost/",
            "https://10.0.0.1/",
            "https://[::1]/",
            "https://169.254.169.254/",
        ):
            refused = service.post("/v1/webhooks", {"url": url})
            assert (refused.status_code, refused.json()["code"]) == (422, "address-refused")
        name = service.post("/v1/webhooks", {"url": f"https://localhost.localdomain:{receiver.port}/"})
        webhook = name.json()["webhook"]["id"]
        object_(service, 95)
        until(lambda: any(each["attempts"] for each in deliveries(service, webhook)))
        (failed,) = deliveries(service, webhook)
        assert failed["error"] in ("address-refused", "name-unknown")
        assert receiver.tries == 0


def test_two_processes_do_not_both_deliver(postgres, folder):
    store = str(postgres.url(postgres.database()))
    with Receiver().up() as receiver, serving(folder, store, at="", workers="2", **INSIDE) as service:
        furnish(service)
        webhook = hooked(service, receiver)
        for start in range(1000, 1100, 20):
            events = [{**OBJECTION, "number": number(start + n)} for n in range(20)]
            assert service.post("/v1/events", events).json()["new"] == 20
        until(lambda: len(receiver.messages) >= 100, 40)
        until(lambda: not deliveries(service, webhook, only="pending"))
        assert receiver.tries == 100
        assert len(set(receiver.ids)) == 100


def test_what_nobody_takes_for_a_day_is_dead_and_a_replay_revives_it(folder):
    receiver = Receiver()
    with serving(folder, "belbaar.db", at="2026-09-08 14:00:00", **INSIDE) as service:
        furnish(service)
        start = service.get("/v1/changes", after="now").json()["next"]
        webhook, key = hooked(service, receiver), service.key
        object_(service, 96)
        until(lambda: any(each["attempts"] for each in deliveries(service, webhook, only="pending")))
    with serving(folder, "belbaar.db", at="2026-09-09 15:00:00", key=key, **INSIDE) as service:
        until(lambda: deliveries(service, webhook, only="dead"), 40)
        receiver.take = lambda body, _: receiver.messages.append(body) or 204
        with receiver.up():
            service.post(f"/v1/webhooks/{webhook}/replay", {"after": start})
            until(lambda: deliveries(service, webhook, only="delivered"), 40)
        assert len(receiver.messages) == 1


def test_a_service_that_is_asked_to_stop_lets_those_go_who_wait(folder):
    with serving(folder, "belbaar.db", at="") as service, ThreadPoolExecutor() as pool:
        waiting = pool.submit(service.get, "/v1/changes", after="now", wait=30)
        time.sleep(1)
        begun = time.monotonic()
        service.stop()
        assert time.monotonic() - begun < 10
        with suppress(httpx.TransportError):
            assert waiting.result().json()["changes"] == []
