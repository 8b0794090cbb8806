"""A dialer: SIPp, making one call from an address of its own, and what it was answered."""

import re
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from belbaar.sip.scenarios import ACK_OF_NO
from tests.api.service import free_port

BUREAU, PLAIN, STRANGER = "127.0.0.2", "127.0.0.3", "127.0.0.9"
"""Addresses of dialers: of a trunk with a product, of one with a campaign, of nobody's."""

_SDP = "Content-Type: application/sdp"
_INVITE = """<send retrans="500"><![CDATA[

INVITE sip:{called}@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
{sender};tag=[pid]t[call_number]
To: <sip:{called}@[remote_ip]:[remote_port]>{to_tag}
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:dialer@[local_ip]:[local_port]>
Max-Forwards: 70
{headers}
{kind}Content-Length: [len]

{body}]]></send>
"""
_AGAIN = _INVITE.replace("[branch]", "[branch-2]").replace(' retrans="500"', "")
_IN_DIALOG = """<send{retrans}><![CDATA[

{method} [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
{sender};tag=[pid]t[call_number]
To: <sip:{called}@[remote_ip]:[remote_port]>[peer_tag_param]
[routes]
Call-ID: [call_id]
CSeq: {cseq} {method}
Contact: <sip:dialer@[local_ip]:[local_port]>
Max-Forwards: 70
{more}Content-Length: [len]

{body}]]></send>
"""
_CANCEL = """<send retrans="500"><![CDATA[

CANCEL sip:{called}@[remote_ip]:[remote_port] SIP/2.0
[last_Via:]
{sender};tag=[pid]t[call_number]
To: <sip:{called}@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 CANCEL
Max-Forwards: 70
Content-Length: 0

]]></send>
"""


_FLOOD = """INVITE sip:{called}@127.0.0.1:{port} SIP/2.0
Via: SIP/2.0/UDP {here};branch=z9hG4bKflood{n}{port}
From: <sip:{shows}@dialer.example>;tag=f{n}
To: <sip:{called}@127.0.0.1:{port}>
Call-ID: flood{n}.{port}
CSeq: 1 INVITE
Contact: <sip:dialer@{here}>
P-Asserted-Identity: <sip:{shows}@dialer.example>
Max-Forwards: 70
Content-Length: 0

"""


@dataclass(frozen=True)
class Placed:
    """A call that was placed: all that went over the line, and the last final answer."""

    line: str
    answer: str

    @property
    def status(self) -> str:
        """Its first line."""
        return self.answer.splitlines()[0]

    @property
    def call_id(self) -> str:
        """Its id."""
        return self.header("Call-ID")

    def header(self, name: str) -> str:
        """Give a header of the answer, "" where there is none."""
        found = re.search(rf"^{name}:[ \t]*(.*?)\r?$", self.answer, re.IGNORECASE | re.MULTILINE)
        return found[1] if found else ""


@dataclass(frozen=True)
class Dialer:
    """Calls through the gate that listens on a port. ``folder``: for SIPp's files."""

    folder: Path
    port: int
    shows: str

    def refused(self, called: str, code: int, **how: str) -> Placed:
        """Call, and be answered with a final code."""
        return self._place(called, _expecting(code) + ACK_OF_NO, code, **how)

    def calls(self, called: str, *, then: str = "", cseq: int = 3, bye: str = "", **how: str) -> Placed:
        """Call, be answered, do something more within the dialog where it is said, and hang up, with a header if need be."""
        answer = how.get("answer", "")
        talk = (
            within("ACK", 1, headers=_SDP if answer else "", body=answer)
            + then
            + within("BYE", cseq, headers=bye)
            + '<recv response="200"/>'
        )
        return self._place(called, _expecting(200) + talk, 200, **how)

    def calls_off(self, called: str, *, ringing: bool, **how: str) -> Placed:
        """Call, and call it off: when it rings, or at once."""
        wait = '<recv response="100"/>' + ('<recv response="180"/>' if ringing else '<pause milliseconds="100"/>')
        off = wait + _CANCEL + '<recv response="200" optional="true"/><recv response="487"/>' + ACK_OF_NO
        return self._place(called, off, 487, **how)

    def floods(self, called: str, *, count: int, source: str) -> list[int]:
        """Place many calls at once, with one socket; give the final codes that came within a second and a half."""
        codes = dict[str, int]()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sending:
            sending.bind((source, 0))
            sending.settimeout(0.1)
            here = sending.getsockname()[1]
            for n in range(count):
                text = _FLOOD.format(called=called, shows=self.shows, here=f"{source}:{here}", n=n, port=self.port)
                sending.sendto(text.replace("\n", "\r\n").encode(), ("127.0.0.1", self.port))
            end = time.monotonic() + 1.5
            while time.monotonic() < end:
                with suppress(TimeoutError):
                    answer = sending.recv(65535).decode()
                    found = re.search(r"^Call-ID: (\S+)", answer, re.MULTILINE)
                    code = int(answer.split(" ", 2)[1])
                    if found and code >= 200:
                        codes.setdefault(found[1], code)
        return list(codes.values())

    def _place(self, called: str, after: str, code: int, *, source: str = BUREAU, **how: str) -> Placed:
        shows = how.get("shows", self.shows)
        sender = how.get("sender", f"From: <sip:{shows}@dialer.example>")
        headers = how.get("headers", f"P-Asserted-Identity: <sip:{shows}@dialer.example>")
        scenario, messages = (self.folder / f"{free_port()}.{kind}" for kind in ("xml", "log"))
        filled = {"called": called, "sender": sender, "headers": headers, "to_tag": how.get("to_tag", "")}
        filled |= {"body": how.get("body", ""), "kind": f"{_SDP}\n" if how.get("body") else ""}
        again = '<recv response="100"/>' + _AGAIN if how.get("again") else ""
        body = _INVITE + again + after
        for name, value in filled.items():
            body = body.replace(f"{{{name}}}", value)
        scenario.write_text(f'<?xml version="1.0"?><scenario name="call">{body}</scenario>', encoding="utf-8")
        run = subprocess.run(
            ["sipp", f"127.0.0.1:{self.port}", "-i", source, "-p", str(free_port()), "-sf", str(scenario), "-m", "1",
             "-nostdin", "-t", how.get("transport", "u1"), "-timeout", "10s", "-timeout_error", "-recv_timeout", "8000", "-trace_msg",
             "-message_file", str(messages)],
            cwd=self.folder, capture_output=True, text=True, check=False, timeout=30,
        )  # fmt: skip
        line = messages.read_text(encoding="utf-8") if messages.exists() else ""
        assert run.returncode == 0, f"{line}\n{run.stdout[-1500:]}{run.stderr}"
        answers = re.findall(rf"^(SIP/2.0 {code} .*?)\n-{{20,}}", line + "-" * 80, re.DOTALL | re.MULTILINE)
        final = [each for each in answers if re.search(r"^CSeq: 1 INVITE", each, re.MULTILINE)]
        return Placed(line, final[0] if final else "")


def _expecting(code: int) -> str:
    optional = "".join(f'<recv response="{each}" optional="true"/>' for each in (100, 180))
    return f'{optional}<recv response="{code}" rrs="true"/>'


def within(method: str, cseq: int, *, headers: str = "", body: str = "") -> str:
    """Write a request within a dialog."""
    retrans = "" if method == "ACK" else ' retrans="500"'
    filled = {"method": method, "cseq": str(cseq), "retrans": retrans, "more": f"{headers}\n" if headers else ""}
    text = _IN_DIALOG.replace("{body}", body)
    for name, value in filled.items():
        text = text.replace(f"{{{name}}}", value)
    return text


AGAIN = (
    within("INVITE", 2)
    + '<recv response="100" optional="true"/><recv response="180" optional="true"/>'
    + ('<recv response="200"/>' + within("ACK", 2))
)
"""A re-INVITE that is answered."""
