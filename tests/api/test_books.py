"""The books over HTTP: callers, agents, products, keys, mandates, the law; and the trail of what was changed."""

import httpx
import pytest

from tests.api.conftest import ASKED, CONSENTED
from tests.api.service import Service, serving

GIVEN = {"caller": "house.noord", "name": "Noord Gas B.V.", "sector": "commercial", "numbers": ["030-1990005"]}
DESCRIBED = {"kvk": "1234 5678", "address": "Plein 1", "evidence": "2"}


@pytest.fixture(scope="module")
def bureau(service: Service) -> str:
    """The administrator's key of another organisation."""
    service.command("organisation", "add", "bureau", "--name", "Belbureau B.V.")
    return service.make_key("administrator", "bureau")


@pytest.mark.usefixtures("bureau")
def test_a_caller_registered_over_http_is_the_organisations_of_the_key(service):
    made = service.post("/v1/callers", GIVEN)
    assert made.status_code == 200, made.text
    assert (made.json()["numbers"], made.json()["own"]) == (["+31301990005"], True)
    told = service.client.patch("/v1/callers/house.noord", json=DESCRIBED).json()
    assert told["details"] == {"kvk": "12345678", "address": "Plein 1", "evidence": "2"}
    assert service.get("/v1/callers/house.noord").json() == told
    assert told in service.get("/v1/callers").json()["callers"]
    asked = {**ASKED, "caller": "house.noord", "permit": False}
    assert service.post("/v1/verdicts", asked).json()["caller"] == "house.noord"


def test_ids_of_organisations_are_kept_apart(service, bureau):
    for caller in ("voltix", "nobody", "house.x"):
        refused = service.post("/v1/callers", {**GIVEN, "caller": caller}, key=bureau)
        assert (refused.status_code, refused.json()["code"]) == (422, "not-your-id")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [({"numbers": ["1"]}, "/numbers/0"), ({"sector": "x"}, ""), ({"name": " "}, ""), ({"caller": "house.A"}, "")],
)
@pytest.mark.usefixtures("bureau")
def test_what_cannot_be_registered_is_refused_and_leaves_nothing(service, change, pointer):
    before = service.get("/v1/callers").json(), service.get("/v1/audit", limit=1000).json()
    refused = service.post("/v1/callers", {**GIVEN, "caller": "house.other", **change})
    assert (refused.status_code, refused.json()["pointer"]) == (422, pointer)
    assert (service.get("/v1/callers").json(), service.get("/v1/audit", limit=1000).json()) == before


def test_a_key_is_made_used_rotated_and_revoked(service):
    made = service.post("/v1/keys", {"role": "integrator", "label": "dialer", "rights": ["ask"]})
    assert made.status_code == 201
    key, key_id = made.json()["key"], made.json()["id"]
    assert service.post("/v1/verdicts", {**ASKED, "permit": False}, key=key).status_code == 200
    assert service.get("/v1/products", key=key).status_code == 403
    renewed = service.post(f"/v1/keys/{key_id}/rotate", {"minutes": 10}).json()
    assert renewed["replaces"] == key_id
    told = {each["id"]: each for each in service.get("/v1/keys").json()["keys"]}
    assert told[key_id]["expires_at"].startswith("2026-09-08T14:1")
    assert (told[renewed["id"]]["rights"], told[renewed["id"]]["label"]) == (["ask"], "dialer")
    for each in (key, renewed["key"]):
        assert service.post("/v1/verdicts", {**ASKED, "permit": False}, key=each).status_code == 200
    service.post(f"/v1/keys/{renewed['id']}/rotate", {"minutes": 0})
    assert service.client.delete(f"/v1/keys/{key_id}").status_code == 204
    for each in (key, renewed["key"]):
        assert service.post("/v1/verdicts", {**ASKED, "permit": False}, key=each).status_code == 401


def test_nobody_makes_a_key_that_may_do_more_than_his_own(service):
    narrow = service.make_key("administrator", "house", "--right", "administer", "--right", "ask", "--caller", "voltix")
    asked = {"role": "integrator", "rights": ["ask"], "callers": ["voltix"]}
    assert service.post("/v1/keys", asked, key=narrow).status_code == 201
    for more in ({"rights": []}, {"callers": []}):
        assert service.post("/v1/keys", {**asked, **more}, key=narrow).status_code == 403
    powerful = service.key.split("_")[1]
    assert service.post(f"/v1/keys/{powerful}/rotate", {}, key=narrow).status_code == 403


def test_an_agent_with_a_mandate_sees_that_caller_and_no_other_until_it_ends(service, bureau):
    asked = {**ASKED, "permit": False}
    assert service.post("/v1/verdicts", asked, key=bureau).json()["code"] == "unknown-caller"
    given = service.post("/v1/mandates", {"caller": "voltix", "organisation": "bureau"})
    assert (given.status_code, given.json()["given"]) == (200, True)
    assert service.post("/v1/verdicts", asked, key=bureau).json()["allowed"] is True
    assert [each["caller"] for each in service.get("/v1/callers", key=bureau).json()["callers"]] == ["voltix"]
    assert [each["given"] for each in service.get("/v1/mandates", key=bureau).json()["mandates"]] == [False]
    assert service.client.patch("/v1/callers/voltix", json={"kvk": ""}, headers=_bearer(bureau)).status_code == 403
    assert service.post("/v1/mandates", {"caller": "voltix", "organisation": "house"}, key=bureau).status_code == 403
    assert service.post("/v1/mandates/end", given.json() | {"given": None}).status_code == 400
    assert service.post("/v1/mandates/end", {"caller": "voltix", "organisation": "bureau"}).status_code == 204
    assert service.post("/v1/verdicts", asked, key=bureau).json()["code"] == "unknown-caller"


def test_what_was_done_is_told_with_its_place_in_the_log_and_to_nobody_else(service, bureau):
    service.post("/v1/agents", {"agent": "house.noordbel", "name": "Noordbel"})
    made = service.post("/v1/keys", {"role": "auditor"}).json()
    service.command("key", "revoke", made["id"])
    trail = _trail(service)
    last = [(each["act"], each["details"].get("key") or each["details"].get("agent")) for each in trail[-3:]]
    assert last == [("agent.register", "house.noordbel"), ("key.make", made["id"]), ("key.revoke", made["id"])]
    assert trail[-1]["by"].startswith("cli:")
    assert trail[-2]["by"] == service.key.split("_")[1]
    places = [each["entry"] for each in trail]
    assert places == sorted(set(places))
    assert {each["act"] for each in _trail(service, bureau)} <= {"organisation.add", "key.make"}
    auditor = service.make_key("auditor")
    assert service.get("/v1/audit", key=auditor).status_code == 200
    assert service.get("/v1/audit", key=service.make_key("integrator")).status_code == 403
    assert service.command("log", "check")["sound"] is True


def test_who_read_a_numbers_history_stands_in_the_trail_and_under_the_numbers_own_key(service):
    narrow = service.make_key("officer", "house", "--caller", "voltix")
    assert service.post("/v1/history", {"number": CONSENTED}, key=narrow).status_code == 200
    last = _trail(service)[-1]
    assert (last["act"], last["details"]) == ("history.read", {})
    assert CONSENTED[1:] not in str(_trail(service))
    known = service.command("log", "entries", CONSENTED)
    assert {"entry": last["about"], "kind": "act", "caller": "voltix"}.items() <= known[-1].items()
    assert service.post("/v1/keys", {"role": "auditor"}).status_code == 201  # the keys are still the service's too


def test_products_are_those_that_ones_own_callers_were_seen_with(service, bureau):
    assert "energy" in service.get("/v1/products").json()["products"]
    assert service.get("/v1/products", key=bureau).json()["products"] == []


def test_the_law_is_for_everybody_and_the_same_as_on_the_command_line(service):
    told = httpx.get(f"{service.url}/v1/rulesets", params={"at": "2026-07-01"})
    assert told.json() == service.command("law", "show", "--at", "2026-07-01")
    changes = httpx.get(f"{service.url}/v1/rulesets/difference", params={"before": "2026-06-30", "after": "2026-07-01"})
    assert changes.status_code == 200
    assert changes.json()["before"]["ruleset_hash"] != changes.json()["after"]["ruleset_hash"]
    assert changes.json()["gone"] or changes.json()["changed"] or changes.json()["new"]
    refused = httpx.get(f"{service.url}/v1/rulesets", params={"at": "1999-01-01"})
    assert (refused.status_code, refused.json()["code"]) == (422, "law-unknown")


def test_when_a_key_was_last_used_is_kept_when_the_service_stops(tmp_path):
    with serving(tmp_path, "belbaar.db") as first:
        key = first.key
        assert first.get("/v1/organisation").json()["role"] == "administrator"
        first.stop()
        (told,) = first.command("key", "list")
        assert str(told["last_used_at"]).startswith("2026-09-08T14:0")
    assert key.split("_")[1] == told["id"]


def _trail(service: Service, key: str = "") -> list[dict[str, object]]:
    """The whole trail, in pages of three."""
    found, after = [], -1
    while after is not None:
        page = service.get("/v1/audit", key=key, after=after, limit=3).json()
        assert "entries" in page, page
        found += page["entries"]
        after = page["next"]
    return found


def _bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}
