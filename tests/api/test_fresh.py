"""An objection or a withdrawal that was accepted is in force for the very next verdict, on every process, under load."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.api.conftest import CONSENT, furnish
from tests.api.load import Load, asking, consented
from tests.api.service import Service, serving

PEOPLE = 24
Services = tuple[Service, ...]


@pytest.fixture(scope="module", params=["sqlite, one process", "postgres, two workers", "postgres, two services"])
def services(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """One service or two on one ledger, in as many processes as their store allows."""
    folder = tmp_path_factory.mktemp("fresh")
    if request.param.startswith("sqlite"):
        store, words = "belbaar.db", ()
    else:
        server = request.getfixturevalue("postgres")
        store = server.url(server.database())  # of two services, the clock of the second is behind by seconds
        words = ("--workers", "2") if request.param.endswith("workers") else ()
    with ExitStack() as stack:
        first = stack.enter_context(serving(folder, store, *words))
        furnish(first)
        more = (stack.enter_context(serving(folder, store, key=first.key)),) if "services" in request.param else ()
        yield (first, *more)


@pytest.mark.parametrize("kind", ["objection.made", "consent.withdrawn"])
def test_nobody_who_asks_after_an_objection_was_accepted_may_call(services: Services, kind: str) -> None:
    first, *more = services
    start = 31201000100 if kind == "objection.made" else 31201000200
    numbers = consented(first, PEOPLE, start)
    accepted: dict[str, float] = {}
    with asking(first, numbers, *more) as load:
        load.await_allowed(0.0)
        for place, number in enumerate(numbers[: PEOPLE * 2 // 3]):
            through = services[place % len(services)]
            answer = through.post("/v1/events", {"event": kind, "number": number, "caller": "voltix"})
            accepted[number] = time.monotonic()
            assert answer.json().get("new") == 1, answer.text
            time.sleep(0.05)
        _wait_for(lambda: _refused_after(load, accepted))
    _nobody_called_after(load, accepted)


def test_what_the_command_line_recorded_counts_as_well(services: Services) -> None:
    first, *more = services
    numbers = consented(first, 2, 31201000300)
    event = {"event": "objection.made", "number": numbers[0], "caller": "voltix", "at": "2026-09-08T13:00:00+02:00"}
    (first.folder / "objections.jsonl").write_text(json.dumps(event) + "\n", encoding="utf-8")
    with asking(first, numbers, *more) as load:
        load.await_allowed(0.0)
        first.command("record", "objections.jsonl")
        accepted = {numbers[0]: time.monotonic()}
        _wait_for(lambda: _refused_after(load, accepted))
    _nobody_called_after(load, accepted)


def _nobody_called_after(load: Load, accepted: dict[str, float]) -> None:
    late = [each for each in load.told if each.allowed and each.asked > accepted.get(each.number, float("inf"))]
    assert not late
    verdicts = load.of("verdicts")
    assert {number for number in accepted if any(each.allowed for each in verdicts if each.number == number)}
    others = [each for each in verdicts if each.number not in accepted]
    assert all(each.allowed for each in others)
    assert any(each.allowed for each in load.of("permits/use"))
    assert not load.refusals_are_clear()


def _refused_after(load: Load, accepted: dict[str, float]) -> bool:
    refused = [each for each in load.of("verdicts") if each.number in accepted and not each.allowed]
    return any(each.asked > accepted[each.number] for each in refused)


def _wait_for(there: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_permit_from_before_an_objection_is_good_on_no_process(services: Services) -> None:
    number = "+31201000390"
    services[0].post("/v1/events", {**CONSENT, "number": number})
    asked = {"number": number, "caller": "voltix", "product": "energy"}
    tokens = [each.post("/v1/verdicts", asked).json()["permit"]["token"] for each in services]
    services[-1].post("/v1/events", {"event": "objection.made", "number": number, "caller": "voltix"})
    for token in tokens:
        for each in services:
            used = each.post("/v1/permits/use", {"permit": token, "number": number, "presents": "+31201990001"})
            assert used.json()["code"] == "permit-revoked"
