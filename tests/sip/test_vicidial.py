"""VICIdial's hooks: an agent's disposition is an objection, and objections go to VICIdial's own list."""

import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.api.service import environment
from tests.sip.answerer import answering
from tests.sip.asterisk import block
from tests.sip.test_agi import asking

RECORDED = dict(
    line.split(": ", 1)
    for line in (Path(__file__).parent / "recorded" / "vicidial.txt").read_text(encoding="utf-8").splitlines()
)


@pytest.fixture(scope="module")
def port(service) -> Iterator[int]:
    key = service.make_key("integrator", "house", "--right", "ask", "--right", "permit", "--right", "record")
    process, made = asking(service.url, key)
    yield made.port
    process.terminate()
    process.communicate(timeout=10)


def told(port: int, **chosen: str) -> str:
    """Fill the address of the page in as VICIdial does, and ask for it as PHP does; give what was answered."""
    address = block("vicidial-dispo.txt").strip().removeprefix("VAR")
    filled = re.sub(r"--A--(\w+)--B--", lambda found: {**RECORDED, **chosen}[found[1]], address)
    parts = urlsplit(chosen.get("address", filled))
    text = RECORDED["request"].replace("{address}", f"{parts.path}?{parts.query}").replace("|", "\r\n")
    with socket.create_connection(("127.0.0.1", port), timeout=10) as asked:
        asked.sendall(text.encode())
        return asked.makefile("r", encoding="utf-8").read()


def objections(service, number: str) -> int:
    events = service.post("/v1/history", {"number": number}).json()["events"]
    return [each["event"] for each in events].count("objection.made")


@pytest.mark.parametrize(("number", "kept"), [("201000611", "+31201000611"), ("0201000612", "+31201000612")])
def test_a_disposition_that_says_do_not_call_is_an_objection(service, port, number, kept):
    assert told(port, phone_number=number).endswith("recorded\n")
    assert objections(service, kept) == 1


def test_another_disposition_is_none(service, port):
    assert told(port, phone_number="201000613", dispo="SALE").startswith("HTTP/1.0 200 OK\n")
    assert objections(service, "+31201000613") == 0


@pytest.mark.parametrize(
    ("chosen", "status"),
    [
        ({"phone_number": "12"}, "503"),
        ({"phone_number": ""}, "400"),
        ({"address": "/objection?number=201000614&code=31&dispo=DNC"}, "400"),
        ({"address": "/objection?number=201000614&code=31&dispo=DNC&caller=nobody"}, "503"),
        ({"address": "/elsewhere?number=201000614&dispo=DNC&caller=voltix"}, "400"),
    ],
)
def test_what_was_not_recorded_is_not_said_to_be(service, port, chosen, status):
    assert told(port, **chosen).startswith(f"HTTP/1.0 {status} ")
    assert objections(service, "+31201000614") == 0


@pytest.mark.parametrize(("kept", "status"), [(False, 503), (True, 202)])
def test_where_the_service_does_not_answer_an_objection_is_kept_or_said_not_to_be(tmp_path, kept, status):
    untold = tmp_path / "untold.jsonl"
    with answering() as service:
        service.says(b"", status=503)
        process, made = asking(
            f"http://127.0.0.1:{service.port}", "bel_0f3a_secret", *(["--untold", str(untold)] if kept else [])
        )
        try:
            assert told(made.port).startswith(f"HTTP/1.0 {status} ")
            service.says(b'{"new":1,"refused":0}')
            end = time.monotonic() + 10
            while kept and (untold.exists() or not service.questions):
                assert time.monotonic() < end
                time.sleep(0.05)
        finally:
            process.terminate()
            process.communicate(timeout=10)
        assert [each["number"] for each in service.questions] == (["+31201000007"] if kept else [])
        assert all("at" in each for each in service.questions)  # when it was made, and not when it was told


class Vicidial:
    """In the place of VICIdial's non-agent API: guards its list, and what it answers."""

    def __init__(self) -> None:
        self.numbers: list[str] = []
        self.refuses = False
        self._server = HTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}/vicidial"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()

    def _adds(self, form: dict[str, str]) -> str:
        assert (form["function"], form["campaign_id"], form["user"]) == ("add_dnc_phone", "SYSTEM_INTERNAL", "6666")
        if self.refuses:
            return RECORDED["refused"]
        said = RECORDED["known" if form["phone_number"] in self.numbers else "added"]
        self.numbers.append(form["phone_number"])
        return said.replace("{number}", form["phone_number"])

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        vicidial = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                assert self.path == "/vicidial/non_agent_api.php"  # no number in an address
                sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                said = vicidial._adds({name: values[0] for name, values in sent.items()}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        return Handler


@pytest.fixture
def vicidial() -> Iterator[Vicidial]:
    made = Vicidial()
    yield made
    made.stop()


def test_objections_go_to_vicidials_own_list_and_what_it_refused_is_tried_again(service, vicidial, tmp_path):
    program = tmp_path / "vicidial_dnc.py"
    program.write_text(block("vicidial_dnc.py"), encoding="utf-8")
    where = {"BELBAAR_URL": service.url, "BELBAAR_KEY": service.make_key("integrator"), "VICIDIAL_URL": vicidial.url}

    def run() -> int:
        env = {**environment(), **where, "VICIDIAL_USER": "6666", "VICIDIAL_PASS": "x"}
        return subprocess.run([sys.executable, str(program)], cwd=tmp_path, env=env, check=False).returncode

    assert run() == 0
    for number in ("+31201000621", "+31201000622", "+31201000621"):
        assert service.post("/v1/events", {"event": "objection.made", "number": number, "caller": "voltix"}).is_success
    vicidial.refuses = True
    assert run() == 1
    vicidial.refuses = False
    assert run() == 0
    assert set(vicidial.numbers) == {"201000621", "201000622"}
    vicidial.numbers.clear()
    assert run() == 0
    assert vicidial.numbers == []
