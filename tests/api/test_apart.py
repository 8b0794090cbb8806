"""Organisations apart: every end point, attacked with another organisation's identifiers, answers as for what is not.

The end points are those that the running service describes itself; how each is attacked stands in `attacks.py`.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.api.attacks import ATTACKS, MADE_UP, NOBODYS, Attack
from tests.api.conftest import ASKED, CONSENT, furnish
from tests.api.incoming import came_in
from tests.api.service import Service, serving

LIST = b"telefoon\n+31201000041\n"
SECRET_NUMBER = "+31201000041"
"""A number of which only the victim knows anything."""


@dataclass(frozen=True)
class Scene:
    """A service with a victim, `house`, whose things have names, and an attacker, `rival`, who has keys of its own."""

    service: Service
    theirs: dict[str, Any]
    rival: str
    secrets: tuple[str, ...]


@pytest.fixture(scope="module")
def scene(store: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("apart")
    with serving(folder, store, seconds="20", trace_spool=str(folder / "spool")) as service:
        furnish(service)
        yield _scene(service)


def _scene(service: Service) -> Scene:
    service.post("/v1/agents", {"agent": "belhuis", "name": "Belhuis Noord B.V."})
    made = service.post("/v1/keys", {"role": "integrator", "label": "kluis", "callers": ["voltix"]}).json()
    service.command("organisation", "add", "rival", "--name", "Rival B.V.")
    service.command("organisation", "add", "bureau", "--name", "Bureau B.V.")
    rival = service.make_key("administrator", "rival")
    told = service.post(
        "/v1/callers",
        {"caller": "rival.caller", "name": "Rival", "sector": "commercial", "numbers": ["+31201990009"]},
        key=rival,
    )
    assert told.status_code == 200, told.text
    consent = {**CONSENT, "number": SECRET_NUMBER, "product": "energy.electricity", "captured_by": "geheimpje"}
    event = service.post("/v1/events", consent).json()["results"][0]
    service.post(
        "/v1/callers",
        {"caller": "house.extra", "name": "Extra", "sector": "commercial"},
    )
    answer = service.post("/v1/verdicts", {**ASKED, "number": SECRET_NUMBER, "product": "energy.electricity"}).json()
    hook = service.post("/v1/webhooks", {"url": "https://voltix.example/hook", "label": "haakje"})
    assert hook.status_code == 201, hook.text
    invited = service.post("/v1/accounts", {"email": "iris@house.example", "name": "Iris", "role": "officer"})
    assert invited.status_code == 201, invited.text
    form = {"caller": "voltix", "product": "energy"}
    uploaded = service.client.post("/v1/lists", data=form, files={"file": ("lijst.csv", LIST)})
    assert uploaded.status_code == 202, uploaded.text
    campaign = {"campaign": "herfst", "caller": "voltix", "product": "energy", "presents": "+31201990001"}
    assert service.post("/v1/campaigns", campaign).status_code == 200
    came_in(service.folder / "spool", service.now() - 60, called=SECRET_NUMBER)
    asked = {"number": SECRET_NUMBER, "name": "Vera Geheim", "address": "Plein 1", "postcode": "1012 AB", "town": "Ede"}
    case = service.post("/v1/trace/cases", {**asked, "times": [datetime.fromtimestamp(service.now(), UTC).isoformat()]})
    assert case.status_code == 201, case.text
    refusing = {"number": SECRET_NUMBER, "refuse_anonymous": True}
    assert service.post("/v1/trace/lines", refusing).status_code == 200
    design = {"caller": "voltix", "choices": [{"product": "energy", "names": {"nl": "schaduw"}}]}
    form = service.post("/v1/forms", {"name": "Formulier in de etalage", "design": design})
    assert form.status_code == 201, form.text
    keys = service.get("/v1/trace/keys").json()["keys"]
    provider = {"provider": "belnet", "name": "Belnet Telecom", "issuer": "belnet.example/x", "keys": {"keys": keys}}
    assert service.post("/v1/trace/providers", provider).status_code == 200
    complaint = service.post("/v1/complaints", {"number": SECRET_NUMBER, "about": "klachtje"}).json()
    theirs = {
        "provider": "belnet",
        "case": case.json()["case"],
        "incoming": case.json()["calls"][0]["call"],
        "form": form.json()["form"],
        "request": complaint["request"]["id"],
        "supplier": "geheimpje",
        "campaign": "herfst",
        "list": uploaded.json()["id"],
        "seq": event["seq"],
        "webhook": hook.json()["webhook"]["id"],
        "email": "iris@house.example",
        "caller": "voltix",
        "own_caller": "house.extra",
        "key": made["id"],
        "agent": "belhuis",
        "number": SECRET_NUMBER,
        "permit": answer["permit"]["token"],
        "event": event["event"],
        "product": "energy.electricity",
        "entry": answer["entry"],
    }
    secrets = (
        "voltix",
        "house.extra",
        made["id"],
        "belhuis",
        event["event"],
        "Noord",
        "kluis",
        "geheimpje",
        "Voltix",
        "haakje",
        "Iris",
        "Vera",
        "etalage",
        "schaduw",
        "Belnet Telecom",
    )
    return Scene(service, theirs, rival, (*secrets, '"energy"', "electricity"))


def operations(service: Service) -> dict[str, str]:
    described = service.get("/v1/openapi.json").json()["paths"]
    return {told["operationId"]: path for path, verbs in described.items() for told in verbs.values()}


def filled(value: Any, names: dict[str, Any]) -> Any:
    """Put identifiers in a request; a text that is one alone becomes it, of whatever type."""
    if isinstance(value, dict):
        return {name: filled(each, names) for name, each in value.items()}
    if isinstance(value, list):
        return [filled(each, names) for each in value]
    if isinstance(value, str):
        alone = re.fullmatch(r"\{(\w+)\}", value)
        return names[alone[1]] if alone else re.sub(r"\{(\w+)\}", lambda found: str(names[found[1]]), value)
    return value


def send(scene: Scene, attack: Attack, names: dict[str, Any], key: str) -> httpx.Response:
    path, body = filled(attack.path, names), filled(attack.body, names)
    sent: dict[str, Any] = {"data": body, "files": {"file": ("lijst.csv", LIST)}} if attack.form else {"json": body}
    sent = {"data": body} if attack.fields else sent
    return scene.service.client.request(
        attack.method, path, headers={"Authorization": f"Bearer {key}"}, timeout=30, **sent
    )


def said(response: httpx.Response, attack: Attack, names: dict[str, Any]) -> tuple[int, str, dict[str, str]]:
    """Give an answer with what was sent taken out of it."""
    used = set(re.findall(r"\{(\w+)\}", json.dumps([attack.path, attack.body])))
    text = response.text
    for name, value in ((name, names[name]) for name in used):
        text = re.sub(rf"(?<!\w){re.escape(str(value))}(?!\w)", f"<{name}>", text)
    headers = {name: value for name, value in response.headers.items() if name in ("content-type", "retry-after")}
    return response.status_code, text, headers


def victims_view(scene: Scene) -> list[Any]:
    """All that the victim's own books say."""
    pages = ("/v1/callers", "/v1/agents", "/v1/products", "/v1/mandates", "/v1/audit?limit=1000")
    keys = scene.service.get("/v1/keys").json()["keys"]
    history = scene.service.post("/v1/history", {"number": scene.theirs["number"]}).json()
    events = [each for each in history["events"] if each["event"] != "act"]
    traces = scene.service.get("/v1/trace/cases").json()
    line = scene.service.post("/v1/trace/lines/ask", {"number": scene.theirs["number"]}).json()
    return [
        traces,
        line,
        scene.service.get("/v1/trace/providers").json(),
        *(scene.service.client.get(page).json() for page in pages[:-1]),
        [_still(key) for key in keys],
        events,
    ]


def _still(key: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in key.items() if name != "last_used_at"}


def test_it_is_known_how_to_attack_every_end_point(scene):
    described = operations(scene.service)
    assert described.keys() - ATTACKS.keys() - NOBODYS == set(), "add a line to tests/api/attacks.py"
    assert (ATTACKS.keys() | NOBODYS) - described.keys() == set()
    used = set(
        re.findall(r"\{(\w+)\}", json.dumps([[each.path, each.body] for many in ATTACKS.values() for each in many]))
    )
    assert used <= MADE_UP.keys() <= scene.theirs.keys()


@pytest.mark.parametrize("operation", sorted(ATTACKS))
def test_what_is_another_organisations_is_refused_like_what_there_is_not(scene, operation):
    names = dict(scene.theirs)
    made_up = {**MADE_UP, "permit": _mangled(names["permit"])}
    before = victims_view(scene)
    for attack in ATTACKS[operation]:
        theirs = send(scene, attack, names, scene.rival)
        nobodys = send(scene, attack, made_up, scene.rival)
        assert theirs.status_code < 500, theirs.text
        if attack.alike:
            assert said(theirs, attack, names) == said(nobodys, attack, made_up), attack
        sent = json.dumps(filled([attack.path, attack.body], names))
        for secret in scene.secrets:
            assert secret in sent or secret not in theirs.text, (attack, secret)
    assert victims_view(scene) == before


def test_the_attacks_would_show_what_is_ones_own(scene):
    """The same requests by the victim's own key are answered: so it is not for another reason that they are refused."""
    own = {
        operation: [send(scene, attack, scene.theirs, scene.service.key).status_code for attack in attacks]
        for operation, attacks in ATTACKS.items()
        if operation in ("getCaller", "askHistory", "makeDossier", "usePermit", "listAgents")
    }
    assert all(codes[0] == 200 for codes in own.values()), own


def _mangled(token: str) -> str:
    head, body, signature = token.split(".")
    return ".".join((head, body, signature[::-1]))
