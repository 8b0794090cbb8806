"""Calls: what is said in them and what became of them, on both stores."""

import pytest

from belbaar.api.gate.missing import missing
from belbaar.ledger import open_store
from tests.api.conftest import CONSENT, CONSENTED, OWN, UNKNOWN
from tests.api.others import with_another

SHOWN = {"called": CONSENTED, "presented": OWN, "from": OWN, "product": "energy"}
AT = {"begun_at": "2026-09-08T13:59:00+02:00", "answered_at": "2026-09-08T13:59:08+02:00"}


def consented(service, number):
    """Have somebody consent."""
    assert service.post("/v1/events", {**CONSENT, "number": number}).json()["new"] == 1
    return number


def gated(service, number=CONSENTED, **more):
    """Have a call let through; give its permit's id and its verdict."""
    answer = service.post("/v1/gate", {**SHOWN, "called": number, **more}).json()
    return answer["permit"].partition(".")[0], answer["ref"]


def told(service, *calls, key=""):
    return service.post("/v1/calls", {"calls": list(calls)}, key=key).json()["results"]


def history(service, number):
    return service.post("/v1/history", {"number": number}).json()["events"]


def test_an_answered_call_is_an_event_on_its_verdict_told_once_or_twice_in_whatever_order(service):
    number = consented(service, "+31201000031")
    permit, verdict = gated(service, number)
    (end,) = told(service, {"permit": permit, "ended_at": "2026-09-08T13:59:58+02:00"})
    assert end["call"] == {"kept": "call", "verdict": verdict}
    begin = {"permit": permit, "code": 200, "cause": "allowed", "trunk": "bureau", **AT}
    first, again = told(service, begin, begin)
    assert first == again
    assert first["call"]["verdict"] == verdict
    (made,) = [each for each in history(service, number) if each["event"] == "call.made"]
    assert made["seq"] == first["call"]["event"]
    assert made["at"] == "2026-09-08T13:59:08+02:00"
    assert made["fields"] == {"product": "energy", "verdict": verdict}


def test_a_call_that_nobody_answered_is_no_contact_but_an_attempt(service):
    number = consented(service, "+31201000032")
    permit, verdict = gated(service, number)
    told(service, {"permit": permit, "code": 480, "begun_at": AT["begun_at"], "ended_at": AT["answered_at"]})
    (attempt,) = [each for each in history(service, number) if each["event"].startswith("call.")]
    assert (attempt["event"], attempt["fields"]["outcome"], attempt["fields"]["verdict"]) == (
        "call.attempted",
        "480",
        verdict,
    )


def test_a_refused_call_leaves_no_event_on_the_person(service):
    before = history(service, UNKNOWN)
    (came,) = told(
        service, {"call_id": "r1", "code": 608, "cause": "no ground", "verdict": "v-7", **AT, "answered_at": ""}
    )
    assert came["call"] == {"kept": "refusal", "verdict": "v-7"}
    assert history(service, UNKNOWN) == before


@pytest.mark.parametrize("shown", ["permit", "verdict"])
def test_an_objection_in_a_call_is_in_force_before_it_has_ended(service, shown):
    number = consented(service, "+31201000033" if shown == "permit" else "+31201000034")
    permit, verdict = gated(service, number)
    said = {"permit": permit if shown == "permit" else verdict, "how": "agent"}
    first, again = (service.post("/v1/gate/objections", said).json() for _ in range(2))
    assert (first["known"], again["known"], first["event"] == again["event"]) == (False, True, True)
    denied = service.post("/v1/gate", {**SHOWN, "called": number, "call_id": "next"}).json()
    assert (denied["allow"], denied["cause"]) == (0, "objection")


def test_an_objection_to_all_is_one(service):
    number = consented(service, "+31201000035")
    permit, _ = gated(service, number)
    assert service.post("/v1/gate/objections", {"permit": permit, "scope": "all"}).status_code == 200
    (made,) = [each for each in history(service, number) if each["event"] == "objection.made"]
    assert made["fields"] == {"scope": "all"}


def test_who_never_offers_the_objection_is_listed_until_it_does(service):
    service.command(
        "caller", "add", "zwijger", "--name", "Zwijger B.V.", "--sector", "commercial", "--number", "+31201990004"
    )
    number = "+31201000036"
    assert (
        service.post("/v1/events", {**CONSENT, "number": number, "caller": "zwijger", "wording": "Ja."}).json()["new"]
        == 1
    )
    shown = {"presented": "+31201990004", "from": "+31201990004"}
    permits = [gated(service, number, **shown, call_id=f"z{n}")[0] for n in range(2)]
    told(service, *({"permit": each, "code": 200, **AT} for each in permits))
    listed = {each["caller"]: each for each in service.get("/v1/calls/offers").json()["callers"]}
    assert listed["zwijger"] == {"caller": "zwijger", "answered": 2, "offered": 0, "never": True}
    for _ in range(2):
        assert service.post("/v1/gate/offers", {"permit": permits[0], "how": "script"}).status_code == 200
    (offered,) = [each for each in history(service, number) if each["event"] == "objection.offered"]
    assert offered["fields"]["offered_by"] == "script"
    listed = {each["caller"]: each for each in service.get("/v1/calls/offers").json()["callers"]}
    assert listed["zwijger"] == {"caller": "zwijger", "answered": 2, "offered": 1, "never": False}


def test_an_answered_call_without_a_permit_is_found_and_judged_afterwards(service):
    call = {"called": UNKNOWN, "presented": OWN, "product": "energy", "code": 200, **AT}
    (glass,) = told(service, {**call, "call_id": "g1", "cause": "break-glass", "trunk": "bureau"})
    assert glass["call"]["kept"] == "broken glass"
    (astray,) = told(service, {**call, "call_id": "a1"})
    assert astray["call"]["kept"] == "without permit"
    found = {each["call_id"]: each for each in service.get("/v1/calls/missing").json()["calls_without_permit"]}
    assert (found["g1"]["cause"], found["a1"]["cause"]) == ("break-glass", "no permit")
    place = int(glass["call"]["verdict"].removeprefix("v-"))
    assert place in [each["entry"] for each in service.command("log", "entries", UNKNOWN)]
    made = {each["seq"] for each in history(service, UNKNOWN) if each["event"] == "call.made"}
    assert glass["call"]["event"] in made


def test_a_permit_of_whose_call_nobody_told_for_three_minutes_is_listed(service):
    number = consented(service, "+31201000037")
    (told_of, _), (silent, verdict) = (gated(service, number, call_id=f"m{n}") for n in range(2))
    told(service, {"permit": told_of, "code": 486, "begun_at": AT["begun_at"]})
    now = int(service.now() * 1_000_000)
    with open_store(service.store if "://" in service.store else str(service.folder / service.store)) as ledger:
        early, late = (missing(ledger, 1, now + minutes * 60_000_000).permits_without_call for minutes in (2, 4))
    assert silent not in [each.permit for each in early]
    assert [each.verdict for each in late if each.permit in (silent, told_of)] == [verdict]


def test_an_emergency_call_is_not_kept(service):
    (came,) = told(service, {"call_id": "112", "cause": "emergency", "code": 200, **AT})
    assert came["call"] == {"kept": "emergency"}


@pytest.mark.parametrize(
    ("call", "pointer"),
    [
        ({"permit": "0f" * 16, "code": 200, **AT}, "/permit"),
        ({"permit": "v-999999999", "code": 200, **AT}, "/permit"),
        ({"code": 200, **AT}, "/call_id"),
        ({"call_id": "x", "code": 200}, "/begun_at"),
        ({"call_id": "x", "begun_at": "gisteren"}, "/begun_at"),
        ({"call_id": "x", "agent": "nobody", **AT}, "/agent"),
        ({"call_id": "x", "called": "12", "presented": OWN, **AT}, "/called"),
    ],
)
def test_what_is_wrong_with_one_call_is_told_of_it_and_no_matter_of_the_others(service, call, pointer):
    bad, good = told(service, call, {"call_id": "fine", "code": 603, "begun_at": AT["begun_at"]})
    assert bad["problem"]["pointer"] == pointer
    assert good["call"]["kept"] == "refusal"


def test_a_call_of_another_organisation_is_none(service):
    permit, _ = gated(service)
    rival = with_another(service)
    (came,) = told(service, {"permit": permit, "code": 200, **AT}, key=rival)
    assert came["problem"]["code"] == "permit-invalid"
    assert service.post("/v1/gate/objections", {"permit": permit}, key=rival).json()["code"] == "permit-invalid"
