"""What all tests share: Hypothesis, and a PostgreSQL and a Chromium for those who ask.

Hypothesis draws as it does anywhere, however slow and busy the machine.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright
from xdist.remote import Producer

from belbaar.ledger import Store
from belbaar.ledger.postgres_scratch import scratch_ledgers
from tests.postgres import Server, server
from tests.spreading import Spreading

ALL = bool(os.environ.get("BELBAAR_ALL_TESTS"))
"""``make test-all``: what is slow runs too, and properties are tried on twice as many examples."""

settings.register_profile(
    "belbaar", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=100 if ALL else 50
)
settings.load_profile("belbaar")


FLAGS = (  # as root, without a screen, and without Chromium's own calls home
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what only ``make test-all`` runs."""
    left = [] if ALL else [item for item in items if item.get_closest_marker("slow")]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in set(left)]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Spreading:
    """Spread tests so that a service, or a JVM, starts once for those that share it."""
    return Spreading(config, log)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A real Chromium; one for all tests of a worker, for Playwright allows no second."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        pytest.skip("chromium is not on the path: make system")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL, started when the first test asks; each of pytest's workers has its own."""
    with server() as started:
        yield started


@pytest.fixture
def postgres_url(postgres: Server) -> Iterator[str]:
    """A ledger without callers or events, in a database that this test has for itself."""
    url = postgres.store()
    yield url
    postgres.drop(urlsplit(url).path[1:])


@pytest.fixture
def empty_database(postgres: Server) -> Iterator[str]:
    """The name of a database without a ledger."""
    name = postgres.database()
    yield name
    postgres.drop(name)


@pytest.fixture(scope="session")
def postgres_ledgers(postgres: Server) -> Iterator[Callable[[], AbstractContextManager[Store]]]:
    """Lend an empty ledger in PostgreSQL, again and again: what is done in it is undone."""
    with scratch_ledgers(postgres.url(postgres.database())) as lend:
        yield lend
