"""The agent's card: may I call, what must I say, and a button that is in force at once."""

import httpx
import pytest

from tests.api.conftest import CONSENTED, OWN, UNKNOWN
from tests.web.looking import NARROWEST, findings, visiting

CALLED, LATER = "+31201000031", "+31201000032"


@pytest.fixture(scope="module", autouse=True)
def known(service):
    """Persons who consented."""
    consent = {"event": "consent.given", "caller": "voltix", "product": "energy", "at": "2026-09-01T10:00:00+02:00"}
    told = {"wording": "Ja, Voltix mag mij bellen over energie.", "verified": "sms"}
    sent = service.post("/v1/events", [{**consent, **told, "number": number} for number in (CALLED, LATER)])
    assert sent.json()["new"] == 2


def verdict(service, number):
    return service.post("/v1/verdicts", {"number": number, "caller": "voltix", "product": "energy"}).json()


def test_an_agent_asks_calls_and_records_that_the_person_wants_no_more_calls(chromium, service, signs_in):
    with visiting(chromium, service.url, width=NARROWEST, script=False, **signs_in("agent")) as browser:
        page = browser.new_page()
        page.goto("/nl/home")
        page.get_by_label("Telefoonnummer").fill(CALLED)
        page.get_by_label("Waarover").fill("energy")
        page.get_by_role("button", name="Mag ik bellen?").click()
        assert page.get_by_text("Mag gebeld worden tot 14.").is_visible()
        assert page.get_by_text("Goedemiddag, u spreekt met … van Voltix Energie B.V., over energy.").is_visible()
        assert page.get_by_text("Zeg het, ik leg het nu vast.").is_visible()
        assert CALLED[3:] not in page.content().replace(" ", "")
        assert verdict(service, CALLED)["allowed"]
        page.get_by_role("button", name="Wil niet meer gebeld worden").click()
        assert page.get_by_role("status").get_by_text("Vastgelegd om 14.").is_visible()
        assert page.get_by_text("Mag niet gebeld worden").is_visible()
        assert not page.get_by_role("button", name="Wil niet meer gebeld worden").count()
        page.get_by_role("link", name="Ander nummer").click()
        assert page.get_by_label("Waarover").input_value() == "energy"
    told = verdict(service, CALLED)
    assert (told["allowed"], told["vetoes"]) == (False, ["nl.objection"])


def asked(service, cookies, number, **more):
    """Ask for a card; give the answer."""
    form = {"number": number, "caller": "voltix", "product": "energy", **more}
    return httpx.post(f"{service.url}/nl/card", data=form, cookies=cookies, timeout=20)


def test_the_verdict_of_a_card_is_kept_in_the_log(service, signs_in):
    before = service.command("log", "entries", CONSENTED)
    assert asked(service, signs_in("agent"), CONSENTED).status_code == 303
    after = service.command("log", "entries", CONSENTED)
    assert [each["kind"] for each in after[len(before) :]] == ["verdict"]


def test_to_be_called_back_is_a_ground_until_the_day_that_was_said(service, signs_in):
    agent = signs_in("agent")
    there = asked(service, agent, UNKNOWN).headers["location"]
    assert "Mag niet gebeld worden" in httpx.get(f"{service.url}{there}", cookies=agent).text
    noted = httpx.post(f"{service.url}{there}/callback", data={"until": "2026-09-12"}, cookies=agent)
    card = httpx.get(f"{service.url}{noted.headers['location']}", cookies=agent).text
    assert "De persoon vroeg om later gebeld te worden." in card
    told = verdict(service, UNKNOWN)
    assert (told["ground"], told["until"][:10]) == ("nl.solicited", "2026-09-13")


def test_a_card_says_what_was_recorded_elsewhere_meanwhile(service, signs_in):
    agent = signs_in("agent")
    there = asked(service, agent, LATER).headers["location"]
    assert "Mag gebeld worden tot" in httpx.get(f"{service.url}{there}", cookies=agent).text
    service.post("/v1/events", {"event": "objection.made", "number": LATER, "scope": "all"})
    assert "Mag niet gebeld worden" in httpx.get(f"{service.url}{there}", cookies=agent).text


def test_a_campaign_says_for_whom_and_about_what(service, signs_in):
    campaign = {"campaign": "herfst", "caller": "voltix", "product": "energy", "presents": OWN}
    assert service.post("/v1/campaigns", campaign).status_code in (200, 201)
    there = asked(service, signs_in("agent"), CONSENTED, caller="", product="", campaign="herfst")
    card = httpx.get(f"{service.url}{there.headers['location']}", cookies=signs_in("agent"))
    assert "Voltix Energie B.V., energy" in card.text
    assert asked(service, signs_in("agent"), CONSENTED, campaign="nothing").status_code == 422


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_nothing_is_wrong_with_a_card(chromium, service, signs_in, lang):
    agent = signs_in("agent")
    yes, no = (asked(service, agent, number).headers["location"][3:] for number in (CONSENTED, "+31201000039"))
    with visiting(chromium, service.url, width=NARROWEST, **agent) as browser:
        page = browser.new_page()
        assert not [wrong for path in ("/card", yes, no) for wrong in findings(page, f"/{lang}{path}")]
        page.get_by_role("link", name="belbaar").click()
        page.goto(f"/{lang}/card")
        page.locator("#number").fill("12")
        page.locator("main button").click()
        assert page.get_by_role("alert").is_visible()


def test_who_may_not_call_has_no_card(service, signs_in):
    auditor = signs_in("auditor")
    assert httpx.get(f"{service.url}/nl/card", cookies=auditor).status_code == 403
    assert asked(service, auditor, CONSENTED).status_code == 403
    assert httpx.get(f"{service.url}/nl/numbers", cookies=signs_in("agent")).status_code == 403
    assert httpx.get(f"{service.url}/nl/card/nothing", cookies=signs_in("agent")).status_code == 404
