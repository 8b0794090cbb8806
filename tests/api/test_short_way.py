"""The short way of calls that are about to be made answers as the framework's own way does, whatever was sent."""

import json
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.conftest import ASKED, CONSENTED, OWN
from tests.api.service import Service

FRAMEWORKS = "application/json; charset=utf-8"
"""A content type that the short way leaves to the framework; it means the same."""
PAST = {**ASKED, "at": "2026-09-08T14:00:00+02:00", "permit": False}
BATCH = {"calls": [{**PAST, "id": str(n)} for n in range(3)]}
PATHS = {
    "/v1/verdicts": PAST,
    "/v1/verdicts/batch": BATCH,
    "/v1/gate": {},
    "/v1/permits/use": {"permit": "x", "number": CONSENTED, "presents": OWN},
}


def both(service: Service, path: str, body: bytes, **headers: str) -> list[tuple[int, dict[str, str], bytes]]:
    told = []
    for kind in ("application/json", FRAMEWORKS):
        answer = service.client.post(path, content=body, headers={**headers, "Content-Type": kind, "X-Request-Id": "r"})
        told.append((answer.status_code, _lasting(answer.headers), answer.content))
    return told


def _lasting(headers: httpx.Headers) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name != "date"}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer bel_nobody_x"}, {"Authorization": ""}, {"X-Request-Id": "0201000007"}]
)
def test_who_asks_is_found_out_alike(service: Service, path: str, headers: dict[str, str]) -> None:
    short, framework = both(service, path, json.dumps(PATHS[path]).encode(), **headers)
    assert short == framework


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"number": "\xff"}', b'{"numbers": 1}', b"{}", b'{"number":1}',
     json.dumps({**PAST, "minutes": "5"}).encode(), json.dumps({**PAST, "number": "x" * 70_000}).encode(),
     json.dumps({**PAST, "caller": "nobody"}).encode(), json.dumps({**PAST, "number": "12"}).encode()],
)  # fmt: skip
def test_what_is_wrong_is_told_alike(service: Service, body: bytes) -> None:
    for path in PATHS:
        short, framework = both(service, path, body)
        assert short == framework


_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "number": st.sampled_from([CONSENTED, "020 100 0007", "0900", 7, None, ""]),
    "product": st.sampled_from(["energy", "energy.gas", "", "x" * 300]),
    "evidence": st.integers(-1, 5) | st.just("2"),
    "lang": st.sampled_from(["nl", "en", "de"]),
    "explain": st.booleans(),
    "kind": st.sampled_from(["marketing", "service", "fax"]),
    "id": st.text(max_size=5) | st.none(),
}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.fixed_dictionaries({}, optional=_FIELDS))
def test_questions_are_answered_alike(service: Service, change: dict[str, Any]) -> None:
    short, framework = both(service, "/v1/verdicts", json.dumps({**PAST, **change}).encode())
    assert short == framework


def test_a_long_batch_is_answered_alike_also_where_a_row_is_wrong(service: Service) -> None:
    calls = [{**PAST, "number": f"02010{n:05}", "id": "r" * 200} for n in range(2_000)]
    for of in (calls, [*calls, {**PAST, "number": 7}], [*calls, {**PAST, "number": "x"}]):
        short, framework = both(service, "/v1/verdicts/batch", json.dumps({"calls": of}).encode())
        assert short == framework


def test_a_body_that_comes_in_pieces_is_read_whole(service: Service) -> None:
    body = json.dumps(PAST).encode()
    pieces = service.client.post("/v1/verdicts", content=iter([body[:9], body[9:]]))
    assert pieces.json()["allowed"] is True
    assert pieces.request.headers.get("content-length") is None
