"""Pictures of the pages, taken from the demonstration by a real browser: ``make pictures``.

The demonstration's clock is set by faketime, so that the same pictures come out on any day.
"""

# ruff: noqa: INP001, T201  a script of the documentation

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from belbaar.demo import CAST

PICTURES = Path(__file__).parent / "pictures"
THURSDAY = "@2026-11-26 14:00:00"
WIDE, SLIM = 1440, 360
_SECONDS = 90

STILLS = (
    ("law", "/en/law?at=2026-06-30&with=2026-07-01", "", WIDE),
    ("my-number", "/nl/my", "", SLIM),
    ("complaints", "/nl/complaints", "officer", WIDE),
    ("parts", "/en/parts", "", WIDE),
)
"""Each picture: its name, the page, who looks at it, and how wide the window is."""


def today(page: Page) -> None:
    """Today, with its figures: they are computed beside the page."""
    page.goto("/nl/today")
    while (
        page.get_by_role("link", name="Kijk opnieuw").count() or page.get_by_role("button", name="Kijk opnieuw").count()
    ):
        time.sleep(0.5)
        page.reload()


def screened(page: Page) -> None:
    """A list that was screened: the numbers of the tour, and others beside them."""
    numbers = (*(each.number for each in CAST.values()), *range(31_20_100_0100, 31_20_100_0900, 2))
    text = "Naam;TelNr\n" + "".join(f"Klant {place};+{number}\n" for place, number in enumerate(numbers, 1))
    page.goto("/nl/lists")
    page.locator("input[type=file]").set_input_files(
        {"name": "najaar.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.get_by_role("button", name="Bekijk de kolommen").click()
    page.get_by_label("Beller").select_option("zonnig")
    page.get_by_label("Waarover").fill("energy.electricity")
    page.get_by_role("button", name="Screen").click()
    page.get_by_role("link", name="Download wat mag").wait_for(timeout=60_000)


def asked(page: Page) -> None:
    """An agent's card, of a person who gave consent."""
    page.goto("/nl/card")
    page.get_by_label("Telefoonnummer").fill(f"+{CAST['consent'].number}")
    page.get_by_role("button", name="Mag ik bellen?").click()


def designed(page: Page) -> None:
    """A form as it is designed: fields beside what people see."""
    page.goto("/nl/forms")
    page.get_by_role("link", name="Bel mij over energie").click()


WALKS: tuple[tuple[str, Callable[[Page], None], str, int], ...] = (
    ("today", today, "officer", WIDE),
    ("lists", screened, "officer", WIDE),
    ("card", asked, "supervisor", SLIM),
    ("forms", designed, "officer", WIDE),
)
"""Pictures that take a few steps: their names, the steps, who takes them, and how wide the window is."""


def main() -> None:
    """Take all pictures anew."""
    PICTURES.mkdir(exist_ok=True)
    browser_path = shutil.which("chromium") or shutil.which("chromium-browser")
    if not browser_path:
        sys.exit("chromium is not on the path: make system")
    with demonstration() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"])
        for name, path, role, width in STILLS:
            with looking(browser, url, role, width) as page:
                page.goto(path)
                kept(page, name)
        for name, walks, role, width in WALKS:
            with looking(browser, url, role, width) as page:
                walks(page)
                kept(page, name)
        for who, name in (("2.", "number"), ("1.", "number-allowed")):
            with looking(browser, url, "officer", WIDE) as page:
                page.goto("/nl/demo")
                page.locator("section", has_text=who).get_by_role("button", name="Bekijk dit nummer").first.click()
                kept(page, name)
        browser.close()


@contextlib.contextmanager
def demonstration() -> Iterator[str]:
    """Run the demonstration on a free port; gives its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
    (library,) = list(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    clock = {"LD_PRELOAD": str(library), "FAKETIME": THURSDAY, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    process = subprocess.Popen(  # noqa: S603  our own command
        [sys.executable, "-m", "belbaar.cli", "demo", "--port", str(port), "--no-browser"],
        env={**os.environ, **clock, "TZ": "Europe/Amsterdam"},
    )
    try:
        _await(f"http://127.0.0.1:{port}/readyz")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(_SECONDS)


@contextlib.contextmanager
def looking(browser: Browser, url: str, role: str, width: int) -> Iterator[Page]:
    """Give a page of somebody in a role, "" for nobody."""
    context = browser.new_context(base_url=url, viewport={"width": width, "height": 900}, color_scheme="light")
    page = context.new_page()
    if role:
        context.request.post("/nl/demo/enter", form={"role": role})
    yield page
    context.close()


def kept(page: Page, name: str) -> None:
    """Keep a picture of what a window shows, at most two windows high."""
    height = min(page.evaluate("document.documentElement.scrollHeight"), 1800)
    size = page.viewport_size or {"width": WIDE, "height": 900}
    page.set_viewport_size({"width": size["width"], "height": height})
    page.screenshot(path=PICTURES / f"{name}.png")
    print(PICTURES / f"{name}.png")


def _await(url: str) -> None:
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(url, timeout=2)  # noqa: S310  our own address
        except OSError:
            time.sleep(0.2)
        else:
            return
    sys.exit(f"{url} does not answer")


if __name__ == "__main__":
    main()
