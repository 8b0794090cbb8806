"""Two installations: one provider asks, the other answers; what is signed is believed, and nothing else."""

import base64
import json
from datetime import UTC, datetime

import pytest

from tests.api.incoming import ANNOYING, came_in
from tests.api.service import serving

PERSON = "+31201000041"
PARTY = {"number": ANNOYING, "name": "B. Eller", "address": "Laan 2", "postcode": "3511 AA", "town": "Utrecht"}


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    folder = tmp_path_factory.mktemp("noord")
    with serving(folder, "belbaar.db", trace_spool=str(folder / "spool")) as started:
        yield started


@pytest.fixture(scope="module")
def other(tmp_path_factory, service):
    """Another provider's installation, of which either knows the other's keys."""
    with serving(tmp_path_factory.mktemp("zuid"), "belbaar.db") as started:
        for here, there, name in ((service, started, "zuid"), (started, service, "noord")):
            known = there.get("/v1/trace/keys").json()
            told = {
                "provider": name,
                "name": f"{name.title()} Telecom",
                "issuer": f"{known['issuer']}/house",
                "keys": {"keys": known["keys"]},
            }
            assert here.post("/v1/trace/providers", told).status_code == 200
        yield started


def asked(service, days):
    """Open a case, look who called, and ask the other provider."""
    at = service.now() - days * 86_400
    came_in(service.folder / "spool", at, called=PERSON)
    wanted = {"number": PERSON, "name": "A. de Vries", "address": "Plein 1", "postcode": "1012 AB", "town": "Ede"}
    case = service.post("/v1/trace/cases", {**wanted, "times": [datetime.fromtimestamp(at, UTC).isoformat()]}).json()
    url, call = f"/v1/trace/cases/{case['case']}", case["calls"][0]["call"]
    early = service.post(f"{url}/ask", {"provider": "zuid", "calls": [call]})
    assert early.json()["code"] == "not-looked"
    assert service.post(f"{url}/look", {"call": call, "why": "The only one."}).status_code == 200
    sent = service.post(f"{url}/ask", {"provider": "zuid", "calls": [call]})
    assert sent.status_code == 200, sent.text
    return url, call, sent.json()["message"]


def changed(token):
    head, body, signature = token.split(".")
    said = json.loads(base64.urlsafe_b64decode(body + "=="))
    said["calls" if "calls" in said else "why"] = []
    return ".".join((head, base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("="), signature))


def test_one_asks_the_other_answers_and_the_person_gets_a_letter(service, other):
    url, call, message = asked(service, 1)
    assert "Vries" not in base64.urlsafe_b64decode(message.split(".")[1] + "==").decode()  # not who asks
    taken = other.post("/v1/trace/asked", {"provider": "noord", "message": message})
    assert taken.status_code == 201, taken.text
    theirs = f"/v1/trace/cases/{taken.json()['case']}"
    assert (taken.json()["state"], taken.json()["missing"], taken.json()["provider"]) == ("received", [], "noord")
    assert ANNOYING[1:] not in taken.text
    read = other.post(f"{theirs}/asked", {"why": "To look the subscriber up."}).json()["calls"]
    assert [each["number"] for each in read] == [ANNOYING]
    elsewhere = {**PARTY, "number": "+31301990078"}
    assert other.post(f"{theirs}/answer", {"party": elsewhere, "reason": "x"}).json()["pointer"] == "/party/number"
    answered = other.post(f"{theirs}/answer", {"party": PARTY, "reason": "Six calls in a night."})
    assert answered.status_code == 200, answered.text
    assert answered.json()["case"]["state"] == "found"
    assert [each["step"] for each in answered.json()["case"]["history"]] == [
        "trace.asked",
        "trace.look",
        "trace.answer",
    ]
    named = other.post(f"{theirs}/letter", {"letter": "named"})
    assert (named.status_code, named.content[:8]) == (200, b"%PDF-1.7")
    reply = service.post(f"{url}/replied", {"message": answered.json()["message"]})
    assert reply.json() == {"party": PARTY, "why": ""}
    found = service.post(f"{url}/disclose", {"party": PARTY, "calls": [call], "reason": "As the other provider said."})
    assert found.json()["state"] == "found"
    assert service.post(f"{url}/letter", {"letter": "found"}).status_code == 200
    steps = [each["step"] for each in service.get(url).json()["history"]]
    assert steps == ["trace.open", "trace.look", "trace.ask", "trace.replied", "trace.disclose", "trace.letter"]


def test_a_refusal_travels_too(service, other):
    url, _, message = asked(service, 2)
    case = other.post("/v1/trace/asked", {"provider": "noord", "message": message}).json()["case"]
    answered = other.post(f"/v1/trace/cases/{case}/answer", {"why": "interest", "reason": "A shelter."}).json()
    assert answered["case"]["state"] == "refused"
    reply = service.post(f"{url}/replied", {"message": answered["message"]}).json()
    assert reply == {"party": None, "why": "interest"}
    refused = service.post(f"{url}/refuse", {"why": "other-provider"}).json()
    assert refused["state"] == "refused"


def test_what_is_not_signed_by_whom_it_names_is_not_believed(service, other):
    url, _, message = asked(service, 3)
    for bad in (changed(message), message[:-4] + "AAAA", "a.b.c", ""):
        refused = other.post("/v1/trace/asked", {"provider": "noord", "message": bad})
        assert (refused.status_code, refused.json()["code"]) == (409, "bad-signature")
    assert service.post("/v1/trace/asked", {"provider": "zuid", "message": message}).json()["code"] == "bad-signature"
    assert other.post("/v1/trace/asked", {"provider": "west", "message": message}).json()["code"] == "unknown-provider"
    first = other.post("/v1/trace/asked", {"provider": "noord", "message": message})
    assert first.status_code == 201
    again = other.post("/v1/trace/asked", {"provider": "noord", "message": message})
    assert (again.status_code, again.json()["code"]) == (409, "taken")
    answer = {"why": "interest", "reason": "x"}
    message = other.post(f"/v1/trace/cases/{first.json()['case']}/answer", answer).json()["message"]
    assert service.post(f"{url}/replied", {"message": changed(message)}).json()["code"] == "bad-signature"
    another, _, _ = asked(service, 4)
    wrong = service.post(f"{another}/replied", {"message": message})
    assert (wrong.status_code, wrong.json()["code"]) == (409, "other-answer")
    assert service.post(f"{url}/replied", {"message": message}).status_code == 200


def test_a_request_for_somebody_else_is_not_taken(service, other):
    known = service.get("/v1/trace/keys").json()
    third = {"provider": "oost", "name": "Oost", "issuer": "oost.example/house", "keys": {"keys": known["keys"]}}
    assert service.post("/v1/trace/providers", third).status_code == 200
    url, call, _ = asked(service, 5)
    message = service.post(f"{url}/ask", {"provider": "oost", "calls": [call]}).json()["message"]
    refused = other.post("/v1/trace/asked", {"provider": "noord", "message": message})
    assert (refused.status_code, refused.json()["code"]) == (409, "other-request")


def test_a_private_key_is_not_taken_for_a_public_one(service):
    key = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "d": "AAAA"}
    for keys in ({"keys": [key]}, {"keys": []}, {}, {"keys": [{"kty": "RSA"}]}):
        told = {"provider": "west", "name": "West", "issuer": "west.example/x", "keys": keys}
        assert service.post("/v1/trace/providers", told).json()["pointer"] == "/keys"
