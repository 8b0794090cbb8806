"""verify.html as people meet it: two languages, keyboard, drag and drop, narrow screens, and nothing from outside."""

import re
import subprocess
import zipfile

import pytest
from axe_playwright_python.sync_playwright import Axe

from belbaar.proof import verifier_page
from belbaar.proof.verifier.reading import unzipped
from tests.proof.made import ASSETS, OTHER_WORDING, WORDING, remade, swapped, swapped_bytes

GOOD = (ASSETS / "good.zip").read_bytes()
TRUST = (ASSETS / "trust.json").read_bytes()
REFUTED, INCOMPLETE = ((ASSETS / f"{name}.zip").read_bytes() for name in ("refuted-text-swapped", "incomplete-erased"))
STATES = {"start": None, "stamp": GOOD, "refuted": REFUTED, "incomplete": INCOMPLETE, "unreadable": b"x"}
HEADINGS = {
    "stamp": ("Bewezen, op het tijdstempel na", "Proven, but for the timestamp"),
    "refuted": ("Weerlegd", "Refuted"),
    "incomplete": ("Niet volledig", "Incomplete"),
    "unreadable": ("Geen leesbaar dossier", "No readable dossier"),
}


@pytest.mark.parametrize("state", HEADINGS)
@pytest.mark.parametrize(("place", "locale"), [(0, "nl-NL"), (1, "en-GB")])
def test_the_outcome_is_said_in_the_readers_language(open_page, state, place, locale):
    page = open_page(locale=locale)
    page.choose(STATES[state])
    assert page.text("#outcome h2") == HEADINGS[state][place]
    assert page.tab.title() == f"{HEADINGS[state][place]}: {page.text('h1')} · belbaar"
    assert page.tab.get_attribute("html", "lang") == locale[:2]
    assert not page.complaints


def test_the_language_can_be_switched_with_all_that_was_found(page):
    page.choose(REFUTED)
    english = page.text("main")
    page.tab.click("#lang")
    dutch = page.text("main")
    assert page.tab.get_attribute("html", "lang") == "nl"
    assert page.tab.get_attribute("#lang", "lang") == "en"  # the button speaks the other language
    shared = {line for line in english.splitlines() if len(line) > 12} & set(dutch.splitlines())
    assert not [line for line in shared if not re.search(r"[0-9a-f]{64}|dossier.zip|openssl|python3|sed ", line)]
    page.tab.click("#lang")
    assert page.text("main") == english


def test_what_is_refuted_comes_first_and_what_is_not_shown_second(page):
    page.choose(REFUTED)
    titles = page.tab.locator("#details h3").all_inner_texts()
    assert [re.sub(r" \(.*", "", title) for title in titles] == [
        "Refuted",
        "Depends on the timestamp",
        "Proven",
        "What does this mean?",
    ]


def test_it_says_whose_keys_were_used(page):
    page.choose(GOOD)
    assert "Whoever made the dossier chose those" in page.text("#details")
    page.choose(GOOD, TRUST)
    assert "trusted keys in trust.json" in page.text("#details")
    assert "Whoever made the dossier chose those" not in page.text("#details")


def test_keys_that_are_chosen_later_are_used_at_once(page):
    page.choose(GOOD)
    page.tab.set_input_files("#trust", {"name": "trust.json", "mimeType": "application/json", "buffer": TRUST})
    page.tab.get_by_text("trusted keys in trust.json").wait_for()


@pytest.mark.parametrize("keys", [b"", b"{}", b"x", GOOD[:1000], TRUST.replace(b'"v":1', b'"v":2'), TRUST + b"\n"])
def test_keys_that_are_none_are_told(page, keys):
    assert page.choose(GOOD, keys) == "unreadable"
    assert "no list of trusted keys" in page.text("#outcome")
    assert not page.found()


def test_files_can_be_dropped_anywhere(page):
    page.tab.evaluate("""([dossier, trust]) => {
        const files = new DataTransfer(), bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
        files.items.add(new File([bytes(trust)], "trust.json"));
        files.items.add(new File([bytes(dossier)], "2026-014.dossier.zip"));
        for (const type of ["dragover", "drop"]) {
            document.querySelector("h1").dispatchEvent(
                new DragEvent(type, { dataTransfer: files, bubbles: true, cancelable: true }));
        }
    }""", [base64(GOOD), base64(TRUST)])  # fmt: skip
    assert page.outcome() == "stamp"
    assert "trusted keys in trust.json" in page.text("#details")


def base64(data):
    from base64 import b64encode  # noqa: PLC0415  only here

    return b64encode(data).decode()


def test_all_can_be_done_by_keyboard(page):
    page.tab.on("filechooser", lambda _: None)  # from now on, so that none is missed below
    reached = []
    for _ in range(3):
        page.tab.keyboard.press("Tab")
        reached.append(page.tab.evaluate("document.activeElement.id"))
    assert reached == ["lang", "choose-dossier", "choose-trust"]
    page.tab.focus("#choose-dossier")
    for key in ("Enter", "Space"):
        with page.tab.expect_file_chooser() as chooser:
            page.tab.keyboard.press(key)
        chooser.value.set_files(ASSETS / "refuted-text-swapped.zip")
        assert page.outcome() == "refuted"
    page.tab.focus("#lang")
    page.tab.keyboard.press("Enter")
    assert page.tab.get_attribute("html", "lang") == "nl"


def test_the_same_file_can_be_chosen_again_after_a_change(page, tmp_path):
    path = tmp_path / "d.zip"
    path.write_bytes(GOOD)
    page.tab.set_input_files("#dossier", path)
    assert page.outcome() == "stamp"
    path.write_bytes(swapped_bytes(GOOD, WORDING, b"mag" + WORDING[3:]))
    page.tab.set_input_files("#dossier", path)
    page.tab.wait_for_selector("#outcome.refuted")


def test_a_reader_who_listens_hears_the_outcome(page):
    region = page.tab.locator("#outcome")
    assert (region.get_attribute("role"), region.get_attribute("aria-live")) == ("status", "polite")
    page.choose(GOOD)
    assert "Proven" in region.inner_text()
    assert page.tab.eval_on_selector_all("svg", "all => all.every(s => s.getAttribute('aria-hidden') === 'true')")


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_page, state, scheme):
    page = open_page(color_scheme=scheme)
    if STATES[state] is not None:
        page.choose(STATES[state])
    found = Axe().run(page.tab, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]})
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("state", STATES)
def test_it_fits_a_narrow_screen(open_page, state):
    page = open_page(viewport={"width": 320, "height": 640}, locale="nl-NL")
    if STATES[state] is not None:
        page.choose(STATES[state], name="d" * 200 + ".zip")
    assert page.tab.evaluate("document.documentElement.scrollWidth") <= 320


def test_it_asks_nothing_of_the_network_and_its_policy_would_not_let_it(page, address):
    page.choose(GOOD, TRUST)
    assert page.requests == [address]
    for attempt in (
        "fetch('https://belbaar.example/')",
        "import('https://belbaar.example/x.js')",
        "new Promise((ok, no) => { const i = new Image(); i.onload = ok; i.onerror = no; i.src = 'https://belbaar.example/' })",
    ):
        with pytest.raises(Exception, match=r"."):
            page.tab.evaluate(f"() => {attempt}")
    assert any("Content Security Policy" in complaint for complaint in page.complaints)


def test_its_policy_allows_only_what_is_in_it():
    page = verifier_page().decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)[1]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    assert not re.search(r"(?i)https?://|\son\w+=|style=|<link|<img|<iframe|javascript:", page)
    assert len(page) < 100_000


def test_nothing_in_a_dossier_becomes_part_of_the_page(page):
    evil = b'"name":"<img src=x onerror=alert(1)><b>\xe2\x80\xae\\nproven"'
    page.choose(remade(GOOD, dossier_json=swapped(b'"name":"row_2"', evil)), TRUST)
    assert not page.tab.query_selector_all("#details img")
    assert any("<img src=x onerror=alert(1)><b>\ufffd\ufffdproven" in about for _, about, _ in page.found())
    assert not page.complaints


def test_an_old_browser_is_told_what_to_use(chromium, address):
    tab = chromium.new_page(locale="en-GB")
    tab.add_init_script("SubtleCrypto.prototype.generateKey = () => Promise.reject(new Error('NotSupportedError'))")
    tab.goto(address)
    tab.set_input_files("#dossier", {"name": "d.zip", "mimeType": "application/zip", "buffer": GOOD})
    tab.wait_for_selector("#outcome.unreadable")
    assert "cannot check signatures" in tab.inner_text("#outcome")
    tab.close()


def test_without_javascript_it_says_what_to_do(chromium, address):
    context = chromium.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(address)
    assert "python3 verify.py" in tab.inner_text("main")
    assert "JavaScript nodig" in tab.inner_text("main")
    context.close()


@pytest.mark.usefixtures("authority")
def test_the_commands_that_it_shows_check_the_timestamp(page, tmp_path):
    """Run by hand as the page says, in the folder in which the dossier was unpacked."""
    page.choose(GOOD)
    (tmp_path / "d.zip").write_bytes(GOOD)
    with zipfile.ZipFile(tmp_path / "d.zip") as file:
        file.extractall(tmp_path)
    for changes, says in ({}, b"Verification: OK"), ({"anchors/12.note": OTHER_WORDING}, b"FAILED"):
        for name, content in changes.items():
            (tmp_path / name).write_bytes(content)
        done = subprocess.run(["bash", "-c", page.text("pre")], cwd=tmp_path, capture_output=True, check=False)
        assert says in done.stdout + done.stderr
    assert "anchors/12.tsr" in unzipped(GOOD)
