"""The second half of the demonstration: a person who is called anonymously asks for a trace, and gets a letter.

    find_anonymous_caller(client, spool, folder, Called("+31201000007", "+31301990077"), print)

A proxy of incoming calls (Kamailio) stands between a caller and a line (both SIPp), the service takes the request in. Who
runs it gives a client of that service with an officer's key, and the folder that it has as ``trace_spool``.
"""

__all__ = ["Called", "find_anonymous_caller"]

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from belbaar.errors import StoreUnavailable
from belbaar.sip.incoming import Incoming, Peer, incoming_written
from belbaar.sip.running import HOST, SECONDS, finished, free_port, program, proxying, running
from belbaar.sip.scenarios import ACK_OF_NO, ANSWERED, OK, scenario

_PEER, _LINE = "127.0.0.7", "127.0.0.30"
_CALL = """<send retrans="500"><![CDATA[

INVITE sip:{called}@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
{headers}
To: <sip:{called}@[remote_ip]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:phone@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Length: 0

]]></send><recv response="100" optional="true"/><recv response="180" optional="true"/>"""
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
_MARKED = f'<recv response="480"/>{ACK_OF_NO}'
_LINE_SAYS = scenario('<recv request="INVITE"/>', ANSWERED, '<recv request="BYE"/>', OK)


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
    with _line(folder) as line, _proxy(spool, folder, line) as proxy:
        say(f"{called.person} is called. The caller withholds the number; the line sees: Anonymous.")
        hidden = (
            "From: Anonymous <sip:anonymous@anonymous.invalid>;tag=[pid]a[call_number]\n"
            f"P-Asserted-Identity: <sip:{called.caller}@peer.example>\nPrivacy: id"
        )
        _calls(folder, _PEER, proxy, called.person, hidden, _TALK)
        say("The person hangs up and dials *57. Answer: Thank You - The Last Call Is Marked.")
        own = f"From: <sip:{called.person}@line.example>;tag=[pid]b[call_number]"
        _calls(folder, _LINE, proxy, "*57", own, _MARKED.format(called="*57"))
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
def _line(folder: Path) -> Iterator[int]:
    """Run a line that picks up; give its port."""
    port, picks_up = free_port(), folder / "line.xml"
    picks_up.write_text(_LINE_SAYS, encoding="utf-8")
    with running([program("sipp"), "-sf", str(picks_up), "-i", HOST, "-p", str(port), "-nostdin"], folder):
        yield port


@contextmanager
def _proxy(spool: Path, folder: Path, line: int) -> Iterator[int]:
    """Run a proxy of incoming calls in front of a line; give its port."""
    port = free_port()
    told = Incoming(
        listen=[f"udp:{HOST}:{port}"],
        spool=str(spool),
        lines=f"sip:{HOST}:{line}",
        line_sources=[HOST, _LINE],
        peers=[Peer(name="transit", sources=[_PEER], trust="national")],
        run=str(folder),
    )
    with proxying(incoming_written(told), folder, "incoming.cfg"):
        yield port


def _calls(folder: Path, source: str, proxy: int, called: str, headers: str, then: str) -> None:
    """Make one call from an address, as a scenario says."""
    says = folder / "call.xml"
    text = scenario(_CALL.replace("{called}", called).replace("{headers}", headers), then)
    says.write_text(text, encoding="utf-8")
    words = ["-i", source, "-p", str(free_port()), "-sf", str(says), "-m", "1", "-nostdin"]
    limits = ["-timeout", f"{SECONDS}s", "-timeout_error", "-recv_timeout", "5000"]
    finished([program("sipp"), f"{HOST}:{proxy}", *words, *limits], folder)
