"""The second half of the demonstration: a person who is called anonymously asks for a trace, and gets a letter.

    find_anonymous_caller(client, spool, folder, Called("+31201000007", "+31301990077"), print)

A proxy of incoming calls (Kamailio) stands between a caller and a line (both SIPp), the service takes the request in. Who
runs it gives a client of that service with an officer's key, and the folder that it has as ``trace_spool``.
"""

__all__ = ["Called", "find_anonymous_caller"]

import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from belbaar.errors import InputError, StoreUnavailable
from belbaar.sip.incoming import Incoming, Peer, incoming_written

_PEER, _LINE, _HOST = "127.0.0.7", "127.0.0.30", "127.0.0.1"
_SECONDS, _PAUSE = 10, 0.05
_CALL = """<?xml version="1.0"?><scenario name="call"><send retrans="500"><![CDATA[

INVITE sip:{called}@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
{headers}
To: <sip:{called}@[remote_ip]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:phone@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Length: 0

]]></send><recv response="100" optional="true"/><recv response="180" optional="true"/>{then}</scenario>"""
_TALK = """<recv response="200" rrs="true"/><send><![CDATA[

ACK [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
[last_From:]
[last_To:]
[routes]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send><pause milliseconds="300"/><send retrans="500"><![CDATA[

BYE [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
[last_From:]
[last_To:]
[routes]
Call-ID: [call_id]
CSeq: 2 BYE
Max-Forwards: 70
Content-Length: 0

]]></send><recv response="200"/>"""
_MARKED = """<recv response="480"/><send><![CDATA[

ACK sip:{called}@[remote_ip]:[remote_port] SIP/2.0
[last_Via:]
[last_From:]
[last_To:]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>"""


_LINE_SAYS = """<?xml version="1.0"?><scenario name="line"><recv request="INVITE"/><send><![CDATA[

SIP/2.0 200 OK
[last_Via:]
[last_Record-Route:]
[last_From:]
[last_To:];tag=[pid]l[call_number]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:line@[local_ip]:[local_port]>
Content-Length: 0

]]></send><recv request="ACK"/><recv request="BYE"/><send><![CDATA[

SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send></scenario>"""


class Called(NamedTuple):
    """Who is called, and who calls without showing it; E.164, invented."""

    person: str
    caller: str


def find_anonymous_caller(
    client: httpx.Client, spool: Path, folder: Path, called: Called, say: Callable[[str], None]
) -> Path:
    """Have a person called anonymously, mark the call, ask for a trace, and get the letter; give where that is.

    Args:
        client: of the service, with a key that has the right ``trace``.
        spool: the service's ``trace_spool``.
        folder: for what the programs write, and the letter.
        called: the two numbers.
        say: tells what happens, a line at a time.

    Raises:
        InputError: when Kamailio or SIPp is not on this machine.
        StoreUnavailable: when the service refuses, or a call did not go as it should.
    """
    kamailio, sipp = _program("kamailio"), _program("sipp")
    with ExitStack() as running:
        port = running.enter_context(_line(sipp, folder))
        proxy = running.enter_context(_proxy(kamailio, spool, folder, port))
        say(f"{called.person} is called. The caller withholds the number; the line sees: Anonymous.")
        hidden = (
            "From: Anonymous <sip:anonymous@anonymous.invalid>;tag=[pid]a[call_number]\n"
            f"P-Asserted-Identity: <sip:{called.caller}@peer.example>\nPrivacy: id"
        )
        _calls(sipp, folder, _PEER, proxy, called.person, hidden, _TALK)
        say("The person hangs up and dials *57. Answer: Thank You - The Last Call Is Marked.")
        own = f"From: <sip:{called.person}@line.example>;tag=[pid]b[call_number]"
        _calls(sipp, folder, _LINE, proxy, "*57", own, _MARKED.format(called="*57"))
    return _traced(client, folder, called, say)


def _traced(client: httpx.Client, folder: Path, called: Called, say: Callable[[str], None]) -> Path:
    person = {"name": "A. de Vries", "address": "Plein 1", "postcode": "1012 AB", "town": "Amsterdam"}
    case = _asked(client, "/v1/trace/cases", {"number": called.person, **person}).json()
    say(f"A request in writing comes in: case {case['case']}. The mark says which call is meant.")
    url, call = f"/v1/trace/cases/{case['case']}", case["calls"][-1]
    looked = _asked(client, f"{url}/look", {"call": call["call"], "why": "The person marked it."}).json()
    say(f"An officer looks who it was, with a reason, and that is an entry of the log: {looked['number']}.")
    rested = looked["rested_on"]
    if rested is None:
        say("Nobody who uses belbaar here shows that number.")
    else:
        say(f"It is a number of {rested['name']}; a verdict for this call: {rested['entry'] or 'none'}.")
    party = {
        "number": looked["number"],
        "name": "B. Eller",
        "address": "Laan 2",
        "postcode": "3511 AA",
        "town": "Utrecht",
    }
    decided = {"party": party, "calls": [call["call"]], "reason": "The person marked it and says it was annoying."}
    _asked(client, f"{url}/disclose", decided)
    path = folder / f"trace-{case['case']}.pdf"
    path.write_bytes(_asked(client, f"{url}/letter", {"letter": "found", "lang": "nl"}).content)
    say(f"It is decided to disclose; the person gets a letter: {path}")
    return path


def _asked(client: httpx.Client, path: str, body: Mapping[str, Any]) -> httpx.Response:
    answer = client.post(path, json=body)
    if answer.is_error:
        raise StoreUnavailable(f"the service refused: {answer.json().get('detail', '')}", where=path)
    return answer


@contextmanager
def _line(sipp: str, folder: Path) -> Iterator[int]:
    """Run a line that picks up; give its port."""
    port, scenario = _port(), folder / "line.xml"
    scenario.write_text(_LINE_SAYS, encoding="utf-8")
    with _running([sipp, "-sf", str(scenario), "-i", _HOST, "-p", str(port), "-nostdin"], folder):
        yield port


@contextmanager
def _proxy(kamailio: str, spool: Path, folder: Path, lines: int) -> Iterator[int]:
    """Run a proxy of incoming calls in front of a line; give its port."""
    port, control = _port(), folder / "ctl"
    told = Incoming(
        listen=[f"udp:{_HOST}:{port}"],
        spool=str(spool),
        lines=f"sip:{_HOST}:{lines}",
        line_sources=[_HOST, _LINE],
        peers=[Peer(name="transit", sources=[_PEER], trust="national")],
        run=str(folder),
    )
    config = folder / "incoming.cfg"
    config.write_text(incoming_written(told), encoding="utf-8")
    words = [
        kamailio,
        "-f",
        str(config),
        "-DD",
        "-E",
        "-P",
        str(folder / "pid"),
        "-Y",
        str(folder),
        "-m",
        "64",
        "-M",
        "8",
    ]
    control.unlink(missing_ok=True)
    with _running(words, folder) as process:
        for _ in range(int(_SECONDS / _PAUSE)):
            if control.exists() or process.poll() is not None:
                break
            threading.Event().wait(_PAUSE)
        if not control.exists():
            raise StoreUnavailable("Kamailio did not start.", where=str(folder / "kamailio.log"))
        yield port


def _calls(sipp: str, folder: Path, source: str, proxy: int, called: str, headers: str, then: str) -> None:
    """Make one call from an address, as a scenario says."""
    scenario = folder / "call.xml"
    text = _CALL.replace("{called}", called).replace("{headers}", headers).replace("{then}", then)
    scenario.write_text(text, encoding="utf-8")
    words = [sipp, f"{_HOST}:{proxy}", "-i", source, "-p", str(_port()), "-sf", str(scenario), "-m", "1", "-nostdin"]
    run = subprocess.run(  # noqa: S603  SIPp, with words of ours
        [*words, "-timeout", f"{_SECONDS}s", "-timeout_error", "-recv_timeout", "5000"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=3 * _SECONDS,
    )
    if run.returncode:
        raise StoreUnavailable(
            "the call did not go as it should.", where=str(scenario), details=run.stderr.splitlines()[:5]
        )


@contextmanager
def _running(words: list[str], folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a program until the block ends."""
    with (folder / f"{Path(words[0]).name}.log").open("wb") as log:
        process = subprocess.Popen(words, stdout=log, stderr=log, cwd=folder)  # noqa: S603  as above
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _program(name: str) -> str:
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if path is None:
        raise InputError(f"{name} is not on this machine.", todo="Install it: make system")
    return path


def _port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind((_HOST, 0))
        return int(free.getsockname()[1])
