"""My number: the person who is called proves the number, sees who may call, and what is said there counts at once."""

import json
import re
from collections.abc import Iterator

import httpx
import pytest

from tests.api.conftest import ASKED, CONSENT, furnish
from tests.api.service import Service, serving
from tests.capture.post import Gateway, gateway
from tests.web.looking import findings, seen_wrong, visiting

NUMBER, STRANGER, OTHER = CONSENT["number"], "+31201000041", "+31201000042"
SEARCHING = "+31201000058"
LEAD = {**CONSENT, "captured_by": "LeadPunt B.V.", "product": "solar", "wording": "Ja, bel mij over zon."}


@pytest.fixture(scope="module")
def texts() -> Iterator[Gateway]:
    with gateway() as running:
        yield running


@pytest.fixture(scope="module")
def service(texts: Gateway, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    settings = {
        "sms_url": texts.url,
        "voice_url": texts.url,
        "voice_body": '{"to": {to}, "text": {text}, "id": "voice"}',
        "public_rate": "1000",
        "public_codes": "1000",
    }
    with serving(tmp_path_factory.mktemp("my"), "belbaar.db", **settings) as started:
        furnish(started)
        for number in (NUMBER, OTHER):
            calls = {"event": "call.made", "number": number, "caller": "voltix", "at": "2026-09-03T15:00+02:00"}
            assert started.post("/v1/events", [{**LEAD, "number": number}, calls]).json()["refused"] == 0
        yield started


def comes_in(page, texts, number, lang="nl"):
    """Prove a number in a browser."""
    before = len(texts.to(number))
    page.goto(f"/{lang}/my")
    page.get_by_label("Uw telefoonnummer" if lang == "nl" else "Your telephone number").fill(number)
    page.keyboard.press("Enter")
    page.get_by_label("Code van 6 cijfers" if lang == "nl" else "6-digit code").fill(texts.code(number, before + 1))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{lang}/my")


def erased_when_granted(service):
    """An officer grants the erasure: the events are gone, what was written too, and the objection goes on working."""
    (asked,) = [each for each in service.get("/v1/requests").json()["requests"] if each["kind"] == "erasure"]
    answer = service.post(f"/v1/requests/{asked['id']}/answer", {"decision": "granted", "reply": "Gedaan."})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["number"], answer.json()["reply"]) == (None, "")
    left = service.post("/v1/history", {"number": OTHER}).json()["events"]
    assert [(event["event"], event["seq"]) for event in left] == [("objection.made", 0)]
    assert service.get("/v1/requests").json()["requests"] == []
    consent = {**CONSENT, "number": OTHER, "at": "2026-09-02T10:00+02:00"}
    assert service.post("/v1/events", consent).status_code == 200
    assert not allowed(service, number=OTHER)


def allowed(service, product="energy", number=NUMBER):
    return service.post("/v1/verdicts", {**ASKED, "number": number, "product": product}).json()["allowed"]


def test_a_called_person_objects_and_the_next_verdict_is_no(chromium, service, texts):
    with visiting(chromium, service.url, script=False) as browser:
        page = browser.new_page()
        comes_in(page, texts, NUMBER)
        assert page.get_by_role("heading", name="1 organisatie mag u bellen").is_visible()
        seen = page.locator("main").inner_text()
        assert "LeadPunt B.V." in seen
        assert "Gebeld: 1 keer" in seen
        assert allowed(service, "solar")
        page.get_by_role("link", name="Stop Voltix Energie B.V., solar").click()
        page.get_by_role("button", name="Ja, doe dit").click()
        assert "Gestopt: Voltix Energie B.V." in page.get_by_role("status").first.inner_text()
        assert (allowed(service, "solar"), allowed(service)) == (False, True)
        page.get_by_role("link", name="Niemand mag mij meer bellen").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Niemand mag mij meer bellen"
        page.get_by_role("button", name="Ja, doe dit").click()
        assert not allowed(service)
        assert page.get_by_role("heading", name="Geen beller in belbaar mag u bellen").is_visible()
        page.get_by_role("button", name="Uitloggen").click()
        assert page.get_by_label("Uw telefoonnummer").is_visible()
    assert "Vastgelegd op 08-09-2026" in texts.wait_for(NUMBER, 2)


def test_this_is_not_mine_freezes_the_consent_counts_against_the_supplier_and_the_clock_runs(chromium, service, texts):
    with visiting(chromium, service.url) as browser:
        page = browser.new_page()
        comes_in(page, texts, OTHER, "en")
        page.get_by_role("button", name="Receipt").click()
        assert "has not kept all" in page.locator("main").inner_text()
        details = {"kvk": "12345678", "address": "Plein 1, 1012 AB Amsterdam", "email": "privacy@voltix.example"}
        more = {
            "privacy_url": "https://voltix.example/p",
            "withdraw_url": "https://voltix.example/s",
            "stored_in": "NL",
        }
        told = service.client.patch("/v1/callers/voltix", json={**details, **more, "url": "https://voltix.example"})
        assert told.json()["missing"] == []
        with page.expect_download() as given:
            page.get_by_role("button", name="Receipt").click()
        assert "Ja, bel mij over zon." in given.value.path().read_text(encoding="utf-8")
        page.get_by_role("link", name="This is not mine").click()
        assert "We freeze this at once." in page.locator("main").inner_text()
        page.get_by_role("button", name="Yes, do this").click()
        assert not allowed(service, "solar", OTHER)
        (told,) = service.get("/v1/complaints").json()["complaints"]
        assert (told["source"], told["request"]["caller"]) == ("LeadPunt B.V.", "voltix")
        page.get_by_role("link", name="Ask for proof").click()
        assert "must show you the proof by 15 September 2026" in page.locator("main").inner_text()
        page.get_by_role("button", name="Yes, do this").click()
        due = {each["kind"]: each["due"] for each in service.get("/v1/requests").json()["requests"]}
        assert due == {"proof": "2026-09-15", "complaint": "2026-09-22"}
        (asked,) = [each for each in service.get("/v1/requests").json()["requests"] if each["kind"] == "proof"]
        answer = {"decision": "refused", "reply": "We have no proof."}
        assert service.post(f"/v1/requests/{asked['id']}/answer", answer).status_code == 200
        page.goto("/en/my")
        assert "We have no proof." in page.locator("main").inner_text()


def test_a_person_complains_corrects_erases_and_takes_everything_home(chromium, service, texts):
    with visiting(chromium, service.url) as browser:
        page = browser.new_page()
        comes_in(page, texts, OTHER)
        page.goto("/nl/my/complaint?caller=voltix")
        page.get_by_role("button", name="Dien de klacht in").click()
        assert page.title().startswith("Fout:")
        page.get_by_label("Wat er gebeurde").fill("Er werd weer gebeld.")
        page.get_by_label("Ik wil geen telefoontjes meer van hen").check()
        page.get_by_role("button", name="Dien de klacht in").click()
        page.goto("/nl/my/correct")
        page.get_by_label("Wat er niet klopt").fill("Ik heet anders.")
        page.get_by_role("button", name="Vraag een verbetering").click()
        page.goto("/nl/my/erase")
        page.get_by_role("button", name="Ja, doe dit").click()
        kinds = {each["kind"] for each in service.get("/v1/requests").json()["requests"]}
        assert kinds == {"complaint", "correction", "erasure"}
        told = json.loads(page.request.get("/nl/my/data/json").text())
        assert {event["event"] for event in told["events"]} >= {"consent.given", "call.made", "objection.made"}
        assert told["number"] == OTHER
        kept = page.request.get("/nl/my/data/page")
        assert "attachment" in kept.headers["content-disposition"]
        assert "Er werd weer gebeld." in kept.text()
        erased_when_granted(service)
        page.goto("/nl/my/trace")
        page.get_by_label("Uw naam").fill("Jo Bloem")
        page.get_by_role("button", name="Vraag het uit te zoeken").click()
        assert "Er ontbreekt iets" in page.locator("main").inner_text()
        assert service.get("/v1/trace/cases").json()["cases"][0]["state"] == "incomplete"


def test_a_person_adds_later_calls_and_what_was_missing_to_a_search_that_runs(chromium, service, texts):
    """Only who has the number, and only while it runs; of a refusal the person reads why, and not the officer's note."""
    asked = {"number": SEARCHING, "name": "Jo Bloem", "times": ["2026-09-08T10:00:00+02:00"]}
    case = service.post("/v1/trace/cases", asked).json()["case"]
    with visiting(chromium, service.url) as browser:
        page = browser.new_page()
        comes_in(page, texts, SEARCHING)
        page.get_by_role("link", name="Voeg een gesprek toe").click()
        assert page.get_by_label("Uw naam").count() == 0, "what was said stays"
        assert not seen_wrong(page)
        page.get_by_label("Straat en huisnummer").fill("Plein 1")
        page.get_by_label("Wanneer").fill("2026-09-08T11:30")
        page.get_by_role("button", name="Voeg toe").click()
        assert "toegevoegd" in page.locator("main").inner_text()
        told = service.get(f"/v1/trace/cases/{case}").json()
        assert (told["missing"], len(told["request"]["times"])) == (["postcode", "town"], 2)
        assert [each["step"] for each in told["history"]][-1] == "trace.add"
        other = service.post("/v1/trace/cases", {**asked, "number": "+31201000059"}).json()["case"]
        page.goto(f"/nl/my/trace?case={other}")
        assert page.locator("h1").inner_text() == "Deze pagina is er niet"
        forged = page.request.post("/nl/my/trace", form={"case": other, "name": "Ik"}, headers={"Origin": service.url})
        assert forged.status == 404
        refused = {"why": "not-annoying", "note": "Die vrouw belt ons iedere week."}
        assert service.post(f"/v1/trace/cases/{case}/refuse", refused).status_code == 200
        page.goto("/nl/my")
        words = page.locator("main").inner_text()
        assert "omdat het niet om hinderlijke of kwaadwillige gesprekken gaat" in words
        assert "iedere week" not in words
        assert page.get_by_role("link", name="Voeg een gesprek toe").count() == 0


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_nothing_is_wrong_with_the_pages_of_my_number(chromium, service, texts, lang):
    number = "+31201000051" if lang == "nl" else "+31201000052"
    service.post("/v1/events", [{**LEAD, "number": number}, {**CONSENT, "number": number}])
    pages = (
        *("", "/stop?caller=voltix&product=solar", "/object?caller=voltix", "/object-all"),
        *("/not-mine?caller=voltix&product=solar", "/proof?caller=voltix", "/erase"),
        *("/correct", "/complaint?caller=voltix", "/trace", "/data"),
    )
    with visiting(chromium, service.url, scheme="dark" if lang == "en" else "light") as browser:
        page = browser.new_page()
        assert not findings(page, f"/{lang}/my")
        comes_in(page, texts, number, lang)
        assert not [wrong for path in pages for wrong in findings(page, f"/{lang}/my{path}")]
        assert not findings(page, f"/{lang}/my/stop?caller=nobody", status=404)
        page.goto(f"/{lang}/my/object?caller=voltix")
        page.locator("main button").click()
        assert not seen_wrong(page)


def send(service, number, **cookies):
    return httpx.post(f"{service.url}/nl/my", data={"number": number}, cookies=cookies)


def test_nobody_learns_from_the_pages_whether_a_number_is_known(service):
    known, unknown = send(service, "+31201000061"), send(service, STRANGER)
    assert (known.status_code, known.headers["location"]) == (unknown.status_code, unknown.headers["location"])
    shown = [
        httpx.get(f"{service.url}/nl/my/code", cookies=dict(answer.cookies)).text.replace("061", "").replace("041", "")
        for answer in (known, unknown)
    ]
    assert shown[0] == shown[1]
    assert send(service, "nummer").status_code == 422
    assert send(service, "+32 2 555 12 12").status_code == 422  # nothing is sent abroad


def test_codes_are_few_wrong_ones_count_and_a_session_is_on_one_device(service, texts):
    number = "+31201000062"
    asked = dict(send(service, number).cookies)
    code = texts.code(number)
    wrong = "000000" if code != "000000" else "000001"
    said = [
        httpx.post(f"{service.url}/nl/my/code", data={"code": typed}, cookies=asked).text
        for typed in (*[wrong] * 5, code)
    ]
    assert "U kunt nog 4 keer proberen" in said[0]
    assert "Te veel foute codes" in said[5]  # also the right one is good no more
    soon = httpx.post(f"{service.url}/nl/my/code/again", cookies=asked)
    assert (soon.status_code, "Wacht een minuut" in soon.text) == (422, True)
    devices = []
    for count in (2, 3):
        again = dict(send(service, number).cookies)
        came = httpx.post(f"{service.url}/nl/my/code", data={"code": texts.code(number, count)}, cookies=again)
        assert came.status_code == 303
        devices.append({name: value for name, value in came.cookies.items() if name.endswith("-my")})
    titles = [httpx.get(f"{service.url}/nl/my", cookies=each).text for each in devices]
    assert ["Uw sessie is voorbij" in title for title in titles] == [True, False]
    stopped = httpx.post(f"{service.url}/nl/my/object-all", cookies=devices[0])
    assert stopped.headers["location"] == "/nl/my"
    history = service.post("/v1/history", {"number": number}).json()["events"]
    assert history == []
    assert "Te veel pogingen" in send(service, number).text


def test_who_gets_no_text_messages_has_the_code_read_aloud(service, texts):
    number = "+31201000064"
    asked = httpx.post(f"{service.url}/en/my", data={"number": number, "way": "voice"})
    said = texts.wait_for(number)
    code = "".join(re.findall(r"\d", said)[:6])
    assert said.count(", ".join(code)) == 2
    came = httpx.post(f"{service.url}/en/my/code", data={"code": " ".join(code)}, cookies=dict(asked.cookies))
    assert came.headers["location"] == "/en/my"


def test_a_form_on_another_site_stops_nothing(service, texts):
    number = "+31201000063"
    asked = dict(send(service, number).cookies)
    came = httpx.post(f"{service.url}/nl/my/code", data={"code": texts.code(number)}, cookies=asked)
    sent = {"Sec-Fetch-Site": "cross-site"}
    refused = httpx.post(f"{service.url}/nl/my/object-all", cookies=dict(came.cookies), headers=sent)
    assert refused.status_code == 403
