"""Coming in: an invitation, a password and a code of the moment; nobody comes in by another way."""

import httpx
import pyotp
import pytest

from tests.api.test_accounts import PASSWORD
from tests.web.looking import seen_wrong, visiting


def test_a_person_sets_up_an_account_and_signs_in(chromium, service):
    bo = {"email": "bo@voltix.example", "name": "Bo", "role": "officer"}
    invitation = service.post("/v1/accounts", bo).json()["invitation"]
    with visiting(chromium, service.url) as browser:
        page = browser.new_page()
        page.goto("/nl/law?at=2021-07-01")
        page.get_by_role("link", name="Inloggen").click()
        page.get_by_role("link", name="Ik heb een uitnodiging").click()
        page.get_by_label("Code van uw uitnodiging").fill(invitation)
        page.get_by_role("button", name="Verder").click()
        page.get_by_text("Ik kan niet scannen").click()
        codes = pyotp.parse_uri(page.locator("details code").inner_text())
        assert not seen_wrong(page)
        page.get_by_label("Wachtwoord").fill("kort")
        page.get_by_label("Code van 6 cijfers").fill(str(codes.at(int(service.now()))))
        page.get_by_role("button", name="Stel in").click()
        assert "twaalf tekens" in page.get_by_role("alert").inner_text()
        page.get_by_text("Ik kan niet scannen").click()
        codes = pyotp.parse_uri(page.locator("details code").inner_text())
        page.get_by_label("Wachtwoord").fill(PASSWORD)
        page.get_by_label("Code van 6 cijfers").fill(str(codes.at(int(service.now()) - 30)))
        page.get_by_role("button", name="Stel in").click()
        page.get_by_label("E-mailadres").fill(bo["email"])
        page.get_by_label("Wachtwoord").fill(PASSWORD)
        page.get_by_label("Code van 6 cijfers").fill("000000")
        page.get_by_role("button", name="Inloggen").click()
        assert page.get_by_role("alert").is_visible()
        assert page.title().startswith("Fout:")
        page.get_by_label("Wachtwoord").fill(PASSWORD)
        page.get_by_label("Code van 6 cijfers").fill(str(codes.at(int(service.now()))))
        page.get_by_role("button", name="Inloggen").click()
        page.get_by_role("button", name="Uitloggen").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Inloggen"


def test_a_form_on_another_site_signs_nobody_out(service, signs_in):
    cookies = signs_in()
    for sent in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
    ):
        refused = httpx.post(f"{service.url}/nl/sign-out", cookies=cookies, headers=sent)
        assert refused.status_code == 403
    again = httpx.get(f"{service.url}/nl/sign-in", cookies=cookies)
    assert again.status_code == 303  # still signed in


@pytest.mark.parametrize("wanted", ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example"])
def test_nobody_is_sent_elsewhere_after_signing_in(service, signs_in, wanted):
    answer = httpx.get(f"{service.url}/nl/sign-in", params={"next": wanted}, cookies=signs_in())
    assert answer.headers["location"].startswith("/nl/")
    assert "elsewhere" not in answer.headers["location"]


def test_a_cookie_that_was_changed_is_none(service, signs_in):
    ((name, value),) = signs_in().items()
    changed = value[:20] + ("A" if value[20] != "A" else "B") + value[21:]
    assert httpx.get(f"{service.url}/nl/sign-in", cookies={name: changed}).status_code == 200
    assert httpx.get(f"{service.url}/nl/sign-in", cookies={name: "not-ours"}).status_code == 200


def test_a_cookie_is_out_of_reach_of_scripts_and_other_sites(service, signs_in):
    answer = httpx.get(f"{service.url}/nl/law", cookies=signs_in())
    sent = answer.headers["set-cookie"].lower()
    assert "httponly" in sent
    assert "samesite=lax" in sent
    assert "max-age=1200" in sent
