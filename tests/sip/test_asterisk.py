"""A real Asterisk asks before it calls a carrier, with the dialplans of docs/howto/other-dialers.md.

What goes over the wire is held against tests/sip/recorded/asterisk-16.28.txt, which test_agi.py goes by where there is no
Asterisk; BELBAAR_RECORD=1 writes it anew.
"""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.conftest import CONSENT, OTHERS, OWN
from tests.api.service import environment, free_port
from tests.sip.asterisk import SECRET, USER, RealAsterisk, asterisk, block
from tests.sip.tap import Tap, read, tapped, written
from tests.sip.test_agi import RECORDED, asking

AGI, HTTP = "127.0.0.1:4573", "127.0.0.1:8080"
"""Where the page has FastAGI and the service."""
CALLED, DENIED = "+31201000601", "+31201000602"
_VICIDIAL = """[default]
include => vicidial-auto
exten => h,1,NoOp(call_log heard ${{DIALSTATUS}} of ${{HANGUPCAUSE}})
[vicidial-auto]
include => vicidial-auto-external
[vicidial-auto-external]
{carrier}
{ended}
"""
"""Contexts as VICIdial's extensions.conf.sample-1.8 has them (github.com/ccabrerar/vicidial, docs/conf_examples), its own
FastAGI left out."""
_WITHHELD = "[{name}]\nexten => _X.,1,Set(CALLERID(pres)=prohib)\n same => n,Goto({to},${{EXTEN}},1)\n"
_BY_CHANCE = re.compile(rb"\d{10}\.\d+|[0-9a-f]{32}|Local/\S+|agi_threadid: \d+|127\.0\.0\.1:\d+|v-\d+")


@pytest.fixture(scope="module")
def agi(service) -> Iterator[Tap]:
    assert service.post("/v1/events", {**CONSENT, "number": CALLED}).json()["new"] == 1
    process, made = asking(service.url, service.make_key("integrator", "house", "--right", "ask", "--right", "permit"))
    with tapped(made.port) as tap:
        yield tap
    process.terminate()
    process.communicate(timeout=10)


@pytest.fixture(scope="module")
def deaf() -> Iterator[int]:
    """The port of somebody who hears all and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.fixture(scope="module")
def dialer(service, agi, deaf, line, tmp_path_factory) -> Iterator[RealAsterisk]:
    vicidial = _VICIDIAL.format(carrier=block("vicidial-carrier.conf"), ended=block("vicidial-ended.conf"))
    vicidial = vicidial.replace("AGI(agi://127.0.0.1:4577/call_log)", "NoOp(call_log)")
    key = service.make_key("integrator", "house", "--right", "ask", "--right", "permit")
    asks, curls = block("extensions.conf"), block("extensions-curl.conf").replace("bel_…", key)
    nowhere = f"127.0.0.1:{free_port()}"
    plans = (
        asks.replace(AGI, f"127.0.0.1:{agi.port}"),
        asks.replace(AGI, nowhere).replace("[outbound]", "[nobody]"),
        asks.replace(AGI, f"127.0.0.1:{deaf}").replace("[outbound]", "[deaf]"),
        block("extensions-objection.conf").replace(AGI, f"127.0.0.1:{agi.port}"),
        curls.replace(HTTP, service.url.removeprefix("http://")),
        curls.replace(HTTP, nowhere).replace("[outbound-curl]", "[nobody-curl]"),
        vicidial.replace(AGI, f"127.0.0.1:{agi.port}"),
        vicidial.partition("[belbaar-ended]")[0]
        .replace(AGI, nowhere)
        .replace("default]", "away]")
        .replace("-auto", "-away"),
        *(_WITHHELD.format(name=f"withheld{how}", to=f"outbound{how}") for how in ("", "-curl")),
    )
    asked = "\n".join(plans).replace("autumn", "herfst")
    with asterisk(tmp_path_factory.mktemp("asterisk"), asked, carrier=line.port) as running:
        yield running


def test_a_call_that_may_be_made_is_made_and_told_of(dialer, agi, line, service):
    dialer.calls("0201000601", shows=OWN)
    (invite,) = line.invites("sip:0201000601@")
    assert f"P-Asserted-Identity: <sip:{OWN}@" in invite
    assert _made(service, CALLED) == 1
    gate, ended = agi.heard[-2:]
    _held_against_what_was_recorded([*gate, *ended])


def test_one_that_may_not_reaches_no_carrier(dialer, line):
    dialer.calls("0201000602", shows=OWN)
    dialer.calls("0201000601", shows=OTHERS)
    assert "belbaar: 608 no ground v-" in dialer.said()
    assert "belbaar: 403 not registered" in dialer.said()
    assert not line.invites("sip:0201000602@")
    assert not [each for each in line.invites("sip:0201000601@") if OTHERS in each]


def test_where_nobody_answers_no_call_is_made(dialer, line):
    before = len(line.invites())
    dialer.calls("0201000601", shows=OWN, context="nobody")
    assert "[0201000601@nobody:6] Hangup(" in dialer.said()
    assert len(line.invites()) == before


def test_an_agents_keys_are_an_objection_while_the_call_goes_on(dialer, service):
    number = "+31201000603"
    assert service.post("/v1/events", {**CONSENT, "number": number}).json()["new"] == 1
    dialer.calls("0201000603", shows=OWN, then="objects")
    events = service.post("/v1/history", {"number": number}).json()["events"]
    assert sorted(each["event"] for each in events) == ["call.made", "consent.given", "objection.made"]
    before = dialer.said().count("objection v-")
    dialer.calls("0201000603", shows=OWN)
    assert dialer.said().count("objection v-") == before + 1


def test_where_fastagi_is_deaf_no_call_is_made(dialer, line):
    before = len(line.invites())
    dialer.calls("0201000601", shows=OWN, context="deaf", seconds=1)
    assert len(line.invites()) == before


def test_a_number_that_is_withheld_is_none(dialer, line):
    before, refused = len(line.invites()), dialer.said().count("belbaar: 403 not registered")
    dialer.calls("0201000601", shows=OWN, context="withheld")
    assert dialer.said().count("belbaar: 403 not registered") == refused + 1
    dialer.calls("0201000601", shows=OWN, context="withheld-curl")
    assert len(line.invites()) == before


def test_without_a_process_of_its_own_it_asks_by_curl(dialer, line):
    before = len(line.invites())
    dialer.calls("0201000602", shows=OWN, context="outbound-curl")
    dialer.calls("0201000601", shows=OTHERS, context="outbound-curl")
    dialer.calls("0201000601", shows=OWN, context="nobody-curl")
    assert len(line.invites()) == before
    dialer.calls("0201000601", shows=OWN, context="outbound-curl")
    assert len(line.invites()) == before + 1


def test_vicidial_asks_and_still_hears_how_its_call_ended(dialer, line, service):
    before, made = len(line.invites()), _made(service, CALLED)
    dialer.calls("90201000601", shows=OWN, context="away", name="V9081359590000012344")
    dialer.calls("90201000602", shows=OWN, context="default", name="V9081400010000012346")
    assert len(line.invites()) == before
    dialer.calls("90201000601", shows=OWN, context="default", name="V9081400000000012345")
    assert len(line.invites()) == before + 1
    heard = re.findall(r"call_log heard (\w*) of (\d+)", dialer.said())
    assert heard == [("", "41"), ("", "21"), ("ANSWER", "16")]
    assert _made(service, CALLED) == made + 1


@pytest.mark.parametrize(("called", "status", "more"), [(CALLED, 0, 1), (DENIED, 1, 0)])
def test_a_program_asks_before_it_originates(dialer, line, service, tmp_path, called, status, more):
    program = tmp_path / "ari.py"
    program.write_text(block("ari.py").replace("autumn", "herfst"), encoding="utf-8")
    key = service.make_key("integrator", "house", "--right", "ask", "--right", "permit")
    where = {"BELBAAR_URL": service.url, "BELBAAR_KEY": key, "ARI_URL": str(dialer.ari.base_url), "ARI_USER": USER}
    before, made = len(line.invites()), _made(service, called)
    run = subprocess.run(
        [sys.executable, str(program), called], env={**environment(), **where, "ARI_SECRET": SECRET},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == status, run.stdout + run.stderr
    assert (len(line.invites()) - before, _made(service, called) - made) == (more, more)


def _made(service, number: str) -> int:
    events = service.post("/v1/history", {"number": number}).json()["events"]
    return [each["event"] for each in events].count("call.made")


def _held_against_what_was_recorded(heard: list[tuple[str, bytes]]) -> None:
    if os.environ.get("BELBAAR_RECORD"):
        Path(RECORDED).write_text(written(heard), encoding="utf-8")
    kept = read(Path(RECORDED).read_text(encoding="utf-8"))
    plain = [
        [
            (who, _BY_CHANCE.sub(b"", line)) for who, line in each if not line.startswith(b"HANGUP")
        ]  # may still be on its way
        for each in (heard, kept)
    ]
    assert plain[0] == plain[1]
