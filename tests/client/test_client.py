"""The Python client: what it answers is what the service answers, and where there is no answer it is a no."""

import asyncio
import inspect
import socket
import time

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from belbaar.client import AsyncClient, Client, NotRecorded, Verdict, answers
from belbaar.client.exchange import Reply, Send, exchange
from tests.api.conftest import ASKED, CONSENT, CONSENTED, OWN, UNKNOWN
from tests.loops import run as run_in_loop

ENERGY = {"caller": "voltix", "product": "energy"}


@pytest.fixture
def client(service):
    with Client(service.url, service.key, seconds=10) as made:
        yield made


def test_a_program_asks_shows_the_permit_and_is_refused_the_second_time(client):
    verdict = client.may_call(CONSENTED, **ENERGY, campaign="herfst", id="row 1")
    assert verdict
    assert (verdict.ground, verdict.id) == ("nl.consent", "row 1")
    shown = {"number": CONSENTED, "presents": OWN, "campaign": "herfst"}
    assert client.use_permit(verdict.permit.token, **shown)
    again = client.use_permit(verdict.permit.token, **shown)
    assert not again
    assert again.problem.code == "permit-spent"
    assert not client.may_call(UNKNOWN, **ENERGY)


def test_many_are_asked_at_once_and_each_is_yes_or_no(client):
    calls = [{**ASKED, "id": "a"}, {**ASKED, "number": "06", "id": "b"}, {**ASKED, "number": UNKNOWN, "id": "c"}]
    rows = client.may_call_many(calls)
    assert [(row.id, bool(row)) for row in rows] == [("a", True), ("b", False), ("c", False)]
    assert rows[1].problem.code == "too-short"


def test_what_is_recorded_counts_for_the_next_question(client):
    number = "+31201000031"
    assert client.record({**CONSENT, "number": number}).new == 1
    assert client.may_call(number, **ENERGY)
    client.record({"event": "objection.made", "number": number, "caller": "voltix"})
    assert not client.may_call(number, **ENERGY)


def test_a_mistake_is_a_no_that_says_what_is_wrong(client):
    verdict = client.may_call(CONSENTED, caller="nobody", product="energy")
    assert not verdict
    assert (verdict.problem.code, verdict.problem.pointer) == ("unknown-caller", "/caller")


def test_with_an_event_loop_it_is_the_same(service):
    async def ask() -> list[bool]:
        async with AsyncClient(service.url, service.key, seconds=10) as client:
            asked = [client.may_call(number, **ENERGY) for number in (CONSENTED, UNKNOWN) * 4]
            return [bool(each) for each in await asyncio.gather(*asked)]

    assert run_in_loop(ask()) == [True, False] * 4


def test_both_clients_do_the_same_things():
    def methods(kind: type) -> dict[str, inspect.Signature]:
        found = inspect.getmembers(kind, inspect.isfunction)
        return {
            name: inspect.signature(each) for name, each in found if not name.startswith("_") and "close" not in name
        }

    assert methods(Client) == methods(AsyncClient)
    assert {"may_call", "may_call_many", "use_permit", "record"} == set(methods(Client))


def test_nobody_there_is_a_no_in_time():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refused
        started = time.monotonic()
        with Client(f"http://127.0.0.1:{taken.getsockname()[1]}", "bel_0_0", seconds=0.5) as client:
            verdict = client.may_call(CONSENTED, **ENERGY)
            assert not verdict
            assert verdict.problem.code == "unreachable"
            with pytest.raises(NotRecorded):
                Client.record(_short(client), CONSENT)
    assert time.monotonic() - started < 5


def test_a_service_that_hangs_is_a_no_in_time():
    with socket.socket() as hanging:
        hanging.bind(("127.0.0.1", 0))
        hanging.listen()  # the kernel takes the connection, and nobody ever answers
        with Client(f"http://127.0.0.1:{hanging.getsockname()[1]}", "bel_0_0", seconds=0.5) as client:
            started = time.monotonic()
            assert client.may_call(CONSENTED, **ENERGY).problem.code == "unreachable"
            assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text="<html>log in</html>"),
        httpx.Response(200, json={"allowed": "true"}),
        httpx.Response(200, json={}),
        httpx.Response(204),
        httpx.Response(302, headers={"Location": "/elsewhere"}),
        httpx.Response(500, json={"allowed": True, "code": "internal"}),
        httpx.Response(201, json={"allowed": True}),
    ],
    ids=["a page", "a text for a truth", "nothing said", "no content", "elsewhere", "a mistake", "another status"],
)
def test_only_a_whole_answer_that_says_so_is_a_yes(answer):
    with Client("http://belbaar.example", "bel_0_0", transport=httpx.MockTransport(lambda _: answer)) as client:
        assert not client.may_call(CONSENTED, **ENERGY)
        assert [bool(row) for row in client.may_call_many([ASKED])] == [False]
        assert not client.use_permit("x", number=CONSENTED, presents=OWN)


@given(st.lists(st.tuples(st.sampled_from([0, 200, 422, 429, 503]), st.floats(0, 3)), min_size=1, max_size=20))
def test_an_exchange_goes_on_only_while_that_may_help_and_there_is_time(replies):
    now = 0.0
    steps = exchange(Send("GET", "/"), seconds=2.0, clock=lambda: now)
    step = next(steps)
    for status, seconds in replies:
        assert step.seconds <= 2.0
        now += min(seconds, step.seconds)
        ended, step = _next(steps, Reply(status))
        if ended:
            assert step.status == status
            assert status in (200, 422) or now + 3.0 > 2.0  # a pause is at most three seconds long
            return
        assert status in (0, 429, 503)
        now += step.seconds
        assert now < 2.0
        step = steps.send(None)


def _next(steps, reply):
    try:
        return False, steps.send(reply)
    except StopIteration as done:
        return True, done.value


def test_the_clients_answers_have_the_fields_that_the_service_describes(service):
    described = service.get("/v1/openapi.json").json()["components"]["schemas"]
    theirs = {name.rpartition("_")[2] if name not in described else name: schema for name, schema in described.items()}
    pairs = {"Answer": answers.Verdict, "Used": answers.Use, "Outcome": answers.Outcome, "IssuedPermit": answers.Permit}
    for name, kind in pairs.items():
        fields = {field.name for field in msgspec.structs.fields(kind)} - {"problem"}
        assert set(theirs[name]["properties"]) - {"problem"} == fields, name


def _short(client: Client) -> Client:
    """A client whose recording gives up soon."""
    client._asked = lambda request, _seconds: Client._asked(client, request, 0.3)
    return client


def test_a_verdict_is_true_only_when_allowed():
    assert Verdict(allowed=True)
    assert not Verdict(allowed=True, problem=answers.Problem("x"))
    assert not Verdict()
