"""The trace desk: an officer takes a request in, finds the call, looks who made it, decides; in a real browser."""

from collections.abc import Iterator
from datetime import datetime

import httpx
import pytest

from tests.api.conftest import furnish
from tests.api.incoming import ANNOYING, PERSON, came_in
from tests.api.service import Service, serving
from tests.web.looking import findings, seen_wrong, visiting


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service whose desk reads the calls that came in."""
    folder = tmp_path_factory.mktemp("desk")
    with serving(folder, "belbaar.db", trace_spool=str(folder / "spool")) as started:
        furnish(started)
        yield started


def test_a_request_ends_in_a_decision(chromium, service, signs_in):
    at = service.now() - 86_400
    came_in(service.folder / "spool", at)
    with visiting(chromium, service.url, script=False, **signs_in()) as browser:
        page = browser.new_page()
        page.goto("/nl/traces")
        page.get_by_label("Gebeld nummer").fill(PERSON)
        page.get_by_label("Naam", exact=True).fill("Żaneta Öztürk-de Vries")
        page.get_by_label("Adres").fill("Plein 1")
        page.get_by_label("Plaats").fill("Amsterdam")
        page.get_by_label("Data en tijden").fill(datetime.fromtimestamp(at).astimezone().isoformat())
        page.get_by_role("button", name="Neem aan").click()
        assert "Er ontbreekt iets" in page.locator("main").inner_text()
        page.get_by_text("Voeg toe wat ontbrak").click()
        page.get_by_label("Postcode").fill("1012 AB")
        page.get_by_role("button", name="Voeg toe").click()
        page.get_by_text("Kijk wie het was").click()
        assert ANNOYING[4:] not in page.content()
        page.get_by_label("Waarom dit gesprek bedoeld is").fill("Het enige rond die tijd.")
        page.get_by_role("button", name="Kijk").click()
        assert ANNOYING in page.locator("#looked").inner_text()
        page.reload()
        page.get_by_text("Maak bekend wie belde").click()
        page.get_by_label("Nummer", exact=True).fill(ANNOYING)
        form = page.locator("details[open]")
        form.get_by_label("Naam").fill("B. Eller")
        form.get_by_label("Adres").fill("Laan 2")
        form.get_by_label("Postcode").fill("3511 AA")
        form.get_by_label("Plaats").fill("Utrecht")
        form.get_by_role("button", name="Maak bekend").click()
        assert page.title().startswith("Fout:")  # no call was chosen, and no reason given
        form = page.locator("details[open]")
        assert form.get_by_label("Naam").input_value() == "B. Eller"
        form.get_by_role("checkbox").check()
        form.get_by_label("Waarom").fill("Zij belde elke nacht.")
        form.get_by_role("button", name="Maak bekend").click()
        text = page.locator("main").inner_text()
        assert "Wie belde is bekendgemaakt." in text
        assert ANNOYING[4:] not in page.content()


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_nothing_is_wrong_with_a_page(chromium, service, signs_in, lang):
    at = service.now() - 3600
    came_in(service.folder / "spool", at)
    asked = {"number": PERSON, "name": "A", "times": [datetime.fromtimestamp(at).astimezone().isoformat()]}
    case = service.post("/v1/trace/cases", asked).json()["case"]
    with visiting(chromium, service.url, **signs_in()) as browser:
        page = browser.new_page()
        page.goto(f"/{lang}")
        assert not findings(page, f"/{lang}/traces") + findings(page, f"/{lang}/traces/{case}")
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        assert not seen_wrong(page)
        assert not findings(page, f"/{lang}/traces/none", status=404)


def test_the_desk_is_for_who_has_the_right(service, signs_in):
    assert httpx.get(f"{service.url}/nl/traces", cookies=signs_in("supervisor")).status_code == 403
    assert httpx.get(f"{service.url}/nl/traces").status_code == 303
