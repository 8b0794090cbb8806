"""The gate's end points, on both stores: who calls is found by the number shown, and everything else is a no."""

import pytest

from belbaar.api.gate.marks import holds
from belbaar.api.gate.refusals import REFUSALS, why
from belbaar.proof.keys.secret_files import read_secret
from tests.api.conftest import CONSENTED, OTHERS, OWN, UNKNOWN
from tests.api.others import with_another

SHOWN = {"called": CONSENTED, "presented": OWN, "from": OWN, "product": "energy"}
CAMPAIGN = {"campaign": "herfst", "caller": "voltix", "product": "energy", "presents": OWN}


def test_a_yes_has_a_permit_that_only_this_installation_can_make_and_that_is_used_up(service):
    answer = service.post("/v1/gate", SHOWN).json()
    assert list(answer) == ["allow", "permit", "ref"]  # the gate looks at the very beginning of it
    assert answer["allow"] == 1
    secret = read_secret(service.folder / "keys" / "gate.key")
    assert holds(answer["permit"], CONSENTED, OWN, secret)
    assert not holds(answer["permit"], UNKNOWN, OWN, secret)
    assert len(answer["permit"]) <= 512


def test_a_verdict_of_the_gate_is_in_the_log_whatever_it_was(service):
    refs = [service.post("/v1/gate", {**SHOWN, "called": number}).json()["ref"] for number in (CONSENTED, UNKNOWN)]
    first, second = (int(ref.removeprefix("v-")) for ref in refs)
    assert second > first
    listed = service.command("log", "entries", UNKNOWN)
    assert second in [each["entry"] for each in listed]


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"called": UNKNOWN}, "no ground"),
        ({"called": "nobody"}, "not a number"),
        ({"called": f"{CONSENTED};rn={UNKNOWN}"}, "not a number"),
        ({"called": "+14155550100"}, "not a number"),
        ({"presented": OTHERS, "from": OTHERS}, "not registered"),
        ({"presented": "x", "from": "x"}, "not registered"),
        ({"from": OTHERS}, "other number"),
        ({"campaign": "zomer"}, "no campaign"),
        ({"product": ""}, "no campaign"),
        ({"offer": "eyJ"}, "no permit"),
    ],
)
def test_a_no_is_an_answer_with_its_code_and_its_cause(service, change, cause):
    answer = service.post("/v1/gate", {**SHOWN, **change})
    assert answer.status_code == 200
    told = answer.json()
    assert (told["allow"], told["cause"], told["code"]) == (0, cause, REFUSALS[cause].code)
    assert "permit" not in told


@pytest.mark.parametrize(
    ("change", "status"), [({"agent": "nobody"}, 422), ({"product": "Energie!"}, 422), ({"call_id": "x" * 2001}, 400)]
)
def test_what_the_trunk_is_told_wrongly_is_an_error_and_so_no_call(service, change, status):
    assert service.post("/v1/gate", {**SHOWN, **change}).status_code == status


def test_a_campaign_says_the_rest_and_its_number_must_be_shown(service):
    assert service.post("/v1/campaigns", CAMPAIGN).json() == CAMPAIGN
    assert service.post("/v1/campaigns", CAMPAIGN).status_code == 200  # the same again changes nothing
    assert service.post("/v1/campaigns", {**CAMPAIGN, "product": "telecom"}).json()["code"] == "taken"
    assert CAMPAIGN in service.get("/v1/campaigns").json()["campaigns"]
    assert service.command("campaign", "list", "--organisation", "house") == [CAMPAIGN]
    by_campaign = {**SHOWN, "product": "", "campaign": "herfst"}
    assert service.post("/v1/gate", by_campaign).json()["allow"] == 1
    other = service.post("/v1/gate", {**by_campaign, "presented": OTHERS, "from": OTHERS}).json()
    assert other["cause"] == "not registered"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [({"presents": OTHERS}, "/presents"), ({"caller": "nobody"}, "/caller"), ({"campaign": "A B"}, "/campaign")],
)
def test_a_campaign_that_cannot_be_is_refused_with_its_field(service, change, pointer):
    refused = service.post("/v1/campaigns", {**CAMPAIGN, "campaign": "lente", **change})
    assert (refused.status_code, refused.json()["pointer"]) == (422, pointer)


def test_a_key_comes_as_a_password_too_and_needs_the_right_to_permits(service):
    key = service.make_key("integrator")
    basic = service.client.post("/v1/gate", json=SHOWN, auth=("trunk", key), headers={"Authorization": ""})
    assert basic.status_code == 200
    wrong = service.client.post("/v1/gate", json=SHOWN, auth=("trunk", key + "x"))
    assert wrong.status_code == 401
    assert service.client.post("/v1/gate", json=SHOWN, headers={"Authorization": "Basic ?"}).status_code == 401
    assert service.post("/v1/gate", SHOWN, key=service.make_key("auditor")).status_code == 403


def test_another_organisation_cannot_show_this_ones_number(service):
    key = with_another(service)
    assert service.post("/v1/gate", SHOWN, key=key).json()["cause"] == "not registered"
    assert service.post("/v1/gate", {**SHOWN, "campaign": "herfst"}, key=key).json()["cause"] == "no campaign"
    assert service.get("/v1/campaigns", key=key).json() == {"campaigns": []}


def test_what_is_said_of_a_refusal_can_stand_in_a_header():
    for cause, told in REFUSALS.items():
        for text in (cause, told.phrase, told.text):
            assert text.isascii()
            assert text.isprintable()
            assert not set('"\\') & set(text)
            assert len(text) <= 120
        assert 400 <= told.code <= 699
        assert told.code != 607


def test_what_stands_for_ever_comes_before_what_time_mends():
    assert why(["nl.hours", "nl.objection"], "nl.consent") == "objection"
    assert why(["nl.hours", "nl.minor"], "nl.consent") == "veto"
    assert why(["nl.hours"], "nl.consent") == "outside hours"
    assert why(["nl.hours"], None) == "no ground"
    assert why([], None) == "no ground"
