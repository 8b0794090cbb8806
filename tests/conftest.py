"""What all tests share: Hypothesis, and a PostgreSQL for those who ask.

Hypothesis draws as it does anywhere, however slow and busy the machine.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, settings

from belbaar.ledger import Store
from belbaar.ledger.postgres_scratch import scratch_ledgers
from tests.postgres import Server, server

settings.register_profile("belbaar", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("belbaar")


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
