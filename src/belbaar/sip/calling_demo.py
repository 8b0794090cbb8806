"""The first half of the demonstration: a dialer calls five invented people through the gate, and what happened to each.

    call_five_people(client, Gated(url, key), folder, print)

The gate is Kamailio with the configuration that ``belbaar sip config`` writes, the dialer is SIPp, and so is the carrier.
Who runs it gives a client of a service that is asked, and a key of it for the trunk.
"""

__all__ = ["OWN", "Gated", "call_five_people", "people"]

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from belbaar.errors import StoreUnavailable
from belbaar.sip.following import send_new
from belbaar.sip.running import HOST, SECONDS, finished, free_port, program, proxying, running
from belbaar.sip.scenarios import ACK_OF_NO, ANSWERED, OK, scenario
from belbaar.sip.sending import sender
from belbaar.sip.settings import Gate, Trunk
from belbaar.sip.writing import written

OWN, _OTHERS = "+31201990001", "+31301990002"
_CONSENTED, _UNKNOWN, _OBJECTING, _HIDDEN, _SPOOFED = (f"+3120100000{n}" for n in range(1, 6))
_DIALER = "127.0.0.2"
_REFUSED = "".join(f'<recv response="{code}" optional="true" next="no"/>' for code in (403, 433, 503, 603, 608))
_INVITE = """<send retrans="500"><![CDATA[

INVITE sip:{called}@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:{shows}@dialer.example>;tag=[pid]d[call_number]
To: <sip:{called}@[remote_ip]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:dialer@[local_ip]:[local_port]>
P-Asserted-Identity: <sip:{shows}@dialer.example>
Privacy: {privacy}
Max-Forwards: 70
Content-Length: 0

]]></send><recv response="100" optional="true"/>"""
_WITHIN = """<send{retrans}><![CDATA[

{method} [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:{shows}@dialer.example>;tag=[pid]d[call_number]
To: <sip:{called}@[remote_ip]>[peer_tag_param]
[routes]
Call-ID: [call_id]
CSeq: {cseq} {method}
Contact: <sip:dialer@[local_ip]:[local_port]>
Max-Forwards: 70
{more}Content-Length: [len]

{body}]]></send>"""
_CARRIER = scenario(
    '<recv request="INVITE"/>',
    ANSWERED,
    '<recv request="INFO" optional="true" next="key"/><recv request="BYE" next="bye"/><label id="key"/>',
    OK,
    '<recv request="BYE"/><label id="bye"/>',
    OK,
)


class Gated(NamedTuple):
    """The service that the gate asks, and a key of it with the rights ``ask`` and ``permit``."""

    url: str
    key: str


class _Person(NamedTuple):
    """Somebody who is called: what is told of them, and how the call is made."""

    says: str
    called: str
    shows: str = OWN
    privacy: str = "none"
    presses: str = ""


_PEOPLE = (
    _Person("One consented", _CONSENTED),
    _Person("One never did", _UNKNOWN),
    _Person("One consented, and presses 9 in the call: do not call me again", _OBJECTING, presses="9"),
    _Person("The same is called once more", _OBJECTING),
    _Person("One is called anonymously", _HIDDEN, privacy="id"),
    _Person("One is called with another's number", _SPOOFED, shows=_OTHERS),
)


def people(at: str) -> list[dict[str, str]]:
    """Give the consents of the invented people, as events for the service; ``at``: when they were given."""
    consent = {"event": "consent.given", "caller": "voltix", "product": "energy", "at": at, "verified": "sms"}
    wording = {"wording": "Ja, Voltix mag mij bellen over energie."}
    return [{**consent, **wording, "number": number} for number in (_CONSENTED, _OBJECTING, _HIDDEN, _SPOOFED)]


def call_five_people(client: httpx.Client, gated: Gated, folder: Path, say: Callable[[str], None]) -> None:
    """Call them, one after the other, and tell what happened to each and why.

    Args:
        client: of the service, with a key that may read histories.
        gated: what the gate is told.
        folder: for what the programs write.
        say: tells what happens, a line at a time.

    Raises:
        InputError: when Kamailio or SIPp is not on this machine.
        StoreUnavailable: when one of them does not run.
    """
    with ExitStack() as stack:
        carrier = stack.enter_context(_carrier(folder))
        gate = stack.enter_context(_gate(gated, folder, carrier))
        port = int(gate.listen[0].rpartition(":")[2])
        for person in _PEOPLE:
            say(f"{person.says} ({person.called}).")
            for line in _told(_call(folder, port, person)):
                say(f"    {line}")
        with httpx.Client() as http:
            sent = send_new(Path(gate.calls), sender(gate, http))
    say(f"The gate's record of calls is sent to the service: {sent.lines} lines.")
    for number in (_CONSENTED, _OBJECTING):
        events = client.post("/v1/history", json={"number": number}).json()["events"]
        kinds = ", ".join(each["event"] for each in events if each["event"] != "act")
        say(f"    what is known of {number} now: {kinds}")


def _told(answer: str) -> Iterator[str]:
    """Tell of a final answer: what it was, and why."""
    first, headers = answer.splitlines()[0], dict(re.findall(r"^([\w-]+):[ \t]*(.*?)\r?$", answer, re.MULTILINE))
    code = int(first.split(" ", 2)[1])
    verdict = headers.get("X-Belbaar-Verdict", "")
    if code == 200:  # noqa: PLR2004
        yield f"rings and is answered: permit {headers.get('X-Belbaar-Call', '')[:8]}…, verdict {verdict}"
        return
    reason = re.search(r'text="([^"]*)"', headers.get("Reason", ""))
    why = headers.get("X-Belbaar-Text", "") or (reason[1] if reason else "")
    yield f"refused, {first.removeprefix('SIP/2.0 ')}: {why}" + (f" (verdict {verdict})" if verdict else "")


def _call(folder: Path, port: int, person: _Person) -> str:
    """Make one call with SIPp; give its final answer."""
    messages, written_to = folder / "call.txt", folder / "call.xml"
    messages.unlink(missing_ok=True)
    info = {"more": "Content-Type: application/dtmf-relay\n", "body": f"Signal={person.presses}\nDuration=160\n"}
    ok = '<recv response="200"/>'
    talk = [_within("ACK", 1), *([_within("INFO", 2, **info), ok] if person.presses else []), _within("BYE", 3), ok]
    parts = [
        _INVITE,
        _REFUSED,
        '<recv response="200" rrs="true"/>',
        *talk,
        '<nop next="end"/><label id="no"/>',
        ACK_OF_NO,
    ]
    text = scenario(*parts, '<label id="end"/>')
    for name, value in (("called", person.called), ("shows", person.shows), ("privacy", person.privacy)):
        text = text.replace(f"{{{name}}}", value)
    written_to.write_text(text, encoding="utf-8")
    words = ["-i", _DIALER, "-p", str(free_port()), "-sf", str(written_to), "-m", "1", "-nostdin", "-trace_msg"]
    limits = ["-message_file", str(messages), "-timeout", f"{SECONDS}s", "-timeout_error", "-recv_timeout", "5000"]
    finished([program("sipp"), f"{HOST}:{port}", *words, *limits], folder)
    answers = re.findall(
        r"^(SIP/2\.0 [2-6]\d\d .*?)\n-{20,}", messages.read_text() + "-" * 40, re.DOTALL | re.MULTILINE
    )
    final = [each for each in answers if re.search(r"^CSeq: 1 INVITE", each, re.MULTILINE)]
    if not final:
        raise StoreUnavailable("the call got no answer.", where=str(messages))
    return str(final[0])


def _within(method: str, cseq: int, *, more: str = "", body: str = "") -> str:
    retrans = "" if method == "ACK" else ' retrans="500"'
    values: Mapping[str, Any] = {"method": method, "cseq": cseq, "retrans": retrans, "more": more, "body": body}
    text = _WITHIN
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


@contextmanager
def _carrier(folder: Path) -> Iterator[int]:
    """Run a carrier that picks up; give its port."""
    port, picks_up = free_port(), folder / "carrier.xml"
    picks_up.write_text(_CARRIER, encoding="utf-8")
    with running([program("sipp"), "-sf", str(picks_up), "-i", HOST, "-p", str(port), "-nostdin"], folder):
        yield port


@contextmanager
def _gate(gated: Gated, folder: Path, carrier: int) -> Iterator[Gate]:
    """Run a gate in front of a carrier; give what it was told."""
    calls = folder / "calls"
    calls.mkdir(exist_ok=True)
    gate = Gate(
        listen=[f"udp:{HOST}:{free_port()}"],
        gate=f"{gated.url}/v1/gate",
        carrier=f"sip:{HOST}:{carrier}",
        jcard=f"{gated.url}/v1/jcards/voltix",
        trunks=[Trunk(name="bureau", sources=[_DIALER], key=gated.key, product="energy")],
        run=str(folder),
        calls=str(calls),
        objection_key="9",
    )
    with proxying(written(gate), folder, "gate.cfg"):
        yield gate
