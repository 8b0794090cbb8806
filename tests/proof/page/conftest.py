"""A real Chromium, with verify.html open in it."""

from pathlib import Path

import pytest

from belbaar.proof import verifier_page
from belbaar.proof.verifier.sources import page_script

ROOMS = ("reading", "jcs", "zip", "tree", "ed25519", "heads", "claims", "verify")


class Page:
    """verify.html in a tab: what is chosen in it, what it says."""

    def __init__(self, tab):
        self.tab = tab
        self.complaints, self.requests = [], []
        tab.on("console", lambda message: self.complaints.append(message.text))
        tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        tab.on("request", lambda request: self.requests.append(request.url))

    def choose(self, dossier, trust=None, name="2026-014.dossier.zip"):
        """Choose files as the buttons do; gives the outcome."""
        if trust is not None:
            self.tab.set_input_files("#trust", {"name": "trust.json", "mimeType": "application/json", "buffer": trust})
        self.tab.set_input_files("#dossier", {"name": name, "mimeType": "application/zip", "buffer": dossier})
        return self.outcome()

    def outcome(self):
        self.tab.wait_for_selector("#outcome.outcome")
        return self.tab.get_attribute("#outcome", "data-outcome")

    def found(self):
        """Give what is listed: the status, what it is about, what is said of it."""
        read = "lines => lines.map(l => [+l.dataset.code, l.querySelector('b').textContent, l.lastChild.textContent])"
        return [tuple(line) for line in self.tab.eval_on_selector_all("#details li", read)]

    def text(self, selector):
        return self.tab.inner_text(selector)


@pytest.fixture(scope="session")
def address(tmp_path_factory):
    """verify.html as a file on a disk, as a regulator has it."""
    path = tmp_path_factory.mktemp("page") / "verify.html"
    path.write_bytes(verifier_page())
    return path.as_uri()


def opened(chromium, address, **how):
    context = chromium.new_context(**{"locale": "en-GB", **how})
    page = Page(context.new_page())
    page.tab.goto(address)
    page.tab.wait_for_selector("#app:not([hidden])")
    return page


@pytest.fixture
def page(chromium, address):
    """The page, in English."""
    page = opened(chromium, address)
    yield page
    page.tab.context.close()


@pytest.fixture
def open_page(chromium, address):
    """Open the page in another way; closed afterwards."""
    pages = []

    def open_(**how):
        pages.append(opened(chromium, address, **how))
        return pages[-1]

    yield open_
    for page in pages:
        page.tab.context.close()


@pytest.fixture(scope="module")
def steady_page(chromium, address):
    """One page for many dossiers, one after another."""
    page = opened(chromium, address)
    yield page
    page.tab.context.close()


@pytest.fixture(scope="session")
def modules(chromium, tmp_path_factory):
    """A page with nothing but the modules of verify.html; ``evaluate`` reaches them as ``rooms``."""
    path = tmp_path_factory.mktemp("modules") / "modules.html"
    names = ", ".join(f"{name}: {name}_js" for name in ROOMS)
    script = f"{page_script(ROOMS)}\nglobalThis.rooms = {{ {names} }};"
    path.write_text(f"<!doctype html><meta charset=utf-8><script type=module>{script}</script>", encoding="utf-8")
    tab = chromium.new_page()
    tab.goto(Path(path).as_uri())
    yield tab
    tab.close()
