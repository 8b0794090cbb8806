"""A batch is its calls, one by one: whatever happened to the numbers, and whatever is asked of them."""

from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.conftest import CONSENT, CONSENTED, UNKNOWN

AT = "2026-09-08T14:00:00+02:00"
OBJECTED, ERASED, GONE, WEAK = (f"+3120100002{digit}" for digit in range(4))
HAPPENED = [
    {**CONSENT, "number": OBJECTED},
    {"event": "objection.made", "number": OBJECTED, "caller": "voltix", "at": "2026-09-03T10:00:00+02:00"},
    {**CONSENT, "number": ERASED},
    {"event": "objection.made", "number": ERASED, "scope": "all", "at": "2026-09-03T10:00:00+02:00"},
    {**CONSENT, "number": GONE, "until": "2026-09-05"},
    {"event": "call.made", "number": GONE, "caller": "voltix", "at": "2026-09-02T10:00:00+02:00"},
    {"event": "consent.given", "number": WEAK, "caller": "voltix", "product": "energy", "at": CONSENT["at"]},
    {"event": "consent.given", "number": WEAK, "caller": "helios", "product": "*", "at": CONSENT["at"]},
    {"event": "relation.started", "number": WEAK, "caller": "helios", "product": "energy", "kind": "purchase",
     "at": "2026-08-01T10:00:00+02:00"},
]  # fmt: skip
questions = st.fixed_dictionaries(
    {
        "number": st.sampled_from(
            [CONSENTED, UNKNOWN, OBJECTED, ERASED, GONE, WEAK, "020-1000007", "+14155550100", "0900 1234", "onbekend"]
        ),
        "caller": st.sampled_from(["voltix", "voltix", "helios", "nobody"]),
        "product": st.sampled_from(["energy", "energy", "energy.gas", "telecom", "Energy!"]),
        "at": st.sampled_from([AT, AT, AT, "2026-09-04T14:00", "2026-09-08", "1999-01-01", "32-13-2026"]),
        "permit": st.just(False),
    },
    optional={
        "id": st.sampled_from(["a", "b"]),
        "known_at": st.sampled_from([AT, "2026-09-02T12:00"]),
        "kind": st.sampled_from(["service", "research", "chat"]),
        "presents": st.sampled_from(["+31201990001", "anonymous", "x"]),
        "evidence": st.sampled_from([1, 2, 9]),
        "region": st.sampled_from(["BE", "XX"]),
        "lang": st.sampled_from(["nl", "en"]),
        "explain": st.booleans(),
        "campaign": st.just("herfst"),
    },
)


@pytest.fixture(scope="module")
def asked(service):
    service.command("caller", "add", "helios", "--name", "Helios", "--sector", "commercial", "--number", "+31201990005")
    answer = service.post("/v1/events", HAPPENED)
    assert answer.json()["refused"] == 0, answer.text
    service.command("erase", ERASED, "--reason", "asked for")
    return service


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls=st.lists(questions, min_size=1, max_size=8))
def test_a_batch_gets_the_answers_that_each_call_gets_alone(asked, calls):
    rows = asked.post("/v1/verdicts/batch", {"calls": calls}).json()["verdicts"]
    for place, (call, row) in enumerate(zip(calls, rows, strict=True)):
        alone = asked.post("/v1/verdicts", call)
        if alone.status_code == 200:
            assert (row["id"], row["allowed"], row["verdict"]) == (
                call.get("id"),
                alone.json()["allowed"],
                alone.json(),
            )
            assert row["problem"] is None
        else:
            assert row["verdict"] is None
            assert within(row["problem"], place) == alone.json()


def within(problem: Mapping[str, object], place: int) -> dict[str, object]:
    """Give a problem of a row as it is told of a request of its own."""
    return {**problem, "pointer": str(problem["pointer"]).removeprefix(f"/calls/{place}")}
