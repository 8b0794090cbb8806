"""Verdicts over HTTP: the same as on the command line, with permits, and refusals that say what to do."""

import base64
import json

import httpx
import pytest

from tests.api.conftest import ASKED, CONSENT, CONSENTED, OTHERS, OWN, UNKNOWN


def test_a_verdict_over_http_is_that_of_the_command_line(service):
    at = "2026-09-08T14:00:00+02:00"
    over_http = service.post("/v1/verdicts", {**ASKED, "at": at}).json()
    on_the_command_line = service.command(
        "may-call", CONSENTED, "--caller", "voltix", "--product", "energy", "--at", at
    )
    extra = {"entry", "permit", "explanation", "id"}
    assert {name: value for name, value in over_http.items() if name not in extra} == on_the_command_line
    assert over_http["allowed"] is True
    assert over_http["permit"] is None


def test_a_call_that_is_made_now_comes_with_a_permit_bound_to_it(service):
    answer = service.post("/v1/verdicts", {**ASKED, "campaign": "herfst", "id": "row 17"}).json()
    assert answer["allowed"] is True
    assert answer["id"] == "row 17"
    head, body, _ = answer["permit"]["token"].split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    assert (claims["sub"], claims["caller"], claims["presents"], claims["campaign"]) == (
        CONSENTED,
        "voltix",
        OWN,
        "herfst",
    )
    assert claims["entry"] == answer["entry"]
    assert 0 < claims["exp"] - claims["iat"] <= 5 * 60
    kid = json.loads(base64.urlsafe_b64decode(head + "=="))["kid"]
    assert kid in [key["kid"] for key in service.get("/.well-known/jwks.json").json()["keys"]]


def test_a_denied_call_is_kept_and_has_no_permit(service):
    answer = service.post("/v1/verdicts", {**ASKED, "number": UNKNOWN}).json()
    assert (answer["allowed"], answer["permit"]) == (False, None)
    assert isinstance(answer["entry"], int)


@pytest.mark.parametrize(
    ("change", "status", "code", "pointer"),
    [
        ({"number": "12"}, 422, "too-short", "/number"),
        ({"number": 31201000007}, 400, "malformed", "/number"),
        ({"caller": "nobody"}, 422, "unknown-caller", "/caller"),
        ({"presents": "x"}, 422, "not-a-number", "/presents"),
        ({"at": "32-13-2026"}, 422, "bad-input", "/at"),
        ({"channel": "fax"}, 422, "bad-input", "/channel"),
        ({"evidence": 9}, 422, "bad-input", "/evidence"),
        ({"permit": True, "at": "2026-09-01T12:00"}, 422, "bad-input", "/permit"),
        ({"minutes": 90}, 400, "malformed", "/minutes"),
        ({"number": "+14155550100"}, 422, "law-unknown", ""),
    ],
)
def test_a_mistake_is_told_with_its_field_and_a_remedy(service, change, status, code, pointer):
    refused = service.post("/v1/verdicts", {**ASKED, **change})
    problem = refused.json()
    assert (refused.status_code, problem["status"]) == (status, status)
    assert refused.headers["content-type"] == "application/problem+json"
    assert (problem["code"], problem["pointer"], problem["allowed"]) == (code, pointer, False)
    assert problem["type"] == f"/v1/problems/{code}"


def test_one_bad_number_of_a_batch_fails_alone(service):
    at = "2026-09-08T14:00:00+02:00"
    calls = [
        {**ASKED, "at": at, "id": "a"},
        {**ASKED, "number": "0", "id": "b"},
        {**ASKED, "number": UNKNOWN, "at": at},
    ]
    told = service.post("/v1/verdicts/batch", {"calls": calls}).json()
    assert told["refused"] == 1
    assert [(row["id"], row["allowed"]) for row in told["verdicts"]] == [("a", True), ("b", False), (None, False)]
    assert told["verdicts"][1]["problem"]["pointer"] == "/calls/1/number"


def test_a_permit_is_good_for_one_call_once(service):
    token = service.post("/v1/verdicts", ASKED).json()["permit"]["token"]
    shown = {"permit": token, "number": CONSENTED, "presents": OWN}
    other = service.post("/v1/permits/use", {**shown, "presents": OTHERS})
    assert (other.status_code, other.json()["code"]) == (422, "permit-other-call")
    assert service.post("/v1/permits/use", shown).json()["allowed"] is True
    again = service.post("/v1/permits/use", shown)
    assert (again.status_code, again.json()["code"]) == (409, "permit-spent")


def test_an_objection_revokes_a_permit_at_once(service):
    number = "+31201000011"
    service.post("/v1/events", {**CONSENT, "number": number})
    token = service.post("/v1/verdicts", {**ASKED, "number": number}).json()["permit"]["token"]
    service.post("/v1/events", {"event": "objection.made", "number": number, "caller": "voltix"})
    used = service.post("/v1/permits/use", {"permit": token, "number": number, "presents": OWN})
    assert (used.status_code, used.json()["code"]) == (422, "permit-revoked")
    assert service.post("/v1/verdicts", {**ASKED, "number": number}).json()["allowed"] is False


def test_a_permit_is_erased_with_the_person(service):
    number = "+31201000012"
    service.post("/v1/events", {**CONSENT, "number": number})
    token = service.post("/v1/verdicts", {**ASKED, "number": number}).json()["permit"]["token"]
    service.command("erase", number, "--reason", "asked for")
    used = service.post("/v1/permits/use", {"permit": token, "number": number, "presents": OWN})
    assert used.json()["code"] == "permit-invalid"


def test_a_forged_permit_is_none(service):
    head, body, signature = service.post("/v1/verdicts", ASKED).json()["permit"]["token"].split(".")
    forged = ".".join((head, body, signature[:-4] + ("AAAA" if signature[-4:] != "AAAA" else "BBBB")))
    used = service.post("/v1/permits/use", {"permit": forged, "number": CONSENTED, "presents": OWN})
    assert used.json()["code"] == "permit-invalid"


def test_without_a_key_nothing_is_told(service):
    refused = httpx.post(f"{service.url}/v1/verdicts", json=ASKED)
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith("Bearer")


def test_a_key_may_do_what_its_role_may_and_no_more(service):
    auditor = service.make_key("auditor")
    assert service.post("/v1/verdicts", {**ASKED, "permit": False}, key=auditor).json()["allowed"] is True
    for path, body in (("/v1/verdicts", ASKED), ("/v1/events", CONSENT)):
        assert service.post(path, body, key=auditor).status_code == 403


def test_a_revoked_key_is_refused_by_the_next_request(service):
    key = service.make_key("integrator")
    assert service.post("/v1/verdicts", ASKED, key=key).status_code == 200
    service.command("key", "revoke", key.split("_")[1])
    assert service.post("/v1/verdicts", ASKED, key=key).status_code == 401
