"""Complaints as officers and supervisors work on them; a source is stopped by one button, and the verdict is no."""

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belbaar.web.drawing import bars, round_up
from tests.api.conftest import ASKED, CONSENT
from tests.web.looking import findings, seen_wrong, visiting

LEADS = [f"+312010002{place:02}" for place in range(12)]


@pytest.fixture(scope="module", autouse=True)
def called(service):
    """Leads of a supplier with a name as suppliers have them were called, and others too."""
    service.post("/v1/agents", {"agent": "belhuis", "name": "Belhuis Noord B.V."})
    own = [f"+312010003{place:02}" for place in range(30)]
    rows = []
    for number in (*LEADS, *own):
        supplier = "=LeadPunt & Zonen <B.V.>" if number in LEADS else "formulier"
        call = {"event": "call.made", "number": number, "caller": "voltix", "agent": "belhuis"}
        rows += [{**CONSENT, "number": number, "captured_by": supplier}, {**call, "at": "2026-09-03T15:00+02:00"}]
    assert service.post("/v1/events", rows).json()["refused"] == 0


def test_a_supervisor_takes_a_complaint_stops_the_supplier_and_the_verdict_is_no(chromium, service, signs_in):
    for number in LEADS[:4]:
        service.post("/v1/complaints", {"number": number})
    asked = {**ASKED, "number": LEADS[9]}
    assert service.post("/v1/verdicts", asked).json()["allowed"] is True
    with visiting(chromium, service.url, script=False, **signs_in("supervisor")) as browser:
        page = browser.new_page()
        page.goto("/nl/complaints")
        page.get_by_role("link", name="Nieuwe klacht").click()
        page.get_by_label("Telefoonnummer").fill("020-")
        page.get_by_role("button", name="Leg de klacht vast").click()
        assert page.title().startswith("Fout:")
        page.get_by_label("Telefoonnummer").fill("020 100 0205")
        page.get_by_label("Wanneer").fill("2026-09-03T14:50")
        page.get_by_label("Wat er gebeurde").fill("Ik zei nooit ja.")
        page.get_by_role("button", name="Leg de klacht vast").click()
        told = page.locator("main").inner_text()
        assert "=LeadPunt & Zonen <B.V.>" in told
        assert "Belhuis Noord B.V." in told
        page.get_by_role("button", name="Begin").click()
        page.get_by_role("button", name="Antwoord").click()
        assert page.get_by_role("alert").locator("li").count() == 2
        page.get_by_label("Is gedaan", exact=True).check()
        page.get_by_label("Wat de persoon hoort").fill("We stopten de bron.")
        page.get_by_label("Naam van de persoon").fill("Mevrouw A. de Vries")
        page.get_by_role("button", name="Antwoord").click()
        page.get_by_role("link", name="Brief om te printen").click()
        letter = page.locator("article.letter").inner_text()
        assert "Mevrouw A. de Vries" in letter
        assert "We stopten de bron." in letter
        with page.expect_download() as download:
            page.get_by_role("link", name="Download als pdf").click()
        assert re.fullmatch(r"kenmerk-2026-\d+\.pdf", download.value.suggested_filename)
        assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
        page.goto("/nl/complaints")
        page.get_by_role("link", name=re.compile("Stop deze bron.*LeadPunt")).click()
        page.get_by_label("Waarom").fill("bel jan@example.nl")
        page.get_by_role("button", name="Stop deze bron").click()
        assert page.title().startswith("Fout:")
        page.get_by_label("Waarom").fill("te veel klachten")
        page.get_by_role("button", name="Stop deze bron").click()
        assert "12 toestemmingen stilgezet" in page.locator("main").inner_text()
        rows = list(csv.DictReader(io.StringIO(page.request.get("/nl/complaints/csv").text())))
    assert service.post("/v1/verdicts", asked).json()["allowed"] is False
    (source,) = [
        row for row in rows if row["name"] == "'=LeadPunt & Zonen <B.V.>"
    ]  # no spreadsheet takes it for a formula
    assert (source["complaints"], source["calls"], source["stop"]) == ("5", "12", "1")


def test_who_may_not_answer_or_stop_is_told_so_and_sees_no_buttons(chromium, service, signs_in):
    with visiting(chromium, service.url, **signs_in("auditor")) as browser:
        page = browser.new_page()
        page.goto("/en/complaints")
        assert page.get_by_role("link", name="New complaint").count() == 0
        assert page.get_by_role("link", name="Stop this source").count() == 0
        assert not findings(page, "/en/complaints/new", status=403)
        assert not findings(page, "/en/complaints/stop?source=formulier", status=403)


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_nothing_is_wrong_with_the_pages_of_complaints(chromium, service, signs_in, lang):
    told = service.post("/v1/complaints", {"number": LEADS[8], "about": "Te laat.\nEn te vaak."}).json()
    id_ = told["request"]["id"]
    assert service.post("/v1/trace/cases", {"number": LEADS[8], "name": "Jo Bloem"}).status_code == 201
    pages = (
        "/complaints",
        "/complaints?state=new",
        "/complaints/new",
        "/complaints/stop?source=formulier",
        "/requests",
    )
    with visiting(chromium, service.url, scheme="dark" if lang == "en" else "light", **signs_in("officer")) as browser:
        page = browser.new_page()
        page.goto(f"/{lang}/law")
        assert not [wrong for path in (*pages, f"/requests/{id_}") for wrong in findings(page, f"/{lang}{path}")]
        page.goto(f"/{lang}/requests")
        kinds = page.locator("tbody td:nth-of-type(1)").all_inner_texts()
        assert {"nl": "Zoeken wie er belde", "en": "Search for a caller"}[lang] in kinds
        said = {"decision": "refused", "reply": "Nee.\n\nHet gesprek mocht.", "address": "Plein 1\n1012 AB Amsterdam"}
        assert service.post(f"/v1/requests/{id_}/answer", said).status_code == 200
        assert not findings(page, f"/{lang}/requests/{id_}")
        assert not findings(page, f"/{lang}/requests/{id_}/letter")
        assert not findings(page, f"/{lang}/requests/bcdfghjkmnpqrstv", status=404)
        page.goto(f"/{lang}/complaints")
        for each in page.locator("details summary").all():
            each.click() if each.is_visible() else None
        assert not seen_wrong(page)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=24), st.sampled_from([328, 720]))
def test_bars_stand_beside_each_other_inside_their_drawing(values, width):
    chart = bars([(str(place), value) for place, value in enumerate(values)], width=width)
    assert all(0 <= bar.y <= bar.y + bar.height <= chart.floor + 1e-6 for bar in chart.bars)
    assert all(one.x + one.width < two.x for one, two in zip(chart.bars, chart.bars[1:], strict=False))
    assert chart.bars[-1].x + chart.bars[-1].width <= width
    assert max(values) <= chart.top <= max(1, 2.5 * max(values))
    assert round_up(chart.top) == chart.top
