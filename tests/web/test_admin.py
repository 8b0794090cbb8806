"""Administration: what an administrator does on pages is done, noted, and refused to others as to any program."""

import httpx
import pytest

from tests.api.conftest import ASKED
from tests.web.looking import findings, visiting

PAGES = ("", "/callers", "/agents", "/campaigns", "/users", "/keys", "/mandates", "/webhooks", "/audit", "/settings")


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_nothing_is_wrong_with_a_page(chromium, service, signs_in, lang):
    with visiting(chromium, service.url, **signs_in("administrator")) as browser:
        page = browser.new_page()
        page.goto(f"/{lang}")
        assert not [wrong for path in PAGES for wrong in findings(page, f"/{lang}/admin{path}")]
        assert not findings(page, f"/{lang}/admin/nothing", status=404)


def test_an_administrator_makes_a_key_and_takes_it_back(chromium, service, signs_in):
    with visiting(chromium, service.url, script=False, **signs_in("administrator")) as browser:
        page = browser.new_page()
        page.goto("/nl/admin/keys")
        page.get_by_text("Maak een sleutel").first.click()
        page.get_by_label("Hoe u het noemt").fill("Kiezer 7")
        roles = page.locator("details[open]").get_by_label("Rol")
        assert roles.locator("option").all_inner_texts() == [
            *("beheerder", "compliance officer", "medewerker van een bureau", "teamleider van een bureau"),
            *("gekoppeld systeem", "auditor"),
        ]
        roles.select_option("integrator")
        page.get_by_role("button", name="Maak een sleutel").click()
        key = page.locator("#secret").inner_text()
        assert service.post("/v1/verdicts", ASKED, key=key).status_code == 200
        row = page.locator("tr", has_text="Kiezer 7")
        assert "gekoppeld systeem" in row.inner_text()
        row.get_by_text("Trek in").first.click()
        row.get_by_role("button", name="Trek in").click()
        assert service.post("/v1/verdicts", ASKED, key=key).status_code == 401
        page.goto("/nl/admin/audit")
        acts = page.locator("td code").all_inner_texts()
        assert acts[-2:] == ["key.make", "key.revoke"]
        assert "beheerder" in page.locator("tbody tr").last.inner_text()


def test_what_is_wrong_is_told_at_the_field_and_nothing_is_lost(chromium, service, signs_in):
    with visiting(chromium, service.url, **signs_in("administrator")) as browser:
        page = browser.new_page()
        page.goto("/nl/admin/callers")
        page.get_by_text("Meld een beller aan").first.click()
        form = page.locator("details[open]")
        form.get_by_label("Beller").fill("zonnig")
        form.get_by_label("Naam").fill("Zonnig Energie B.V.")
        form.get_by_label("Nummers die hij toont").fill("020 199 0007\n06-123")
        form.get_by_role("button").click()
        assert page.title().startswith("Fout:")
        assert page.locator(".field.bad label").inner_text() == "Nummers die hij toont"
        form = page.locator("details[open]")
        assert form.get_by_label("Naam").input_value() == "Zonnig Energie B.V."
        form.get_by_label("Nummers die hij toont").fill("020 199 0007")
        form.get_by_role("button").click()
        assert page.get_by_role("cell", name="+31201990007").is_visible()


def test_a_rule_is_switched_off_with_a_reason_only(chromium, service, signs_in):
    with visiting(chromium, service.url, script=False, **signs_in("administrator")) as browser:
        page = browser.new_page()
        page.goto("/nl/admin/settings")
        page.get_by_text("Zet een regel uit of aan").click()
        page.get_by_label("Regel").select_option("nl.consent-fresh")
        page.get_by_label("uit", exact=True).check()
        page.get_by_role("button", name="Zet om").click()
        assert "Zeg waarom" in page.get_by_role("alert").inner_text()
        page.get_by_label("Regel").select_option("nl.consent-fresh")
        page.get_by_label("uit", exact=True).check()
        page.get_by_label("Waarom").fill("Wij zijn geen lid van de code.")
        page.get_by_role("button", name="Zet om").click()
        assert page.get_by_role("row", name="nl.consent-fresh").is_visible()
        told = service.post("/v1/verdicts", ASKED).json()
        assert told["switched_off"] == ["nl.consent-fresh"]


def test_others_see_and_do_no_more_than_their_rights(service, signs_in):
    officer = signs_in("officer")
    seen = httpx.get(f"{service.url}/nl/admin/callers", cookies=officer)
    assert seen.status_code == 200
    assert httpx.get(f"{service.url}/nl/admin/users", cookies=officer).status_code == 403
    asked = {"email": "x@voltix.example", "name": "X", "role": "administrator"}
    assert httpx.post(f"{service.url}/nl/admin/users/invite", data=asked, cookies=officer).status_code == 403
    made = httpx.post(f"{service.url}/nl/admin/keys/make", data={"role": "administrator"}, cookies=officer)
    assert made.status_code == 403
    off = {"rule": "nl.hours", "to": "off", "reason": "omdat"}
    assert httpx.post(f"{service.url}/nl/admin/settings/switch", data=off, cookies=officer).status_code == 403
    nobody = httpx.get(f"{service.url}/nl/admin/callers")
    assert (nobody.status_code, nobody.headers["location"]) == (303, "/nl/sign-in?next=/admin/callers")
