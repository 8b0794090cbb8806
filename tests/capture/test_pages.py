"""The hosted pages in a real browser: a visitor says yes and stops, without a script; an officer designs and publishes."""

import itertools
import re

import httpx
import pytest

from tests.capture.conftest import published
from tests.capture.people import may_call
from tests.web.conftest import _entered
from tests.web.looking import SLIM, WIDE, findings, seen_wrong, visiting

NUMBERS = (f"+3120100{n:04}" for n in itertools.count(6000))


@pytest.fixture(scope="module")
def form(service):
    return published(service)


@pytest.fixture(scope="module")
def officer(service):
    return _entered(service, "officer")


def picture(page, folder, name):
    for width in (SLIM, WIDE):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)


def test_the_journey_of_a_visitor_without_a_script(chromium, service, texts, form, tmp_path):
    number = next(NUMBERS)
    with visiting(chromium, service.url, width=SLIM) as browser:  # looked at by axe, which is a script
        page = browser.new_page()
        page.goto(f"/nl/o/{form}")
        assert not findings(page, f"/nl/o/{form}")
        assert not findings(page, f"/en/o/{form}")
        assert not [box for box in page.get_by_role("checkbox").all() if box.is_checked()]
    with visiting(chromium, service.url, width=SLIM, script=False) as browser:
        page = browser.new_page()
        page.goto(f"/nl/o/{form}")
        picture(page, tmp_path, "form")
        page.get_by_role("button", name="Stuur mij de code").click()
        assert "Vul een telefoonnummer in" in page.get_by_role("alert").inner_text()
        assert page.title().startswith("Fout:")
        page.get_by_label("Uw telefoonnummer").fill(number)
        page.get_by_label("stroom en gas").check()
        page.get_by_role("button", name="Stuur mij de code").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Vul uw code in"
        assert "02• ••• •" in page.get_by_role("main").inner_text()
        assert number[3:] not in page.content() + page.url
        picture(page, tmp_path, "code")
        right = texts.code(number)
        page.get_by_label("Code van 6 cijfers").fill(f"{(int(right) + 1) % 1_000_000:06}")
        page.get_by_role("button", name="Bevestig").click()
        assert "U kunt nog 4 keer proberen" in page.get_by_role("alert").inner_text()
        page.get_by_role("button", name="Stuur een nieuwe code").click()
        assert "Wacht een minuut" in page.get_by_role("alert").inner_text()
        assert may_call(service, number)["allowed"] is False
        page.get_by_label("Code van 6 cijfers").fill(f"{right[:3]} {right[3:]}")
        page.get_by_role("button", name="Bevestig").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Uw toestemming is vastgelegd"
        assert may_call(service, number)["allowed"] is True
        told = page.get_by_role("main").inner_text()
        assert "8 september 2027" in told
        assert "sms-code op dit nummer" in told
        picture(page, tmp_path, "receipt")
        link = re.search(r"http\S+/r/\S+", texts.wait_for(number, 2))[0]
        page.goto(link)
        assert page.url.endswith(link.rpartition("/")[2])
        with page.expect_download() as loading:
            page.get_by_role("button", name="Download").click()
        assert "belbaar/receipt/1" in loading.value.path().read_text(encoding="utf-8")
        page.get_by_role("button", name="Stop deze toestemming").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Uw toestemming is gestopt"
        assert may_call(service, number)["allowed"] is False
        page.get_by_role("button", name="Nooit meer bellen").click()
        assert "nergens meer over bellen" in page.get_by_role("main").inner_text()
        picture(page, tmp_path, "stopped")
    events = [each["event"] for each in service.post("/v1/history", {"number": number}).json()["events"]]
    assert {"consent.given", "consent.withdrawn", "objection.made"} <= set(events)


def test_a_receipt_and_a_code_page_are_readable_by_everybody(chromium, service, texts, form):
    number = next(NUMBERS)
    with visiting(chromium, service.url) as browser:
        page = browser.new_page()
        page.goto(f"/nl/o/{form}")
        page.get_by_label("Uw telefoonnummer").fill(number)
        page.get_by_label("stroom en gas").check()
        page.get_by_role("button", name="Stuur mij de code").click()
        assert not seen_wrong(page)
        page.get_by_label("Code van 6 cijfers").fill(texts.code(number))
        page.get_by_role("button", name="Bevestig").click()
        assert not seen_wrong(page)
        page.get_by_role("link", name="English").click()
        assert "Your consent is recorded" in page.title()
        assert not seen_wrong(page)


def test_no_is_a_link_and_nothing_is_sent(service, form):
    said = httpx.get(f"{service.url}/nl/o/{form}?no=1")
    assert "Goed. We bellen niet." in said.text


def test_a_link_that_only_a_scanner_opened_confirms_nothing(service, mails, chromium):
    form, number = published(service, confirm="email"), next(NUMBERS)
    address = "scanner@post.example"
    page = httpx.get(f"{service.url}/nl/o/{form}").text
    hidden = dict(re.findall(r'name="(version|shown)" value="([^"]+)"', page))
    sent = httpx.post(f"{service.url}/nl/o/{form}", data={**hidden, "number": number, "email": address, "box-1": "yes"})
    assert sent.status_code == 303, sent.text
    again = httpx.post(
        f"{service.url}/nl/o/{form}", data={**hidden, "number": number, "email": address, "box-1": "yes"}
    )
    assert again.headers["location"] == sent.headers["location"]
    text = mails.wait_for(address).get_body(("plain",)).get_content()
    link = re.search(r"http\S+/c/\S+", text)[0]
    for _ in range(3):
        assert httpx.get(link, follow_redirects=True).status_code == 200
    assert may_call(service, number)["ground"] is None
    with visiting(chromium, service.url) as browser:
        page = browser.new_page()
        page.goto(link)
        assert not seen_wrong(page)
        page.get_by_role("button", name="Bevestig").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Uw toestemming is vastgelegd"
    assert may_call(service, number)["ground"] == "nl.consent"
    assert len(mails.to(address)) <= 2


def test_an_officer_designs_hears_from_the_law_and_publishes(chromium, service, officer, tmp_path):
    with visiting(chromium, service.url, **officer) as browser:
        page = browser.new_page()
        page.goto("/nl/forms")
        assert not findings(page, "/nl/forms")
        page.get_by_label("Naam").fill("Beurs")
        page.get_by_label("Namens wie").select_option("voltix")
        page.get_by_role("button", name="Maak het").click()
        page.get_by_label("Product").first.fill("energy")
        page.get_by_label("Hoe mensen het noemen, in het Nederlands").first.fill("stroom en gas")
        page.get_by_text("Meer woorden, en wat de wet weigert").click()
        page.get_by_label("De vakjes staan al aan").check()
        page.get_by_text("Dit vakje staat al aan. Een ja komt van de persoon zelf.").wait_for()  # while it is written
        assert (
            page.locator("#preview").get_by_text("Ja, Voltix Energie B.V. mag mij bellen over stroom en gas.").count()
        )
        page.get_by_role("button", name="Publiceer").click()
        assert "niet gepubliceerd" in page.get_by_role("alert").inner_text()
        assert not seen_wrong(page)
        picture(page, tmp_path, "designer")
        page.get_by_label("De vakjes staan al aan").uncheck()
        page.get_by_role("button", name="Publiceer").click()
        page.get_by_text("Versie 1").first.wait_for()
        assert not seen_wrong(page)
        for name in ("Poster met een QR-code", "Intekenlijst"):
            page.get_by_role("link", name=name).click()
            assert not seen_wrong(page)
            picture(page, tmp_path, name[:6])
            page.go_back()
        page.get_by_role("button", name="Beëindig dit formulier").click()
        assert page.get_by_text("Beëindigd").first.is_visible()


def test_a_charity_asks_for_volunteers_by_a_poster(chromium, service, texts):
    design = {"kind": "number", "caller": "water", "relation": "volunteering", "languages": ["nl"], "fields": []}
    form = published(service, **design, choices=[{"product": "charity", "names": {"nl": "ons werk"}}])
    number = next(NUMBERS)
    with visiting(chromium, service.url, width=SLIM) as browser:
        page = browser.new_page()
        page.goto(f"/nl/o/{form}")
        assert not seen_wrong(page)
        page.get_by_label("Telefoonnummer (mag leeg)").fill(number)
        page.get_by_label("Nee, bel mij niet over ander werk").check()
        page.get_by_role("button", name="Stuur mij een code").click()
        page.get_by_label("Code van 6 cijfers").fill(texts.code(number))
        page.get_by_role("button", name="Bevestig").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Uw nummer is vastgelegd"
        assert not seen_wrong(page)
    (event,) = service.post("/v1/history", {"number": number}).json()["events"]
    told = {"kind": "volunteering", "opt_out_offered": True, "opted_out": True}
    assert (event["event"], {name: event["fields"][name] for name in told}) == ("relation.started", told)


def test_nobody_sees_another_organisations_forms(service, officer):
    form = published(service)
    assert httpx.get(f"{service.url}/nl/forms/{form}", cookies=officer).status_code == 200
    assert httpx.get(f"{service.url}/nl/forms/{form}").status_code == 303
    none = httpx.get(f"{service.url}/nl/forms/bcdfghjkmnpq", cookies=officer)
    assert none.status_code == 404
