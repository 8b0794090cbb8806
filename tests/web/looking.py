"""Pages in a real browser: what is wrong with one, as far as a machine can see, and its picture."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

WIDE, SLIM, NARROWEST = 1440, 360, 320


@contextmanager
def visiting(
    browser: Browser, url: str, *, width: int = WIDE, scheme: str = "light", script: bool = True, **more: str
) -> Iterator[BrowserContext]:
    """Give a browser that knows nothing yet; what it asks of other machines is refused, and remembered.

    Args:
        browser: a real one.
        url: the service.
        width: of the window, CSS pixels.
        scheme: ``light`` or ``dark``.
        script: whether pages may run theirs.
        more: cookies that it has, by name.
    """
    context = browser.new_context(
        base_url=url,
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        java_script_enabled=script,
        locale="nl-NL",
    )
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in more.items()])
    context.set_default_timeout(20_000)
    yield context
    context.close()


def findings(page: Page, path: str, *, status: int = 200) -> list[str]:
    """Open a page and tell what is wrong with it: for people who cannot see it, on a small screen, under our own policy."""
    wrong: list[str] = []
    host = urlsplit(page.url if page.url.startswith("http") else "").netloc
    page.on(
        "console",
        lambda said: wrong.append(said.text) if said.type == "error" and "status of" not in said.text else None,
    )
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "request",
        lambda asked: wrong.append(f"asked elsewhere: {asked.url}") if host and _outside(asked.url, host) else None,
    )
    answer = page.goto(path)
    assert answer is not None
    if answer.status != status:
        wrong.append(f"{path}: {answer.status}")
    return wrong + seen_wrong(page)


def seen_wrong(page: Page) -> list[str]:
    """Tell what is wrong with a page as it stands now."""
    wrong = [
        f"{each['id']}: {each['help']}: {each['nodes'][0]['html'][:200]}"
        for each in Axe().run(page).response["violations"]
    ]
    before = page.viewport_size
    for width in (NARROWEST, SLIM, WIDE):
        page.set_viewport_size({"width": width, "height": 900})
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            wrong.append(f"{page.url}: {over} px wider than a window of {width}")
    if before:
        page.set_viewport_size(before)
    if page.locator("h1").count() != 1:
        wrong.append("a page has one h1")
    if page.locator("h1").first.inner_text() not in page.title():
        wrong.append(f"the title is not the heading: {page.title()}")
    if found := re.search(r"(\+?\d[\d ]{8,})", page.url):
        wrong.append(f"a number in the address: {found[1]}")
    return wrong


def _outside(url: str, host: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != host
