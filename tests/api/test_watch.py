"""What the service tells of itself: headers, lines of the log, figures, traces; and nobody's number in any of them."""

import gzip
import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.api.conftest import ASKED, CONSENT, CONSENTED, OWN, furnish
from tests.api.service import serving

TRACE = "0af7651916cd43dd8448eb211c80319c"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/healthz", 200),
        ("POST", "/v1/verdicts", 400),
        ("GET", "/nowhere", 404),
        ("DELETE", "/v1/verdicts", 405),
        ("HEAD", "/v1/verdicts", 405),
        ("OPTIONS", "/v1/verdicts", 204),
        ("BREW", "/v1/verdicts", 405),
        ("GET", "/v1/%zz/%ff", 404),
    ],
)
def test_every_answer_has_the_headers_that_keep_browsers_off_and_an_id(service, method, path, status):
    answer = service.client.request(method, path, headers={"X-Request-Id": "order-17"})
    assert answer.status_code == status
    assert answer.headers["x-request-id"] == "order-17"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["server"] == "belbaar"
    if status in (405, 204):
        assert "POST" in answer.headers["allow"]
    if status >= 400 and method != "HEAD":
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_request_id_that_could_be_a_number_is_replaced(service):
    answer = service.client.get("/healthz", headers={"X-Request-Id": "0201000007"})
    assert answer.headers["x-request-id"] != "0201000007"


def test_a_body_that_is_too_large_is_refused_whether_its_length_is_told_or_not(folder):
    with serving(folder, "belbaar.db", body_bytes="2048") as service:
        large = json.dumps({**ASKED, "campaign": "x" * 4000}).encode()
        told = service.client.post("/v1/verdicts", content=large)
        chunked = service.client.post("/v1/verdicts", content=iter([large[:1000], large[1000:]]))
        assert [(each.status_code, each.json()["code"]) for each in (told, chunked)] == [(413, "too-large")] * 2


def test_who_sends_drop_by_drop_is_refused_and_who_never_finishes_a_head_is_cut_off(service):
    head = f"POST /v1/verdicts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {service.key}\r\nContent-Length: 90\r\n\r\n"
    address = ("127.0.0.1", int(service.url.rpartition(":")[2]))
    with socket.create_connection(address) as slow, socket.create_connection(address) as headless:
        slow.sendall(head.encode() + b'{"number"')
        headless.sendall(b"GET /healthz HTTP/1.1\r\nHost:")
        slow.settimeout(20)
        headless.settimeout(20)
        told = slow.recv(65536).decode()
        assert told.startswith("HTTP/1.1 408 ")
        assert '"too-slow"' in told
        cut = headless.recv(65536)
        assert cut == b"" or b" 408 " in cut


def test_the_log_has_a_line_for_each_request_and_nobodys_number_or_key(folder):
    with serving(folder, "belbaar.db", metrics="open") as service:
        furnish(service)
        permit = service.post("/v1/verdicts", ASKED).json()["permit"]["token"]
        service.post("/v1/permits/use", {"permit": permit, "number": CONSENTED, "presents": OWN})
        for path in (f"/v1/numbers/{CONSENTED}", f"/{permit}", f"/healthz?number={CONSENTED}&key={service.key}"):
            service.client.get(path, headers={"User-Agent": CONSENTED, "X-Request-Id": CONSENTED})
        service.post("/v1/events", {**CONSENT, "number": CONSENTED + "9"})
        service.post("/v1/verdicts", ASKED, key=service.key[:-1] + "x")
        service.client.request(CONSENTED[1:], "/healthz")
        figures = service.get("/metrics").text
        service.stop()
        log = (folder / "serve.log").read_text(encoding="utf-8")
    for secret in (CONSENTED[1:], OWN[1:], service.key.split("_")[2], permit.split(".")[1], "Ja, Voltix"):
        assert secret not in log
        assert secret not in figures
    lines = [json.loads(line) for line in log.splitlines()]
    asked = [line for line in lines if line["message"] == "request" and line.get("route") == "/v1/verdicts"]
    assert [(line["method"], line["status"], line.get("code")) for line in asked] == [
        ("POST", 200, None),
        ("POST", 401, "unauthorised"),
    ]
    assert (asked[0]["organisation"], asked[0]["key"]) == ("house", service.key.split("_")[1])
    assert asked[0]["ms"] > 0
    assert len(asked[0]["request_id"]) == 32


@pytest.mark.parametrize("kind", ["text", "none"])
def test_the_log_is_for_people_or_there_is_none(folder, kind):
    with serving(folder, "belbaar.db", log=kind) as service:
        service.get("/healthz")
        service.stop()
        log = (folder / "serve.log").read_text(encoding="utf-8")
    assert ("info    request method=GET route=/healthz status=200" in log) == (kind == "text")
    assert bool(log) == (kind == "text")


def test_figures_count_what_was_asked_answered_and_refused(service):
    def value(of: str) -> float:
        found = re.search(rf"^{re.escape(of)} (\S+)$", service.get("/metrics").text, re.MULTILINE)
        return float(found[1]) if found else 0.0

    kept = 'belbaar_verdicts_total{ground="nl.consent",kept="yes",outcome="allowed"}'
    denied = 'belbaar_verdicts_total{ground="",kept="no",outcome="denied"}'
    refused = 'belbaar_refusals_total{code="too-short"}'
    before = [value(name) for name in (kept, denied, refused)]
    service.post("/v1/verdicts", ASKED)
    unknown = {**ASKED, "number": "+31201000077", "permit": False}
    service.post("/v1/verdicts/batch", {"calls": [unknown, unknown, {**ASKED, "number": "1"}]})
    service.post("/v1/verdicts", {**ASKED, "number": "1"})
    assert [value(name) for name in (kept, denied, refused)] == [before[0] + 1, before[1] + 2, before[2] + 2]
    assert value("belbaar_ledger_position") >= 1
    assert value("belbaar_ready") == 1
    assert value("belbaar_desk_group_count") >= 2
    assert value('belbaar_request_seconds_count{method="POST",route="/v1/verdicts"}') >= 2


def test_figures_are_for_who_runs_the_installation(service):
    assert httpx.get(f"{service.url}/metrics").status_code == 401
    assert service.get("/metrics", key=service.make_key("integrator")).status_code == 403
    service.command("organisation", "add", "belhuis", "--name", "Belhuis B.V.")
    other = service.make_key("administrator", "belhuis")
    assert service.get("/metrics", key=other).json()["code"] == "forbidden"


def test_figures_of_all_processes_are_added_up_also_of_those_that_died(postgres, folder):
    with serving(folder, postgres.url(postgres.database()), workers="2", metrics="open") as service:
        furnish(service)

        def counted() -> int:
            rows = re.findall(
                r'^belbaar_requests_total\{.*"/v1/events".*\} (\S+)$', service.get("/metrics").text, re.MULTILINE
            )
            return int(sum(map(float, rows)))

        asked = 1
        for place in range(20):  # each over a connection of its own, so that both processes have some
            consent = {**CONSENT, "number": f"+312010002{place:02}"}
            key = {"Authorization": f"Bearer {service.key}"}
            for _ in range(5):  # a process that has just begun may say that it cannot yet
                answer = httpx.post(f"{service.url}/v1/events", json=consent, headers=key)
                asked += 1
                if answer.status_code != 503:
                    break
            assert answer.status_code == 200
        assert counted() == asked


def test_a_request_is_traced_as_part_of_its_senders_trace(folder):
    with collector() as (url, received), serving(folder, "belbaar.db", telemetry=url) as service:
        service.client.get(
            f"/healthz?number={CONSENTED}",
            headers={"traceparent": f"00-{TRACE}-b7ad6b7169203331-01", "User-Agent": CONSENTED},
        )
        service.client.get(f"/v1/numbers/{CONSENTED}", headers={"traceparent": f"00-{TRACE}-b7ad6b7169203332-01"})
        service.stop()
        log = (folder / "serve.log").read_text(encoding="utf-8")
    spans = [span for each in received for span in spans_of(each) if span.trace_id.hex() == TRACE]
    assert sorted(span.name for span in spans) == ["GET", "GET /healthz"]
    assert {span.parent_span_id.hex() for span in spans} == {"b7ad6b7169203331", "b7ad6b7169203332"}
    healthy = next(span for span in spans if span.name == "GET /healthz")
    told = {each.key: each.value for each in healthy.attributes}
    assert told["http.route"].string_value == "/healthz"
    assert told["http.status_code"].int_value == 200
    assert all(CONSENTED[1:] not in str(each) for each in received)
    assert f'"trace_id":"{TRACE}"' in log


def spans_of(request: ExportTraceServiceRequest) -> list:
    return [span for each in request.resource_spans for scope in each.scope_spans for span in scope.spans]


@contextmanager
def collector() -> Iterator[tuple[str, list[ExportTraceServiceRequest]]]:
    """A collector of traces, as OTLP over HTTP has it."""
    received: list[ExportTraceServiceRequest] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            whole = gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body
            received.append(ExportTraceServiceRequest.FromString(whole))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", received
    finally:
        server.shutdown()
        server.server_close()
