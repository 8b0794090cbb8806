"""The page of a number: what is known, may it be called on any day, why, and what an officer can do about it."""

import io
import subprocess
import sys
import zipfile

import httpx
import pytest

from belbaar.law import PACKS
from belbaar.web.rendering import _environment
from tests.api.conftest import CONSENTED
from tests.api.feeds import add_other
from tests.web.looking import findings, seen_wrong, visiting

CUSTOMER, NOBODY, OBJECTS = "+31201000021", "+31201000022", "+31201000023"


@pytest.fixture(scope="module", autouse=True)
def known(service):
    """A customer since 2024, and a person who consented and will object."""
    started = {"event": "relation.started", "caller": "voltix", "kind": "service", "product": "energy"}
    consent = {"event": "consent.given", "caller": "voltix", "product": "energy", "at": "2026-09-01T10:00:00+02:00"}
    events = [
        {**started, "number": CUSTOMER, "at": "2024-02-01T10:00:00+01:00", "opt_out_offered": True},
        {"event": "subscriber.described", "number": CUSTOMER, "type": "natural", "at": "2024-02-01T10:00:00+01:00"},
        {**consent, "number": OBJECTS, "wording": "Ja, Voltix mag mij bellen over energie.", "verified": "sms"},
    ]
    assert service.post("/v1/events", events).json()["new"] == 3


def address(service, cookies, number, lang="nl"):
    """Look a number up, and give the address of its page."""
    answer = httpx.post(f"{service.url}/{lang}/numbers", data={"number": number}, cookies=cookies)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def opened(service, cookies, number, **query):
    """Give the page of a number."""
    answer = httpx.get(f"{service.url}{address(service, cookies, number)}", params=query, cookies=cookies, timeout=20)
    return answer.text


def test_an_officer_finds_a_number_sees_why_and_records_an_objection(chromium, service, signs_in):
    with visiting(chromium, service.url, script=False, **signs_in()) as browser:
        page = browser.new_page()
        page.goto("/nl/numbers")
        page.get_by_label("Telefoonnummer").fill("06-12")
        page.get_by_role("button", name="Kijk").click()
        assert page.title().startswith("Fout:")
        page.get_by_label("Telefoonnummer").fill(f"0031 {OBJECTS[3:]}")
        page.get_by_role("button", name="Kijk").click()
        assert page.get_by_role("heading", name="Mag gebeld worden").is_visible()
        assert page.get_by_text("Er is geldige toestemming voor energy.").is_visible()
        assert OBJECTS[3:] not in page.url
        assert OBJECTS[3:] not in page.title().replace(" ", "")
        page.get_by_role("link", name="Verzet noteren").click()
        page.get_by_role("button", name="Noteer het verzet").click()
        assert page.get_by_role("alert").is_visible()
        page.get_by_label("Alleen deze beller").check()
        page.get_by_role("button", name="Noteer het verzet").click()
        assert page.get_by_role("status").get_by_text("Vastgelegd").is_visible()
        assert page.get_by_role("heading", name="Mag niet gebeld worden").is_visible()
        assert page.locator("ol.timeline li").first.get_by_text("Verzet").first.is_visible()
    denied = service.post("/v1/verdicts", {"number": OBJECTS, "caller": "voltix", "product": "energy"}).json()
    assert (denied["allowed"], denied["vetoes"]) == (False, ["nl.objection"])


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_nothing_is_wrong_with_the_pages_of_a_number(chromium, service, signs_in, lang):
    cookies = signs_in()
    with visiting(chromium, service.url, **cookies) as browser:
        page = browser.new_page()
        wrong = findings(page, f"/{lang}/numbers")
        for number in (CONSENTED, CUSTOMER, NOBODY):
            there = address(service, cookies, number, lang)
            wrong += findings(page, there)
            page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
            wrong += seen_wrong(page)
        wrong += findings(page, f"{there}/objection")
        wrong += findings(page, f"{there}?caller=voltix&product=Energy!", status=422)
        wrong += findings(page, f"{there}?caller=voltix&product=energy&at=soon", status=422)
        wrong += findings(page, f"{there}?caller=voltix&product=energy&known=soon", status=422)
        assert not wrong


def test_a_customer_may_be_called_until_the_law_of_july_2026_and_hears_why_no_more(service, signs_in):
    now = opened(service, signs_in(), CUSTOMER)
    assert "Klant zijn is sinds 1 juli 2026 niet genoeg." in now
    assert "natuurlijk persoon" in now
    then = opened(service, signs_in(), CUSTOMER, caller="voltix", product="energy", at="2026-06-30T14:00")
    assert "De persoon is klant voor zoiets als energy." in then
    days = now.partition('<ul class="days">')[2].partition("</ul>")[0]
    told = [("v-ok" in each, "30 juni 2026" in each, "1 juli 2026" in each) for each in days.split("<li>")[3:]]
    assert told == [(True, True, False), (False, False, True)]


def test_what_was_not_known_yet_is_not_shown(service, signs_in):
    earlier = opened(service, signs_in(), CONSENTED, caller="voltix", product="energy", known="2026-09-05T00:00")
    assert "Over dit nummer is niets bekend." in earlier
    assert "v-no" in earlier
    assert "Mag gebeld worden" not in earlier.partition("<h3>")[0]


def test_that_a_number_was_read_stands_in_the_audit_trail(service, signs_in):
    cookies = signs_in()
    there = address(service, cookies, CONSENTED)
    before = len(read_acts(service))
    httpx.get(f"{service.url}{there}", cookies=cookies)
    assert len(read_acts(service)) == before + 1


def read_acts(service):
    """Give the readings that the audit trail has."""
    entries, after = [], 0
    while page := service.get("/v1/audit", after=after, limit=1000).json()["entries"]:
        entries += page
        after = page[-1]["entry"]
    return [each for each in entries if each["act"] == "history.read"]


def test_another_organisation_is_told_that_there_is_no_such_page(service, signs_in):
    add_other(service)
    theirs = signs_in("officer", service.make_key("administrator", "others"))
    there = address(service, signs_in(), CONSENTED)
    for path in (there, f"{there}/objection", "/nl/nothing-here", "/nl/numbers/nothing", "/nl/numbers/AAAA"):
        answer = httpx.get(f"{service.url}{path}", cookies=theirs)
        assert (answer.status_code, "Deze pagina is er niet" in answer.text) == (404, True), path
    own = opened(service, theirs, CONSENTED)
    assert "Over dit nummer is niets bekend." in own
    assert "Voltix" not in own
    refused = opened(service, theirs, CONSENTED, caller="voltix", product="energy")
    assert refused.count("voltix") == opened(service, theirs, CONSENTED, caller="nobody", product="energy").count(
        "nobody"
    )


def test_the_dossier_of_a_number_verifies(service, signs_in, tmp_path):
    there = address(service, signs_in(), CONSENTED)
    made = httpx.post(f"{service.url}{there}/dossier", cookies=signs_in(), timeout=60)
    assert zipfile.is_zipfile(io.BytesIO(made.content))
    path = tmp_path / "dossier.zip"
    path.write_bytes(made.content)
    run = subprocess.run(
        [sys.executable, "-m", "belbaar.cli", "verify", str(path)], capture_output=True, text=True, check=False
    )
    assert run.returncode in (0, 3), run.stdout + run.stderr


def test_who_may_only_read_records_nothing_and_who_may_not_read_sees_nothing(service, signs_in):
    auditor = signs_in("auditor")
    there = address(service, auditor, CONSENTED)
    assert "Verzet noteren" not in httpx.get(f"{service.url}{there}", cookies=auditor).text
    sent = {"caller": "voltix", "scope": "caller"}
    assert httpx.post(f"{service.url}{there}/objection", data=sent, cookies=auditor).status_code == 403
    integrator = signs_in("integrator")
    for path in ("/nl/numbers", address(service, signs_in(), NOBODY)):
        assert httpx.get(f"{service.url}{path}", cookies=integrator).status_code in (403, 404)
    assert httpx.get(f"{service.url}/nl/numbers").headers["location"] == "/nl/sign-in?next=/numbers"


def test_for_every_rule_that_can_fail_it_is_told_what_is_needed():
    for lang in ("nl", "en"):
        macro = _environment(lang).get_template("parts/needed.html.j2").make_module({"lang": lang}).needed
        for rule in PACKS["NL"].rules:
            if rule.role in ("veto", "condition"):
                assert macro(rule.id, "energy", "Voltix").strip(), rule.id
