"""Today, and what another term would take: figures that were computed in the background, drawn and in numbers."""

import time
import xml.etree.ElementTree as ET

import httpx
import pytest

from belbaar.web.charts import Chart, bars, lines, stacked
from tests.api.feeds import add_other
from tests.web.looking import findings, seen_wrong, visiting


@pytest.fixture(scope="module", autouse=True)
def known(service):
    """A press publisher with a customer whose subscription ended."""
    service.command("caller", "add", "krant", "--name", "De Krant", "--sector", "press", "--number", "+31201990009")
    started = {"event": "relation.started", "number": "+31201000051", "caller": "krant", "kind": "service"}
    events = [
        {**started, "product": "news.paper", "at": "2022-02-01T10:00:00+01:00", "opt_out_offered": True},
        {**started, "event": "relation.ended", "at": "2025-06-01T10:00:00+02:00"},
    ]
    assert service.post("/v1/events", events).json()["new"] == 2


def computed(service, cookies, path):
    """Wait until a figure is there; give the page."""
    end = time.monotonic() + 60
    while 'hx-trigger="every' in (told := httpx.get(f"{service.url}{path}", cookies=cookies, timeout=20).text):
        assert time.monotonic() < end, told
        time.sleep(0.3)
    return told


@pytest.fixture(scope="module")
def counted(service, signs_in):
    """The addresses of pages whose figures are there."""
    cookies = signs_in()
    asked = httpx.post(f"{service.url}/nl/law/impact", data={"months": "12", "day": "2027-01-01"}, cookies=cookies)
    httpx.post(f"{service.url}/nl/today", cookies=cookies)
    impact = asked.headers["location"]
    return {path: computed(service, cookies, path) for path in (impact, "/nl/today")}


def test_today_says_who_may_be_called_and_how_old_the_figures_are(counted):
    told = counted["/nl/today"]
    assert "2 van 2 nummers mogen gebeld worden." in told
    assert "plaats 3 in het register" in told
    assert "Er staat niets open." in told


def test_another_term_tells_whose_numbers_fall_away_and_when(counted):
    (impact,) = (told for path, told in counted.items() if "impact" in path)
    assert "1 nummer valt weg" in impact
    assert "1 van De Krant, waarvan 1 op 1 januari 2027." in impact


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_nothing_is_wrong_with_the_pages_of_figures(chromium, service, signs_in, counted, lang):
    with visiting(chromium, service.url, **signs_in()) as browser:
        page = browser.new_page()
        for path in counted:
            assert not findings(page, f"/{lang}{path[3:]}")
            page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
            assert not seen_wrong(page)
        assert not findings(page, f"/{lang}/law/impact")
        page.locator("#months").fill("121")
        page.locator("main button.main").click()
        assert page.get_by_role("alert").is_visible()
        assert not seen_wrong(page)


def test_a_drawing_and_its_numbers_are_files_too(service, signs_in, counted):
    cookies = signs_in()
    for path in counted:
        names = ("grounds", "ending") if path.endswith("today") else ("months", "callers")
        for name in names:
            drawing = httpx.get(f"{service.url}{path}/{name}.svg", cookies=cookies)
            assert drawing.headers["content-type"].startswith("image/svg+xml")
            assert ET.fromstring(drawing.text).tag.endswith("svg")  # noqa: S314  our own
            table = httpx.get(f"{service.url}{path}/{name}.csv", cookies=cookies).text
            assert table.count("\n") >= 2
        assert httpx.get(f"{service.url}{path}/nothing.svg", cookies=cookies).status_code == 404


def test_figures_are_an_organisations_own(service, signs_in, counted):
    add_other(service)
    theirs = signs_in("officer", service.make_key("administrator", "others"))
    (impact,) = (path for path in counted if "impact" in path)
    assert httpx.get(f"{service.url}{impact}", cookies=theirs).status_code == 404
    assert "nummers mogen gebeld worden" not in httpx.get(f"{service.url}/nl/today", cookies=theirs).text
    agent = signs_in("agent")
    for path in ("/nl/today", "/nl/law/impact"):
        assert httpx.get(f"{service.url}{path}", cookies=agent).status_code == 403
        assert (
            httpx.post(f"{service.url}{path}", data={"months": "1", "day": "2027-01-01"}, cookies=agent).status_code
            == 403
        )


def test_who_signs_in_begins_where_its_work_is(service, signs_in):
    for role, begins in [("officer", "/nl/today"), ("agent", "/nl/card")]:
        answer = httpx.get(f"{service.url}/nl/home", cookies=signs_in(role))
        assert answer.headers["location"] == begins


def test_a_drawing_keeps_proportion_and_begins_at_zero():
    rows = [("a", (10,)), ("b", (5,)), ("c", (0,))]
    for drawing in bars(rows, str):
        long = [shape.width for shape in drawing.shapes if shape.kind == "rect"]
        assert long[0] == pytest.approx(2 * long[1], rel=0.01)
        assert all(shape.x + shape.width <= drawing.width for shape in drawing.shapes)
    for drawing in stacked([("w", (3, 1)), ("v", (0, 2))], ["x", "y"], str):
        high = [shape.height + 1 for shape in drawing.shapes if shape.kind == "rect" and shape.width > 14]
        assert high == pytest.approx([high[1] * 3, high[1], high[1] * 2])
    assert all(len(drawing.shapes) for drawing in lines([], ["x"], str))
    assert Chart("n", "t", "f", ["a", "b"], rows).as_csv().splitlines() == ["a,b", "a,10", "b,5", "c,0"]


def test_what_is_due_is_there_at_once_and_leads_to_its_request(chromium, service, signs_in, counted):
    assert counted
    told = service.post("/v1/complaints", {"number": "+31201000052", "about": "Te vaak gebeld."})
    assert told.status_code in (200, 201), told.text
    with visiting(chromium, service.url, script=False, **signs_in()) as browser:
        page = browser.new_page()
        page.goto("/nl/today")
        row = page.locator("#due tbody tr")
        assert "0052" not in row.inner_text()
        assert row.get_by_text("Op tijd").is_visible()
        row.get_by_role("link", name="Klacht").click()
        assert "/nl/requests/" in page.url
