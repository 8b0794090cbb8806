"""The widget, in a real browser, on a shop's page of another origin that has a strict policy of its own."""

import gzip
import itertools

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.capture.conftest import published
from tests.capture.people import may_call
from tests.capture.post import waited
from tests.capture.shop import shop

NUMBERS = (f"+3120100{n:04}" for n in itertools.count(5000))


@pytest.fixture(scope="module")
def kassa(service):
    with shop() as running:
        running.service = service.url
        form = published(service, origins=[running.url])
        gift = {"kind": "number", "caller": "water", "relation": "gift", "languages": ["nl"], "origins": [running.url]}
        gift["choices"] = [{"product": "charity", "names": {"nl": "ons werk"}}]
        running.gift = published(service, **gift)
        running.form = form
        running.pages["/nl"] = f'<belbaar-optin form="{form}" level="2"></belbaar-optin>'
        running.pages["/en"] = f'<h2>Contact</h2><belbaar-optin form="{form}" lang="en" level="3"></belbaar-optin>'
        running.pages["/gift"] = (
            f'<form method="post" action="/klaar"><belbaar-nummer form="{running.gift}"></belbaar-nummer>'
            '<input type="submit" value="Geef"></form>'
        )
        yield running


@pytest.fixture
def page(chromium, kassa):
    context = chromium.new_context(base_url=kassa.url, viewport={"width": 360, "height": 740}, locale="nl-NL")
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.wrong = []
    page.on("console", lambda said: page.wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    yield page
    context.close()


def fill(page, number):
    page.get_by_label("Uw telefoonnummer").fill(number)
    page.get_by_label("Ja, Voltix Energie B.V. mag mij bellen over stroom en gas").check()
    page.get_by_role("button", name="Stuur mij de code").click()


def confirm(page, code):
    page.get_by_label("Code van 6 cijfers").fill(code)
    page.get_by_role("button", name="Bevestig").click()


def no_violations(page):
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:150]}" for each in found]


def test_it_is_small_and_asks_for_nothing_else(service, kassa):
    script = httpx.get(f"{service.url}/widget/optin.js")
    assert len(gzip.compress(script.content)) < 15_000
    assert script.headers["access-control-allow-origin"] == "*"
    assert kassa.form


def test_a_visitor_says_yes_types_the_code_and_has_a_receipt(service, texts, page):
    number = next(NUMBERS)
    page.goto("/nl")
    page.get_by_role("heading", name="Mag Voltix Energie B.V. u bellen?").wait_for()
    assert not [box for box in page.get_by_role("checkbox").all() if box.is_checked()]
    assert no_violations(page) == []
    page.get_by_role("button", name="Stuur mij de code").click()
    assert "Vul een telefoonnummer in" in page.get_by_role("alert").inner_text()
    assert "Kies waarover we mogen bellen" in page.get_by_role("alert").inner_text()
    assert no_violations(page) == []
    fill(page, f"0{number[3:5]} {number[5:]}")
    page.get_by_role("heading", name="Vul uw code in").wait_for()
    assert no_violations(page) == []
    right = texts.code(number)
    confirm(page, f"{(int(right) + 1) % 1_000_000:06}")
    assert "U kunt nog 4 keer proberen" in page.get_by_role("alert").inner_text()
    assert may_call(service, number)["allowed"] is False
    confirm(page, right)
    page.get_by_role("heading", name="Uw toestemming is vastgelegd").wait_for()
    assert may_call(service, number)["allowed"] is True
    assert no_violations(page) == []
    assert page.get_by_role("link").get_attribute("href").startswith(f"{service.url}/r/")
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length") == 0
    assert [said for said in page.wrong if "status of" not in said] == []


def test_with_the_network_cut_nothing_is_lost_and_nothing_sent_twice(service, texts, page):
    number = next(NUMBERS)
    page.goto("/nl")
    page.get_by_role("heading", name="Mag Voltix").wait_for()
    page.context.set_offline(True)
    fill(page, number)
    page.get_by_text("Geen verbinding. We versturen uw keuze later. Er telt nog niets.").wait_for()
    assert page.evaluate("JSON.parse(localStorage.getItem('belbaar-unsent')).length") == 1
    page.context.set_offline(False)
    page.get_by_role("heading", name="Vul uw code in").wait_for()
    confirm(page, texts.code(number))
    page.get_by_role("heading", name="Uw toestemming is vastgelegd").wait_for()
    assert may_call(service, number)["allowed"] is True
    assert len([text for text in texts.to(number) if "is uw code" in text]) == 1
    assert page.evaluate("localStorage.length") == 0


def test_who_closes_the_page_offline_finds_the_code_when_back(service, texts, page):
    number = next(NUMBERS)
    page.goto("/nl")
    page.get_by_role("heading", name="Mag Voltix").wait_for()
    page.route(f"{service.url}/v1/public/**", lambda route: route.abort())
    fill(page, number)
    page.get_by_text("Er telt nog niets.").wait_for()
    page.unroute_all()
    page.goto("/nl")
    page.get_by_role("heading", name="Vul uw code in").wait_for()
    confirm(page, texts.code(number))
    page.get_by_role("heading", name="Uw toestemming is vastgelegd").wait_for()


def test_no_is_one_press_and_sends_nothing(page):
    page.goto("/en")
    heading = page.get_by_role("heading", name="May Voltix Energie B.V. call you?", level=3)
    heading.wait_for()
    assert no_violations(page) == []
    sent = []
    page.on("request", lambda asked: sent.append(asked.method))
    page.get_by_role("button", name="No, don't call").click()
    page.get_by_text("Fine. We will not call.").wait_for()
    assert sent == []


def test_it_works_by_keyboard_alone(texts, page):
    number = next(NUMBERS)
    page.goto("/nl")
    page.get_by_label("Uw telefoonnummer").focus()
    page.keyboard.type(number)
    for key in (
        "Tab",
        "Tab",
        "Space",
        "Tab",
        "Tab",
        "Enter",
    ):  # past the mail address, to the first box, past the second
        page.keyboard.press(key)
    page.get_by_label("Uw telefoonnummer").press("Enter")
    page.get_by_role("heading", name="Vul uw code in").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.type(texts.code(number))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Uw toestemming is vastgelegd").wait_for()


def test_a_number_asked_at_a_gift_goes_with_the_shops_own_form(service, page, kassa):
    number = next(NUMBERS)
    page.goto("/gift")
    page.get_by_label("Telefoonnummer (mag leeg)").fill(number)
    assert no_violations(page) == []
    page.get_by_label("Nee, bel mij niet over ander werk").check()
    page.get_by_role("button", name="Geef").click()
    page.get_by_text("Dank u.").wait_for()
    got = waited(lambda: kassa.got[-1] if kassa.got else None)
    assert got == {
        "belbaar-form": kassa.gift, "belbaar-version": "1", "belbaar-number": number, "belbaar-opt-out": "yes",
    }  # fmt: skip
    given = {"number": got["belbaar-number"], "opted_out": got["belbaar-opt-out"] == "yes"}
    assert service.post(f"/v1/forms/{kassa.gift}/numbers", given).json() == {"new": True}
    events = service.post("/v1/history", {"number": number}).json()["events"]
    assert [(each["event"], each["fields"]["opt_out_offered"], each["fields"]["opted_out"]) for each in events] == [
        ("relation.started", True, True)
    ]


@pytest.mark.parametrize("path", ["/nl", "/gift"])
def test_its_picture_can_be_made(page, path, tmp_path):
    page.goto(path)
    page.get_by_role("textbox").first.wait_for()
    for width in (360, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0
        page.screenshot(path=tmp_path / f"{width}.png", full_page=True)
        assert (tmp_path / f"{width}.png").stat().st_size > 1000
