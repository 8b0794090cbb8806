"""The pages that everybody meets: they are whole, safe and readable, in both languages."""

import httpx
import pytest

from tests.web.looking import SLIM, findings, visiting

PAGES = ("", "/law", "/law?at=2026-06-30&with=2026-07-01", "/sign-in", "/set-up", "/parts")


@pytest.mark.parametrize(("lang", "scheme"), [("nl", "light"), ("nl", "dark"), ("en", "light")])
def test_nothing_is_wrong_with_a_page(chromium, service, lang, scheme):
    with visiting(chromium, service.url, scheme=scheme) as browser:
        page = browser.new_page()
        page.goto(f"/{lang}")
        assert not [wrong for path in PAGES for wrong in findings(page, f"/{lang}{path}")]
        assert not findings(page, f"/{lang}/nothing-here", status=404)
        assert not findings(page, f"/{lang}/law?at=soon", status=422)


def test_who_comes_is_sent_to_pages_in_its_own_language(service):
    for wanted, sent in [("nl-NL,nl;q=0.9,en;q=0.8", "/nl"), ("de,en;q=0.5", "/en"), ("", "/en")]:
        answer = httpx.get(service.url, headers={"Accept-Language": wanted})
        assert answer.headers["location"] == sent


def test_the_other_language_is_the_same_page(chromium, service):
    with visiting(chromium, service.url, width=SLIM) as browser:
        page = browser.new_page()
        page.goto("/nl/law?at=2026-06-30&with=2026-07-01")
        page.get_by_text("Menu").click()
        page.get_by_role("link", name="English").click()
        assert page.url.endswith("/en/law?at=2026-06-30&with=2026-07-01")
        assert page.locator("html").get_attribute("lang") == "en"
        assert page.get_by_role("heading", level=1).inner_text() == "The law"


def test_the_law_of_two_days_stands_side_by_side_without_a_script(chromium, service):
    with visiting(chromium, service.url, script=False) as browser:
        page = browser.new_page()
        page.goto("/nl/law")
        page.get_by_label("De wet op").fill("2026-06-30")
        page.get_by_label("naast").fill("2026-07-01")
        page.get_by_role("button", name="Kijk").click()
        changed = page.locator("article").filter(has_text="nl.customer").first.inner_text()
        assert "sms" in changed.lower()
        assert page.get_by_role("heading", name="Wat verandert tussen 30 juni 2026 en 1 juli 2026").is_visible()


def test_every_page_says_what_may_be_loaded_and_that_it_is_not_kept(service):
    for path in ("/nl", "/nl/law", "/nl/nothing-here", "/nl/sign-in"):
        headers = httpx.get(f"{service.url}{path}").headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert (headers["cache-control"], headers["x-frame-options"]) == ("no-store", "DENY")


def test_a_page_is_small(service):
    first = httpx.get(f"{service.url}/nl")
    files = [part.partition('"')[0] for part in first.text.split('="/static/')[1:]]
    sizes = [len(httpx.get(f"{service.url}/static/{name}").content) for name in (*files, "source-sans-3.woff2")]
    assert len(files) == 4
    assert len(first.content) + sum(sizes) < 200_000
