"""Asterisk's dialplan asks: what a real one was heard to say (test_asterisk.py), said to `belbaar sip agi` and the service."""

import os
import re
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.api.conftest import CONSENT, CONSENTED, OTHERS, OWN, UNKNOWN
from tests.api.service import environment, free_port
from tests.sip.answerer import answering
from tests.sip.tap import read

RECORDED = Path(__file__).parent / "recorded" / "asterisk-16.28.txt"


class Asterisk:
    """Guards a port of `belbaar sip agi`, and counts channels."""

    def __init__(self, port):
        self.port, self.channels = port, 0

    def agi(self, script="gate", called=CONSENTED, shows=OWN, args=()):
        """Ask as Asterisk was heard to; give the variables that were set."""
        self.channels += 1
        told = {
            "network_script": script,
            "uniqueid": f"1788868800.{self.channels}",
            "callerid": shows,
            "extension": called,
        }
        told |= {f"arg_{n}": arg for n, arg in enumerate(args, 1)}
        kept = {name: value for name, value in _asked().items() if not name.startswith("arg_")}
        text = "".join(f"agi_{name}: {value}\n" for name, value in {**kept, **told}.items())
        found = {}
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as asterisk:
            asterisk.sendall(f"{text}\n".encode())
            lines = asterisk.makefile("r", encoding="utf-8")
            while line := lines.readline():
                name, value = re.fullmatch(r'SET VARIABLE (\w+) "([^"]*)"\n', line).groups()
                found[name] = value
                asterisk.sendall(b"200 result=1\n")
        return found


def _asked():
    """What Asterisk was heard to say of a channel before it asked."""
    said = [line.decode().strip() for who, line in read(RECORDED.read_text(encoding="utf-8")) if who == "asterisk"]
    return dict(line.removeprefix("agi_").split(": ", 1) for line in said[: said.index("")] if ": " in line)


def asking(url, key, *words, at=""):
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "belbaar.cli", "sip", "agi", "--url", url, "--port", str(port), "--product", "energy", *words],
        env={**environment(at), "BELBAAR_KEY": key, "PATH": os.environ["PATH"]}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout.readline().startswith("agi://")
    return process, Asterisk(port)


@pytest.fixture(scope="module")
def asterisk(service):
    process, made = asking(service.url, service.make_key("integrator", "house", "--right", "ask", "--right", "permit"))
    yield made
    process.terminate()
    process.communicate(timeout=10)


def test_a_yes_is_a_variable_with_a_permit_and_what_became_of_the_call_is_kept(asterisk, service):
    number = "+31201000501"
    assert service.post("/v1/events", {**CONSENT, "number": number}).json()["new"] == 1
    told = asterisk.agi(called=number)
    assert told["BELBAAR"] == "allow"
    assert re.fullmatch("[0-9a-f]{32}", told["BELBAAR_PERMIT"])
    assert asterisk.agi("ended", args=(told["BELBAAR_PERMIT"], "ANSWER", "42")) == {"BELBAAR_KEPT": "yes"}
    events = service.post("/v1/history", {"number": number}).json()["events"]
    assert [each["fields"]["verdict"] for each in events if each["event"] == "call.made"] == [told["BELBAAR_VERDICT"]]
    assert asterisk.agi("objection", args=(told["BELBAAR_PERMIT"],)) == {"BELBAAR_OBJECTED": "yes"}
    assert asterisk.agi(called=number)["BELBAAR_CAUSE"] == "objection"


@pytest.mark.parametrize(
    ("how", "cause", "code"),
    [
        ({"called": UNKNOWN}, "no ground", "608"),
        ({"shows": OTHERS}, "not registered", "403"),
        ({"shows": "unknown"}, "not registered", "403"),
        ({"called": "s"}, "not a number", "403"),
        ({"args": (UNKNOWN,)}, "no ground", "608"),
        ({"args": ("", "zomer")}, "no campaign", "403"),
        ({"script": "elsewhere"}, "not understood", None),
    ],
)
def test_a_no_says_why(asterisk, how, cause, code):
    told = asterisk.agi(**how)
    assert (told["BELBAAR"], told["BELBAAR_CAUSE"], told.get("BELBAAR_CODE")) == ("deny", cause, code)


def test_in_doubt_it_is_a_no():
    bodies = (b"", b"{}", b"[1]", b'{"allow":true,"permit":"0f"}', b'{"allow":1}', b'{"allow":1,"permit":7}')
    with answering() as service:
        process, made = asking(f"http://127.0.0.1:{service.port}", "bel_0f3a_secret")
        try:
            for body in bodies:
                service.says(body)
                assert made.agi()["BELBAAR"] == "deny", body
            service.says(seconds=2)  # a yes that comes too late
            assert made.agi()["BELBAAR"] == "deny"
            service.says()
            assert made.agi()["BELBAAR"] == "allow"
        finally:
            process.terminate()
            process.communicate(timeout=10)


def test_a_permit_of_nobody_is_kept_nowhere(asterisk):
    assert asterisk.agi("ended", args=("0f" * 16, "ANSWER", "42")) == {"BELBAAR_KEPT": "no"}
    assert asterisk.agi("objection", args=("0f" * 16,)) == {"BELBAAR_OBJECTED": "no"}


def test_what_became_of_a_call_is_told_when_the_service_is_there_again(service, tmp_path):
    number, untold = "+31201000511", tmp_path / "untold.jsonl"
    assert service.post("/v1/events", {**CONSENT, "number": number}).json()["new"] == 1
    key = service.make_key("integrator", "house", "--right", "ask", "--right", "permit")
    process, made = asking(service.url, key, "--untold", str(untold))
    try:
        permit = made.agi(called=number)["BELBAAR_PERMIT"]
    finally:
        process.terminate()
        process.communicate(timeout=10)
    with answering() as away:
        away.says(b"", status=503)
        process, made = asking(f"http://127.0.0.1:{away.port}", key, "--untold", str(untold))
        try:
            assert made.agi("ended", args=(permit, "ANSWER", "42")) == {"BELBAAR_KEPT": "later"}
            assert made.agi("objection", args=("0f" * 16,)) == {"BELBAAR_OBJECTED": "later"}
        finally:
            process.kill()  # whatever ends it
            process.communicate(timeout=10)
    assert [stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()] == [0o600]
    process, made = asking(service.url, key, "--untold", str(untold))
    try:
        end = time.monotonic() + 10
        while {file.name for file in tmp_path.iterdir()} != {"refused.jsonl"}:
            assert time.monotonic() < end
            time.sleep(0.05)
    finally:
        process.terminate()
        process.communicate(timeout=10)
    events = service.post("/v1/history", {"number": number}).json()["events"]
    assert [each["event"] for each in events] == ["consent.given", "call.made"]
    assert "0f0f" in (tmp_path / "refused.jsonl").read_text()  # a permit of nobody's
