"""A service on each kind of store, with a caller and a person who consented."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.service import Service, serving

CONSENTED, UNKNOWN = "+31201000007", "+31201000008"
OWN, OTHERS = "+31201990001", "+31301990002"
CONSENT = {
    "event": "consent.given",
    "number": CONSENTED,
    "caller": "voltix",
    "product": "energy",
    "at": "2026-09-01T10:00:00+02:00",
    "wording": "Ja, Voltix mag mij bellen over energie.",
    "verified": "sms",
}
ASKED = {"number": CONSENTED, "caller": "voltix", "product": "energy"}


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> str:
    """The name of a store that is not there yet (SQLite), or empty (PostgreSQL)."""
    if request.param == "sqlite":
        return "belbaar.db"
    server = request.getfixturevalue("postgres")
    return str(server.url(server.database()))


@pytest.fixture(scope="module")
def service(store: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with a caller, who has the consent of one person."""
    with serving(tmp_path_factory.mktemp("service"), store) as started:
        furnish(started)
        yield started


def furnish(service: Service) -> None:
    """Register a caller, and record a consent."""
    service.command(
        "caller", "add", "voltix", "--name", "Voltix Energie B.V.", "--sector", "commercial", "--number", OWN
    )
    assert service.post("/v1/events", CONSENT).json()["new"] == 1


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for a service of this test's own."""
    return tmp_path
