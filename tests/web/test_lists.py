"""An officer screens a list: a file, its columns, what came of it, and a dossier that verifies."""

import io
import subprocess
import sys
import time

import httpx
import openpyxl
import pytest

from tests.api.conftest import CONSENTED, UNKNOWN
from tests.api.feeds import add_other
from tests.web.looking import findings, seen_wrong, visiting

OBJECTED = "+31201000041"
ROWS = [("Naam", "TelNr", "Niet bellen"), ("De Vries", CONSENTED, ""), ("Kok", UNKNOWN, ""), ("Bos", "geen", "")]
LIST = "\r\n".join(";".join(row) for row in ROWS) + "\r\n"


def sent(service, cookies, name="leads.csv", content=LIST):
    """Upload a file; give the answer."""
    return httpx.post(f"{service.url}/nl/lists", files={"file": (name, content)}, cookies=cookies, timeout=60)


def screened(service, cookies, name="leads.csv", content=LIST, **more):
    """Have a list screened; give the address of its page when it is done."""
    columns = sent(service, cookies, name, content).headers["location"]
    form = {"column:TelNr": "number", "caller": "voltix", "product": "energy", **more}
    queued = httpx.post(f"{service.url}{columns}", data=form, cookies=cookies, timeout=60)
    assert queued.status_code == 303, queued.text
    there = queued.headers["location"]
    end = time.monotonic() + 60
    while 'hx-trigger="every' in (told := httpx.get(f"{service.url}{there}", cookies=cookies, timeout=20).text):
        assert time.monotonic() < end, told
        time.sleep(0.2)
    return there


def test_an_officer_screens_a_list_and_its_dossier_verifies(chromium, service, signs_in, tmp_path):
    path = tmp_path / "leads.csv"
    path.write_text(LIST, encoding="utf-8", newline="")
    with visiting(chromium, service.url, **signs_in()) as browser:
        page = browser.new_page()
        page.goto("/nl/lists")
        page.get_by_label("Sleep een bestand hierheen, of kies er een").set_input_files(path)
        page.get_by_role("button", name="Bekijk de kolommen").click()
        assert page.get_by_label("Betekenis van TelNr").input_value() == "number"
        assert page.get_by_text("2 van 3 zijn nummers").is_visible()
        assert page.get_by_text("Lijkt op verzet").first.is_visible()
        page.get_by_label("Waarover").fill("energy")
        assert not seen_wrong(page)
        page.get_by_role("button", name="Screen").click()
        page.get_by_role("link", name="Download wat mag").wait_for()
        assert not seen_wrong(page)
        with page.expect_download() as got:
            page.get_by_role("link", name="Download wat mag").click()
        assert [line.split(";")[0] for line in got.value.path().read_text().splitlines()] == ["Naam", "De Vries"]
        with page.expect_download() as got:
            page.get_by_role("button", name="Dossier").click()
        dossier = tmp_path / "dossier.zip"
        got.value.save_as(dossier)
        page.get_by_role("link", name="Er is geen grondslag voor het gesprek.").click()
        assert page.locator("tbody tr").count() == 1
        page.locator("tbody tr a").click()
        assert page.get_by_role("heading", name="Mag niet gebeld worden").is_visible()
    run = subprocess.run(
        [sys.executable, "-m", "belbaar.cli", "verify", str(dossier)], capture_output=True, text=True, check=False
    )
    assert run.returncode in (0, 3), run.stdout + run.stderr


def test_a_result_is_filtered_as_it_is_downloaded(service, signs_in):
    cookies = signs_in()
    there = screened(service, cookies)
    for wanted, names in [
        ({}, ["De Vries", "Kok", "Bos"]),
        ({"may": "yes"}, ["De Vries"]),
        ({"may": "no"}, ["Kok"]),
        ({"may": "unknown"}, ["Bos"]),
        ({"ground": "nl.consent"}, ["De Vries"]),
        ({"reason": "no-ground"}, ["Kok"]),
        ({"reason": "not-a-number"}, ["Bos"]),
        ({"reason": "%"}, []),
    ]:
        rows = httpx.get(f"{service.url}{there}/download", params=wanted, cookies=cookies).text.splitlines()
        assert [row.split(";")[0] for row in rows[1:]] == names, wanted


@pytest.mark.parametrize("name", ["leads.xlsx", "leads.jsonl"])
def test_other_files_are_screened_and_come_back_as_they_were(service, signs_in, name):
    if name.endswith("xlsx"):
        book, written = openpyxl.Workbook(), io.BytesIO()
        for row in ROWS:
            book.active.append(row)
        book.save(written)
        content = written.getvalue()
    else:
        content = "".join(f'{{"Naam": "{row[0]}", "TelNr": "{row[1]}"}}\n' for row in ROWS[1:]).encode()
    there = screened(service, signs_in(), name, content)
    back = httpx.get(f"{service.url}{there}/download?may=yes", cookies=signs_in()).content
    if name.endswith("xlsx"):
        assert [row[0] for row in openpyxl.load_workbook(io.BytesIO(back)).active.values] == ["Naam", "De Vries"]
    else:
        assert back.count(b"De Vries") == back.count(b"\n") == 1


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_nothing_is_wrong_with_the_pages_of_lists(chromium, service, signs_in, lang):
    cookies = signs_in()
    done, draft = screened(service, cookies), sent(service, cookies).headers["location"]
    with visiting(chromium, service.url, **cookies) as browser:
        page = browser.new_page()
        paths = ["/lists", draft[3:], done[3:], f"{done[3:]}?may=no&reason=no-ground"]
        assert not [wrong for path in paths for wrong in findings(page, f"/{lang}{path}")]
        page.goto(f"/{lang}{draft[3:]}")
        page.locator("#column-2").select_option("")
        page.locator("#product").fill("energy")
        page.locator("main button.main").click()
        assert page.get_by_role("alert").is_visible()
        assert not seen_wrong(page)


@pytest.mark.parametrize(
    ("name", "content"), [("leads.pdf", LIST), ("leads.csv", b"%PDF-1.7 \x00"), ("leads.xlsx", b"PK\x03\x04broken")]
)
def test_what_is_no_list_is_refused_in_words(service, signs_in, name, content):
    answer = sent(service, signs_in(), name, content)
    assert answer.status_code == 422
    assert "Dit klopt nog niet" in answer.text


def test_a_list_of_another_organisation_is_not_there(service, signs_in):
    add_other(service)
    theirs = signs_in("officer", service.make_key("administrator", "others"))
    done, draft = screened(service, signs_in()), sent(service, signs_in()).headers["location"]
    for path in (done, f"{done}/download", draft, "/nl/lists/nothing", f"{done}/columns"):
        answer = httpx.get(f"{service.url}{path}", cookies=theirs)
        assert (answer.status_code, "Deze pagina is er niet" in answer.text) == (404, True), path
    form = {"column:TelNr": "number", "caller": "dagpost", "product": "news"}
    assert httpx.post(f"{service.url}{draft}", data=form, cookies=theirs).status_code == 404
    for act in ("dossier", "remove"):
        assert httpx.post(f"{service.url}{done}/{act}", cookies=theirs).status_code == 404
    assert httpx.get(f"{service.url}{done}/download", cookies=signs_in()).status_code == 200
    assert httpx.get(f"{service.url}/nl/lists", cookies=signs_in("agent")).status_code == 403


def test_a_list_whose_files_are_removed_keeps_its_entry(service, signs_in):
    cookies = signs_in()
    there = screened(service, cookies)
    assert httpx.post(f"{service.url}{there}/remove", cookies=cookies).status_code == 303
    told = httpx.get(f"{service.url}{there}", cookies=cookies).text
    assert "De bestanden van deze lijst zijn verwijderd." in told
    assert httpx.get(f"{service.url}{there}/download", cookies=cookies).status_code == 409
