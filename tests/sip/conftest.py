"""A service, a carrier and a gate between them."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.conftest import ASKED, CONSENT, OWN, furnish
from tests.api.service import Service, serving
from tests.sip.carrier import Carrier, carrier
from tests.sip.gate import Gate, gating

OBJECTED = "+31201000009"
"""A person who consented, and then objected."""


@pytest.fixture(scope="package")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving(tmp_path_factory.mktemp("service"), "belbaar.db", seconds="5", held="on") as started:
        furnish(started)
        seen = ("--organisation", "house", "--document", "contract of the operator")
        started.command("caller", "held", "voltix", OWN, *seen)
        objection = {"event": "objection.made", "number": OBJECTED, "caller": "voltix"}
        assert started.post("/v1/events", objection).json()["new"] == 1
        campaign = {"campaign": "herfst", "caller": "voltix", "product": ASKED["product"], "presents": OWN}
        assert started.post("/v1/campaigns", campaign).status_code == 200
        yield started


@pytest.fixture(scope="package")
def line() -> Iterator[Carrier]:
    with carrier() as answering:
        yield answering


@pytest.fixture(scope="package")
def gate(service: Service, line: Carrier, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    key = service.make_key("integrator", "house", "--right", "ask", "--right", "permit")
    with gating(tmp_path_factory.mktemp("gate"), line, url=service.url, key=key, shows=OWN) as running:
        yield running


_PEOPLE = itertools.count(101)


@pytest.fixture
def person(service: Service) -> str:
    """Somebody who consented, another for each test."""
    number = f"+31201000{next(_PEOPLE)}"
    assert service.post("/v1/events", {**CONSENT, "number": number}).json()["new"] == 1
    return number


def events(service: Service, number: str, kind: str) -> list[dict[str, Any]]:
    """Give the events of a kind that are known of a number."""
    told = service.post("/v1/history", {"number": number}).json()["events"]
    return [each for each in told if each["event"] == kind]
