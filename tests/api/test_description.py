"""The description is true: its examples work, its problems are told, its page needs nothing but itself."""

import ast
import json
from itertools import count
from pathlib import Path

import pytest

import belbaar
from belbaar.api.problem_codes import CODES
from belbaar.api.problems import _BY_CODE
from tests.api.conftest import ASKED, CONSENT, CONSENTED, OWN

SOURCE = Path(belbaar.__file__).parent
ELSEWHERE = {"cannot-listen", "usage", "system", "spark", "no-spark", "no-java"}
"""Codes of the command line and of Spark."""
METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture(scope="module")
def description(service):
    return service.get("/v1/openapi.json").json()


def operations(description):
    return [
        (method, path, item[method])
        for path, item in description["paths"].items()
        for method in METHODS
        if method in item
    ]


def test_every_operation_tells_its_problems_its_tag_and_whether_it_needs_a_key(description):
    assert description["openapi"].startswith("3.1")
    for _, path, operation in operations(description):
        assert operation["tags"], path
        assert operation["summary"].endswith((".", "?")), path
        problems = {status for status, answer in operation["responses"].items() if "$ref" in answer}
        assert {"404", "500", "503"} <= problems, path
        assert operation.get("security") == [] or "401" in problems, path
    for answer in description["components"]["responses"].values():
        assert answer["content"]["application/problem+json"]["example"]["allowed"] is False


def test_an_operation_needs_a_key_where_the_description_says_so(service, description):
    for method, path, operation in operations(description):
        asked = service.client.request(method, path.replace("{", "").replace("}", ""), headers={"Authorization": ""})
        assert (asked.status_code == 401) == (operation.get("security") != []) or asked.status_code == 400, path


def _permit(service, number):
    assert service.post("/v1/events", {**CONSENT, "number": number}).status_code == 200
    return service.post("/v1/verdicts", {**ASKED, "number": number}).json()["permit"]["token"]


def test_every_operation_that_takes_json_has_an_example_and_each_works(service, description):
    made = service.post("/v1/events", {**ASKED, "event": "consent.given", "at": "2026-09-01T10:00:00+02:00",
                                       "wording": "Ja.", "verified": "sms"})  # fmt: skip
    assert made.status_code == 200
    service.command(
        "caller", "describe", "voltix", "--kvk", "12345678", "--address", "Plein 1, 1012 AB Amsterdam",
        "--withdraw-url", "https://voltix.example/stop", "--email", "privacy@voltix.example",
        "--privacy-url", "https://voltix.example/privacy", "--stored-in", "NL", "--url", "https://voltix.example",
    )  # fmt: skip
    service.command("organisation", "add", "bureau", "--name", "Belbureau B.V.")
    numbers = (f"+3120100006{n}" for n in count(1))  # each objects in its turn
    filled = {
        "permit": lambda: _permit(service, next(numbers) if "/v1/gate/" in path else CONSENTED),
        "cursor": lambda: service.get("/v1/changes").json()["next"],
        "code": lambda: service.command("caller", "code", "voltix", OWN)["code"],
    }
    missing, by_persons = (
        [],
        ("/v1/trace/asked", "/v1/set-up/begin", "/v1/set-up", "/v1/sign-in"),
    )  # with what only they have
    elsewhere = ("{", "/v1/webhooks")  # of what must be there already, or leads out of this machine
    for method, path, operation in operations(description):
        body = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if not body or path in by_persons:
            continue
        if not body.get("examples"):
            missing.append(path)
        for example in body.get("examples", {}).values():
            if any(word in path for word in elsewhere):
                continue
            value = example["value"]
            if isinstance(value, dict):
                value = {name: filled[name]() if each == "…" else each for name, each in value.items()}
            answer = service.client.request(method, path, json=value)
            assert answer.status_code < 300, (path, example["summary"], answer.text)
            if answer.headers.get("content-type") == "application/json" and isinstance(answer.json(), dict):
                assert not answer.json().get("refused"), (path, answer.text)
    assert missing == []


def test_every_code_that_the_service_can_give_is_explained(service):
    given = set(_BY_CODE) | {
        word
        for path in SOURCE.rglob("*.py")
        if not {"cli", "sip"} & set(path.parts)  # codes of SIP are none of problems
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for word in codes_of(node)
    }
    assert sorted(given - set(CODES) - ELSEWHERE) == []
    for code in CODES:
        assert service.get(f"/v1/problems/{code}").json()["code"] == code
    assert service.get("/v1/problems/nonsense").status_code == 404
    page = service.client.get("/v1/problems/too-short", headers={"Accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html")
    assert "digits are missing" in page.text


def codes_of(node: ast.AST) -> list[str]:
    """Give the codes that are named in a call, or as a class's own."""
    if isinstance(node, ast.Call):
        return [
            each.value.value
            for each in node.keywords
            if each.arg == "code" and isinstance(each.value, ast.Constant) and each.value.value
        ]
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
        return [node.value.value for name in node.targets if getattr(name, "id", "") == "default_code"]
    return []


@pytest.mark.parametrize("width", [360, 1440])
def test_the_page_is_whole_at_any_width_and_asks_nothing_of_anybody_else(service, chromium, width, tmp_path):
    asked, wrong = [], []
    page = chromium.new_page(viewport={"width": width, "height": 900})
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text))
    page.goto(f"{service.url}/docs")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("getComputedStyle(document.querySelector('section')).borderRadius") == "8px"
    assert page.locator("script").count() == 0
    page.locator("summary").first.click()
    assert page.locator("details pre").first.is_visible()
    example = json.loads(page.locator("details pre").first.inner_text())
    assert example["caller"] == "voltix"
    page.screenshot(path=tmp_path / f"docs-{width}.png", full_page=False)
    broken = page.evaluate(
        "[...document.querySelectorAll('a[href^=\"#\"]')].map(a => a.getAttribute('href').slice(1))"
        ".filter(id => !document.getElementById(id))"
    )
    assert broken == []
    assert all(url.startswith(service.url) for url in asked)
    assert [each for each in wrong if "favicon" not in each and "404" not in each] == []
    page.close()
